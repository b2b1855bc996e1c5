import t from 'tap';
import * as v from 'valibot';
import { Problem } from '../../../cloud-bridge/http/problem.ts';
import { faults } from '../../../wire/faults.ts';
import { newId } from '../../../wire/jws.ts';
import { ask, makeWorld } from '../support/world.ts';

t.test('a refusal is a problem as RFC 9457 has it', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const answer = await ask(world.cloud, 'GET', '/v1/hubs');
  t.equal(answer.status, 401);
  t.match(answer.headers['content-type'], /^application\/problem\+json/);
  t.ok(v.is(Problem, answer.body), 'it fits its own schema');
  t.match(answer.body, {
    type: 'https://doorward.example/problems/UNAUTHENTICATED',
    title: faults.UNAUTHENTICATED.says,
    status: 401,
    code: 'UNAUTHENTICATED',
    instance: /^urn:doorward:request:/,
  });
  t.match(answer.headers['www-authenticate'], /DPoP/);
});

t.test('the OpenAPI document lists every route', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const { body } = await ask(world.cloud, 'GET', '/openapi.json');
  const listed = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const expected = [
    'GET /health',
    'GET /openapi.json',
    'GET /.well-known/oauth-authorization-server',
    'POST /oauth/token',
    'GET /oauth/secrets',
    'POST /oauth/secrets',
    'POST /oauth/secrets/{secret}/end',
    'POST /v1/homes',
    'POST /v1/homes/{home}/enrolment-tokens',
    'POST /v1/carriers',
    'POST /v1/carriers/{carrier}/secret-resets',
    'GET /v1/hubs',
    'POST /v1/hubs/enrol',
    'POST /v1/handover',
    'GET /v1/homes/{home}',
    'GET /v1/homes/{home}/hub',
    'GET /v1/homes/{home}/notes',
    'PUT /v1/homes/{home}/notes',
    'POST /v1/homes/{home}/documents',
    'GET /v1/homes/{home}/documents',
    'GET /v1/homes/{home}/carriers',
    'GET /v1/homes/{home}/deliveries',
    'GET /v1/homes/{home}/deliveries/{delivery}/codes',
    'POST /v1/homes/{home}/deliveries/{delivery}/codes/mails',
    'GET /v1/homes/{home}/holders',
    'POST /v1/homes/{home}/holders',
    'DELETE /v1/homes/{home}/holders/{holder}',
    'GET /v1/holder-codes/{token}',
    'GET /v1/homes/{home}/deliveries/{delivery}/evidence',
    'POST /v1/homes/{home}/deliveries/{delivery}/disputes',
    'GET /v1/homes/{home}/deliveries/{delivery}/disputes',
    'POST /v1/homes/{home}/deliveries/{delivery}/disputes/withdraw',
    'POST /v1/homes/{home}/deliveries/{delivery}/disputes/settle',
    'GET /v1/homes/{home}/deliveries/{delivery}/plan',
    'PUT /v1/homes/{home}/deliveries/{delivery}/plan',
    'POST /v1/homes/{home}/deliveries/{delivery}/not-mine',
    'GET /v1/homes/{home}/deliveries/{delivery}/photos',
    'GET /v1/homes/{home}/deliveries/{delivery}/photos/{photo}',
    'DELETE /v1/homes/{home}/deliveries/{delivery}/photos/{photo}',
    'GET /v1/tasks/{token}/stop/photo',
    'PUT /v1/tasks/{token}/stop/photo',
    'POST /v1/tasks/{token}/stop/photo',
    'GET /v1/homes/{home}/wishes',
    'PUT /v1/homes/{home}/wishes',
    'PUT /v1/support/cases/{case}/always-code',
    'POST /v1/homes/{home}/deliveries/{delivery}/received',
    'GET /v1/homes/{home}/position',
    'PUT /v1/homes/{home}/position',
    'GET /v1/homes/{home}/grants',
    'GET /v1/homes/{home}/journal',
    'GET /v1/homes/{home}/visits/{visit}',
    'GET /v1/homes/{home}/events',
    'PUT /v1/homes/{home}/doors/{door}/hint',
    'GET /v1/homes/{home}/doors/{door}/hint',
    'DELETE /v1/homes/{home}/doors/{door}/hint',
    'POST /v1/homes/{home}/live-tickets',
    'POST /v1/support-staff',
    'GET /v1/support-staff',
    'POST /v1/support-staff/{staff}/end',
    'GET /v1/support/cases',
    'GET /v1/support/cases/{case}',
    'GET /v1/support/cases/{case}/pictures/{picture}',
    'PUT /v1/support/key',
    'POST /v1/homes/{home}/cases',
    'GET /v1/homes/{home}/cases',
    'POST /v1/homes/{home}/cases/{case}/close',
    'POST /v1/homes/{home}/cases/{case}/pictures',
    'POST /v1/homes/{home}/cases/{case}/pictures/{picture}/end',
    'GET /v1/homes/{home}/notifications',
    'PUT /v1/homes/{home}/notifications',
    'PUT /v1/homes/{home}/notifications/mail',
    'POST /v1/homes/{home}/notifications/mail/code',
    'POST /v1/homes/{home}/notifications/test',
    'GET /v1/homes/{home}/alarms',
    'POST /v1/homes/{home}/alarms/{alarm}/acknowledgement',
    'POST /v1/homes/{home}/locks/orders',
    'GET /v1/homes/{home}/recordings',
    'GET /v1/homes/{home}/recordings/{stream}',
    'PUT /v1/homes/{home}/recordings/{stream}/shares',
    'GET /v1/homes/{home}/recordings/{stream}/shares',
    'POST /v1/homes/{home}/device-requests',
    'POST /v1/account/challenges',
    'POST /v1/account',
    'POST /v1/account/passkeys',
    'POST /v1/account/log-ins',
    'GET /v1/account',
    'POST /v1/account/session-ends',
    'POST /v1/account/passkey-ends',
    'GET /v1/homes/{home}/recoveries',
    'GET /v1/recovery-codes/{kid}',
    'POST /v1/recoveries',
    'GET /v1/recoveries/{recovery}',
    'POST /v1/deliveries',
    'GET /v1/deliveries/{delivery}',
    'GET /v1/deliveries/{delivery}/evidence',
    'POST /v1/deliveries/{delivery}/task-link',
    'POST /v1/deliveries/{delivery}/assignment',
    'POST /v1/deliveries/{delivery}/on-the-way',
    'POST /v1/deliveries/{delivery}/cancel',
    'POST /v1/deliveries/{delivery}/collectable',
    'POST /v1/deliveries/{delivery}/dispute-answer',
    'PUT /v1/carrier/seal-key',
    'GET /v1/deliveries/{delivery}/pictures',
    'GET /v1/deliveries/{delivery}/pictures/{picture}',
    'GET /v1/carrier/events',
    'GET /v1/sandbox',
    'POST /v1/webhooks',
    'GET /v1/webhooks',
    'GET /v1/webhooks/{webhook}',
    'PUT /v1/webhooks/{webhook}',
    'DELETE /v1/webhooks/{webhook}',
    'POST /v1/webhooks/{webhook}/secret-rotations',
    'POST /v1/webhooks/{webhook}/replays',
    'GET /v1/webhooks/{webhook}/attempts',
    'POST /v1/homes/{home}/guests',
    'GET /v1/homes/{home}/guests',
    'GET /v1/guests/{token}',
    'POST /v1/guests/{token}/claim',
    'GET /v1/guests/{token}/doors',
    'POST /v1/guests/{token}/visits',
    'GET /v1/guests/{token}/grant',
    'POST /v1/guests/{token}/prepare',
    'GET /v1/guests/{token}/hint',
    'GET /v1/guests/{token}/hint/photo',
    'POST /v1/guests/{token}/hint/found',
    'GET /v1/tasks/{token}',
    'POST /v1/tasks/{token}/claim',
    'GET /v1/tasks/{token}/grant',
    'POST /v1/tasks/{token}/prepare',
    'GET /v1/tasks/{token}/stop',
    'POST /v1/tasks/{token}/stop/acts',
    'GET /v1/tasks/{token}/evidence',
    'GET /v1/tasks/{token}/hint',
    'GET /v1/tasks/{token}/hint/photo',
    'POST /v1/tasks/{token}/hint/found',
    'GET /v1/visits/{visit}',
    'POST /v1/visits/{visit}/acts',
  ];
  t.same(listed.sort(), expected.sort());
  t.match(body.paths['/v1/deliveries'].post.requestBody.content['application/json'].schema, {
    type: 'object',
    additionalProperties: false,
    properties: { parcels: { type: 'integer', minimum: 1, maximum: 99 } },
  });
});

t.test('T13: bodies that are too big, too deep, of another shape or of another type are refused whole', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const post = (body: unknown, more: Record<string, string> = {}) =>
    ask(world.cloud, 'POST', '/v1/carriers', { headers: { ...headers, ...more }, body });
  const bomb = `${'['.repeat(4000)}${']'.repeat(4000)}`;
  const cases: readonly [string, unknown, string, Record<string, string>?][] = [
    ['9 kB', { name: 'x'.repeat(9_000), jwk: {} }, 'BODY_TOO_BIG'],
    ['nested 4000 deep', bomb, 'BODY_MALFORMED'],
    ['a field 4000 deep', `{"name":"a","jwk":${bomb.slice(0, 7000)}`, 'BODY_MALFORMED'],
    ['an unknown field', { name: 'a', jwk: {}, admin: true }, 'BODY_MALFORMED'],
    ['__proto__', '{"__proto__":{"admin":true},"name":"a"}', 'BODY_MALFORMED'],
    ['constructor.prototype', '{"constructor":{"prototype":{}},"name":"a"}', 'BODY_MALFORMED'],
    ['no JSON', '{', 'BODY_MALFORMED'],
    ['nothing', '', 'BODY_MALFORMED'],
    ['a number', '7', 'BODY_MALFORMED'],
    ['null', 'null', 'BODY_MALFORMED'],
    ['a text', 'name=a', 'BODY_MALFORMED', { 'content-type': 'application/x-www-form-urlencoded' }],
    [
      'a private key',
      { name: 'a', jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), d: 'A'.repeat(43) } },
      'BODY_MALFORMED',
    ],
    [
      'a key off its curve',
      { name: 'a', jwk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } },
      'BODY_MALFORMED',
    ],
  ];
  for (const [what, body, code, more] of cases) t.equal((await post(body, more)).body.code, code, what);
});

t.test('paths that cannot be anything are not found', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const paths = [
    '/',
    '/v2',
    '/v1/tasks/short',
    `/v1/tasks/${'x'.repeat(200)}`,
    '/v1/%ff',
    '/v1/../etc/passwd',
    '/v1/visits/%00',
  ];
  for (const path of paths)
    t.match(await ask(world.cloud, 'GET', path), { status: 404, body: { code: 'NOT_FOUND' } }, path);
  t.equal((await ask(world.cloud, 'DELETE', '/v1/homes')).status, 404);
  t.equal(
    (await ask(world.cloud, 'HEAD', `/v1/tasks/${newId()}${newId().slice(0, 21)}`)).status,
    404,
    'a preview by HEAD',
  );
});

t.test('T20: whoever guesses is slowed down by address, and a caller by its own rate', async (t) => {
  const world = await makeWorld(t, { broker: false, config: { refusalsPerSecond: 1, requestsPerSecond: 2 } });
  const guess = () => ask(world.cloud, 'GET', '/v1/hubs', { headers: { authorization: `Bearer ${newId()}` } });
  const operator = () =>
    ask(world.cloud, 'GET', '/v1/hubs', { headers: { authorization: `Bearer ${world.operatorToken}` } });
  const own = [];
  for (let i = 0; i < 10; i++) own.push((await operator()).status);
  t.same(own.slice(0, 8), Array(8).fill(200));
  t.equal(own.at(-1), 429, 'eight at once, then two a second');
  const guessed = [];
  for (let i = 0; i < 25; i++) guessed.push((await guess()).status);
  t.same(guessed.slice(0, 20), Array(20).fill(401));
  t.equal(guessed.at(-1), 429);
  const limited = await guess();
  t.match(limited, { body: { code: 'RATE_LIMITED' }, headers: { 'retry-after': '1' } });
});

t.test('a database that fails is a problem too, and tells nothing about itself', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  await world.cloud.stop();
  const other = await world.another();
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(`${world.dataDir}/cloud.sqlite`);
  database.exec('drop table home');
  database.close();
  const answer = await ask(other, 'POST', '/v1/homes', { headers, body: {} });
  t.match(answer, { status: 503, body: { code: 'STORE_UNAVAILABLE', detail: {} } });
});
