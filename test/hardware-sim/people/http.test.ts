import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import * as v from 'valibot';
import { HttpClient, toRefusal } from '../../../hardware-sim/people/http.ts';
import { makeSignKey } from '../../../hardware-sim/people/keys.ts';
import { no, ok, serve } from './http-server.ts';

const Said = v.object({ said: v.string() });

async function client(t: Test, base: string, timeoutMs?: number): Promise<HttpClient> {
  const http = new HttpClient({ base, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  t.teardown(() => http.close());
  return http;
}

t.test('an answer is read through its schema', async (t) => {
  const server = await serve(({ path }) => ok(path === '/good' ? { said: 'yes', more: 1 } : { said: 4 }, 201));
  t.teardown(server.close);
  const http = await client(t, server.base);
  t.strictSame(await http.call({ method: 'GET', path: '/good' }, Said), {
    ok: true,
    status: 201,
    value: { said: 'yes' },
  });
  t.match(await http.call({ method: 'GET', path: '/bad' }, Said), {
    ok: false,
    code: 'MESSAGE_MALFORMED',
    detail: { why: 'said' },
  });
});

t.test('a problem document becomes a refusal with its code, its status and its facts', async (t) => {
  const server = await serve(() => no('DELIVERY_NOT_ALLOWED'));
  t.teardown(server.close);
  const http = await client(t, server.base);
  const reply = await http.call({ method: 'POST', path: '/', body: {} }, Said);
  t.strictSame(reply, { ok: false, code: 'DELIVERY_NOT_ALLOWED', status: 403, detail: {} });
  t.strictSame(toRefusal(502, 'a proxy'), { ok: false, code: 'INTERNAL', status: 502, detail: {} });
  t.strictSame(toRefusal(400, { code: 'toString' }), { ok: false, code: 'INTERNAL', status: 400, detail: {} });
  t.strictSame(toRefusal(400, { code: 'BODY_MALFORMED', detail: { why: 'x' } }).detail, { why: 'x' });
});

t.test('each attempt carries a proof of its own, over method and address without the query', async (t) => {
  const server = await serve(({ jkt }) => (jkt === undefined ? no('UNAUTHENTICATED') : ok({ said: jkt })));
  t.teardown(server.close);
  const http = await client(t, server.base);
  const proof = await makeSignKey();
  for (const path of ['/a?b=c', '/a?b=c']) {
    t.match(await http.call({ method: 'GET', path, proof }, Said), { ok: true, value: { said: proof.kid } });
  }
  t.not(server.asked[0]?.headers.dpop, server.asked[1]?.headers.dpop);
  t.match(await http.call({ method: 'GET', path: '/a' }, Said), { code: 'UNAUTHENTICATED', status: 401 });
});

t.test('nobody listening is CLOUD_UNREACHABLE', async (t) => {
  const server = await serve(() => ok({}));
  server.close();
  const http = await client(t, server.base);
  t.match(await http.call({ method: 'GET', path: '/' }, Said), { ok: false, code: 'CLOUD_UNREACHABLE', status: 0 });
});

t.test('no answer in time is CLOUD_SILENT', async (t) => {
  const server = await serve(() => 'written');
  t.teardown(server.close);
  const http = await client(t, server.base, 60);
  t.match(await http.call({ method: 'GET', path: '/' }, Said), { ok: false, code: 'CLOUD_SILENT', status: 0 });
  t.match(await http.open({ method: 'GET', path: '/' }), { ok: false, code: 'CLOUD_SILENT' });
});

t.test('a request with an Idempotency-Key is sent again, under the same key, when its answer is lost', async (t) => {
  let times = 0;
  const server = await serve(({ response }) => {
    times += 1;
    if (times > 2) return ok({ said: 'third' });
    response.destroy();
    return 'written';
  });
  t.teardown(server.close);
  const http = await client(t, server.base);
  const reply = await http.call({ method: 'POST', path: '/', body: {}, once: 'once-and-only' }, Said);
  t.match(reply, { ok: true, value: { said: 'third' } });
  t.strictSame(
    server.asked.map(({ headers }) => headers['idempotency-key']),
    ['once-and-only', 'once-and-only', 'once-and-only'],
  );
  times = 0;
  const plain = await (await client(t, server.base)).call({ method: 'POST', path: '/', body: {} }, Said);
  t.match(plain, { ok: false, code: 'CLOUD_UNREACHABLE' }, 'without a key it is not repeated');
  t.equal(server.asked.length, 4);
});

t.test('connections are kept, and one that was closed meanwhile is replaced unseen', async (t) => {
  const sockets = new Set<unknown>();
  const server: Server = createServer((_request, response) => response.end('{"said":"x"}'));
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const http = await client(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (let n = 0; n < 3; n += 1) t.match(await http.call({ method: 'GET', path: '/' }, Said), { ok: true });
  t.equal(sockets.size, 1);
  server.closeAllConnections();
  t.match(await http.call({ method: 'GET', path: '/' }, Said), { ok: true });
  t.equal(sockets.size, 2);
});
