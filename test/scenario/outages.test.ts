import t from 'tap';
import { openRig, type Rig } from '../support/rig.ts';
import { kindsOf, sameJournals } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';
import { until } from '../support/until.ts';

const minute = 60_000;

const isOver = (rig: Rig, visit: string): boolean => kindsOf(rig.hubJournal(), visit).includes('visit.ended');

t.test(
  'the broker is away for a minute of a visit: the door is locked all the same, and everything arrives',
  async (t) => {
    const rig = await openRig(t);
    const errand = await rig.deliver('open');
    await rig.broker.stop();
    await until('the hub has noticed', () => !rig.hub.status().online);
    await errand.to('closed');
    await until('the hub has locked by itself, and written it down', () => isOver(rig, errand.id));
    await rig.time.pass(minute);
    await rig.broker.start();
    await rig.untilCalm();
    t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
    const journal = await sameJournals(t, rig);
    t.equal(kindsOf(journal, errand.id).at(-1), 'visit.ended');
    t.equal(rig.pulses(), 1);
    const told = await rig.carrier.dispatch.told.until(
      (one) => one.news === 'state' && one.state === 'delivered',
      5_000,
    );
    t.match(told, { proof: 'secured', receipt: { checked: 'genuine' } }, 'the carrier is told, late');
  },
);

t.test('the broker is away when the courier says open: nothing opens, then or later', async (t) => {
  const rig = await openRig(t);
  const errand = await rig.deliver('ready');
  await rig.broker.stop();
  const said = await errand.visit.open();
  t.notOk(said.ok);
  t.match(said, { code: /^HUB_(OFFLINE|SILENT)$/ });
  await rig.broker.start();
  await rig.time.pass(3 * minute);
  await until('the visit is over', () => rig.at() === 'idle');
  t.equal(rig.pulses(), 0, 'no queue brought it later');
  t.match(await errand.end(), { outcome: 'nobody-entered', proof: 'untouched' });
  await sameJournals(t, rig);
});

t.test('the cloud is away during a visit: the door is locked all the same, and everything arrives', async (t) => {
  const rig = await openRig(t);
  const errand = await rig.deliver('open');
  await rig.stopCloud();
  await errand.to('closed');
  await until('the hub has locked by itself, and written it down', () => isOver(rig, errand.id));
  await rig.time.pass(minute);
  await rig.startCloud();
  await rig.untilCalm();
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  await sameJournals(t, rig);
  t.equal(rig.pulses(), 1);
});

t.test(
  'the hub is away for an hour from the middle of a visit: it ends interrupted, with what the door proves',
  async (t) => {
    const rig = await openRig(t);
    const errand = await rig.deliver('open');
    const ear = listen(rig);
    await rig.machine.stop();
    errand.door.closeLeaf();
    rig.time.wind(60 * minute);
    await rig.machine.start();
    t.equal(await untilAlarm(ear, 'HUB_RESTARTED'), 'entry');
    await rig.untilCalm();
    t.match(await errand.end(), { outcome: 'interrupted', proof: 'secured' });
    const journal = await sameJournals(t, rig);
    t.equal(kindsOf(journal, errand.id).filter((kind) => kind === 'visit.ended').length, 1);
    t.equal(rig.pulses(), 1, 'nothing was opened again');
    const next = await rig.deliver('ended');
    t.match(await next.end(), { outcome: 'completed', proof: 'secured' }, 'and the next visit is let in');
  },
);
