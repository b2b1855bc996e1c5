/** A new code for a lock: sealed for the hub's own key, signed by this device, confirmed with its passkey. */
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import { hubKeyForm } from '../../../../wire/hub-key.ts';
import { lockOrderForm, NewCode } from '../../../../wire/lock-order.ts';
import { newId } from '../../common/bytes.ts';
import { verifyDocument } from '../device/documents.ts';
import type { Place } from '../home/course.ts';
import { signWidening } from '../home/orders.ts';
import { claimsOf, sendOrder } from '../who/read-lock.ts';
import { filled } from './filled.ts';

const Status = v.object({ sealKey: v.string() });
const wrap = 'ECDH-ES+A256KW';

/** The key of the hub that digits are sealed for, as the hub itself signed it (R1). @returns HUB_KEY_… */
async function hubSeal({ api, path, home }: Place): Promise<Verdict<CryptoKey>> {
  const reply = await api.call({ method: 'GET', path: `${path}/hub` }, Status);
  if (!reply.ok) return reply;
  const key = await verifyDocument(hubKeyForm, reply.value.sealKey, [home.hubKey], 'HUB_KEY_NOT_GENUINE');
  if (!key.ok) return key;
  const { iss, seal } = key.value.claims;
  if (iss !== home.hub) return refuse('HUB_KEY_NOT_GENUINE', { why: 'hub' });
  try {
    return accept((await importJWK(seal as JWK, wrap)) as CryptoKey);
  } catch {
    return refuse('HUB_KEY_NOT_GENUINE', { why: 'key' });
  }
}

/**
 * Gives a lock a code. The digits leave this device sealed for the hub alone.
 * @returns once the lock has it; PASSKEY_… when nothing was sent; HUB_KEY_…, LOCK_…, DURESS_UNHEARD
 */
export async function addCode(place: Place, door: string, code: Omit<NewCode, 'jti'>): Promise<Verdict<undefined>> {
  const key = await hubSeal(place);
  if (!key.ok) return key;
  const jti = newId();
  const sealed = await new CompactEncrypt(filled(JSON.stringify(v.parse(NewCode, { ...code, jti }))))
    .setProtectedHeader({ alg: wrap, enc: 'A256GCM' })
    .encrypt(key.value);
  const order = await signWidening(place, lockOrderForm, claimsOf(place, door, { do: 'codes.add', sealed }, jti));
  if (!order.ok) return order;
  const result = await sendOrder(place, order.value);
  if (!result.ok) return result;
  return result.value.did === 'codes.add' ? accept(undefined) : refuse('LOCK_ANSWER_MALFORMED');
}
