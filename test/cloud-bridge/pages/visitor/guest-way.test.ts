import t from 'tap';
import type { Reply, VisitorApi } from '../../../../cloud-bridge/pages/visitor/api.ts';
import { guestWay } from '../../../../cloud-bridge/pages/visitor/guest-way.ts';
import type { Known } from '../../../../cloud-bridge/pages/visitor/known.ts';
import { makeTaskKey } from '../../../../cloud-bridge/pages/visitor/sign.ts';
import type { KeptTask } from '../../../../cloud-bridge/pages/visitor/store.ts';
import type { FaultCode, Retry } from '../../../../wire/faults.ts';

const refuse = (code: FaultCode, retry: Retry = 'never') => ({ ok: false, code, retry }) as const;
const visit = 'v'.repeat(22);
const [past, future] = [Math.floor(Date.now() / 1000) - 5, Math.floor(Date.now() / 1000) + 600];
const viewAt = (at: 'idle' | 'ready' | 'open' | 'ended') => ({ visit, at, camera: 'off' as const, nonces: {} });

/** A phone with what it keeps, and a cloud that answers as told. */
async function phone(kept: Partial<KeptTask>, before: Partial<Known> = {}) {
  let task: KeptTask = { token: 't', key: await makeTaskKey(), ...kept };
  let known: Known = { at: 'loading', isGuest: true, ...before };
  const asked: unknown[] = [];
  const answers: { doors: Reply<{ now: number; doors: [] }>; ask: Reply<{ until: number }> } = {
    doors: { ok: true, value: { now: past, doors: [] } },
    ask: { ok: true, value: { until: future } },
  };
  const api = {
    doors: async () => answers.doors,
    ask: async (_key, rule, after) => {
      asked.push({ rule, after });
      return answers.ask;
    },
  } as Pick<VisitorApi, 'doors' | 'ask'> as VisitorApi;
  const tell = (change: Partial<Known>): void => {
    known = { ...known, ...change };
  };
  const way = guestWay({
    api,
    tell,
    task: () => task,
    known: () => known,
    keep: async (change) => {
      task = { ...task, ...change };
    },
    heard: async (reply) => (reply.ok ? reply.value : (tell({ refusal: reply.code }) as undefined)),
    take: async () => tell({ at: 'taken' }),
  });
  return { way, answers, asked, task: () => task, known: () => known };
}

t.test('it waits for the owner, then stands before the doors', async (t) => {
  const { way, answers, known, task } = await phone({});
  answers.doors = refuse('INVITATION_PENDING', 'later');
  t.equal(await way.goesOn(), false);
  t.match(known(), { at: 'taken', check: /^\d{6}$/ });
  answers.doors = { ok: true, value: { now: past, doors: [] } };
  t.equal(await way.goesOn(), false);
  t.match(known(), { at: 'doors', doors: [] });
  answers.doors = refuse('TASK_NOT_CLAIMED', 'later');
  await way.goesOn();
  t.equal(known().at, 'taken', 'a press that never came through is made again');
  t.equal(task().asked, undefined);
});

t.test('a wish is kept, and goes on after a reload; the visit before is named in the next one', async (t) => {
  const { way, asked, task, known } = await phone({ visit }, { at: 'visit', view: viewAt('ended'), doors: [] });
  await way.leave();
  t.match(task(), { visit: undefined, asked: undefined, after: visit });
  t.equal(known().at, 'doors');
  await way.ask('rule-1');
  t.same(asked, [{ rule: 'rule-1', after: visit }]);
  t.match(task().asked, { until: future });
  const again = await phone(task());
  t.equal(await again.way.goesOn(), true, 'the loop fetches the grant');
  t.equal(again.known().at, 'asked');
});

t.test('what cannot come any more is given up, what may still come is waited for', async (t) => {
  for (const [code, retry, isGivenUp] of [
    ['GRANT_REVOKED', 'never', true],
    ['RULE_USED_UP', 'never', true],
    ['RULE_OUTSIDE_WINDOW', 'later', true],
    ['RULE_BOOK_LEASE_OVER', 'later', true],
    ['TASK_NOT_READY', 'later', false],
    ['HUB_OFFLINE', 'later', false],
    ['DOOR_BUSY', 'later', false],
  ] as const) {
    const { way, task, known } = await phone({ asked: { until: future } }, { at: 'asked', doors: [] });
    await way.refused(refuse(code, retry));
    t.equal(task().asked === undefined, isGivenUp, code);
    if (isGivenUp) t.match(known(), { at: 'doors', refusal: code });
  }
  const over = await phone({ asked: { until: future } }, { at: 'over', refusal: 'GUEST_REVOKED' });
  await over.way.refused(refuse('GUEST_REVOKED'));
  t.equal(over.known().at, 'over', 'an end is an end');
});

t.test('a window that has passed leads back to the doors, but never away from a door that was opened', async (t) => {
  const rows = [
    [undefined, past, 'doors'],
    ['idle', past, 'doors'],
    ['ended', past, 'doors'],
    ['ended', future, 'visit'],
    ['ready', past, 'visit'],
    ['open', past, 'visit'],
    ['open', future, 'visit'],
  ] as const;
  for (const [at, until, stands] of rows) {
    const kept = { asked: { until }, ...(at === undefined ? {} : { visit }) };
    const before: Partial<Known> = at === undefined ? { at: 'asked' } : { at: 'visit', view: viewAt(at) };
    const { way, known } = await phone(kept, { ...before, doors: [] });
    const goesOn = await way.goesOn();
    t.equal(known().at, stands, `${at} ${until === past ? 'after' : 'before'} the end`);
    t.equal(goesOn, stands === 'visit' && at !== 'ended');
  }
});
