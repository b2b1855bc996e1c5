import t from 'tap';
import type { PagesReport } from '../../../device/pages/check.ts';
import { watchPages } from '../../../device/pages/watch.ts';
import { accept, refuse } from '../../../wire/faults.ts';
import type { PagesMark } from '../../../wire/pages-manifest.ts';
import { WoundClock } from '../../support/clock.ts';
import { newSignKey } from '../../support/keys.ts';
import { until } from '../../support/until.ts';

const hourMs = 3_600_000;
const key = await newSignKey('EdDSA');
const mark = { version: 2, hash: 'h'.repeat(43) };
const claims = { version: 2, product: '0.1.0', iat: 1, exp: 2, headers: {}, files: {}, moved: {} };
const base = { manifest: { claims, key, mark }, findings: [], unread: {}, compared: 9 };
const same: PagesReport = { ...base, outcome: 'same' };
const changed = (path: string): PagesReport => ({
  ...base,
  outcome: 'different',
  findings: [{ path, difference: { is: 'changed' }, visitors: [] }],
});
const unread: PagesReport = { outcome: 'unread', findings: [], unread: {}, compared: 0 };

/** A hub that is told what its next looks find; the last of them over and over. */
function watched(finds: (PagesReport | Error)[], clockTrusted = true) {
  const clock = new WoundClock(1_790_000_000_000);
  const state = { looks: 0, settled: 0, isTrusted: clockTrusted, mark: undefined as PagesMark | undefined };
  const notes: unknown[] = [];
  const alarms: string[] = [];
  const failed: unknown[] = [];
  const watch = watchPages({
    clock,
    trustedNow: () => (state.isTrusted ? accept(clock.now()) : refuse('CLOCK_UNSET')),
    check: async () => {
      const found = finds[Math.min(state.looks, finds.length - 1)]!;
      state.looks += 1;
      if (found instanceof Error) throw found;
      return found;
    },
    readMark: async () => state.mark,
    keepMark: async (next) => {
      state.mark = next;
    },
    note: (_, body) => void notes.push(body),
    alarm: (code) => void alarms.push(code),
    failed: (error) => void failed.push(error),
    everyMs: 6 * hourMs,
    random: () => 1,
  });
  const after = clock.after.bind(clock);
  clock.after = (ms, callback) => {
    state.settled += 1;
    return after(ms, callback);
  };
  /** Time passes, and what falls due is looked at to its end. */
  const pass = async (ms: number): Promise<void> => {
    const { settled } = state;
    clock.pass(ms);
    await until('the look has ended', () => state.settled > settled);
  };
  return { watch, clock, state, notes, alarms, failed, pass };
}

t.test('the first look comes soon, the next ones on schedule, and only a turn is journaled', async (t) => {
  const { watch, state, notes, alarms, pass } = watched([same]);
  t.same(watch.view(), {});
  await pass(10_000);
  await pass(6 * hourMs);
  await pass(6 * hourMs);
  t.equal(state.looks, 3);
  t.same(state.mark, mark, 'the newest release is kept');
  t.same(notes, [{ outcome: 'same', version: 2, product: '0.1.0' }]);
  t.same(alarms, []);
  t.match(watch.view(), { report: { outcome: 'same' }, sameAt: 1_790_000_000_000 + 10_000 + 12 * hourMs });
  watch.close();
});

t.test(
  'R10: pages that changed are an alarm, once; a cloud that turns to and fro makes one a day at most',
  async (t) => {
    const flapping = Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? same : changed(`/${index}`)));
    const { watch, notes, alarms, pass } = watched([...flapping, changed('/last')]);
    await pass(10_000);
    t.same(alarms, []);
    await pass(6 * hourMs);
    t.same(alarms, ['PAGES_CHANGED']);
    t.same(notes[1], { outcome: 'different', version: 2, product: '0.1.0', findings: 1, path: '/1', is: 'changed' });
    for (let look = 2; look < 16; look += 1) await pass(6 * hourMs);
    t.equal(alarms.length, 4, 'three and a half days: one each');
    for (let look = 0; look < 12; look += 1) await pass(6 * hourMs);
    t.ok(alarms.length <= 5, 'what stands is not told again');
    t.equal(notes.length, 17);
    t.match(watch.view(), { report: { outcome: 'different' } });
    watch.close();
  },
);

t.test(
  'a server that cannot be read is asked again with growing patience; after two days without, that is told',
  async (t) => {
    const { watch, state, notes, alarms, failed, pass } = watched([same, unread, new Error('a bug'), unread]);
    await pass(10_000);
    await pass(6 * hourMs);
    const times = [];
    for (let minutes = 2; minutes <= 256; minutes *= 2) {
      times.push(minutes);
      await pass(minutes * 60_000);
    }
    t.equal(state.looks, 2 + times.length, 'waits double');
    t.match(watch.view(), { report: { outcome: 'same' }, blindSince: 1_790_000_000_000 + 10_000 + 6 * hourMs });
    t.same(alarms, []);
    for (let look = 0; look < 8; look += 1) await pass(6 * hourMs);
    t.same(alarms, ['PAGES_UNCHECKED', 'PAGES_UNCHECKED'].slice(0, alarms.length));
    t.ok(alarms.length >= 1);
    t.equal(notes.length, 1);
    t.equal(failed.length, 1);
    watch.close();
  },
);

t.test('without trusted time nothing is judged; a closed watch looks no more', async (t) => {
  const { watch, clock, state, notes, pass } = watched([same], false);
  await pass(10_000);
  t.equal(state.looks, 0);
  state.isTrusted = true;
  await pass(2 * 60_000);
  t.equal(notes.length, 1);
  watch.close();
  clock.pass(100 * hourMs);
  t.equal(state.looks, 1);
});
