import t from 'tap';
import { type Guards, guards } from '../../../device/visit/evidence.ts';
import type { DoorProfile } from '../../../device/visit/profile.ts';
import { type Effect, type Step, step, stepWith } from '../../../device/visit/step.ts';
import { cameras, doorOf, doors } from './doors.ts';
import { walk } from './explore.ts';

/** What the walk says first, over all kinds of doors, of a machine that lacks something. */
function firstBroken(lacking: Step): string | undefined {
  for (const door of doors) {
    for (const camera of cameras) {
      const [found] = walk(lacking, door, camera, { found: 1 }).found;
      if (found !== undefined) return found.promise;
    }
  }
  return undefined;
}

/** Guard taken away -> the promise that breaks first. */
const breaks: Record<keyof Guards, string> = {
  cameraAllows: 'R5: unlocks with a live picture only',
  notCalledOff: 'R8: unlocks nothing after a stop',
  mayRelease: 'R11: unlocks a proven door only',
  mayThrow: 'T42: no bolt into an open door',
  isAwaited: 'what is late, doubled or of another visit does nothing',
  isNewer: 'what is late, doubled or of another visit does nothing',
  afterCommand: 'R6: the proof "secured" needs its evidence',
  afterStillness: 'R6: back to idle on evidence only',
  sawOpening: 'R6: the proof "secured" needs its evidence',
  maySettle: 'CONTACT_FAULT and LOCK_JAMMED end with a signature only',
};

for (const name of Object.keys(breaks) as (keyof Guards)[]) {
  t.test(`without the guard ${name} a promise breaks`, async (t) => {
    t.equal(firstBroken(stepWith({ ...guards, [name]: () => true })), breaks[name]);
  });
}

/** The machine, with some of its effects lost. */
const without =
  (isLost: (effect: Effect, at: string) => boolean): Step =>
  (s, e, profile: DoorProfile) => {
    const { next, effects } = step(s, e, profile);
    return { next, effects: effects.filter((effect) => !isLost(effect, next.at)) };
  };

t.test('without its timer in unsecured a door is forgotten, and the walk says so', async (t) => {
  const lacking = without((effect, at) => effect.do === 'timer.set' && at === 'unsecured');
  t.equal(firstBroken(lacking), 'whatever is not idle has a timer that counts');
});

t.test('without its alarms the machine is caught', async (t) => {
  t.equal(firstBroken(without((effect) => effect.do === 'alarm.raise')), 'every alarm is told, and every end of one');
});

t.test('without the entry before the lock command the machine is caught', async (t) => {
  const lacking = without((effect) => effect.do === 'journal' && effect.kind === 'door.locking');
  t.equal(firstBroken(lacking), 'R7: the journal is told before the bolt moves');
});

t.test('a machine that unlocks before the record is caught', async (t) => {
  const hasty: Step = (s, e, profile) => {
    const { next, effects } = step(s, e, profile);
    const drive: Effect = { do: 'bolt.drive', to: 'unlocked', drive: next.timer };
    const isRecording = effects.some((effect) => effect.do === 'record');
    return { next, effects: isRecording ? [...effects, drive] : effects };
  };
  t.equal(firstBroken(hasty), 'R7: unlocks only when its own record is on disk');
});

const garage = doorOf('barrier', false, true);
const brokenAtBarrier = (lacking: Step): string | undefined =>
  walk(lacking, garage, 'recorded', { found: 1 }).found[0]?.promise;

t.test('a machine that takes a barrier for a strike is caught', async (t) => {
  const lacking: Step = (s, e, profile) => step(s, e, { ...profile, kind: 'latch' });
  t.equal(brokenAtBarrier(lacking), 'DESIGN 8: no command but its one pulse goes to a barrier');
});

t.test('a machine that believes after a restart that a pulse has opened a barrier is caught', async (t) => {
  const believing: Step = (s, e, profile) =>
    step(s, e.on === 'restarted' && e.visit ? { ...e, visit: { ...e.visit, opened: true } } : e, profile);
  t.equal(brokenAtBarrier(believing), 'R6: the proof "secured" needs its evidence');
});

t.test('a machine that takes every failed pulse for one that was never sent is caught', async (t) => {
  const lacking: Step = (s, e, profile) =>
    step(s, e.on === 'drive.failed' && s.at === 'unlocking' ? { ...e, code: 'LOCK_COMMAND_EXPIRED' } : e, profile);
  t.equal(brokenAtBarrier(lacking), 'DESIGN 8: a pulse that was not seen to open needs a signature');
});

t.test('a machine that pulses again is caught', async (t) => {
  const hasty: Step = (s, e, profile) => {
    const { next, effects } = step(s, e, profile);
    const again: Effect = { do: 'bolt.drive', to: 'unlocked', drive: next.timer };
    return { next, effects: e.on === 'timer.fired' && s.at === 'unlocked' ? [...effects, again] : effects };
  };
  t.not(brokenAtBarrier(hasty), undefined);
});

t.test('a machine that ends no visit is caught', async (t) => {
  const lacking = without((effect) => effect.do === 'visit.end');
  t.equal(firstBroken(lacking), 'a visit is under way until it ends, and no longer');
});
