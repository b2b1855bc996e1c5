/** The keys of peripherals, in the state file of their home. */
import * as v from 'valibot';
import type { StateFile } from '../state-file.ts';
import type { KeyMemory } from './handshake.ts';

const rememberedSchema = v.strictObject({ keyHex: v.nullable(v.string()), installMode: v.boolean() });
type Remembered = v.InferOutput<typeof rememberedSchema>;

/**
 * @param name  `<line>/<address>`
 * @param fresh  what a peripheral knows that was never seen before
 * @throws Fault CONFIG_INVALID when the file holds something else under this name
 */
export function keyMemory(file: StateFile, name: string, fresh: Remembered): KeyMemory {
  let now = file.get(name, rememberedSchema) ?? fresh;
  return {
    scbk: () => (now.keyHex === null ? undefined : new Uint8Array(Buffer.from(now.keyHex, 'hex'))),
    installMode: () => now.installMode,
    pair: (key) => {
      now = { keyHex: Buffer.from(key).toString('hex'), installMode: false };
      file.set(name, now);
    },
  };
}
