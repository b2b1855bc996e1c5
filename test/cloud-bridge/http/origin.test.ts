import type { AddressInfo } from 'node:net';
import t from 'tap';
import { makeHub } from '../support/hub.ts';
import { prove } from '../support/keys.ts';
import { makeOwner } from '../support/people.ts';
import { openStream } from '../support/stream.ts';
import { ask, makeWorld } from '../support/world.ts';

const page = 'https://pages.test';
const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'dpop' };

t.test('the configured pages may use the API from a browser, and no other', async (t) => {
  const world = await makeWorld(t, { broker: false, config: { pagesOrigins: [page] } });
  const asked = await ask(world.cloud, 'OPTIONS', '/v1/homes/x/live-tickets', {
    headers: { origin: page, ...preflight },
  });
  t.equal(asked.status, 204);
  t.match(asked.headers, {
    'access-control-allow-origin': page,
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': 'Authorization, Content-Type, DPoP, Idempotency-Key, Last-Event-ID',
    vary: 'Origin',
  });
  t.notOk(asked.headers['access-control-allow-credentials'], 'no cookie, no password');
  const health = await ask(world.cloud, 'GET', '/health', { headers: { origin: page } });
  t.equal(health.headers['access-control-allow-origin'], page);
  const refused = await ask(world.cloud, 'GET', '/v1/hubs', { headers: { origin: page } });
  t.equal(refused.status, 401);
  t.equal(refused.headers['access-control-allow-origin'], page, 'a page can read why it was refused');
  for (const origin of ['https://evil.test', 'null', `${page}.evil.test`, 'http://pages.test', `${page}:8443`]) {
    const answer = await ask(world.cloud, 'OPTIONS', '/v1/hubs', { headers: { origin, ...preflight } });
    t.equal(answer.status, 404, origin);
    const got = await ask(world.cloud, 'GET', '/health', { headers: { origin } });
    for (const { headers } of [answer, got]) t.notOk(headers['access-control-allow-origin'], origin);
    t.equal(got.headers.vary, 'Origin');
  }
});

t.test('without any pages nothing of this is answered', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const headers = { origin: page, ...preflight };
  t.equal((await ask(world.cloud, 'OPTIONS', '/health', { headers })).status, 404);
  t.notOk((await ask(world.cloud, 'GET', '/health', { headers })).headers['access-control-allow-origin']);
});

t.test('event streams are readable for the pages too', async (t) => {
  const world = await makeWorld(t, { config: { pagesOrigins: [page] } });
  const hub = await makeHub(world);
  t.teardown(() => hub.leave());
  const owner = await makeOwner(world, hub);
  const path = `${owner.home}/events`;
  const { port } = world.cloud.app.server.address() as AddressInfo;
  const proof = await prove(owner.key, { method: 'GET', path });
  const stream = await openStream(`http://127.0.0.1:${port}${path}`, { ...proof, origin: page });
  t.equal(stream.status, 200);
  t.equal(stream.headers['access-control-allow-origin'], page);
  stream.close();
});
