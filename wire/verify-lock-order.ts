/** Signed orders to a lock and their answers: verified, sealed and opened. Keys and time are arguments. */
import type { CryptoKey } from 'jose';
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { type VerifyKey, verifyKnown } from './jws.ts';
import {
  type LockAnswerClaims,
  type LockOrderClaims,
  LockResult,
  lockAnswerForm,
  lockOrderForm,
  NewCode,
  NewUser,
  widens,
} from './lock-order.ts';
import { needUser, type OwnerKey, verifySigned } from './owner-key.ts';
import { clockSkewSeconds } from './rule-book.ts';
import { openSealed, sealFor } from './seal.ts';
import type { EcJwk } from './shapes.ts';

/** What is sealed is filled up to a whole number of these, so that its length tells little: no name's length, no number of digits. */
const unitBytes = 512;

/**
 * Verifies an order of an owner's device; whether it was taken before is the hub's to remember.
 * @param policy.nowS  trusted time, seconds; undefined while there is none: then it is the caller's to refuse what widens
 * @returns LOCK_ORDER_… or PASSKEY_… when it is refused; else the claims and the key that signed
 */
export async function verifyLockOrder(
  text: string,
  owners: readonly OwnerKey[],
  policy: { readonly hubId: string; readonly nowS: number | undefined },
): Promise<Verdict<{ claims: LockOrderClaims; key: OwnerKey }>> {
  const verified = await verifySigned(lockOrderForm, text, owners, 'LOCK_ORDER_KEY_UNKNOWN');
  if (!verified.ok) return verified;
  const { claims, key } = verified.value;
  const { aud, iat, exp, order } = claims;
  const { hubId, nowS } = policy;
  if (aud !== hubId) return refuse('LOCK_ORDER_WRONG_HUB');
  const isFresh = nowS === undefined || (nowS < exp && nowS + clockSkewSeconds >= iat);
  if (!isFresh) return refuse('LOCK_ORDER_LATE', { now: nowS });
  const meant = await needUser(verified.value, widens(order));
  return meant.ok ? accept({ claims, key }) : meant;
}

/** Seals what the order with this `jti` keeps from everybody but the hub (R1). @returns a compact JWE */
export const sealForLock = async (hub: EcJwk, secret: NewCode | NewUser): Promise<string> =>
  sealFor([hub], filled(JSON.stringify(v.parse(v.union([NewCode, NewUser]), secret))));

/**
 * Opens what is sealed of an order.
 * @param jti  of the order: what was sealed for another one is refused
 * @returns LOCK_ORDER_UNREADABLE when it is not for this key, not for this order, or does not fit
 */
export const openForLock = async <S extends typeof NewCode | typeof NewUser>(
  schema: S,
  sealed: string,
  hub: CryptoKey,
  jti: string,
): Promise<Verdict<v.InferOutput<S>>> => {
  const secret = await opened(schema, sealed, hub);
  return secret?.jti === jti ? accept(secret) : refuse('LOCK_ORDER_UNREADABLE');
};

/** Seals a result for one device. @returns a compact JWE, for `LockAnswerClaims.sealed` */
export const sealResult = async (to: EcJwk, result: LockResult): Promise<string> =>
  sealFor([to], filled(JSON.stringify(v.parse(LockResult, result))));

/**
 * Verifies an answer with the hub's key, which the reader pinned at hand-over.
 * @param of.order  `hashOf` the order that was sent
 * @param of.to     thumbprint of the reader's `seal` key
 * @returns LOCK_ANSWER_MALFORMED, or LOCK_ANSWER_NOT_GENUINE also for the answer to another order or device
 */
export async function verifyLockAnswer(
  jws: string,
  hub: VerifyKey,
  of: { readonly hubId: string; readonly order: string; readonly to: string },
): Promise<Verdict<LockAnswerClaims>> {
  const verified = await verifyKnown(lockAnswerForm, jws, [hub], 'LOCK_ANSWER_NOT_GENUINE');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if (claims.iss !== of.hubId) return refuse('LOCK_ANSWER_NOT_GENUINE', { why: 'hub' });
  if (claims.order !== of.order) return refuse('LOCK_ANSWER_NOT_GENUINE', { why: 'order' });
  return claims.to === of.to ? accept(claims) : refuse('LOCK_ANSWER_NOT_GENUINE', { why: 'device' });
}

/** Opens the result of an answer that was verified. @returns LOCK_ANSWER_MALFORMED when it is not for this key or does not fit */
export async function openResult(sealed: string, device: CryptoKey): Promise<Verdict<LockResult>> {
  const result = await opened(LockResult, sealed, device);
  return result === undefined ? refuse('LOCK_ANSWER_MALFORMED', { why: 'sealed' }) : accept(result);
}

function filled(text: string): Uint8Array {
  const over = Buffer.byteLength(text) % unitBytes;
  return Buffer.from(text + ' '.repeat(over === 0 ? 0 : unitBytes - over));
}

async function opened<S extends v.GenericSchema>(
  schema: S,
  sealed: string,
  key: CryptoKey,
): Promise<v.InferOutput<S> | undefined> {
  try {
    const parsed = v.safeParse(schema, JSON.parse(Buffer.from(await openSealed(sealed, key)).toString('utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
