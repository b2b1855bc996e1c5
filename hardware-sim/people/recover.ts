/** A phone that has lost its home and has the printed code: it finds the home, asks to be added, and joins once it is. */
import * as v from 'valibot';
import { newId, signDocument, thumbprintOf, toVerifyKey } from '../../wire/jws.ts';
import { deriveRecovery, isNotedHub, type RecoveryKeys, recoveryForm, toRecoveryMark } from '../../wire/recovery.ts';
import { readRecoveryCode } from '../../wire/recovery-code.ts';
import { Hash, HubId, Id, Jws, OkpJwk } from '../../wire/shapes.ts';
import { type HttpClient, type Reply, refusedHere } from './http.ts';
import type { DeviceKeys } from './keys.ts';
import type { Pinned } from './owner-state.ts';

const Found = v.object({ home: Id, hub: HubId, hubKey: OkpJwk, note: Hash });
const Recovery = v.object({ recovery: Id, device: Hash, at: v.string(), askedAt: v.number(), untilAt: v.number() });
export type Recovery = v.InferOutput<typeof Recovery>;
/** What the owners of a home see. */
export const Recoveries = v.object({ pin: v.nullable(Jws), recoveries: v.array(Recovery) });
export type Recoveries = v.InferOutput<typeof Recoveries>;

/** The home that a code belongs to. */
export type FoundHome = Omit<Pinned, 'ownerList'>;

interface Lost {
  readonly http: HttpClient;
  readonly keys: DeviceKeys;
}

/** The mark that a hub pins of a code. @returns undefined for what is no code */
export async function markOf(typed: string, hub: { readonly id: string; readonly key: string }) {
  const secret = readRecoveryCode(typed);
  return secret.ok ? toRecoveryMark(await deriveRecovery(secret.value), hub) : undefined;
}

/** Finds the home of a code. @returns NOT_FOUND; RECOVERY_PIN_NOT_GENUINE when the cloud shows another hub than the code was made for */
async function find(http: HttpClient, keys: RecoveryKeys): Promise<Reply<FoundHome>> {
  const reply = await http.call({ method: 'GET', path: `/v1/recovery-codes/${thumbprintOf(keys.jwk)}` }, Found);
  if (!reply.ok) return reply;
  const { home, hub, hubKey, note } = reply.value;
  const isNoted = await isNotedHub(keys, { id: hub, key: thumbprintOf(hubKey) }, note);
  return isNoted ? { ...reply, value: { home, hub, hubKey } } : refusedHere('RECOVERY_PIN_NOT_GENUINE');
}

/**
 * Asks to be added to the home of the code.
 * @param typed  the code as it was typed
 * @param jti    another than a fresh one, to ask for the same again
 * @returns the home and how the recovery stands; RECOVERY_CODE_MISTYPED, NOT_FOUND, or what the hub says
 */
export async function recover(
  phone: Lost,
  typed: string,
  jti = newId(),
): Promise<Reply<{ readonly home: FoundHome; readonly recovery: Recovery }>> {
  const secret = readRecoveryCode(typed);
  if (!secret.ok) return refusedHere(secret.code);
  const keys = await deriveRecovery(secret.value);
  const home = await find(phone.http, keys);
  if (!home.ok) return home;
  const iat = Math.floor(phone.http.clock.now() / 1000);
  const claims = { aud: home.value.hub, jti, iat, device: phone.keys.device };
  const key = { ...(await toVerifyKey(keys.jwk)), privateKey: keys.privateKey };
  const body = { recovery: await signDocument(recoveryForm, claims, key) };
  const reply = await phone.http.call({ method: 'POST', path: '/v1/recoveries', body }, Recovery);
  return reply.ok ? { ...reply, value: { home: home.value, recovery: reply.value } } : reply;
}

/** How it stands. */
export const recoveryState = (http: HttpClient, recovery: string): Promise<Reply<Recovery>> =>
  http.call({ method: 'GET', path: `/v1/recoveries/${recovery}` }, Recovery);
