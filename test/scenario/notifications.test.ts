import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { servePages } from '../../cloud-bridge/pages/host.ts';
import { openMailbox } from '../../hardware-sim/mail/mailbox.ts';
import { type Browser, openPushService } from '../../hardware-sim/push/service.ts';
import { PushMessage } from '../../wire/notifications.ts';
import { barriersIn } from '../cloud-bridge/pages/axe.ts';
import { complaintsOf, launchWhole, noChromium } from '../cloud-bridge/pages/browser.ts';
import { pagesBuiltOnce } from '../cloud-bridge/pages/built-once.ts';
import { freePort } from '../support/free-port.ts';
import { openRig } from '../support/rig.ts';
import { until } from '../support/until.ts';

/** Where pictures of the app go, to be looked at; in no folder unless one is named. */
const shots = process.env.DOORWARD_SCREENSHOTS;

const toldTo = (browser: Browser): readonly PushMessage[] =>
  browser.pushed.map(({ text }) => v.parse(PushMessage, JSON.parse(text)));

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const folder = t.testdir();
  await pagesBuiltOnce(folder);
  const [port, service, mailbox] = [await freePort(), await openPushService(), await openMailbox()];
  t.teardown(() => Promise.all([service.close(), mailbox.close()]));
  const origin = `http://localhost:${port}`;
  const smtp = { host: '127.0.0.1', port: mailbox.smtpPort, tls: 'none' as const, from: 'door@street.example' };
  const rig = await openRig(t, { pagesOrigin: origin, cloud: { pushLoopback: true, smtp } });
  const pages = await servePages({ folder, api: rig.world.base, host: 'localhost', port });
  t.teardown(() => pages.stop());
  const chromium = await launchWhole();
  t.teardown(() => chromium.close());

  const shoot = async (page: Page, name: string) => {
    t.same(await barriersIn(page), [], `${name}: axe-core finds nothing`);
    if (shots === undefined) return;
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `owner-${name}.png`), fullPage: true });
  };

  /** What a push service does for a browser that it can reach: this Chromium has none, so it is handed over by its debugger. */
  async function bring(cdp: CDPSession, registrationId: string, data: string): Promise<void> {
    await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
  }

  t.test('S060, S061: an owner turns it on, is told of a delivery step by step, looks after an alarm', async (t) => {
    const context = await chromium.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
    t.teardown(() => context.close());
    await context.grantPermissions(['notifications'], { origin });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const seat = service.subscribe();
    // The browser's own push service is far away; the subscription is one at the street's.
    await page.addInitScript(
      `PushManager.prototype.subscribe = async () => ({ toJSON: () => (${JSON.stringify(seat.subscription)}) });`,
    );
    const cdp = await context.newCDPSession(page);
    let registrationId = '';
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      registrationId =
        registrations.find(({ scopeURL }) => scopeURL === `${origin}/app/`)?.registrationId ?? registrationId;
    });
    await cdp.send('ServiceWorker.enable');

    await page.goto(`${origin}/app/${rig.owner.invite()}`);
    await page.click('[data-choice="without"]');
    await page.waitForSelector('.frame');
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await page.goto(`${origin}/app/#/notifications`);
    await page.getByRole('button', { name: 'Tell me on this device' }).click();
    await page.getByText('This device is told.').waitFor();
    await page.getByLabel('Address').fill('anna@example.org');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByText('A code was sent to a…@example.org.').waitFor();
    await page
      .getByLabel('Code of six digits')
      .fill((await until('the mail is there', () => /\b\d{6}\b/.exec(mailbox.mails[0]?.text ?? '')))[0]);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('E-mail goes to a…@example.org.').waitFor();
    await page.getByLabel('Name the company and the time').check();
    await shoot(page, 'notifications');

    const errand = await rig.deliver('ready');
    await until('the door rings', () => toldTo(seat).some(({ body }) => body.startsWith('Somebody is at your door')));
    await errand.to('ended');
    await until('it is done', () => toldTo(seat).some(({ body }) => body.startsWith('Delivered.')));
    const told = toldTo(seat);
    t.match(
      told.map(({ body }) => body.split(/[.:]/)[0]),
      [
        'A delivery is planned',
        'A courier may come in for a planned delivery',
        'Somebody is at your door with your delivery',
        'The door was unlocked for your delivery',
        'Delivered',
      ],
    );
    t.equal(new Set(told.map(({ id }) => id)).size, told.length, 'each once');

    await until('the worker is known', () => registrationId !== '');
    // As after a night in flight mode: all at once, the last one twice.
    await Promise.all([...seat.pushed, seat.pushed.at(-1)!].map(({ text }) => bring(cdp, registrationId, text)));
    const shown = (): Promise<{ title: string; body: string; tag: string; silent: boolean }[]> =>
      page.evaluate(
        `navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
          .then((all) => all.map(({ title, body, tag, silent }) => ({ title, body, tag, silent })))`,
      );
    await until('the phone shows the last step alone', async () => (await shown())[0]?.body.startsWith('Delivered'));
    t.match(await shown(), [{ title: told.at(-1)!.title, tag: told[0]!.tag, silent: true }]);
    await bring(cdp, registrationId, 'no message');
    await until('what is none is shown as nothing', async () => (await shown()).length === 2);

    const left = await rig.deliver('open');
    await rig.time.pass(62_000);
    await until('the alarm is told', () => toldTo(seat).some(({ stays }) => stays));
    // The browser's time is that of the rig, which passes faster.
    await page.clock.setSystemTime(rig.time.now());
    await page.reload();
    await page.getByText('The door stands open after a visit. It has to be closed.').waitFor();
    await shoot(page, 'notifications-alarm');
    const leftOpen = page.getByRole('listitem').filter({ hasText: 'The door stands open' });
    await leftOpen.getByRole('button', { name: 'I am looking after it' }).click();
    await page.getByText('You are looking after it.').waitFor();
    left.door.closeLeaf();
    await left.end();
    await until('it is over', () => toldTo(seat).some(({ body }) => body === 'The alarm is over.'));
    t.same(
      complaints.filter((one) => !/status of 40[14]/.test(one)),
      [],
    );
  });
}
