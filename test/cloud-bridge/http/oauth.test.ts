import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import { makeHome } from '../support/home.ts';
import { makeCarrier } from '../support/people.ts';
import { ask, askForm, makeWorld } from '../support/world.ts';

t.test('a client secret gets a token for an hour, by header or by form, and the answer is kept nowhere', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const carrier = await makeCarrier(world);
  const form = { grant_type: 'client_credentials', client_id: carrier.id, client_secret: carrier.clientSecret };
  for (const answer of [await carrier.askToken(), await askForm(world.cloud, '/oauth/token', form)]) {
    t.match(answer, {
      status: 200,
      headers: { 'cache-control': 'no-store', pragma: 'no-cache', 'content-type': /^application\/json/ },
      body: { access_token: /^dwa_[\w-]{43}$/, token_type: 'Bearer', expires_in: 3600 },
    });
    t.equal(answer.body.scope, 'deliveries:read deliveries:write webhooks');
  }
  const get = async (token: string) =>
    ask(world.cloud, 'GET', `/v1/deliveries/${newId()}`, { headers: { authorization: `Bearer ${token}` } });
  const token = await carrier.token();
  t.equal((await get(token)).status, 404, 'it is good');
  world.wind(3_599_000);
  t.equal((await get(token)).status, 404, 'until the hour is over');
  world.wind(1_000);
  const late = await get(token);
  t.match(late, { status: 401, body: { code: 'UNAUTHENTICATED' } });
  t.match(late.headers['www-authenticate'], /^Bearer error="invalid_token"/);
  const none = await ask(world.cloud, 'GET', `/v1/deliveries/${newId()}`);
  t.match(
    none.headers['www-authenticate'],
    /^Bearer, DPoP/,
    'without a token no error is named (RFC 6750 section 3.1)',
  );
  t.equal((await get(carrier.clientSecret)).status, 401, 'a secret is no token');
});

t.test('the token endpoint refuses as RFC 6749 says', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const [carrier, other] = [await makeCarrier(world), await makeCarrier(world)];
  const { basic } = carrier;
  const form = (fields: Record<string, string> | string, headers: Record<string, string> = {}) =>
    askForm(world.cloud, '/oauth/token', fields, headers);
  const grant = { grant_type: 'client_credentials' };
  const swapped = Buffer.from(`${other.id}:${carrier.clientSecret}`).toString('base64');
  const cases: readonly [string, number, string, ReturnType<typeof form>][] = [
    ['no client', 401, 'invalid_client', form(grant)],
    ['a wrong secret', 401, 'invalid_client', form({ ...grant, client_id: carrier.id, client_secret: 'dwc_x' })],
    ["another client's secret", 401, 'invalid_client', form(grant, { authorization: `Basic ${swapped}` })],
    ['no base64', 401, 'invalid_client', form(grant, { authorization: 'Basic %%%' })],
    ['two names', 401, 'invalid_client', form({ ...grant, client_id: other.id }, basic)],
    ['two ways', 400, 'invalid_request', form({ ...grant, client_secret: carrier.clientSecret }, basic)],
    ['no grant type', 400, 'invalid_request', form({}, basic)],
    ['twice', 400, 'invalid_request', form('grant_type=client_credentials&grant_type=client_credentials', basic)],
    ['JSON', 400, 'invalid_request', form('{}', { ...basic, 'content-type': 'application/json' })],
    ['another grant', 400, 'unsupported_grant_type', form({ grant_type: 'password' }, basic)],
    ['an unknown scope', 400, 'invalid_scope', form({ ...grant, scope: 'deliveries:read admin' }, basic)],
  ];
  for (const [what, status, error, asked] of cases) {
    const answer = await asked;
    t.match(answer, { status, body: { error } }, what);
    t.same(Object.keys(answer.body).sort(), ['error', 'error_description'], what);
    t.equal(answer.headers['cache-control'], 'no-store', what);
    t.equal(answer.headers['www-authenticate'] !== undefined, status === 401, what);
  }
  t.equal((await form({ ...grant, colour: 'red' }, basic)).status, 200, 'what it does not know it ignores');
});

t.test('a token does what its scope says and no more', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const carrier = await makeCarrier(world);
  const { access_token, scope } = (await carrier.askToken({ scope: 'deliveries:read' })).body;
  t.equal(scope, 'deliveries:read');
  const headers = { authorization: `Bearer ${access_token}` };
  t.equal((await ask(world.cloud, 'GET', `/v1/deliveries/${newId()}`, { headers })).status, 404);
  const refused = await ask(world.cloud, 'POST', `/v1/deliveries/${newId()}/cancel`, { headers, body: {} });
  t.match(refused, { status: 403, body: { code: 'SCOPE_MISSING', detail: { scope: 'deliveries:write' } } });
  t.equal(refused.headers['www-authenticate'], 'Bearer error="insufficient_scope", scope="deliveries:write"');
});

t.test('two secrets at a time: one is replaced without a gap, and takes its tokens along', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const carrier = await makeCarrier(world);
  const withBasic = (method: string, path: string, headers: Record<string, string> = carrier.basic) =>
    ask(world.cloud, method, path, { headers, ...(method === 'POST' ? { body: {} } : {}) });
  const list = async () => (await withBasic('GET', '/oauth/secrets')).body.secrets as { secret: string }[];
  const [{ secret: first } = { secret: '' }] = await list();
  t.match(await withBasic('POST', `/oauth/secrets/${first}/end`), {
    status: 403,
    body: { code: 'CLIENT_SECRET_LAST' },
  });
  const made = await withBasic('POST', '/oauth/secrets');
  t.match(made, { status: 201, body: { clientSecret: /^dwc_/ } });
  t.match(await withBasic('POST', '/oauth/secrets'), { status: 409, body: { code: 'CLIENT_SECRETS_FULL' } });
  const second = Buffer.from(`${carrier.id}:${made.body.clientSecret}`).toString('base64');
  const newBasic = { authorization: `Basic ${second}` };
  const newToken = await askForm(world.cloud, '/oauth/token', { grant_type: 'client_credentials' }, newBasic);
  const oldToken = await carrier.token();
  const get = async (token: string) =>
    (await ask(world.cloud, 'GET', `/v1/deliveries/${newId()}`, { headers: { authorization: `Bearer ${token}` } }))
      .status;
  t.same([await get(oldToken), await get(newToken.body.access_token)], [404, 404], 'both are good');
  t.match(
    (await list()).map((one) => 'lastUsed' in one),
    [true, true],
  );
  t.equal((await withBasic('POST', `/oauth/secrets/${first}/end`, newBasic)).status, 200);
  t.same([await get(oldToken), await get(newToken.body.access_token)], [401, 404]);
  t.match(await carrier.askToken(), { status: 401, body: { error: 'invalid_client' } });
  t.match(await withBasic('GET', '/oauth/secrets'), { status: 401, body: { code: 'CLIENT_UNKNOWN' } });
  const stranger = await makeCarrier(world);
  const theirs = await withBasic('POST', `/oauth/secrets/${made.body.secret}/end`, stranger.basic);
  t.match(theirs, { status: 404 }, "another carrier's is not found");
  t.equal(
    (await withBasic('GET', '/oauth/secrets', { authorization: `Bearer ${newToken.body.access_token}` })).status,
    401,
  );

  const reset = await ask(world.cloud, 'POST', `/v1/carriers/${carrier.id}/secret-resets`, {
    headers: { authorization: `Bearer ${world.operatorToken}` },
    body: {},
  });
  t.match(reset, { status: 201, body: { clientSecret: /^dwc_/ } });
  t.equal(await get(newToken.body.access_token), 401, 'after a reset by the operator nothing of before counts');
});

t.test('an answer under an Idempotency-Key outlives its token, and is not readable in the database', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const carrier = await makeCarrier(world);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const { delivery } = (await carrier.announce(hub)).body;
  const path = `/v1/deliveries/${delivery}/task-link`;
  const key = newId();
  const first = await carrier.ask('POST', path, { body: {}, key });
  const before = await carrier.token();
  world.wind(3_600_000);
  const again = await carrier.ask('POST', path, { body: {}, key });
  t.not(await carrier.token(), before, 'asked with a later token');
  t.same(again.body, first.body);
  const file = join(world.dataDir, 'cloud.sqlite');
  const database = new Database(file);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const bytes = await readFile(file, 'latin1');
  t.ok(bytes.includes(delivery), 'what is stored can be found this way');
  for (const secret of [first.body.token, carrier.clientSecret, before, await carrier.token()]) {
    t.notOk(bytes.includes(secret));
  }
});

t.test('RFC 8414: a client finds the token endpoint by itself', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const { status, body } = await ask(world.cloud, 'GET', '/.well-known/oauth-authorization-server');
  t.equal(status, 200);
  t.match(body, {
    issuer: 'http://cloud.test',
    token_endpoint: 'http://cloud.test/oauth/token',
    grant_types_supported: ['client_credentials'],
    scopes_supported: ['deliveries:read', 'deliveries:write', 'webhooks'],
  });
});

t.test('T20: a client that asks for token after token is slowed down, and so is whoever guesses secrets', async (t) => {
  const world = await makeWorld(t, { broker: false, config: { refusalsPerSecond: 1 } });
  const [carrier, other] = [await makeCarrier(world), await makeCarrier(world)];
  const asked = [];
  for (let i = 0; i < 62; i += 1) asked.push((await carrier.askToken()).status);
  t.equal(asked.at(-1), 429);
  t.match(await carrier.askToken(), { body: { error: 'temporarily_unavailable' }, headers: { 'retry-after': '1' } });
  t.equal((await other.askToken()).status, 200, 'another client is not');
  const guess = () =>
    askForm(world.cloud, '/oauth/token', {
      grant_type: 'client_credentials',
      client_id: other.id,
      client_secret: newId(),
    });
  const guessed = [];
  for (let i = 0; i < 25; i += 1) guessed.push((await guess()).status);
  t.same([guessed[0], guessed.at(-1)], [401, 429]);
});
