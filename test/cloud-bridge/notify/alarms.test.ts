import t from 'tap';
import { until } from '../support/world.ts';
import { openNoticeStage, toldTo } from './stage.ts';

const minute = 60_000;

t.test(
  'an alarm is told again, to more and louder, until somebody acknowledges it; a restart forgets nothing',
  async (t) => {
    const stage = await openNoticeStage(t);
    const { world, hub, first, second, mailbox } = stage;
    const one = await stage.browserOf(first, { choices: { alarms: 'quiet' } });
    const other = await stage.browserOf(second);
    await stage.mailTo(second, 'anna@example.org');
    const codes = mailbox.mails.length;

    hub.append('alarm.raised', { code: 'DOOR_LEFT_OPEN' }, undefined, hub.door);
    await hub.sync();
    await until('both are told', () => one.pushed.length === 1 && other.pushed.length === 1);
    t.match(toldTo(one), [{ loud: false, stays: true, title: 'Alarm' }]);
    t.match(toldTo(other), [{ loud: true }]);
    hub.append('alarm.raised', { code: 'DOOR_LEFT_OPEN', again: true }, undefined, hub.door);
    await hub.sync();

    world.wind(2 * minute);
    await until('both are told again', () => one.pushed.length === 2 && other.pushed.length === 2);
    t.match(toldTo(one)[1], { loud: true }, 'whoever wanted it quiet is woken now');
    await until('a mail came', () => mailbox.mails.length === codes + 1);
    const mail = mailbox.mails.at(-1)!;
    t.same(mail.to, ['anna@example.org']);
    t.notMatch(
      mail.text + mail.headers.subject,
      /open after|closed|stands/,
      'S048: by mail it is an alarm, and no more',
    );

    await world.cloud.stop();
    const cloud = await world.another();
    Object.assign(world, { cloud });
    await cloud.start();
    world.wind(5 * minute);
    await until('both are told after the restart', () => one.pushed.length === 3 && other.pushed.length === 3);

    const listed = (await second.ask('GET', `${second.home}/alarms`)).body.alarms;
    t.match(listed, [{ code: 'DOOR_LEFT_OPEN', door: hub.door, told: 3, acknowledged: null }]);
    const path = `${second.home}/alarms/${listed[0].alarm}/acknowledgement`;
    t.match(await second.ask('POST', path, { body: {}, key: false }), {
      body: { acknowledged: { by: second.key.kid } },
    });
    t.match(
      await first.ask('POST', path, { body: {}, key: false }),
      { body: { acknowledged: { by: second.key.kid } } },
      'once',
    );
    await until('the other is told who looks after it', () => one.pushed.length === 4);
    t.match(toldTo(one)[3], { body: 'Somebody of your home is looking after the alarm.', loud: false });

    world.wind(600 * minute);
    hub.append('alarm.raised', { code: 'DOOR_LEFT_OPEN', again: true }, undefined, hub.door);
    hub.append('alarm.cleared', { code: 'DOOR_LEFT_OPEN' }, undefined, hub.door);
    await hub.connect();
    await hub.sync();
    await until('both hear that it is over', () => one.pushed.length === 5 && other.pushed.length === 4);
    t.match(toldTo(other)[3], { body: 'The alarm is over.' });
    t.same((await first.ask('GET', `${first.home}/alarms`)).body.alarms, []);

    hub.append('alarm.raised', { code: 'DOOR_LEFT_OPEN' }, undefined, hub.door);
    await hub.sync();
    await until('the next one is an alarm of its own', () => other.pushed.length === 5);
    t.match(toldTo(other)[4], { loud: true, stays: true });
  },
);

t.test(
  'an alarm that is over before it shows is not told; one that hides behind another waits; a warning is told once',
  async (t) => {
    const stage = await openNoticeStage(t);
    const { world, hub, first } = stage;
    const browser = await stage.browserOf(first);
    hub.append('alarm.raised', { code: 'LOCK_OFFLINE' }, undefined, hub.door);
    hub.append('alarm.cleared', { code: 'LOCK_OFFLINE' }, undefined, hub.door);
    hub.append('alarm.raised', { code: 'HUB_RESTARTED' }, undefined, hub.door);
    await hub.sync();
    await until('the warning is told', () => browser.pushed.length === 1);
    t.match(toldTo(browser), [{ loud: false, stays: false }]);
    world.wind(600 * minute);
    hub.append('alarm.raised', { code: 'KNOCKS_REFUSED', door: hub.door });
    await hub.sync();
    await until('the next is told', () => browser.pushed.length === 2);
    t.equal(toldTo(browser)[1]!.body, 'Somebody sends wrong requests to your door.');

    const { alarms } = (await first.ask('GET', `${first.home}/alarms`)).body;
    t.same(alarms.map(({ code }: { code: string }) => code).sort(), ['HUB_RESTARTED', 'KNOCKS_REFUSED']);
    const refused = alarms.find(({ code }: { code: string }) => code === 'KNOCKS_REFUSED').alarm;
    await first.ask('POST', `${first.home}/alarms/${refused}/acknowledgement`, { body: {}, key: false });
    const left = (await first.ask('GET', `${first.home}/alarms`)).body.alarms;
    t.match(left, [{ code: 'HUB_RESTARTED' }], 'nothing else would ever end it');
  },
);

t.test(
  'T35, S048: what moves without a visit is told to the phone, quietly, several movements as one, and by no mail',
  async (t) => {
    const stage = await openNoticeStage(t);
    const { world, hub, first, second, mailbox } = stage;
    const browser = await stage.browserOf(first);
    await stage.mailTo(second, 'anna@example.org');
    const before = mailbox.mails.length;
    for (let i = 0; i < 3; i += 1) hub.append('household', { sealed: 'x' });
    await hub.sync();
    world.wind(minute);
    await until('it is told', () => browser.pushed.length === 1);
    t.match(toldTo(browser), [{ body: 'Something moved at a door, without a visit.', loud: false }]);
    t.equal(mailbox.mails.length, before);
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(`${world.dataDir}/cloud.sqlite`, { readonly: true });
    t.teardown(() => void database.close());
    const kept = database.prepare("select count(*) as n from notice where kind = 'household'");
    await until('the moment stands nowhere', () => (kept.get() as { n: number }).n === 0);
    t.notMatch(world.logged(), /"kind":"household"/);
  },
);
