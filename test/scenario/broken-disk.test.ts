import t from 'tap';
import { openRig, type Rig } from '../support/rig.ts';
import type { DiskFailure } from '../support/rig-disk.ts';
import type { Errand, Step } from '../support/rig-errand.ts';
import { sameJournals, toEntries } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';
import { until } from '../support/until.ts';

/** Where the disk breaks, and whether the strike may have let go by then. */
interface Row {
  readonly when: string;
  readonly opens: boolean;
  /** Takes the visit to the moment and breaks the disk there. */
  readonly breakAt: (rig: Rig, errand: Errand, how: DiskFailure) => Promise<void>;
}

const afterStep =
  (step: Step): Row['breakAt'] =>
  async (rig, errand, how) => {
    await errand.to(step);
    rig.disk.fail(how);
  };

/** On the way to `step`, within the turn in which the machine goes into `state`. */
const inState =
  (state: string, step: Step): Row['breakAt'] =>
  async (rig, errand, how) => {
    rig.machine.onceAt(state, () => rig.disk.fail(how));
    await errand.to(step);
  };

const rows: readonly Row[] = [
  { when: 'prepared, before the courier arrives', opens: false, breakAt: afterStep('prepared') },
  { when: 'ready', opens: false, breakAt: afterStep('ready') },
  {
    when: 'unlocking, at the very entry that comes before the bolt',
    opens: false,
    breakAt: async (rig, errand) => {
      await errand.to('ready');
      rig.disk.failFrom((drafts) => drafts.some(({ kind }) => kind === 'visit.unlock'));
    },
  },
  { when: 'unlocking, with the command under way', opens: true, breakAt: inState('unlocking', 'unlocked') },
  { when: 'unlocked', opens: true, breakAt: afterStep('unlocked') },
  { when: 'open', opens: true, breakAt: afterStep('open') },
  { when: 'closed', opens: true, breakAt: inState('closed', 'closed') },
  { when: 'locking', opens: true, breakAt: inState('locking', 'closed') },
];

const rig = await openRig(t);

/** Goes on as people would who know nothing of disks. */
async function goOn(rig: Rig, errand: Errand, opens: boolean): Promise<void> {
  if (!opens) {
    await errand.to('unlocked').catch(() => undefined);
    return;
  }
  await errand.to('closed');
  await until('it has locked', () => rig.at() === 'idle');
}

for (const how of ['full', 'dead'] as const) {
  for (const { when, opens, breakAt } of rows) {
    t.test(`the disk is ${how} while the visit is ${when}: it locks, does not unlock, and says so`, async (t) => {
      const before = rig.pulses();
      const ear = listen(rig);
      const errand = await rig.deliver('granted');
      const going = breakAt(rig, errand, how);
      await going;
      await goOn(rig, errand, opens);
      t.equal(rig.pulses(), before + (opens ? 1 : 0), opens ? 'it was opened before' : 'the strike never let go');
      t.match(errand.door.truth(), { leaf: 'closed', latch: 'home' }, 'the door is shut and latched');
      t.equal(await untilAlarm(ear, 'JOURNAL_FAILED'), 'message', 'told past the journal');
      await t.rejects(rig.deliver('unlocked'), 'nobody else is let in');
      t.equal(rig.pulses(), before + (opens ? 1 : 0));

      rig.disk.mend();
      await rig.time.pass(rig.at() === 'ready' ? 140_000 : 20_000);
      await rig.untilCalm();
      const journal = toEntries(await sameJournals(t, rig)).filter(({ visit }) => visit === errand.id);
      const kinds = journal.map(({ kind }) => kind);
      const ended = journal.filter(({ kind }) => kind === 'visit.ended');
      t.equal(ended.length, kinds.includes('visit.arrived') ? 1 : 0, 'who arrived has an end, recorded once');
      for (const { body } of ended)
        t.match(body, opens ? { outcome: 'completed', proof: 'secured' } : { proof: 'untouched' });
      t.equal(kinds.includes('visit.unlock'), opens, 'unlocked only what was recorded');
      if (opens) {
        for (const kind of ['door.opened', 'door.closed', 'door.locking', 'door.secured'])
          t.ok(kinds.includes(kind as never), `${kind} is recorded, late or in time`);
      }
      t.same(rig.owner.journal.alarms, [], 'the alarm is over');
    });
  }
}

t.test('the disk breaks while the broker is away: the alarm comes with the next connection', async (t) => {
  const ear = listen(rig);
  const errand = await rig.deliver('open');
  await rig.broker.stop();
  await until('the hub has noticed', () => !rig.hub.status().online);
  rig.disk.fail('full');
  await errand.to('closed');
  await until('it has locked', () => rig.at() === 'idle');
  await rig.broker.start();
  await rig.time.pass(30_000);
  t.equal(await untilAlarm(ear, 'JOURNAL_FAILED'), 'message');
  rig.disk.mend();
  await rig.time.pass(20_000);
  await rig.untilCalm();
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  await sameJournals(t, rig);
});
