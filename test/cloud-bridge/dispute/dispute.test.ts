/** Disputes over HTTP: S085, S086, S087, S102. */
import t from 'tap';
import { type Disputed, disputed, followUps } from '../../../wire/dispute.ts';
import { openStopStage, type StopTask } from '../stop/stop-stage.ts';

const stage = await openStopStage(t);
const { owner, account } = stage;
await stage.wish({
  ...{ order: ['in-person', 'tomorrow'], codeFrom: { amount: 0, currency: 'EUR' }, waitSeconds: 0 },
});

async function handedOver(): Promise<StopTask> {
  const task = await stage.task(['in-person', 'tomorrow']);
  await task.act({ act: 'arrive' });
  await task.act({ act: 'ring' });
  await task.act({ act: 'name', holder: account });
  const digits = await stage.codeOf(task.delivery);
  await task.act({ act: 'hand-over', holder: account, typedBy: 'courier' }, { digits });
  return task;
}
const pathOf = ({ delivery }: StopTask): string => `${owner.home}/deliveries/${delivery}/disputes`;
const say = (task: StopTask, what: Disputed) => owner.ask('POST', pathOf(task), { body: { what } });
const takeBack = (task: StopTask) => owner.ask('POST', `${pathOf(task)}/withdraw`, { body: {} });
const toldOf = async (task: StopTask) =>
  (await stage.told('carrier', task.delivery)).filter(({ type }) => type === 'delivery.disputed');
const casesOf = async ({ delivery }: StopTask) =>
  (await owner.ask('GET', `${owner.home}/cases`)).body.cases.filter(
    (one: { delivery: string }) => one.delivery === delivery,
  );

t.test('S085, S087: one tap tells the carrier and opens a case; it can be taken back', async (t) => {
  const task = await handedOver();
  t.same((await owner.ask('GET', pathOf(task))).body, { disputes: [], visits: [] });
  const said = await say(task, 'not-there');
  t.equal(said.status, 201);
  t.match(said.body, { delivery: task.delivery, attempt: 1, what: 'not-there', next: 'prove', case: String });
  t.equal((await say(task, 'not-there')).body.dispute, said.body.dispute, 'said twice is said once');
  t.match(await toldOf(task), [
    { dispute: said.body.dispute, what: 'not-there', state: 'open', next: 'prove', attempt: 1 },
  ]);
  const cases = await casesOf(task);
  t.match(cases, [{ case: said.body.case, reason: 'missing' }]);
  t.equal((await owner.ask('GET', `${owner.home}/deliveries/${task.delivery}/evidence`)).body.packs.length, 1);

  t.equal((await takeBack(task)).status, 200);
  t.equal((await takeBack(task)).status, 200, 'twice is as once');
  t.match((await toldOf(task)).slice(1), [{ what: 'not-there', state: 'withdrawn', next: undefined }]);
  t.same(await casesOf(task), []);
  t.match((await owner.ask('GET', pathOf(task))).body.disputes, [{ withdrawnAt: Number }]);
});

t.test('S102: lost and wrong are outcomes of their own, each with a task of its own for the carrier', async (t) => {
  const task = await handedOver();
  for (const what of disputed) t.equal((await say(task, what)).body.next, followUps[what], what);
  t.equal(new Set(Object.values(followUps)).size, disputed.length, 'no two ask for the same');
  const told = await toldOf(task);
  t.equal(
    told.filter(({ state }) => state === 'withdrawn').length,
    disputed.length - 1,
    'one takes the place of another',
  );
  const { body } = await owner.ask('GET', pathOf(task));
  t.equal(body.disputes.filter((one: { withdrawnAt?: number }) => one.withdrawnAt === undefined).length, 1);
  t.match(await casesOf(task), [{ reason: 'wrong' }], 'support reads the newest alone');
});

t.test(
  'its carrier answers, the household reads it and says that it is settled: told to both, each once',
  async (t) => {
    const task = await handedOver();
    const path = `/v1/deliveries/${task.delivery}/dispute-answer`;
    const answer = (text: string) => stage.carrier.ask('POST', path, { body: { text } });
    t.match(await answer('Found it.'), { status: 409, body: { code: 'DISPUTE_NOT_OPEN' } }, 'nothing was said yet');
    await say(task, 'lost');
    for (const text of ['', ' ', 'x'.repeat(501), 'two\nlines', 7]) {
      t.match(await answer(text as string), { status: 400, body: { code: 'BODY_MALFORMED' } });
    }
    const answered = await answer('We are looking for it.');
    t.match(answered, { status: 200, body: { answeredAt: Number } });
    t.same((await answer('We are looking for it.')).body, answered.body);
    t.equal((await answer('It was found at the depot. It comes tomorrow.')).status, 200);
    const read = async () => (await owner.ask('GET', pathOf(task))).body.disputes[0];
    t.match(await read(), { answer: { text: 'It was found at the depot. It comes tomorrow.', at: Number } });
    t.equal((await owner.ask('POST', `${pathOf(task)}/settle`, { body: {} })).status, 200);
    t.equal((await takeBack(task)).status, 200, 'and it stays settled');
    t.match(await read(), { settledAt: Number, withdrawnAt: undefined });
    t.same(await casesOf(task), []);
    t.match(await answer('Late.'), { body: { code: 'DISPUTE_NOT_OPEN' } });
    const states = ['open', 'answered', 'answered', 'settled'];
    t.same(
      (await toldOf(task)).map(({ state }) => state),
      states,
    );
    const home = (await stage.told('home', task.delivery)).filter(({ type }) => type === 'delivery.disputed');
    t.same(
      home.map(({ state }) => state),
      states,
    );
    t.same((await stage.noticed(task.delivery)).slice(-2), ['disputeAnswered', 'disputeAnswered'], 'and it is told');
    t.notMatch(JSON.stringify(home), 'depot', 'what was written is read where it is kept');
  },
);

t.test('what is not over is not disputed; what failed can be lost, and nothing else', async (t) => {
  const task = await stage.task(['in-person', 'tomorrow']);
  for (const what of disputed) t.match(await say(task, what), { status: 409, body: { code: 'DISPUTE_TOO_EARLY' } });
  t.equal((await stage.carrier.ask('POST', `/v1/deliveries/${task.delivery}/cancel`, { body: {} })).status, 200);
  t.equal((await say(task, 'damaged')).body.code, 'DISPUTE_TOO_EARLY');
  t.match(await say(task, 'lost'), { status: 201, body: { next: 'trace' } });
  t.match(await casesOf(task), [{ reason: 'lost' }]);
  t.equal(
    (await owner.ask('POST', `${owner.home}/deliveries/${'x'.repeat(22)}/disputes`, { body: { what: 'lost' } })).status,
    404,
  );
});

t.test('with too many open cases a dispute stands without one; a case of before stays', async (t) => {
  const early = await handedOver();
  const opened = await owner.ask('POST', `${owner.home}/cases`, {
    body: { delivery: early.delivery, reason: 'visitor' },
  });
  t.equal((await say(early, 'damaged')).body.case, opened.body.case);
  await takeBack(early);
  t.equal((await casesOf(early)).length, 1);
  for (;;) {
    const task = await handedOver();
    const { status, body } = await say(task, 'lost');
    t.equal(status, 201);
    if (body.case === undefined) return;
  }
});
