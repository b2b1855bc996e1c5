import t, { type Test } from 'tap';
import { answerWithinMs, markEveryMs, TrustedClock } from '../../../device/clock/trust.ts';
import type { TrustStore } from '../../../device/journal/journal.ts';
import type { FaultCode, Verdict } from '../../../wire/faults.ts';
import { newId } from '../../../wire/jws.ts';
import { WoundClock } from '../../support/clock.ts';
import { inForceOf } from '../../support/decision.ts';
import { newCast, newHubId, timeOf } from '../../support/keys.ts';
import { type Disk, freshStore, onDisk } from '../../support/store.ts';

const cast = await newCast();
const issuers = (await inForceOf(cast)).issuers!;
const startMs = cast.nowS * 1000;
const minuteMs = 60_000;
const dayMs = 86_400_000;

interface Bench {
  readonly clock: WoundClock;
  readonly store: TrustStore;
  readonly disk: Disk;
  readonly turns: (FaultCode | undefined)[];
  /** A hub process; the store outlives it. */
  readonly start: () => TrustedClock;
}

function bench(t: Test): Bench {
  const clock = new WoundClock(startMs);
  const disk: Disk = { is: 'good' };
  const store = onDisk(freshStore(t, cast.hubId), disk).trust;
  const turns: (FaultCode | undefined)[] = [];
  const start = () => new TrustedClock({ clock, store, hubId: cast.hubId, onTurn: (why) => turns.push(why) });
  return { clock, store, disk, turns, start };
}

const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);
const agree = async (trusted: TrustedClock, cloudMs: number): Promise<Verdict<number>> =>
  trusted.takeAnswer(await timeOf(cast, trusted.ask(), cloudMs), issuers);

t.test('T26: a clock is not trusted before the cloud has answered since the start', async (t) => {
  const { clock, start } = bench(t);
  const first = start();
  t.equal(code(first.trustedNow()), 'CLOCK_UNSET');
  t.same(await agree(first, clock.wallMs), { ok: true, value: startMs });
  clock.pass(5000);
  t.same(first.trustedNow(), { ok: true, value: startMs + 5000 });
  t.equal(code(start().trustedNow()), 'CLOCK_UNSET', 'and not after the next start');
});

t.test('clock and cloud may be a minute apart, and no more', async (t) => {
  for (const [apart, expected] of [
    [minuteMs, 'ok'],
    [-minuteMs, 'ok'],
    [minuteMs + 1, 'CLOCK_DISAGREES'],
    [-minuteMs - 1, 'CLOCK_DISAGREES'],
  ] as const) {
    const { clock, start } = bench(t);
    const trusted = start();
    t.equal(code(await agree(trusted, clock.wallMs + apart)), expected, String(apart));
    t.equal(code(trusted.trustedNow()), expected);
    t.equal(code(await agree(trusted, clock.wallMs)), 'ok', 'until they agree again');
  }
});

t.test('an answer that was long under way counts for the whole time that it was', async (t) => {
  const { clock, start } = bench(t);
  const trusted = start();
  const answer = await timeOf(cast, trusted.ask(), clock.wallMs - minuteMs);
  clock.pass(answerWithinMs);
  t.equal(code(await trusted.takeAnswer(answer, issuers)), 'ok');
});

t.test('T27: only a signed answer to the question that is out sets the time', async (t) => {
  const { clock, start } = bench(t);
  const trusted = start();
  const older = trusted.ask();
  const nonce = trusted.ask();
  const take = async (jws: string) => code(await trusted.takeAnswer(jws, issuers));
  t.equal(await take('a.b.c'), 'TIME_MALFORMED');
  t.equal(await take(await timeOf(cast, nonce, clock.wallMs, cast.stranger.ed)), 'TIME_KEY_UNKNOWN');
  const [header, , signature] = (await timeOf(cast, nonce)).split('.');
  const forged = Buffer.from(JSON.stringify({ aud: cast.hubId, nonce, now: startMs + dayMs })).toString('base64url');
  t.equal(await take(`${header}.${forged}.${signature}`), 'TIME_NOT_GENUINE');
  t.equal(await take(await timeOf({ ...cast, hubId: newHubId() }, nonce)), 'TIME_WRONG_HUB');
  t.equal(await take(await timeOf(cast, newId())), 'TIME_NONCE_UNKNOWN');
  t.equal(await take(await timeOf(cast, older)), 'TIME_NONCE_UNKNOWN');
  t.equal(code(trusted.trustedNow()), 'CLOCK_UNSET', 'nothing of that counts');
  const good = await timeOf(cast, nonce);
  t.same((await Promise.all([take(good), take(good)])).sort(), ['TIME_NONCE_UNKNOWN', 'ok'], 'an answer counts once');
  t.equal(await take(good), 'TIME_NONCE_UNKNOWN', 'and never again');
});

t.test('T27: an answer that was kept back is too late, by monotonic time', async (t) => {
  const { clock, start } = bench(t);
  const trusted = start();
  const answer = await timeOf(cast, trusted.ask());
  clock.pass(answerWithinMs + 1);
  clock.wallMs = startMs;
  t.equal(code(await trusted.takeAnswer(answer, issuers)), 'TIME_LATE');
  t.equal(code(trusted.trustedNow()), 'CLOCK_UNSET');
});

t.test('T26: a clock set back by a day while the hub was off is behind the mark', async (t) => {
  const { clock, start } = bench(t);
  const before = start();
  await agree(before, clock.wallMs);
  before.keep();
  clock.wallMs -= dayMs;
  const after = start();
  t.equal(code(after.trustedNow()), 'CLOCK_UNSET');
  t.equal(code(await agree(after, clock.wallMs)), 'CLOCK_BEHIND', 'even if the cloud agrees with it');
  t.equal(code(await agree(after, startMs)), 'CLOCK_DISAGREES', 'and if it does not');
  clock.wallMs = startMs;
  t.equal(code(await agree(after, startMs)), 'ok');
});

t.test('a wall clock that jumps against monotonic time is not trusted until the cloud agrees again', async (t) => {
  for (const jump of [minuteMs + 1, -minuteMs - 1, dayMs, -dayMs]) {
    const { clock, start } = bench(t);
    const trusted = start();
    await agree(trusted, clock.wallMs);
    clock.pass(dayMs);
    t.equal(code(trusted.trustedNow()), 'ok', 'a day without the cloud');
    clock.wallMs += jump;
    t.equal(code(trusted.trustedNow()), 'CLOCK_JUMPED', String(jump));
    clock.wallMs -= jump;
    t.equal(code(trusted.trustedNow()), 'CLOCK_JUMPED', 'a jump back does not mend it');
    t.equal(code(await agree(trusted, clock.wallMs)), 'ok');
  }
});

t.test('a step back of seconds waits until the mark is reached again', async (t) => {
  const { clock, start } = bench(t);
  const trusted = start();
  await agree(trusted, clock.wallMs);
  clock.wallMs -= 3000;
  t.equal(code(trusted.trustedNow()), 'CLOCK_BEHIND');
  clock.pass(3000);
  t.equal(code(trusted.trustedNow()), 'ok');
});

t.test('trusted time never goes back, and an untrusted clock moves no mark', async (t) => {
  const { clock, start, store } = bench(t);
  const trusted = start();
  await agree(trusted, clock.wallMs);
  clock.wallMs += dayMs;
  trusted.trustedNow();
  trusted.keep();
  t.equal(store.number('mark'), startMs, 'a jump ahead leaves no mark');
});

t.test('the mark is written about once a minute and at shutdown', async (t) => {
  const { clock, start, store } = bench(t);
  const trusted = start();
  await agree(trusted, clock.wallMs);
  t.equal(store.number('mark'), startMs);
  clock.pass(markEveryMs - 1);
  trusted.trustedNow();
  t.equal(store.number('mark'), startMs);
  clock.pass(1);
  trusted.trustedNow();
  t.equal(store.number('mark'), startMs + markEveryMs);
  clock.pass(1234);
  trusted.trustedNow();
  trusted.keep();
  t.equal(store.number('mark'), startMs + markEveryMs + 1234);
});

t.test('one wild jump that cloud and clock agreed on is undone by the owner, once', async (t) => {
  const { clock, start, store } = bench(t);
  const wild = start();
  clock.wallMs += 3650 * dayMs;
  t.equal(code(await agree(wild, clock.wallMs)), 'ok');
  wild.keep();
  clock.wallMs = startMs;
  const trusted = start();
  t.equal(code(await agree(trusted, startMs)), 'CLOCK_BEHIND');
  const nonce = trusted.resetNonce();
  t.equal(code(trusted.reset(newId(), cast.nowS)), 'CLOCK_RESET_NONCE_UNKNOWN');
  t.equal(code(trusted.reset(nonce, cast.nowS)), 'ok');
  t.equal(code(trusted.trustedNow()), 'ok');
  t.equal(code(trusted.reset(nonce, 0)), 'CLOCK_RESET_NONCE_UNKNOWN', 'the nonce is used up');
  t.not(trusted.resetNonce(), nonce);
  t.equal(store.number('mark'), startMs);
  t.equal(code(await agree(start(), startMs)), 'ok', 'and so it stays');
});

t.test('a reset that cannot be written changes nothing', async (t) => {
  const { start, disk } = bench(t);
  const trusted = start();
  const nonce = trusted.resetNonce();
  disk.is = 'full';
  t.throws(() => trusted.reset(nonce, 1), { code: 'JOURNAL_UNAVAILABLE' });
  t.equal(trusted.resetNonce(), nonce);
});

t.test('a clock that fails is no clock, until the cloud has agreed with it again', async (t) => {
  const failures: ((clock: WoundClock) => void)[] = [
    (clock) => {
      clock.now = () => Number.NaN;
    },
    (clock) => {
      clock.now = () => {
        throw new RangeError('no clock');
      };
    },
    (clock) => {
      clock.monotonic = () => Number.POSITIVE_INFINITY;
    },
  ];
  for (const fail of failures) {
    const { clock, start } = bench(t);
    const good = { now: clock.now, monotonic: clock.monotonic };
    const trusted = start();
    await agree(trusted, clock.wallMs);
    fail(clock);
    t.equal(code(trusted.trustedNow()), 'CLOCK_UNSET');
    t.equal(code(await agree(trusted, startMs)), 'CLOCK_UNSET');
    Object.assign(clock, good);
    t.equal(code(trusted.trustedNow()), 'CLOCK_UNSET');
    t.equal(code(await agree(trusted, clock.wallMs)), 'ok');
  }
});

t.test('a mark that cannot be read might be any, so there is no trusted time', async (t) => {
  const { clock, start, disk } = bench(t);
  disk.is = 'gone';
  const trusted = start();
  t.equal(code(await agree(trusted, clock.wallMs)), 'CLOCK_UNSET');
  disk.is = 'good';
  t.equal(code(trusted.trustedNow()), 'ok');
});

t.test('a full disk takes no trust away: the mark in memory stands', async (t) => {
  const { clock, start, disk } = bench(t);
  const trusted = start();
  disk.is = 'full';
  t.equal(code(await agree(trusted, clock.wallMs)), 'ok');
  t.throws(() => trusted.keep(), { code: 'JOURNAL_UNAVAILABLE' });
  t.equal(code(trusted.trustedNow()), 'ok');
});

t.test('each turn is told once', async (t) => {
  const { clock, start, turns } = bench(t);
  const trusted = start();
  trusted.trustedNow();
  await agree(trusted, clock.wallMs);
  trusted.trustedNow();
  clock.wallMs += dayMs;
  trusted.trustedNow();
  trusted.trustedNow();
  await agree(trusted, clock.wallMs);
  t.same(turns, [undefined, 'CLOCK_JUMPED', undefined]);
});
