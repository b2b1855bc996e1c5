/** What peripherals remember without power: their keys, in one file, or in memory alone. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import type { KeyMemory } from './handshake.ts';

const remembered = v.strictObject({ keyHex: v.nullable(v.string()), installMode: v.boolean() });
const fileSchema = v.record(v.string(), remembered);
type Remembered = v.InferOutput<typeof remembered>;

export class KeyFile {
  readonly #path: string | undefined;
  readonly #all: Record<string, Remembered>;

  /** @param path  absent: nothing outlives the process @throws Fault CONFIG_INVALID when the file is not one of these */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#all = path !== undefined && existsSync(path) ? read(path) : {};
  }

  /** @param name  `<line>/<address>` @param fresh  what a peripheral knows that was never seen before */
  memory(name: string, fresh: Remembered): KeyMemory {
    const now = (): Remembered => this.#all[name] ?? fresh;
    return {
      scbk: () => {
        const { keyHex } = now();
        return keyHex === null ? undefined : new Uint8Array(Buffer.from(keyHex, 'hex'));
      },
      installMode: () => now().installMode,
      pair: (key) => {
        this.#all[name] = { keyHex: Buffer.from(key).toString('hex'), installMode: false };
        this.#save();
      },
    };
  }

  #save(): void {
    if (this.#path === undefined) return;
    mkdirSync(dirname(this.#path), { recursive: true });
    const next = `${this.#path}.next`;
    writeFileSync(next, JSON.stringify(this.#all), { mode: 0o600 });
    chmodSync(next, 0o600);
    renameSync(next, this.#path);
  }
}

function read(path: string): Record<string, Remembered> {
  try {
    return v.parse(fileSchema, JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { at: 'state', problem: 'not a state file of the simulator' }, { cause });
  }
}
