import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { DeviceRequest } from '../../../wire/invitation.ts';
import { isSound } from '../../../wire/owner-key.ts';
import { Id } from '../../../wire/shapes.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { bucketsOf } from '../rate.ts';

/** Questions of one home: one in twenty seconds, six at once. They are events that are kept. */
const perSecond = 0.05;
const burst = 6;

/** POST /v1/homes/:home/device-requests: a new device, with a proof of its invitation that only the inviting device can check. */
export function askForDevice(app: App, parts: HttpParts): void {
  const asked = bucketsOf(perSecond, burst, () => performance.now());
  const schema = {
    summary: 'Ask the devices of a home to sign in a new one.',
    params: v.strictObject({ home: Id }),
    body: DeviceRequest,
    response: { 202: v.strictObject({ asked: v.literal(true) }), default: Problem },
  };
  app.post('/v1/homes/:home/device-requests', { schema }, async (request, reply) => {
    const { home } = request.params;
    const hub = await parts.store.read.hubs.ofHome(home);
    if (hub === undefined || hub.owner_list === null) throw new Fault('NOT_FOUND');
    if (!asked.take(home)) throw new Fault('RATE_LIMITED');
    const { proof, ...device } = request.body;
    if (!(await isSound(device))) throw new Fault('BODY_MALFORMED', { where: 'key' });
    const data = { ...device, proof };
    await parts.store.write(({ events }) =>
      events.add([{ party: `home:${home}`, type: 'device.asked', data, at: parts.now() }]),
    );
    return reply.code(202).send({ asked: true });
  });
}
