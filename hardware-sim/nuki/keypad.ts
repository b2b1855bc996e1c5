/** The keypad beside the door and the codes that the lock keeps for it (reference 13). */
import { Fields } from './bytes.ts';
import { errors } from './codes.ts';
import { limitBytes, type TimeLimit } from './times.ts';

/** A code as its owner describes it. `code`: six digits. */
export interface CodeAsked {
  readonly code: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly limit: TimeLimit | undefined;
}

export interface KeypadCode extends CodeAsked {
  readonly id: number;
  readonly createdMs: number;
  readonly lastActiveMs: number;
  readonly lockCount: number;
}

/** Six digits 1 to 9, not beginning with 12. */
const form = /^(?!12)[1-9]{6}$/;

export class KeypadCodes {
  readonly #codes = new Map<number, KeypadCode>();
  readonly #max: number;
  #nextId: number;

  /** @param kept  what it knew before it lost its power */
  constructor(max: number, kept?: { readonly all: readonly KeypadCode[]; readonly nextId: number }) {
    this.#max = max;
    for (const code of kept?.all ?? []) this.#codes.set(code.id, code);
    this.#nextId = kept?.nextId ?? 1;
  }

  get all(): readonly KeypadCode[] {
    return [...this.#codes.values()];
  }

  /** The id that the next one gets. */
  get nextId(): number {
    return this.#nextId;
  }

  /** @returns the code, or why not as an error code */
  add(asked: CodeAsked, nowMs: number): KeypadCode | number {
    if (this.#codes.size >= this.#max) return errors.maxUsers;
    const refused = this.#refusal(asked);
    if (refused !== undefined) return refused;
    const code = { ...asked, id: this.#nextId++, createdMs: nowMs, lastActiveMs: nowMs, lockCount: 0 };
    this.#codes.set(code.id, code);
    return code;
  }

  /** @returns why not */
  update(id: number, asked: CodeAsked): number | undefined {
    const old = this.#codes.get(id);
    if (old === undefined) return errors.codeInvalid;
    const refused = this.#refusal(asked, id);
    if (refused === undefined) this.#codes.set(id, { ...old, ...asked });
    return refused;
  }

  remove(id: number): boolean {
    return this.#codes.delete(id);
  }

  /** Someone types. @returns the code, counted as used; undefined for one that is not there */
  use(typed: number, nowMs: number): KeypadCode | undefined {
    const found = this.all.find(({ code }) => code === typed);
    if (found === undefined) return undefined;
    const used = { ...found, lastActiveMs: nowMs, lockCount: found.lockCount + 1 };
    this.#codes.set(found.id, used);
    return used;
  }

  #refusal({ code }: CodeAsked, id?: number): number | undefined {
    if (!form.test(String(code))) return errors.codeInvalid;
    return this.all.some((one) => one.code === code && one.id !== id) ? errors.codeExists : undefined;
  }
}

/** Payload of a Keypad Code, 44 or 63 bytes. */
export const codeBytes = (code: KeypadCode): Uint8Array =>
  new Fields()
    .u16(code.id)
    .u32(code.code)
    .text(code.name, 20)
    .u8(code.enabled ? 1 : 0)
    .time(code.createdMs)
    .time(code.lastActiveMs)
    .u16(code.lockCount)
    .raw(limitBytes(code.limit))
    .bytes();
