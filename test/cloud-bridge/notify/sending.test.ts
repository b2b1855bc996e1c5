import t from 'tap';
import { newSoftPasskey } from '../../support/soft-passkey.ts';
import { makeCarrier } from '../support/people.ts';
import { until } from '../support/world.ts';
import { openNoticeStage, toldTo } from './stage.ts';

async function openPlanned(t: Parameters<typeof openNoticeStage>[0]) {
  const stage = await openNoticeStage(t);
  const carrier = await makeCarrier(stage.world);
  await stage.first.put(await stage.first.signRuleBook([carrier.rule(stage.hub)]));
  return { ...stage, plan: () => carrier.announce(stage.hub) };
}

t.test(
  'a crash after sending and before the commit: sent again as the same telling, and nothing is lost',
  async (t) => {
    const stage = await openPlanned(t);
    const { world, first } = stage;
    const browser = await stage.browserOf(first);
    browser.fault = 'silent';
    await stage.plan();
    await until('the service has taken it', () => browser.pushed.length === 1);
    await world.cloud.stop();
    browser.fault = undefined;
    const cloud = await world.another();
    Object.assign(world, { cloud });
    await cloud.start();
    world.wind(61_000);
    await until('it is sent again', () => browser.pushed.length === 2);
    const [before, after] = toldTo(browser);
    t.equal(after!.id, before!.id, 'the phone knows it by its id');
    t.equal(browser.pushed[0]!.topic, browser.pushed[1]!.topic, 'and the service by its topic');
    world.wind(3_600_000);
    await stage.plan();
    await until('the next one is told', () => browser.pushed.length === 3);
    t.not(toldTo(browser)[2]!.id, before!.id, 'it was not sent a third time');
  },
);

t.test('two instances on one database tell each event once', async (t) => {
  const stage = await openPlanned(t);
  const { world, first, second } = stage;
  const browsers = [await stage.browserOf(first), await stage.browserOf(second)];
  const other = await world.another({ broker: 'mqtts://127.0.0.1:1' });
  await other.start();
  for (let i = 0; i < 8; i += 1) await stage.plan();
  await until('all are told', () => browsers.every(({ pushed }) => pushed.length >= 8));
  world.wind(120_000);
  await stage.plan();
  await until('and the next', () => browsers.every(({ pushed }) => pushed.length >= 9));
  for (const browser of browsers) t.equal(new Set(toldTo(browser).map(({ id }) => id)).size, browser.pushed.length);
});

t.test('a push service that is busy, broken or silent is asked again; one that forgot the phone is not', async (t) => {
  const stage = await openPlanned(t);
  const { world, first, mailbox } = stage;
  const browser = await stage.browserOf(first);
  for (const fault of [429, 500] as const) {
    browser.fault = fault;
    const [tries, pushed] = [browser.tries, browser.pushed.length];
    await stage.plan();
    await until('it was tried', () => browser.tries > tries);
    const settings = () => first.ask('GET', `${first.home}/notifications`);
    await until('the device says so', async () => (await settings()).body.failing === 'push');
    browser.fault = undefined;
    world.wind(31_000);
    await until('it came', () => browser.pushed.length === pushed + 1);
    await until('and is well again', async () => (await settings()).body.failing === null);
  }

  await stage.mailTo(first, 'anna@example.org');
  browser.fault = 410;
  await stage.plan();
  await until('it goes by mail instead', () => mailbox.mails.at(-1)?.headers.subject === 'News from your door');
  t.match((await first.ask('GET', `${first.home}/notifications`)).body, { push: false, mail: { proven: true } });
  const tries = browser.tries;
  await stage.plan();
  await until('so does the next', () => mailbox.mails.length === 3);
  t.equal(browser.tries, tries, 'the address is not called any more');
});

t.test('a redirect is followed nowhere', async (t) => {
  const stage = await openPlanned(t);
  const browser = await stage.browserOf(stage.first);
  browser.fault = 302;
  await stage.plan();
  await until('it was tried', () => browser.tries === 1);
  await until('it failed', () => /noticeFailed/.test(stage.world.logged()));
  t.match(stage.world.logged(), /"is":"never","why":"status 302"/);
});

t.test('the mail server down: told when it is back; a telling that is too old by then is not told', async (t) => {
  const stage = await openPlanned(t);
  const { world, first, mailbox } = stage;
  await stage.mailTo(first, 'anna@example.org');
  await mailbox.down();
  await stage.plan();
  const settings = () => first.ask('GET', `${first.home}/notifications`);
  await until('the device says so', async () => (await settings()).body.failing === 'mail');
  await mailbox.up();
  world.wind(60_000);
  await until('the mail came', () => mailbox.mails.length === 2);
  t.match(mailbox.mails[1]!.headers, { subject: 'News from your door', 'auto-submitted': 'auto-generated' });
  t.match(mailbox.mails[1]!.text, /A delivery is planned\.\n\nOpen the app: https:\/\/pages\.example\/app\//);
  t.equal((await settings()).body.failing, null);

  mailbox.fault = { refuseMails: '451 later' };
  await stage.plan();
  await until('it failed', async () => (await settings()).body.failing === 'mail');
  mailbox.fault = undefined;
  world.wind(25 * 3_600_000);
  await until('it is given up', () => /"is":"late"/.test(world.logged()));
  t.equal(mailbox.mails.length, 2);
});

t.test('T23, T28: a device that was removed is told nothing any more', async (t) => {
  const stage = await openPlanned(t);
  const { hub, first, second } = stage;
  const [mine, gone] = [await stage.browserOf(first), await stage.browserOf(second)];
  await hub.signOwnerList([first.device]);
  await hub.hello();
  await until('it is no owner', async () => (await second.ask('GET', second.home)).status === 404);
  await stage.plan();
  await until('the one that stays is told', () => mine.pushed.length === 1);
  t.equal(gone.tries, 0);
});

t.test('R6: a device that is logged out hears of alarms all the same, and of nothing else', async (t) => {
  const stage = await openPlanned(t);
  const { hub, first, second } = stage;
  const [mine, out] = [await stage.browserOf(first), await stage.browserOf(second)];
  await hub.signOwnerList([first.device, { ...second.device, passkey: newSoftPasskey().passkey }]);
  await hub.hello();
  await until('it is logged out', async () => (await second.ask('GET', second.home)).status === 401);
  await stage.plan();
  await until('the other is told', () => mine.pushed.length === 1);
  hub.append('alarm.raised', { code: 'DOOR_LEFT_OPEN' }, undefined, hub.door);
  await hub.sync();
  await until('both hear of the alarm', () => mine.pushed.length === 2 && out.pushed.length === 1);
  t.match(toldTo(out), [{ title: 'Alarm' }]);
});
