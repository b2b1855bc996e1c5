/** Is an act at a stop genuine, and of the device that the task is bound to? */
import { refuse, type Verdict } from '../../wire/faults.ts';
import { peek, thumbprintOf, toVerifyKey, type VerifyKey, verifyPeeked } from '../../wire/jws.ts';
import { type StopActClaims, stopActForm } from '../../wire/stop.ts';

/** @param jkt  thumbprint of the task's device. @returns STOP_ACT_MALFORMED or STOP_ACT_NOT_GENUINE when not */
export async function verifyAct(jws: string, jkt: string): Promise<Verdict<StopActClaims>> {
  const peeked = peek(stopActForm, jws);
  if (!peeked.ok) return peeked;
  const { jwk } = peeked.value;
  if (jwk === undefined || thumbprintOf(jwk) !== jkt) return refuse('STOP_ACT_NOT_GENUINE', { why: 'key' });
  let key: VerifyKey;
  try {
    key = await toVerifyKey(jwk);
  } catch {
    return refuse('STOP_ACT_NOT_GENUINE', { why: 'key' });
  }
  return verifyPeeked(stopActForm, jws, peeked.value, key);
}
