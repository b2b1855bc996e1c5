/** The key that the secrets are sealed under: from the best source there is. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Fault } from '../../wire/faults.ts';
import { type OwnFolder, replaceWhole } from './own-folder.ts';
import { leastKeyBytes, type SealedBy } from './seal.ts';
import { type Tpm, unlessThere } from './tpm.ts';

/** Names in the folder of the secrets that are no secrets. */
export const keyFiles = { file: 'key', tpm: 'key.tpm' } as const;

export interface WrappingKey {
  readonly by: SealedBy;
  readonly bytes: Uint8Array;
}

export interface KeySources {
  readonly folder: OwnFolder;
  /** Path of the credential that systemd handed to this service; the file need not be there. */
  readonly credential: string | undefined;
  readonly tpm: Tpm;
}

const whatToDo: Readonly<Record<SealedBy, string>> = {
  credential:
    'Run this as the hub service does, with LoadCredential or LoadCredentialEncrypted for doorward-key in its unit.',
  tpm: 'Put key.tpm back into the folder of the secrets, and run on the machine whose TPM made it.',
  file: 'Put the file `key` back into the folder of the secrets from a backup.',
};

/** The credential, where the service was given one. @throws Fault SECRETS_KEY_WRONG when it is too short to be a key */
export async function credentialKey({ credential }: KeySources): Promise<WrappingKey | undefined> {
  if (credential === undefined) return undefined;
  const bytes = await readFile(credential).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new Fault('SECRETS_KEY_MISSING', { keptBy: 'credential', why: cause.code ?? 'unknown' }, { cause });
  });
  return bytes === undefined ? undefined : fit('credential', bytes);
}

/** The key that a store was sealed under. @throws Fault SECRETS_KEY_MISSING with what to `do`, SECRETS_KEY_WRONG */
export async function keyFor(by: SealedBy, sources: KeySources): Promise<WrappingKey> {
  const found = by === 'credential' ? await credentialKey(sources) : await keptKey(by, sources);
  if (found === undefined) throw new Fault('SECRETS_KEY_MISSING', { keptBy: by, do: whatToDo[by] });
  return found;
}

/** A key for a store that is not there yet. It is on the disk before it is used; one that is there is used again. */
export async function firstKey(sources: KeySources): Promise<WrappingKey> {
  return (
    (await credentialKey(sources)) ??
    (await keptKey('tpm', sources)) ??
    (await makeInTpm(sources)) ??
    (await keptKey('file', sources)) ??
    (await makeInFile(sources))
  );
}

async function keptKey(by: 'tpm' | 'file', { folder, tpm }: KeySources): Promise<WrappingKey | undefined> {
  const kept = await folder.read(keyFiles[by]);
  if (kept === undefined) return undefined;
  if (by === 'file') return fit(by, kept);
  try {
    return fit(by, await tpm.open(kept));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('SECRETS_KEY_MISSING', { keptBy: by, do: whatToDo.tpm }, { cause });
  }
}

/** @returns undefined where there is no TPM that this user may use, or it does not give back what it was given */
async function makeInTpm({ folder, tpm }: KeySources): Promise<WrappingKey | undefined> {
  const bytes = randomBytes(leastKeyBytes);
  const kept = await unlessThere(async () => {
    const sealed = await tpm.seal(bytes);
    return bytes.equals(await tpm.open(sealed)) ? sealed : undefined;
  });
  if (kept === undefined) return undefined;
  await replaceWhole(folder, keyFiles.tpm, kept);
  return { by: 'tpm', bytes };
}

async function makeInFile({ folder }: KeySources): Promise<WrappingKey> {
  const bytes = randomBytes(leastKeyBytes);
  await replaceWhole(folder, keyFiles.file, bytes);
  return { by: 'file', bytes };
}

function fit(by: SealedBy, bytes: Uint8Array): WrappingKey {
  if (bytes.length >= leastKeyBytes) return { by, bytes };
  throw new Fault('SECRETS_KEY_WRONG', {
    keptBy: by,
    why: `it has ${bytes.length} bytes, fewer than ${leastKeyBytes}`,
  });
}
