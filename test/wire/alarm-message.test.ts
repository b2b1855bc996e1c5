import t from 'tap';
import { alarmForm, verifyAlarm } from '../../wire/alarm-message.ts';
import { alarms } from '../../wire/alarms.ts';
import { newId, signDocument } from '../../wire/jws.ts';
import { newCast, newHubId } from '../support/keys.ts';

const cast = await newCast();
const claims = { iss: cast.hubId, jti: newId(), at: 1, code: 'LOCK_JAMMED' as const };

t.test('an alarm is of the hub that it comes from', async (t) => {
  t.ok((await verifyAlarm(await signDocument(alarmForm, claims, cast.hub), cast.hub, cast.hubId)).ok);
  const other = await signDocument(alarmForm, { ...claims, iss: newHubId() }, cast.hub);
  t.match(await verifyAlarm(other, cast.hub, cast.hubId), { code: 'ALARM_NOT_GENUINE' });
});

t.test('an alarm is hidden only by another that is not hidden itself', async (t) => {
  for (const [code, { hiddenWhile, visibleAfterMs }] of Object.entries(alarms)) {
    t.ok(visibleAfterMs >= 0, code);
    if (hiddenWhile !== undefined) t.equal(alarms[hiddenWhile].hiddenWhile, undefined, code);
  }
});
