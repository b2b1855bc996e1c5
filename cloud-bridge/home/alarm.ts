/** Takes alarms that a hub could not write down first, and tells the owner. */
import { verifyAlarm } from '../../wire/alarm-message.ts';
import { AlarmMessage, readMessage } from '../../wire/messages.ts';
import { alarmTexts } from '../notify/kinds.ts';
import { planNotices } from '../notify/plan.ts';
import type { Parts } from '../parts.ts';

/**
 * Takes one `alarm` message. An alarm that is told twice is one event. One that some devices must not show (T46) is no event at all, for
 * every device reads those: it goes to the others alone, loud, and by mail too.
 */
export async function takeAlarm(
  parts: Pick<Parts, 'store' | 'keys' | 'log' | 'now'>,
  hubId: string,
  payload: Buffer,
): Promise<void> {
  const read = readMessage('alarm', AlarmMessage, payload);
  const hub = await parts.store.read.hubs.find(hubId);
  if (!read.ok || hub === undefined) {
    parts.log.messageRefused({ hub: hubId, code: read.ok ? 'NOT_FOUND' : read.code });
    return;
  }
  const verified = await verifyAlarm(read.value.alarm, await parts.keys.hub(hub), hubId);
  if (!verified.ok) {
    parts.log.messageRefused({ hub: hubId, code: verified.code });
    return;
  }
  const { iss: _hub, jti, ...facts } = verified.value;
  const { code, notFor } = facts;
  const devices =
    notFor === undefined ? [] : (await parts.keys.owners(hub)).keys.filter(({ kid }) => !notFor.includes(kid));
  // The signed text too: the owner's device checks it with the hub's key.
  const data = { ...facts, alarm: read.value.alarm };
  await parts.store.write(async ({ proofs, events, notices, noticeDevices }) => {
    const keepS = Math.floor(parts.now() / 1000) + 86_400;
    if (!(await proofs.use(`alarm:${hubId}:${jti}`, keepS))) return;
    if (notFor !== undefined) {
      const told = (await noticeDevices.ofHome(hub.home)).filter(({ jkt }) => devices.some(({ kid }) => kid === jkt));
      const about = `silent:${jti}`;
      const telling = { kind: 'alarm', about, source: about, says: { text: alarmTexts[code] }, urgent: true } as const;
      await notices.add(planNotices(hub.home, told, telling, parts.now()));
      return;
    }
    await events.add([{ party: `home:${hub.home}`, type: 'alarm', data, at: parts.now() }]);
  });
}
