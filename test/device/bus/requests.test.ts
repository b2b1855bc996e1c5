import t from 'tap';
import { type Handlers, type RequestPolicy, requestTaker } from '../../../device/bus/requests.ts';
import { accept, Fault, type FaultCode, refuse, type Verdict } from '../../../wire/faults.ts';
import { newId } from '../../../wire/jws.ts';
import { writeMessage } from '../../../wire/messages.ts';

const nowMs = 1_790_000_000_000;
const policy: RequestPolicy = { cloudNow: () => nowMs, maxAheadMs: 90_000, maxInFlight: 4, remember: 8 };
type Answered = Verdict<Record<string, unknown>>;

/** A taker whose `hub.status` is answered as told; everything that it sends and refuses is kept. */
function scene(status: () => Promise<Answered>, change: Partial<RequestPolicy> = {}) {
  const sent: { to: string; answer: Record<string, unknown> }[] = [];
  const refused: FaultCode[] = [];
  let done = 0;
  const handlers = {
    'hub.status': () => {
      done += 1;
      return status();
    },
  } as unknown as Handlers;
  const take = requestTaker(
    handlers,
    { ...policy, ...change },
    (to, payload) => void sent.push({ to, answer: JSON.parse(payload.toString()) }),
    ({ code }) => void refused.push(code),
  );
  return { take, sent, refused, done: () => done };
}

const request = (change: object = {}): Buffer =>
  writeMessage({ v: 1, id: newId(), to: 'cloud-1', exp: nowMs + 5_000, body: { op: 'hub.status' }, ...change });

t.test('a request is done once and answered to the instance that asked', async (t) => {
  const { take, sent, done } = scene(async () => accept({ fine: true }));
  await take(request({ to: 'cloud-7' }));
  t.equal(done(), 1);
  t.match(sent, [{ to: 'cloud-7', answer: { ok: true, body: { fine: true } } }]);
});

t.test(
  'the same request again gets the same answer, also while the first is under way, and nothing is done twice',
  async (t) => {
    let finish: (answer: Answered) => void = () => undefined;
    const slow = new Promise<Answered>((resolve) => {
      finish = resolve;
    });
    const { take, sent, done } = scene(() => slow);
    const payload = request();
    const both = [take(payload), take(payload)];
    finish(accept({ once: 1 }));
    await Promise.all(both);
    await take(payload);
    t.equal(done(), 1);
    t.equal(sent.length, 3);
    t.same(new Set(sent.map(({ answer }) => JSON.stringify(answer))).size, 1);
  },
);

t.test('an id that comes back with another body is refused', async (t) => {
  const { take, refused, done } = scene(async () => accept({}));
  const id = newId();
  await take(request({ id }));
  await take(request({ id, exp: nowMs + 6_000 }));
  t.equal(done(), 1);
  t.same(refused, ['MESSAGE_MALFORMED']);
});

t.test('T43: a request that comes late does nothing, and one that would live long is no request', async (t) => {
  const { take, sent, refused, done } = scene(async () => accept({}));
  await take(request({ exp: nowMs }));
  await take(request({ exp: nowMs - 300_000 }));
  await take(request({ exp: nowMs + 90_001 }));
  t.equal(done(), 0);
  t.same(refused, ['MESSAGE_EXPIRED', 'MESSAGE_EXPIRED', 'MESSAGE_MALFORMED']);
  t.match(sent[0], { answer: { ok: false, code: 'MESSAGE_EXPIRED' } });
});

t.test('what is no request is refused whole', async (t) => {
  const { take, refused, done } = scene(async () => accept({}));
  const bad = [
    Buffer.from('{'),
    Buffer.from('null'),
    request({ v: 2 }),
    request({ superuser: true }),
    request({ body: { op: 'door.open' } }),
    request({ to: 'hub-1' }),
    Buffer.alloc(70_000, 0x20),
  ];
  for (const payload of bad) await take(payload);
  t.equal(done(), 0);
  t.same(refused, [...Array(6).fill('MESSAGE_MALFORMED'), 'MESSAGE_TOO_BIG']);
});

t.test(
  'refusals and faults of a handler are answered with their code; anything else as INTERNAL, without its text',
  async (t) => {
    const answers: Answered[] = [refuse('DOOR_BUSY', { door: 'x' })];
    const { take, sent } = scene(async () => {
      const next = answers.shift();
      if (next !== undefined) return next;
      throw sent.length === 1 ? new Fault('LOCK_SILENT') : new RangeError('secret text');
    });
    for (let times = 0; times < 3; times += 1) await take(request());
    t.match(
      sent.map(({ answer }) => answer.code),
      ['DOOR_BUSY', 'LOCK_SILENT', 'INTERNAL'],
    );
    t.match(sent[0], { answer: { detail: { door: 'x' } } });
    t.notOk(JSON.stringify(sent).includes('secret text'));
  },
);

t.test('more than may be under way at once are told to wait', async (t) => {
  let finish: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { take, refused } = scene(() => gate.then(() => accept({})), { maxInFlight: 2 });
  const under = [take(request()), take(request())];
  await take(request());
  t.same(refused, ['RATE_LIMITED']);
  finish();
  await Promise.all(under);
});

t.test('answers are remembered for the newest requests only', async (t) => {
  const { take, done } = scene(async () => accept({}), { remember: 2 });
  const first = request();
  await take(first);
  await take(request());
  await take(request());
  await take(first);
  t.equal(done(), 4, 'forgotten, and done again: whatever moves a bolt has a nonce of its own');
});
