import t from 'tap';
import { fromEntryText } from '../../wire/journal.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { sameJournals } from '../support/rig-journals.ts';
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
  await sameJournals(t, rig);
  const { cloud, records } = await told(rig, from);
  for (const text of cloud) {
    t.notMatch(text, /DOOR_FORCED_OPEN|"contact":"open"/, 'the cloud holds no word of how the door moved');
    const entry = fromEntryText(text);
    if (entry.ok && /^(alarm\.private|door\.moved)$/.test(entry.value.kind))
      t.same(Object.keys(entry.value.body), ['sealed']);
  }
  const alarm = records.find(({ body }) => body.code === 'DOOR_FORCED_OPEN');
  t.match(alarm, { seal: 'opened', entry: { kind: 'alarm.private' } });
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
