/**
 * The ceremony: makes root keys and signs the sets with them. In production it happens on a machine without a network;
 * the running service never reads a root key.
 */
import { signIssuerSet, signRootSet } from '../../wire/issuer-set.ts';
import { toSignKey } from '../../wire/jws.ts';
import type { OkpJwk } from '../../wire/shapes.ts';
import { createSigningKey, type PrivateOkp } from '../signer/file.ts';

export interface CeremonyWish {
  /** Root keys to make, 1..5. */
  readonly count: number;
  /** How many have to sign, 1..count. */
  readonly threshold: number;
  /** `iss` of what the issuer key signs. */
  readonly issuer: string;
  /** The public issuer key. */
  readonly issuerKey: OkpJwk;
  /** Seconds since 1970. */
  readonly nowS: number;
}

export interface CeremonyResult {
  readonly rootKeys: readonly PrivateOkp[];
  readonly rootSet: string;
  readonly issuerSet: string;
}

const daySeconds = 86_400;
/** Life of the first root set, days. */
export const rootSetDays = 3_650;
/** Life of an issuer set and of the keys in it, days. */
export const issuerSetDays = 400;

const publicHalf = ({ kty, crv, x }: PrivateOkp): OkpJwk => ({ kty, crv, x });

/** Makes everything for a new installation: version 1 of both sets. */
export async function performCeremony(wish: CeremonyWish): Promise<CeremonyResult> {
  const rootKeys = await Promise.all(Array.from({ length: wish.count }, createSigningKey));
  const signers = await Promise.all(rootKeys.map(toSignKey));
  const rootSet = await signRootSet(
    {
      version: 1,
      exp: wish.nowS + rootSetDays * daySeconds,
      threshold: wish.threshold,
      keys: rootKeys.map(publicHalf),
    },
    signers,
  );
  const issuerSet = await renewIssuerSet({ ...wish, version: 1, rootKeys: rootKeys.slice(0, wish.threshold) });
  return { rootKeys, rootSet, issuerSet };
}

/** Signs the next issuer set, for a new key or a new term. */
export async function renewIssuerSet(
  wish: Pick<CeremonyWish, 'issuer' | 'issuerKey' | 'nowS'> & {
    readonly version: number;
    readonly rootKeys: readonly PrivateOkp[];
  },
): Promise<string> {
  const exp = wish.nowS + issuerSetDays * daySeconds;
  // A day back: a hub whose clock is a little behind must not refuse a fresh key.
  const keys = [{ jwk: wish.issuerKey, nbf: wish.nowS - daySeconds, exp }];
  return signIssuerSet(
    { version: wish.version, exp, issuer: wish.issuer, keys },
    await Promise.all(wish.rootKeys.map(toSignKey)),
  );
}
