/** How this device is told: it reads and sets its own settings, and nobody else's. */
import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { hashOf } from '../../../wire/jws.ts';
import { MailAddress, NoticeSettings, NoticeWish } from '../../../wire/notifications.ts';
import { Id } from '../../../wire/shapes.ts';
import { confirmCode, sendCode } from '../../notify/mail-code.ts';
import { applyWish, freshDevice, type NoticeDevice, toSettings } from '../../notify/settings.ts';
import { orProblem } from '../answer.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { bucketsOf } from '../rate.ts';

const params = v.strictObject({ home: Id });
const response = { 200: NoticeSettings, default: Problem };
const security = [{ dpop: [] }];

/** Codes to one home and to one address, a second; three at once: nobody's mailbox is flooded from here. */
const codesOfHome = 1 / 60;
const codesToAddress = 1 / 3_600;
const codeBurst = 3;

/** GET and PUT /v1/homes/:home/notifications */
export function notifications(app: App, parts: HttpParts): void {
  const shown = (device: NoticeDevice) =>
    toSettings(device, { pushKey: parts.push.publicKey, mailPossible: parts.mail !== undefined });
  const path = '/v1/homes/:home/notifications';
  const show = { summary: 'How this device is told.', security, params, response };
  app.get(path, { schema: show }, async (request) => {
    const { hub, jkt } = ownerOf(request);
    const device = await parts.store.read.noticeDevices.find(hub.home, jkt);
    return shown(device ?? freshDevice(hub.home, jkt));
  });

  const set = { summary: 'Set how this device is told.', security, params, body: NoticeWish, response };
  app.put(path, { schema: set }, async (request) => {
    const { hub, jkt } = ownerOf(request);
    return parts.store.write(async ({ noticeDevices }) => {
      const known = (await noticeDevices.find(hub.home, jkt)) ?? freshDevice(hub.home, jkt);
      const device = orProblem(applyWish(known, request.body, parts.config.pushLoopback));
      await noticeDevices.put(device);
      return shown(device);
    });
  });
}

/** PUT /v1/homes/:home/notifications/mail, POST …/mail/code: an address counts once its code was typed. */
export function noticeMail(app: App, parts: HttpParts): void {
  const ofHome = bucketsOf(codesOfHome, codeBurst, () => performance.now());
  const toAddress = bucketsOf(codesToAddress, codeBurst, () => performance.now());
  const shown = (device: NoticeDevice) =>
    toSettings(device, { pushKey: parts.push.publicKey, mailPossible: parts.mail !== undefined });

  const set = {
    summary: 'Set the e-mail address of this device; a code is sent there. null removes it.',
    security,
    params,
    body: v.strictObject({ address: v.nullable(MailAddress) }),
    response,
  };
  app.put('/v1/homes/:home/notifications/mail', { schema: set }, async (request) => {
    const { hub, jkt } = ownerOf(request);
    const { address } = request.body;
    if (address !== null) {
      const isFree = ofHome.take(hub.home) && toAddress.take(hashOf(address.toLowerCase()));
      if (!isFree) throw new Fault('RATE_LIMITED', { what: 'mail' });
      return shown(orProblem(await sendCode(parts, { home: hub.home, jkt }, address)));
    }
    const none = { mail: null, mail_proven: 0, mail_code: null, mail_code_at: null, mail_tries: 0 };
    return parts.store.write(async ({ noticeDevices }) => {
      const known = (await noticeDevices.find(hub.home, jkt)) ?? freshDevice(hub.home, jkt);
      await noticeDevices.put({ ...known, ...none });
      return shown({ ...known, ...none });
    });
  });

  const confirm = {
    summary: 'Type the code that was sent to the address.',
    security,
    params,
    body: v.strictObject({ code: v.pipe(v.string(), v.regex(/^\d{6}$/)) }),
    response,
  };
  app.post('/v1/homes/:home/notifications/mail/code', { schema: confirm }, async (request) => {
    const { hub, jkt } = ownerOf(request);
    return shown(orProblem(await confirmCode(parts, { home: hub.home, jkt }, request.body.code)));
  });
}

/** POST /v1/homes/:home/notifications/test: tells this device something harmless. */
export function testNotification(app: App, parts: HttpParts): void {
  const tests = bucketsOf(1 / 60, codeBurst, () => performance.now());
  const schema = {
    summary: 'Tell this device something harmless.',
    security,
    params,
    body: v.strictObject({}),
    response: { 202: v.strictObject({ told: v.boolean() }), default: Problem },
  };
  app.post('/v1/homes/:home/notifications/test', { schema }, async (request, reply) => {
    const { hub, jkt } = ownerOf(request);
    if (!tests.take(`${hub.home} ${jkt}`)) throw new Fault('RATE_LIMITED', { what: 'tests' });
    return reply.code(202).send({ told: await parts.notifier.test(hub.home, jkt) });
  });
}
