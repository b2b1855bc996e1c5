/** Sealed stores for tests: no TPM unless one is given. */
import { ownFolder } from '../../../device/secrets/own-folder.ts';
import { type SealedSecrets, sealedSecrets } from '../../../device/secrets/sealed.ts';
import type { Tpm } from '../../../device/secrets/tpm.ts';

const absent = async (): Promise<never> => {
  throw Object.assign(new Error('no TPM'), { code: 'ENOENT' });
};
export const noTpm: Tpm = { seal: absent, open: absent };

export const storeIn = (dir: string, credential?: string, tpm: Tpm = noTpm): SealedSecrets =>
  sealedSecrets({ folder: ownFolder(dir), credential, tpm });

export const bytes = (text: string): Uint8Array => Buffer.from(text);

export async function textOf(store: SealedSecrets, name: string): Promise<string | undefined> {
  const found = await store.get(name);
  return found === undefined ? undefined : Buffer.from(found).toString();
}
