/** The release key: an Ed25519 key of a ceremony of its own, in a file that no server ever sees. */
import { open, readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { type SignKey, toSignKey } from '../../wire/jws.ts';
import { createSigningKey, PrivateOkp } from '../signer/file.ts';

/** Makes a key and keeps it, for its owner's eyes alone. @throws Fault CONFIG_INVALID for a file that is there, or cannot be written */
export async function makeReleaseKey(path: string): Promise<SignKey> {
  const jwk = await createSigningKey();
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(jwk)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { path, why: (cause as NodeJS.ErrnoException).code ?? 'unknown' }, { cause });
  }
  return toSignKey(jwk);
}

/** @throws Fault CONFIG_INVALID when the file holds no Ed25519 key */
export async function readReleaseKey(path: string): Promise<SignKey> {
  try {
    return await toSignKey(v.parse(PrivateOkp, JSON.parse(await readFile(path, 'utf8'))));
  } catch {
    // No cause: a parser's message could quote the key.
    throw new Fault('CONFIG_INVALID', { path, why: 'no release key' });
  }
}
