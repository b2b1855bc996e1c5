import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { newId } from '../../../wire/jws.ts';
import { makeHome } from '../support/home.ts';
import type { ScriptedHub } from '../support/hub.ts';
import { type Carrier, makeCarrier, makeCourier, makeTask } from '../support/people.ts';
import { type Answer, makeWorld, until, type World } from '../support/world.ts';
import { openReceiver, type Receiver, signedBy, status } from './receiver.ts';

const minute = 60_000;
const day = 86_400_000;

interface Stage {
  readonly world: World;
  readonly hub: ScriptedHub;
  readonly carrier: Carrier;
  readonly receiver: Receiver;
  readonly webhook: string;
  readonly secret: string;
  readonly path: string;
  /** Makes two events: a claim, and the state that follows. */
  happen(): Promise<void>;
  show(): Promise<Answer['body']>;
  attempts(query?: string): Promise<Answer['body']['attempts']>;
}

async function openStage(t: Test, wish: object = {}): Promise<Stage> {
  const config = { webhookReach: 'loopback', webhookTimeoutMs: 1_000 } as const;
  const { world, hub, owner } = await makeHome(t, await makeWorld(t, { config }));
  const carrier = await makeCarrier(world);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const receiver = await openReceiver();
  t.teardown(() => receiver.close());
  const made = await carrier.ask('POST', '/v1/webhooks', { body: { url: receiver.url, ...wish } });
  if (made.status !== 201) throw new TypeError(JSON.stringify(made.body));
  const { webhook, secret } = made.body;
  const path = `/v1/webhooks/${webhook}`;
  return {
    ...{ world, hub, carrier, receiver, webhook, secret, path },
    happen: async () => void (await makeTask(hub, carrier, await makeCourier(world))),
    show: async () => (await carrier.ask('GET', path)).body,
    attempts: async (query = '') => (await carrier.ask('GET', `${path}/attempts${query}`)).body.attempts,
  };
}

t.test('an event is posted, signed, in the words of the event stream', async (t) => {
  const { receiver, secret, happen, attempts, world } = await openStage(t);
  await happen();
  await until('both have come', () => receiver.got.length === 2);
  const [first, second] = receiver.got.toSorted((a, b) => a.body.sequence - b.body.sequence);
  t.match(first, { body: { type: 'task.claimed', sequence: 1, data: { jkt: /./, check: /^\d{6}$/ } }, attempt: 1 });
  t.match(second, { body: { type: 'delivery.state', sequence: 2, data: { state: 'assigned' } }, attempt: 1 });
  for (const got of [first!, second!]) {
    t.same(signedBy(got, [secret]), [secret]);
    t.match(got.id, /^msg_/);
    t.match(got.headers['content-type'], /json/);
    t.ok(Math.abs(got.timestamp - world.now() / 1000) < 30);
  }
  t.not(first!.id, second!.id);
  await until('the log has both', async () =>
    (await attempts()).every((one: { status: number }) => one.status === 204),
  );
  const log = await attempts();
  t.match(log, [
    { n: 2, attempt: 1, error: null },
    { n: 1, attempt: 1, ms: Number },
  ]);
  t.match(world.logged(), /webhookSent/);
  t.notMatch(world.logged(), receiver.url.split('//')[1]!, 'no address of a carrier in the log');
});

t.test('what fails is tried again under its id, and the log says why', async (t) => {
  const { world, receiver, happen, attempts, show } = await openStage(t, { types: ['task.claimed'] });
  const answers = [
    status(500, {}, 'x'.repeat(5_000)),
    status(302, { location: receiver.url }),
    (response: { destroy(): void }) => response.destroy(),
    () => undefined,
    status(200, {}, 'thanks'),
  ];
  const expected = [
    { status: 500, error: 'STATUS', body: 'x'.repeat(1_024) },
    { status: 302, error: 'STATUS' },
    { status: null, error: /^(ECONNRESET|CLOSED)$/ },
    { status: null, error: 'TIMEOUT' },
    { status: 200, error: null, body: 'thanks' },
  ];
  receiver.answer = (response, got) => answers[got.attempt - 1]!(response, got);
  await happen();
  for (const [index, one] of expected.entries()) {
    await until(
      `try ${index + 1} is over`,
      async () => (await attempts())[0]?.ms != null && receiver.got.length === index + 1,
    );
    t.match((await attempts())[0], { attempt: index + 1, ...one });
    t.equal((await show()).failingSince === null, index === expected.length - 1);
    world.wind(6 * 60 * minute);
  }
  t.equal(new Set(receiver.got.map(({ id }) => id)).size, 1, 'one id');
  t.equal(new Set(receiver.got.map(({ text }) => text)).size, 1, 'one text');
  t.same(
    receiver.got.map(({ attempt }) => attempt),
    [1, 2, 3, 4, 5],
    'a repeat is marked as one',
  );
  t.equal(receiver.got.length, 5, 'a redirect is followed nowhere');
});

t.test('pages of the log, the newest first; tries of one message', async (t) => {
  const { receiver, carrier, path, happen, attempts } = await openStage(t);
  for (let i = 0; i < 3; i += 1) await happen();
  await until('all have come', () => receiver.got.length === 6);
  const seen: number[] = [];
  for (let before: number | null = 100; before !== null; ) {
    const { body }: Answer = await carrier.ask('GET', `${path}/attempts?limit=4&before=${before}`);
    seen.push(...body.attempts.map(({ n }: { n: number }) => n));
    before = body.before;
  }
  t.same(seen, [6, 5, 4, 3, 2, 1]);
  const { id } = receiver.got[0]!;
  t.match(await attempts(`?message=${id}`), [{ message: id }]);
});

t.test('410 ends it at once; five days of failing end it too; both are told in the event stream', async (t) => {
  const { world, receiver, carrier, path, happen, show } = await openStage(t);
  const second = await openReceiver();
  t.teardown(() => second.close());
  await carrier.ask('POST', '/v1/webhooks', { body: { url: second.url, types: ['webhook.disabled'] } });
  receiver.answer = status(410);
  await happen();
  await until('it is disabled', async () => (await show()).disabled?.why === 'gone');
  await until('the other webhook is told', () => second.got.length === 1);
  t.match(second.got[0]?.body, { type: 'webhook.disabled', data: { why: 'gone' } });
  const came = receiver.got.length;
  await happen();
  t.match(await carrier.ask('POST', `${path}/replays`, { body: { since: 0 } }), {
    status: 409,
    body: { code: 'WEBHOOK_DISABLED' },
  });

  receiver.answer = status(503);
  t.match(await carrier.ask('PUT', path, { body: { url: receiver.url } }), { status: 200, body: { enabled: true } });
  t.equal(receiver.got.length, came, 'what happened while it was disabled is not told by itself');
  await happen();
  await until('it fails', async () => (await show()).failingSince !== null);
  // The tries that are left of it are due.
  world.wind(5 * day + minute);
  await until('it is disabled again', async () => (await show()).disabled?.why === 'failing');
  await until('that is told too', () => second.got.length === 2);
});

t.test('what was missed is asked for again: one message, or all since a time', async (t) => {
  const { receiver, carrier, path, happen, world } = await openStage(t, { enabled: false });
  await happen();
  const since = world.now();
  t.match(await carrier.ask('GET', path), { body: { enabled: false, disabled: { why: 'by-you' } } });
  await carrier.ask('PUT', path, { body: { url: receiver.url } });
  const asked = await carrier.ask('POST', `${path}/replays`, { body: { since: 0 } });
  t.match(asked, { status: 200, body: { queued: 2, goOnSince: null } });
  await until('both have come', () => receiver.got.length === 2);
  const { id, text } = receiver.got[0]!;
  t.match(await carrier.ask('POST', `${path}/replays`, { body: { message: id } }), { body: { queued: 1 } });
  await until('it has come again', () => receiver.got.length === 3);
  t.match(receiver.got[2], { id, text, attempt: 2 }, 'under its id, as a repeat');
  world.wind(minute);
  t.match(await carrier.ask('POST', `${path}/replays`, { body: { since: since + minute } }), { body: { queued: 0 } });
  t.match(await carrier.ask('POST', `${path}/replays`, { body: { message: `msg_${'x'.repeat(27)}` } }), {
    status: 404,
  });
});

t.test('a secret is replaced without a gap, and stands nowhere readable', async (t) => {
  const { world, receiver, carrier, path, secret, happen } = await openStage(t, { types: ['task.claimed'] });
  const { secret: next } = (await carrier.ask('POST', `${path}/secret-rotations`, { body: {} })).body;
  await happen();
  await until('it has come', () => receiver.got.length === 1);
  t.same(signedBy(receiver.got[0]!, [secret, next]), [secret, next], 'both sign');
  world.wind(day);
  await carrier.ask('POST', `${path}/replays`, { body: { message: receiver.got[0]!.id } });
  await until('another has come', () => receiver.got.length === 2);
  t.same(signedBy(receiver.got[1]!, [secret, next]), [next], 'for a day');
  const file = join(world.dataDir, 'cloud.sqlite');
  const database = new Database(file);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const bytes = await readFile(file, 'latin1');
  t.ok(bytes.includes(receiver.url), 'what is stored can be found this way');
  for (const one of [secret, next]) t.notOk(bytes.includes(one.replace('whsec_', '').slice(0, 20)));
});

t.test('five at most, each where it may be, and each for its own carrier', async (t) => {
  const { world, carrier, receiver, path, happen } = await openStage(t);
  const add = (url: string) => carrier.ask('POST', '/v1/webhooks', { body: { url } });
  t.match(await add('http://10.0.0.1/x'), { status: 400, body: { code: 'WEBHOOK_ADDRESS_REFUSED' } });
  t.match(await carrier.ask('PUT', path, { body: { url: 'https://10.0.0.1/x' } }), { status: 400 });
  for (let i = 0; i < 4; i += 1) t.equal((await add(`https://hermes.example/${i}`)).status, 201);
  t.match(await add('https://hermes.example/x'), { status: 409, body: { code: 'WEBHOOKS_FULL' } });
  t.equal((await carrier.ask('GET', '/v1/webhooks')).body.webhooks.length, 5);

  const stranger = await makeCarrier(world);
  const theirs = await openReceiver();
  t.teardown(() => theirs.close());
  await stranger.ask('POST', '/v1/webhooks', { body: { url: theirs.url } });
  t.equal((await stranger.ask('GET', path)).status, 404);
  t.equal((await stranger.ask('GET', '/v1/webhooks')).body.webhooks.length, 1);
  await happen();
  await until('both have come', () => receiver.got.length === 2);
  t.equal(theirs.got.length, 0, "S072: none hears of another's");
  t.equal((await carrier.ask('DELETE', path)).status, 200);
  t.equal((await carrier.ask('GET', `${path}/attempts`)).status, 404);
  t.equal((await carrier.ask('DELETE', `/v1/webhooks/${newId()}`)).status, 404);
});
