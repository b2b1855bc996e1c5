/** Takes alarms that a hub could not write down first, and tells the owner. */
import { verifyAlarm } from '../../wire/alarm-message.ts';
import { AlarmMessage, readMessage } from '../../wire/messages.ts';
import type { Parts } from '../parts.ts';

/** Takes one `alarm` message. An alarm that is told twice is one event. */
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
  // The signed text too: the owner's device checks it with the hub's key.
  const data = { ...facts, alarm: read.value.alarm };
  await parts.store.write(async ({ proofs, events }) => {
    const keepS = Math.floor(parts.now() / 1000) + 86_400;
    if (!(await proofs.use(`alarm:${hubId}:${jti}`, keepS))) return;
    await events.add([{ party: `home:${hub.home}`, type: 'alarm', data, at: parts.now() }]);
  });
}
