/** `Signer` with an Ed25519 key in a file. */
import { readFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair } from 'jose';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { grantForm } from '../../wire/grant.ts';
import { type SignKey, signDocument, toSignKey } from '../../wire/jws.ts';
import { revocationForm } from '../../wire/revocation.ts';
import { Hash, OkpJwk } from '../../wire/shapes.ts';
import { stopReceiptForm } from '../../wire/stop-receipt.ts';
import { timeForm, witnessForm } from '../../wire/witness.ts';
import type { Signer } from './signer.ts';

export const PrivateOkp = v.strictObject({ ...OkpJwk.entries, d: Hash });
export type PrivateOkp = v.InferOutput<typeof PrivateOkp>;

/** @returns a new Ed25519 key with its private half */
export async function createSigningKey(): Promise<PrivateOkp> {
  const { privateKey } = await generateKeyPair('Ed25519', { extractable: true });
  const { kty, crv, x, d } = await exportJWK(privateKey);
  return v.parse(PrivateOkp, { kty, crv, x, d });
}

export const signerOf = (key: SignKey, issuer: string): Signer => ({
  issuer,
  kid: key.kid,
  grant: (claims) => signDocument(grantForm, { ...claims, iss: issuer }, key),
  time: (claims) => signDocument(timeForm, claims, key),
  witness: (claims) => signDocument(witnessForm, claims, key),
  revocation: (claims) => signDocument(revocationForm, claims, key),
  stopReceipt: (claims) => signDocument(stopReceiptForm, { ...claims, iss: issuer }, key),
});

/** @throws Fault CONFIG_INVALID when the file holds no Ed25519 key */
export async function openFileSigner(path: string, issuer: string): Promise<Signer> {
  try {
    const key = v.parse(PrivateOkp, JSON.parse(await readFile(path, 'utf8')));
    return signerOf(await toSignKey(key), issuer);
  } catch {
    // No cause: a parser's message could quote the key.
    throw new Fault('CONFIG_INVALID', { file: path, why: 'no issuer key; run `doorward-cloud init`' });
  }
}
