import t from 'tap';
import { dayOf } from '../../wire/household.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { sameJournals, toEntries } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';
import { until } from '../support/until.ts';

const rig = await openRig(t);

/** What the cloud holds of the entries from here on, and what the owner's phone makes of them. */
async function told(rig: Rig, from: number) {
  const cloud = (await rig.cloudJournal()).slice(from);
  const records = rig.owner.journal.records.slice(from);
  return { cloud, records };
}

t.test('T35: a door that opens outside a visit is an alarm that the owner can read and the cloud cannot', async (t) => {
  const ear = listen(rig);
  const from = rig.hubJournal().length;
  rig.sim.door('front').openLeaf('key');
  t.equal(await untilAlarm(ear, 'DOOR_FORCED_OPEN'), 'entry');
  await until('it is open', () => rig.sim.door('front').truth().leaf === 'open');
  rig.sim.door('front').closeLeaf();
  await rig.time.pass(10_000);
  await rig.untilCalm();
  await rig.until('the owner knows that it is over', () =>
    rig.owner.journal.records.slice(from).some(({ body }) => body.over),
  );
  await sameJournals(t, rig);
  const { cloud, records } = await told(rig, from);
  const held = toEntries(cloud);
  t.notMatch(held.map(({ kind }) => kind).join(' '), /door|bolt|alarm/, 'the cloud holds no word of what moved');
  const sealed = held.filter(({ kind }) => kind === 'household');
  for (const entry of sealed) {
    t.same(Object.keys(entry), ['seq', 'at', 'kind', 'body', 'prev'], 'nor of which door');
    t.same(Object.keys(entry.body), ['sealed'], 'nor of how');
    t.equal(entry.at, dayOf(entry.at), 'nor of the hour');
  }
  t.equal(new Set(sealed.map(({ body }) => String(body.sealed).length)).size, 1, 'and all of it has one length');
  const read = records.filter(({ seal }) => seal === 'opened');
  t.equal(read.length, sealed.length, 'the owner reads all of it');
  t.same(
    read.map(({ kind, body }) => (body.code === undefined ? kind : `${kind} ${body.code} ${body.over ?? false}`)),
    [
      'door.moved',
      'alarm.private DOOR_FORCED_OPEN false',
      'door.moved',
      'door.secured',
      'alarm.private DOOR_FORCED_OPEN true',
    ],
  );
  for (const one of read) {
    t.equal(one.door, rig.door().id);
    t.ok(one.at > dayOf(one.at), 'with its moment');
  }
  t.same(rig.owner.journal.alarms, [], 'and no alarm stands');
  t.equal(rig.pulses(), 0);
});

t.test('T47: a bolt that moves without a command is an alarm, sealed likewise', async (t) => {
  const ear = listen(rig);
  const from = rig.hubJournal().length;
  rig.sim.door('front').slipLatch(400);
  t.equal(await untilAlarm(ear, 'BOLT_MOVED'), 'entry');
  await t.rejects(rig.deliver('prepared'), { code: 'DOOR_UNSECURED' });
  await rig.time.pass(10_000);
  await rig.untilCalm();
  await sameJournals(t, rig);
  const { cloud, records } = await told(rig, from);
  for (const text of cloud) t.notMatch(text, /BOLT_MOVED/);
  t.match(
    records.find(({ body }) => body.code === 'BOLT_MOVED'),
    { seal: 'opened' },
  );
});

t.test('T35: a door that stands open lets no visit start', async (t) => {
  const before = rig.pulses();
  const errand = await rig.deliver('prepared');
  errand.door.openLeaf('key');
  await until('it is seen', () => rig.hub.status().doors[0]?.contact === 'open');
  await t.rejects(errand.to('ready'), { code: 'DOOR_OPEN' });
  await t.rejects(rig.deliver('prepared'), { code: 'DOOR_OPEN' });
  await until('it is open', () => errand.door.truth().leaf === 'open');
  errand.door.closeLeaf();
  await rig.time.pass(10_000);
  await rig.untilCalm();
  t.equal(rig.pulses(), before);
});

t.test(
  'T35: a door that is opened by someone else before the courier may ends the visit, and nothing is unlocked',
  async (t) => {
    const before = rig.pulses();
    const ear = listen(rig);
    const errand = await rig.deliver('ready');
    errand.door.openLeaf('key');
    t.match(await errand.end(), { outcome: 'incomplete', proof: 'unsecured' });
    await untilAlarm(ear, 'DOOR_FORCED_OPEN');
    await until('it is open', () => errand.door.truth().leaf === 'open');
    errand.door.closeLeaf();
    await rig.time.pass(10_000);
    await rig.untilCalm();
    t.equal(rig.pulses(), before);
  },
);
