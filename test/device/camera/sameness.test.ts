import { createHash } from 'node:crypto';
import t from 'tap';
import { type Sameness, SamenessJudge } from '../../../device/camera/sameness.ts';

/** Random numbers that are the same in every run. @see mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const hashOf = (what: string | Uint8Array): string => createHash('sha256').update(what).digest('hex').slice(0, 32);

/** A scene at rest, seen by a sensor on which `flicker` pixels are as likely this as that; the others never change. */
function stillScene(flicker: number, seed = 1): () => string {
  const next = random(seed);
  return () => hashOf(Uint8Array.from({ length: flicker }, () => (next() < 0.5 ? 0 : 1)));
}

interface Told {
  readonly atMs: number;
  readonly says: Sameness;
}

/** A judge that is shown raws at a rate, with the jitter of a pipe, and all that it said. */
function watcher(framesPerSecond: number, seed = 5) {
  const judge = new SamenessJudge();
  const next = random(seed);
  const told: Told[] = [];
  let frame = 0;
  const nowMs = (): number => (frame * 1000) / framesPerSecond;
  return {
    told,
    nowMs,
    show: (hash: string): Sameness => {
      const atMs = nowMs() + next() * 0.3 * (1000 / framesPerSecond);
      frame += 1;
      const says = judge.take(hash, atMs);
      told.push({ atMs, says });
      return says;
    },
    /** A frame that was lost on the way. */
    skip: () => {
      frame += 1;
    },
  };
}

const alarms = (told: readonly Told[]): Told[] => told.filter(({ says }) => says === 'frozen' || says === 'looped');

t.test('10,000 frames of a scene at rest: noise alone makes each one fresh', async (t) => {
  for (const framesPerSecond of [5, 15, 30]) {
    const { show, told } = watcher(framesPerSecond);
    const see = stillScene(200);
    for (let frame = 0; frame < 10_000; frame += 1) show(see());
    t.same(
      told.slice(0, 3).map(({ says }) => says),
      ['unknown', 'unknown', 'fresh'],
      'the third tells',
    );
    t.same(alarms(told), [], `no false alarm at ${framesPerSecond} frames a second`);
  }
});

t.test('10,000 frames of a sensor so quiet that single frames coincide by chance', async (t) => {
  // 10 pixels that flicker: one frame in 1024 is as the one before, and more than half are as one of the last minute.
  for (const framesPerSecond of [5, 15]) {
    const { show, told } = watcher(framesPerSecond);
    const see = stillScene(10);
    const hashes: string[] = [];
    for (let frame = 0; frame < 10_000; frame += 1) {
      const hash = see();
      hashes.push(hash);
      show(hash);
    }
    const known = hashes.filter((hash, at) => hashes.slice(Math.max(0, at - 60 * framesPerSecond), at).includes(hash));
    t.ok(known.length > 1000, `${known.length} frames were seen before`);
    t.same(alarms(told), [], `no false alarm at ${framesPerSecond} frames a second`);
  }
});

t.test(
  '10,000 frames of which every third shows no noise at all, and that come twice from a slow camera',
  async (t) => {
    const see = stillScene(100);
    const next = random(9);
    const [quiet, doubled] = [watcher(15), watcher(30)];
    for (let frame = 0; frame < 10_000; frame += 1) quiet.show(next() < 1 / 3 ? hashOf('no noise') : see());
    t.same(alarms(quiet.told), []);
    for (let frame = 0; frame < 5_000; frame += 1) {
      const hash = see();
      doubled.show(hash);
      doubled.show(hash);
    }
    t.same(alarms(doubled.told), []);
  },
);

t.test('T02: a frozen picture is noticed well within 2 s, and is fresh again only after a while', async (t) => {
  for (const framesPerSecond of [5, 15, 30]) {
    const { show, told, nowMs } = watcher(framesPerSecond);
    const see = stillScene(200);
    for (let frame = 0; frame < 10 * framesPerSecond; frame += 1) show(see());
    t.equal(told.at(-1)?.says, 'fresh');
    const frozenAtMs = nowMs();
    const frozen = hashOf('frozen');
    while (show(frozen) !== 'frozen' && nowMs() < frozenAtMs + 10_000);
    const afterMs = nowMs() - frozenAtMs;
    t.ok(afterMs <= 1500, `noticed after ${afterMs.toFixed(0)} ms at ${framesPerSecond} frames a second`);
    for (let frame = 0; frame < 60 * framesPerSecond; frame += 1) show(frozen);
    t.equal(told.at(-1)?.says, 'frozen', 'as long as it lasts');

    const livesAtMs = nowMs();
    t.equal(show(see()), 'frozen', 'one live frame is no recovery');
    while (show(see()) !== 'fresh' && nowMs() < livesAtMs + 10_000);
    const recoveredMs = nowMs() - livesAtMs;
    t.ok(recoveredMs >= 1900 && recoveredMs < 4000, `fresh again after ${recoveredMs.toFixed(0)} ms`);
  }
});

/** Shows `lengthS` of a living scene, then the same again and again. @returns ms from the second pass's begin to the alarm */
function loop(framesPerSecond: number, lengthS: number, drop = 0, order = (pass: string[]) => pass) {
  const { show, skip, told, nowMs } = watcher(framesPerSecond);
  const next = random(lengthS);
  const see = stillScene(200, lengthS);
  for (let frame = 0; frame < 5 * framesPerSecond; frame += 1) show(see());
  let pass = Array.from({ length: lengthS * framesPerSecond }, see);
  const offer = (hash: string): void => void (next() < drop ? skip() : show(hash));
  for (const hash of pass) offer(hash);
  const early = alarms(told).length;
  const secondAtMs = nowMs();
  while (alarms(told).length === 0 && nowMs() < secondAtMs + 10_000) {
    pass = order(pass);
    for (const hash of pass) offer(hash);
  }
  const first = alarms(told)[0];
  for (let turn = 0; turn < 3; turn += 1) for (const hash of pass) offer(hash);
  return { early, says: first?.says, afterMs: (first?.atMs ?? Number.POSITIVE_INFINITY) - secondAtMs, told };
}

t.test('T02: a loop of 1 to 60 s is noticed within 2 s of its second pass', async (t) => {
  for (const framesPerSecond of [5, 15, 30]) {
    for (const lengthS of [1, 2, 3, 5, 10, 30, 60]) {
      const { early, says, afterMs, told } = loop(framesPerSecond, lengthS);
      t.equal(early, 0, 'the first pass is fresh');
      const where = `${lengthS} s at ${framesPerSecond} frames a second: after ${afterMs.toFixed(0)} ms`;
      t.ok(says === 'looped' && afterMs <= 2000, where);
      t.equal(told.at(-1)?.says, 'looped', 'and it stays so');
    }
  }
});

t.test('a loop in which frames are dropped, in each pass others, is noticed too', async (t) => {
  for (const framesPerSecond of [5, 15]) {
    for (const lengthS of [3, 10, 60]) {
      const { says, afterMs, told } = loop(framesPerSecond, lengthS, 0.08);
      t.ok(
        says === 'looped' && afterMs <= 2000,
        `${lengthS} s at ${framesPerSecond} a second: ${afterMs.toFixed(0)} ms`,
      );
      t.equal(told.at(-1)?.says, 'looped');
    }
  }
});

t.test('a loop that runs forth and back, and one of two frames', async (t) => {
  const turned = loop(15, 10, 0, (pass) => [...pass].reverse());
  t.ok(turned.says === 'looped' && turned.afterMs <= 2000, `forth and back: after ${turned.afterMs.toFixed(0)} ms`);
  const { show, told, nowMs } = watcher(15);
  for (let frame = 0; frame < 60; frame += 1) show(hashOf(frame % 2 === 0 ? 'a' : 'b'));
  const [first] = alarms(told);
  t.ok(
    first !== undefined && first.atMs <= 2500,
    `two frames in turn: after ${first?.atMs.toFixed(0)} of ${nowMs()} ms`,
  );
});

t.test('after a loop it is fresh only when nothing has repeated for 2 s', async (t) => {
  const { show, told, nowMs } = watcher(15);
  const see = stillScene(200);
  const pass = Array.from({ length: 45 }, see);
  for (let turn = 0; turn < 3; turn += 1) for (const hash of pass) show(hash);
  t.equal(told.at(-1)?.says, 'looped');
  const livesAtMs = nowMs();
  while (show(see()) !== 'fresh' && nowMs() < livesAtMs + 10_000);
  const recoveredMs = nowMs() - livesAtMs;
  t.ok(recoveredMs >= 1900 && recoveredMs < 4500, `fresh again after ${recoveredMs.toFixed(0)} ms`);
});

t.test('it forgets: what it remembers is bounded in time and in number', async (t) => {
  for (const [framesPerSecond, forS] of [
    [15, 80],
    [120, 70],
  ] as const) {
    const { show, told } = watcher(framesPerSecond);
    const see = stillScene(200);
    const pass = Array.from({ length: 5 * framesPerSecond }, see);
    for (const hash of pass) show(hash);
    for (let frame = 0; frame < forS * framesPerSecond; frame += 1) show(see());
    for (const hash of pass) show(hash);
    t.same(alarms(told), [], `${forS} s at ${framesPerSecond} frames a second`);
  }
});
