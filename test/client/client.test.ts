import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t, { type Test } from 'tap';
import { checkDigitsOf, Doorward, DoorwardProblem, signAssignment, verifyWebhook } from '../../client/main.ts';
import { carrierEventTypes } from '../../cloud-bridge/events/carrier-event-types.ts';
import { type NewEvent, toCarrier } from '../../cloud-bridge/events/tell.ts';
import { signatureOf } from '../../cloud-bridge/webhook/sign.ts';
import { makeSignKey } from '../../hardware-sim/people/keys.ts';
import { newId } from '../../wire/jws.ts';
import { deviceCheck } from '../../wire/task.ts';
import { ask, makeWorld, until, type World } from '../cloud-bridge/support/world.ts';
import { carrierCodes, carrierOperations, documentOf } from './document.ts';
import { toTypes } from './to-types.ts';

const root = resolve(import.meta.dirname, '../..');

t.test('the client has the types of the document', async (t) => {
  const made = toTypes(await documentOf(t), carrierCodes);
  const biome = join(root, 'node_modules/.bin/biome');
  const formatted = execFileSync(biome, ['format', '--stdin-file-path=client/api.ts'], { input: made, cwd: root });
  const kept = readFileSync(join(root, 'client/api.ts'), 'utf8');
  t.ok(kept === formatted.toString('utf8'), 'make it anew: npm run client');
});

t.test('the document says all of what a carrier may call', async (t) => {
  const document = await documentOf(t);
  const { securitySchemes } = document.components;
  t.match(securitySchemes, { oauth2: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth/token' } } } });
  const operations = carrierOperations(document);
  const ids = operations.map(({ operation }) => operation.operationId);
  t.equal(new Set(ids).size, ids.length, 'each has an id of its own');
  t.ok(operations.length >= 20);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { security = [], tags = [] }] of Object.entries(methods)) {
      const isCarriers = security.some((one) => 'oauth2' in one || 'client' in one);
      if (isCarriers && !tags.includes('carrier')) t.fail(`${method} ${path} is a carrier's and not tagged so`);
    }
  }
  for (const { method, path, operation } of operations) {
    const what = `${method} ${path}`;
    t.match(operation, { operationId: /^[a-z]\w+$/i, summary: /\.$/ }, what);
    for (const one of operation.security ?? [])
      for (const name of Object.keys(one)) t.ok(securitySchemes[name], `${what}: ${name}`);
    const named = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
    t.same(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      named,
      `${what}: what stands in the path`,
    );
    for (const [status, { content = {} }] of Object.entries(operation.responses)) {
      const [type] = Object.keys(content);
      t.ok(type !== undefined && Object.keys(content[type]?.schema ?? {}).length > 0, `${what} ${status} has a schema`);
      const isProblem = status === 'default' && path !== '/oauth/token';
      if (isProblem) t.equal(type, 'application/problem+json', what);
    }
    const isOnce = method === 'POST' && path !== '/oauth/token';
    const keys = (operation.parameters ?? []).filter(({ name }) => name === 'idempotency-key');
    t.equal(keys.length, isOnce ? 1 : 0, `${what}: Idempotency-Key`);
  }
});

t.test('every event that a carrier is told stands in the document', async (t) => {
  // @ts-expect-error -- it stands in no table: put it into events/carrier-event-types.ts, then npm run client
  toCarrier('hermes', 'nobody.knows', {}, 1);
  // @ts-expect-error -- and there is no way around the one function that makes events of carriers
  const around: NewEvent = { party: 'carrier:hermes', type: 'nobody.knows', data: {}, at: 1 };
  t.notOk(around.type in carrierEventTypes);
  const { webhooks } = await documentOf(t);
  t.same(Object.keys(webhooks), Object.keys(carrierEventTypes));
});

interface Stage {
  readonly world: World;
  readonly base: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly key: Awaited<ReturnType<typeof makeSignKey>>;
}

async function openSandbox(t: Test): Promise<Stage> {
  const world = await makeWorld(t, { broker: false });
  await world.cloud.start();
  const address = world.cloud.app.server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const key = await makeSignKey();
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const body = { name: 'Hermes', jwk: key.jwk, sandbox: true };
  const { carrier, clientSecret } = (await ask(world.cloud, 'POST', '/v1/carriers', { headers, body })).body;
  return { world, base, clientId: carrier, clientSecret, key };
}

const nowS = Math.floor(Date.now() / 1000);
const wish = { door: 'door-sandbox-delivered', from: nowS - 60, until: nowS + 7200, parcels: 1, reference: 'r' };

t.test('from the announcement to the receipt, by the client alone', async (t) => {
  const { base, clientId, clientSecret, key } = await openSandbox(t);
  const doorward = new Doorward({ base, clientId, clientSecret });
  const { delivery } = await doorward.call('announceDelivery', { query: { pace: 400 }, body: wish });
  const { url } = await doorward.call('makeTaskLink', { params: { delivery }, body: {} });
  t.match(url, /\/v1\/tasks\//);
  const heard: string[] = [];
  for await (const event of doorward.events({ after: 0 })) {
    if (event.type === 'task.claimed') {
      t.equal(await checkDigitsOf(event.data.jkt), deviceCheck(event.data.jkt));
      const about = await doorward.call('getDelivery', { params: { delivery } });
      await t.rejects(signAssignment(clientId, key.secret, about, '000000'), RangeError);
      const assignment = await signAssignment(clientId, key.secret, about, event.data.check);
      await doorward.call('assignDelivery', { params: { delivery }, body: { assignment } });
    }
    heard.push(event.type === 'delivery.state' ? event.data.state : event.type);
    if (event.type === 'delivery.state' && event.data.receipt !== undefined) break;
  }
  t.same(heard, ['task.claimed', 'assigned', 'granted', 'at-door', 'in-progress', 'delivered']);
});

t.test('a lost answer, a full service and a token that was ended are gone over; a refusal has its code', async (t) => {
  const { world, base, clientId, clientSecret } = await openSandbox(t);
  const asked: { readonly path: string; readonly key: string | null; readonly token: string | null }[] = [];
  const weather: ('lost' | 503 | 429)[] = ['lost', 503, 429];
  const stormy: typeof fetch = async (input, init) => {
    const { pathname: path } = new URL(String(input));
    const headers = new Headers(init?.headers);
    asked.push({ path, key: headers.get('idempotency-key'), token: headers.get('authorization') });
    const next = path === '/oauth/token' ? undefined : weather.shift();
    if (next === 503 || next === 429) {
      const problem = { code: next === 429 ? 'RATE_LIMITED' : 'STORE_UNAVAILABLE', title: 'x', retry: 'later' };
      return new Response(JSON.stringify(problem), { status: next });
    }
    const response = await fetch(input, init);
    if (next === 'lost') throw new TypeError('the line broke');
    return response;
  };
  const doorward = new Doorward({ base, clientId, clientSecret, fetch: stormy });
  const { delivery } = await doorward.call('announceDelivery', {
    body: { ...wish, door: 'door-sandbox-nobody-comes' },
  });
  const tries = asked.filter(({ path }) => path === '/v1/deliveries');
  t.equal(tries.length, 4);
  t.equal(new Set(tries.map(({ key }) => key)).size, 1, 'one key, so that it was done once');
  t.equal(asked.filter(({ path }) => path === '/oauth/token').length, 1, 'one token for all');
  world.wind(3_600_000);
  t.equal(
    (await doorward.call('getDelivery', { params: { delivery } })).state,
    'announced',
    'the token was ended early',
  );
  t.equal(asked.filter(({ path }) => path === '/oauth/token').length, 2);

  const refused = await doorward
    .call('announceDelivery', { body: { ...wish, door: 'door-sandbox-refused' } })
    .catch((error: unknown) => error);
  t.ok(refused instanceof DoorwardProblem);
  t.match(refused, { code: 'DELIVERY_NOT_ALLOWED', status: 403, retry: 'never' });
  const before = asked.length;
  await t.rejects(doorward.call('getDelivery', { params: { delivery: newId() } }), { code: 'NOT_FOUND' });
  t.equal(asked.length, before + 1, 'what fails for ever is asked once');
  const wrong = new Doorward({ base, clientId, clientSecret: 'dwc_wrong' });
  await t.rejects(wrong.call('listWebhooks'), { code: 'CLIENT_UNKNOWN' });
});

t.test('the stream goes on where it broke off', async (t) => {
  const { base, clientId, clientSecret } = await openSandbox(t);
  let opened = 0;
  const broken: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input).endsWith('/v1/carrier/events')) return response;
    opened += 1;
    if (opened > 2) return response;
    // Within the second event the line breaks.
    let text = '';
    const cut = () => (text.indexOf('id:') < 0 ? -1 : text.indexOf('\n\n', text.indexOf('id:')));
    const reader = response.body!.getReader();
    while (cut() < 0) text += Buffer.from((await reader.read()).value ?? []).toString('utf8');
    await reader.cancel();
    return new Response(`${text.slice(0, cut() + 2)}id: 99\nevent: half`, { status: 200 });
  };
  const doorward = new Doorward({ base, clientId, clientSecret, fetch: broken });
  await doorward.call('announceDelivery', { query: { pace: 0 }, body: wish });
  const ids: number[] = [];
  for await (const { id } of doorward.events({ after: 0 })) {
    ids.push(id);
    if (id === 6) break;
  }
  t.same(ids, [1, 2, 3, 4, 5, 6], 'in order, each once');
  t.ok(opened > 2);
  const stop = new AbortController();
  const ended = (async () => {
    for await (const _ of doorward.events({ signal: stop.signal })) t.fail('nothing happens');
  })();
  await until('it listens', () => opened > 3);
  stop.abort();
  await ended;
});

t.test('a message to a webhook counts when one of the secrets has signed it, lately', async (t) => {
  const body = JSON.stringify({ type: 'task.dead', timestamp: 'x', sequence: 4, data: { delivery: 'd' } });
  const [secret, other] = [
    `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
    `whsec_${Buffer.alloc(32, 2).toString('base64')}`,
  ];
  const timestamp = nowS;
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': signatureOf({ id: 'msg_1', timestamp, body }, [other, secret]),
    'doorward-attempt': '2',
  };
  const expected = { id: 'msg_1', attempt: 2, type: 'task.dead', sequence: 4, data: { delivery: 'd' } };
  t.match(await verifyWebhook(headers, body, secret), expected);
  t.match(await verifyWebhook(headers, body, [secret, other]), expected);
  t.equal(await verifyWebhook(headers, `${body} `, secret), undefined, 'changed');
  t.equal(await verifyWebhook({ ...headers, 'webhook-id': 'msg_2' }, body, secret), undefined, 'under another id');
  t.equal(
    await verifyWebhook(headers, body, `whsec_${Buffer.alloc(32, 3).toString('base64')}`),
    undefined,
    "another's",
  );
  t.equal(await verifyWebhook(headers, body, secret, Date.now() + 301_000), undefined, 'kept back');
  t.equal(await verifyWebhook({}, body, secret), undefined, 'unsigned');
});
