import t from 'tap';
import { openRig, type Rig } from '../support/rig.ts';
import type { ClockFailure } from '../support/rig-clock.ts';
import type { Errand, Step } from '../support/rig-errand.ts';
import { sameJournals } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';
import { until } from '../support/until.ts';

interface Row {
  readonly when: string;
  readonly opens: boolean;
  readonly breakAt: (rig: Rig, errand: Errand, how: ClockFailure) => Promise<void>;
}

const afterStep =
  (step: Step): Row['breakAt'] =>
  async (rig, errand, how) => {
    await errand.to(step);
    rig.hubClock.fail(how);
  };
const inState =
  (state: string, step: Step): Row['breakAt'] =>
  async (rig, errand, how) => {
    rig.machine.onceAt(state, () => rig.hubClock.fail(how));
    await errand.to(step);
  };

const rows: readonly Row[] = [
  { when: 'prepared, before the courier arrives', opens: false, breakAt: afterStep('prepared') },
  { when: 'ready', opens: false, breakAt: afterStep('ready') },
  { when: 'unlocking', opens: true, breakAt: inState('unlocking', 'unlocked') },
  { when: 'unlocked', opens: true, breakAt: afterStep('unlocked') },
  { when: 'open', opens: true, breakAt: afterStep('open') },
  { when: 'closed', opens: true, breakAt: inState('closed', 'closed') },
  { when: 'locking', opens: true, breakAt: inState('locking', 'closed') },
];
/** A clock that stands still is a minute late before it can be told from a slow one. */
const showsAfterMs = { throws: 12_000, nan: 12_000, stopped: 75_000 } as const;

const does = { throws: 'throws', nan: 'shows no number', stopped: 'stands still' } as const;

const rig = await openRig(t);

for (const how of ['throws', 'nan', 'stopped'] as const) {
  for (const { when, opens, breakAt } of rows) {
    t.test(
      `T26: the clock ${does[how]} while the visit is ${when}: it locks, does not unlock, and says so`,
      async (t) => {
        const before = rig.pulses();
        const ear = listen(rig);
        const errand = await rig.deliver('granted');
        await breakAt(rig, errand, how);
        if (opens) {
          await errand.to('closed');
          await until('it has locked', () => rig.at() === 'idle');
        }
        await rig.time.pass(showsAfterMs[how]);
        if (!opens) await t.rejects(errand.to('unlocked'), { code: /^CLOCK_/ });
        await untilAlarm(ear, 'CLOCK_DISTRUSTED');
        if (opens) await until('it has locked', () => rig.at() === 'idle');
        await t.rejects(rig.deliver('prepared'), { code: /^CLOCK_/ }, 'nobody else is let in');
        t.equal(rig.pulses(), before + (opens ? 1 : 0), opens ? 'it was opened before' : 'the strike never let go');
        t.match(errand.door.truth(), { leaf: 'closed', latch: 'home' });

        rig.hubClock.mend();
        await rig.time.pass(rig.at() === 'ready' ? 130_000 : 12_000);
        await rig.untilCalm();
        if (opens) t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
        await sameJournals(t, rig);
      },
    );
  }
}
