/** The alarm that could not be written down first, or that must not be read by everybody: signed by the hub, told whatever else fails. */
import * as v from 'valibot';
import { type AlarmCode, alarms } from './alarms.ts';
import { accept, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, type VerifyKey, verifyKnown } from './jws.ts';
import { DoorId, Hash, HubId, Id, Millis } from './shapes.ts';

const codes = Object.keys(alarms) as [AlarmCode, ...AlarmCode[]];

export const AlarmClaims = v.strictObject({
  iss: HubId,
  jti: Id,
  at: Millis,
  code: v.picklist(codes),
  door: v.optional(DoorId),
  /** Thumbprints of the owner devices that must show nothing of it (T46). */
  notFor: v.optional(v.pipe(v.array(Hash), v.maxLength(16))),
});
export type AlarmClaims = v.InferOutput<typeof AlarmClaims>;

export const alarmForm: DocumentForm<typeof AlarmClaims> = {
  typ: 'alarm+jwt',
  algs: ['EdDSA'],
  maxBytes: 2048,
  key: 'kid',
  claims: AlarmClaims,
  malformed: 'MESSAGE_MALFORMED',
  notGenuine: 'ALARM_NOT_GENUINE',
};

/** Verifies an alarm with the key of the hub that it came from. @returns MESSAGE_MALFORMED or ALARM_NOT_GENUINE when it is refused */
export async function verifyAlarm(jws: string, hub: VerifyKey, hubId: string): Promise<Verdict<AlarmClaims>> {
  const verified = await verifyKnown(alarmForm, jws, [hub], 'ALARM_NOT_GENUINE');
  if (!verified.ok) return verified;
  return verified.value.claims.iss === hubId ? accept(verified.value.claims) : refuse('ALARM_NOT_GENUINE');
}
