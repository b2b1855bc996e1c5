import * as v from 'valibot';
import { accept, Fault, refuse } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { isShown, readShownStop } from '../../code/show.ts';
import { maskMail } from '../../notify/settings.ts';
import { tellAgain } from '../../notify/tell-codes.ts';
import { ownerCaller, ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** POST /v1/homes/:home/deliveries/:delivery/codes/mails: the same code once more, to this device's proven address. */
export function addCodeMail(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Send the hand-over code again, by mail. It stays the same.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id, delivery: Id }),
    body: Empty,
    response: { 202: v.strictObject({ to: v.string() }), default: Problem },
  };
  app.post('/v1/homes/:home/deliveries/:delivery/codes/mails', { schema }, (request, reply) => {
    const owner = ownerOf(request);
    const { home } = owner.hub;
    return answerOnce(parts, ownerCaller(owner), request, reply, async (tables) => {
      const delivery = await tables.deliveries.find(request.params.delivery);
      if (delivery?.home !== home) throw new Fault('NOT_FOUND');
      const shown = await readShownStop(parts, tables, delivery);
      if (shown === undefined || !isShown(shown, parts.now())) return refuse('CODE_NOT_SHOWN');
      const device = await tables.noticeDevices.find(home, owner.jkt);
      if (parts.mail === undefined || device?.mail == null || device.mail_proven !== 1) {
        return refuse('MAIL_UNAVAILABLE', { why: 'no proven address' });
      }
      await tellAgain(parts, tables, shown, device);
      return accept({ status: 202, body: { to: maskMail(device.mail) } });
    });
  });
}
