/** The keys that people keep on their own devices. */
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import * as v from 'valibot';
import { type SignKey, toSignKey } from '../../wire/jws.ts';
import type { OwnerDevice } from '../../wire/owner-device.ts';
import { EcJwk, Hash } from '../../wire/shapes.ts';

/** A private P-256 key as it is kept in a file of its owner. */
export const EcSecret = v.strictObject({ ...EcJwk.entries, d: Hash });
export type EcSecret = v.InferOutput<typeof EcSecret>;

/** A signing key together with what has to be kept to have it again. */
export interface KeptKey extends SignKey {
  readonly secret: EcSecret;
}

/** The key of a phone that is sealed to. */
export interface SealKey {
  readonly jwk: EcJwk;
  readonly privateKey: CryptoKey;
  readonly secret: EcSecret;
}

/** One owner device: it signs with one key and opens what is sealed with the other. */
export interface DeviceKeys {
  readonly sign: KeptKey;
  readonly seal: SealKey;
  /** Both public halves, as the hub pins them. */
  readonly device: OwnerDevice;
}

export const SavedKeys = v.strictObject({ sign: EcSecret, seal: EcSecret });
export type SavedKeys = v.InferOutput<typeof SavedKeys>;

const toPublic = ({ kty, crv, x, y }: EcSecret): EcJwk => ({ kty, crv, x, y });

async function makeSecret(): Promise<EcSecret> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  return v.parse(EcSecret, { kty, crv, x, y, d });
}

/** Imports a kept ES256 key. */
export const toKeptKey = async (secret: EcSecret): Promise<KeptKey> => ({ ...(await toSignKey(secret)), secret });

/** Makes a new ES256 key: a courier's phone, a carrier's assignment key. */
export const makeSignKey = async (): Promise<KeptKey> => toKeptKey(await makeSecret());

/** Imports the keys of an owner device. */
export async function toDeviceKeys(saved: SavedKeys): Promise<DeviceKeys> {
  const sign = await toKeptKey(saved.sign);
  const jwk = toPublic(saved.seal);
  const privateKey = (await importJWK(saved.seal as JWK, 'ECDH-ES+A256KW')) as CryptoKey;
  return {
    sign,
    seal: { jwk, privateKey, secret: saved.seal },
    device: { sign: toPublic(saved.sign), seal: jwk },
  };
}

/** Makes the keys of a new owner device. */
export const makeDeviceKeys = async (): Promise<DeviceKeys> =>
  toDeviceKeys({ sign: await makeSecret(), seal: await makeSecret() });
