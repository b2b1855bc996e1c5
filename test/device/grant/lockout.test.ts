import t from 'tap';
import {
  firstWaitMs,
  forgivenAfterMs,
  freeFailures,
  type Knocker,
  Lockout,
  longestWaitMs,
} from '../../../device/grant/lockout.ts';

const knocker: Knocker = { grant: 'grant-1', door: 'door-1' };

/** Fails as soon as it may, `times` times. @returns the waits, and when the last begins */
function failing(lockout: Lockout, who: Knocker, times: number, fromMs = 0): { waits: number[]; atMs: number } {
  const waits: number[] = [];
  let atMs = fromMs;
  for (let failure = 0; failure < times; failure++) {
    const waiting = lockout.check(who, atMs);
    if (!waiting.ok) atMs += Number(waiting.detail?.retryAfterMs);
    waits.push(lockout.failed(who, atMs) ?? 0);
  }
  return { waits, atMs };
}

t.test('the fifth wrong knock begins a wait, and each further one doubles it up to an hour', async (t) => {
  const { waits } = failing(new Lockout(), knocker, 20);
  t.same(waits.slice(0, freeFailures - 1), [0, 0, 0, 0]);
  t.same(waits.slice(freeFailures - 1, freeFailures + 3), [1000, 2000, 4000, 8000]);
  t.equal(waits.at(-1), longestWaitMs);
});

t.test('a wait names its end and ends', async (t) => {
  const lockout = new Lockout();
  const { atMs } = failing(lockout, knocker, freeFailures);
  t.match(lockout.check(knocker, atMs + 300), {
    code: 'KNOCK_LOCKED_OUT',
    detail: { retryAfterMs: firstWaitMs - 300 },
  });
  t.ok(lockout.check(knocker, atMs + firstWaitMs).ok);
});

t.test('a door waits for all grants, and a grant at all doors', async (t) => {
  const lockout = new Lockout();
  const { atMs } = failing(lockout, knocker, freeFailures);
  t.notOk(lockout.check({ grant: 'grant-2', door: 'door-1' }, atMs).ok);
  t.notOk(lockout.check({ grant: 'grant-1', door: 'door-2' }, atMs).ok);
  t.ok(lockout.check({ grant: 'grant-2', door: 'door-2' }, atMs).ok);
});

t.test('many grants that fail once each lock their door', async (t) => {
  const lockout = new Lockout();
  const waits = Array.from({ length: freeFailures }, (_, index) =>
    lockout.failed({ grant: `grant-${index}`, door: 'door-1' }, 0),
  );
  t.equal(waits.at(-1), firstWaitMs);
});

t.test('a good knock and a long quiet both start afresh', async (t) => {
  const lockout = new Lockout();
  const { atMs } = failing(lockout, knocker, freeFailures - 1);
  lockout.passed(knocker);
  t.equal(lockout.failed(knocker, atMs), undefined);
  const quiet = failing(lockout, knocker, freeFailures + 2, atMs).atMs + forgivenAfterMs + 1;
  t.equal(lockout.failed(knocker, quiet), undefined);
});
