/** Sealing for the owner's devices: what the hub writes down and only they can read. */
import {
  CompactEncrypt,
  type CryptoKey,
  compactDecrypt,
  GeneralEncrypt,
  type GeneralJWE,
  generalDecrypt,
  importJWK,
  type JWK,
} from 'jose';
import type { EcJwk } from './shapes.ts';

const content = 'A256GCM';
const wrap = 'ECDH-ES+A256KW';

/**
 * Seals bytes for one or more P-256 keys (RFC 7516, ECDH-ES+A256KW, A256GCM).
 * @returns compact JWE for one key, general JSON for several; as text
 */
export async function sealFor(keys: readonly EcJwk[], plaintext: Uint8Array): Promise<string> {
  const [first, ...others] = keys;
  if (first !== undefined && others.length === 0) {
    return new CompactEncrypt(plaintext).setProtectedHeader({ alg: wrap, enc: content }).encrypt(await toPublic(first));
  }
  const jwe = new GeneralEncrypt(plaintext).setProtectedHeader({ enc: content });
  for (const key of keys) jwe.addRecipient(await toPublic(key)).setUnprotectedHeader({ alg: wrap });
  return JSON.stringify(await jwe.encrypt());
}

const toPublic = async (jwk: EcJwk): Promise<CryptoKey> => (await importJWK(jwk as JWK, wrap)) as CryptoKey;

/** Opens what `sealFor` sealed. @throws jose's error when this key is none of the recipients' */
export async function openSealed(sealed: string, key: CryptoKey): Promise<Uint8Array> {
  const options = { keyManagementAlgorithms: [wrap], contentEncryptionAlgorithms: [content] };
  const { plaintext } = sealed.startsWith('{')
    ? await generalDecrypt(JSON.parse(sealed) as GeneralJWE, key, options)
    : await compactDecrypt(sealed, key, options);
  return plaintext;
}
