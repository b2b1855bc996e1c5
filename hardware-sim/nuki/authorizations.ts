/** Who may talk to a lock: the list of authorizations it keeps. */
import { Fields } from './bytes.ts';
import { idTypes } from './codes.ts';
import { limitBytes, type TimeLimit } from './times.ts';

export interface Authorization {
  readonly id: number;
  readonly idType: number;
  /** As the client named itself; pairing again with the same one, not 0, replaces the entry. */
  readonly clientId: number;
  readonly key: Uint8Array;
  readonly createdMs: number;
  name: string;
  enabled: boolean;
  remoteAllowed: boolean;
  limit: TimeLimit | undefined;
  lastActiveMs: number;
  lockCount: number;
}

/** What pairing settles. */
export type NewAuthorization = Pick<Authorization, 'idType' | 'clientId' | 'key' | 'name' | 'createdMs'> &
  Partial<Pick<Authorization, 'id' | 'limit' | 'remoteAllowed'>>;

export class Authorizations {
  readonly #entries = new Map<number, Authorization>();
  readonly #max: number;
  #nextId: number;

  /** @param kept  what it knew before it lost its power */
  constructor(max: number, kept?: { readonly all: readonly Authorization[]; readonly nextId: number }) {
    this.#max = max;
    for (const entry of kept?.all ?? []) this.#entries.set(entry.id, entry);
    this.#nextId = kept?.nextId ?? 1;
  }

  get all(): readonly Authorization[] {
    return [...this.#entries.values()];
  }

  get isFull(): boolean {
    return this.#entries.size >= this.#max;
  }

  get(id: number): Authorization | undefined {
    return this.#entries.get(id);
  }

  /** The id that the next one gets. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Adds an entry; an earlier one of the same client goes, and so does the earlier bridge: a lock has one. */
  add({ id = this.#nextId, limit, remoteAllowed = true, ...entry }: NewAuthorization): Authorization {
    for (const old of this.all) {
      const isSameClient = entry.clientId !== 0 && old.clientId === entry.clientId;
      const isOldBridge = entry.idType === idTypes.bridge && old.idType === idTypes.bridge;
      if (isSameClient || isOldBridge) this.#entries.delete(old.id);
    }
    const added = { ...entry, id, limit, remoteAllowed, enabled: true, lastActiveMs: entry.createdMs, lockCount: 0 };
    this.#entries.set(id, added);
    this.#nextId = Math.max(this.#nextId, id) + 1;
    return added;
  }

  remove(id: number): boolean {
    return this.#entries.delete(id);
  }
}

/** Payload of an Authorization Entry, 56 or 75 bytes. */
export const authorizationBytes = (entry: Authorization): Uint8Array =>
  new Fields()
    .u32(entry.id)
    .u8(entry.idType)
    .text(entry.name, 32)
    .u8(entry.enabled ? 1 : 0, entry.remoteAllowed ? 1 : 0)
    .time(entry.createdMs)
    .time(entry.lastActiveMs)
    .u16(entry.lockCount)
    .raw(limitBytes(entry.limit))
    .bytes();
