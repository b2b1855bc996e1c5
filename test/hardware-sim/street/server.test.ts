import { request } from 'node:http';
import { resolve } from 'node:path';
import t from 'tap';
import { buildStreetPage } from '../../../hardware-sim/street/build.ts';
import { serveStreet } from '../../../hardware-sim/street/server.ts';
import { Stage } from '../../../hardware-sim/street/stage.ts';
import { codeOf } from '../../support/code-of.ts';

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const folder = t.testdir();
await buildStreetPage(resolve(import.meta.dirname, '../../../hardware-sim/street/page'), folder);
const stage = new Stage();
stage.comesUp('broker', 'listens');
const page = await serveStreet(stage, { folder, port: 0 });
t.teardown(() => page.stop());
const { host, port } = new URL(page.url);

/** Until the answer ends, or the first event of a stream has come. */
const ask = ({ method = 'GET', path, headers = {}, body }: Asked) =>
  new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((done, fail) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers: { host, ...headers } }, (response) => {
      let text = '';
      const end = (): void => {
        done({ status: response.statusCode ?? 0, headers: response.headers, text });
        outgoing.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        if (path === '/told' && text.endsWith('\n\n')) end();
      });
      response.on('end', end);
    });
    outgoing.on('error', fail);
    outgoing.end(body);
  });
const post = (headers: Record<string, string>, body = '{"act":"hands.push"}') =>
  ask({ method: 'POST', path: '/acts', headers: { 'content-type': 'application/json', ...headers }, body });

t.test('the page comes without inline code, and runs only what it brought', async (t) => {
  const { status, headers, text } = await ask({ path: '/' });
  t.equal(status, 200);
  t.match(headers['content-security-policy'], /default-src 'none'; script-src 'self'; style-src 'self';/);
  t.match(headers['content-security-policy'], /frame-ancestors 'none'/);
  t.notMatch(text, /<script(?! type="module" src=)|<style|\son\w+=/);
  for (const path of ['/main.js', '/style.css', '/icon.svg']) t.equal((await ask({ path })).status, 200, path);
  for (const path of ['/picture', '/sealed', '/nothing', '/../package.json']) {
    t.equal((await ask({ path })).status, 404, path);
  }
  t.equal((await ask({ method: 'PUT', path: '/' })).status, 405);
});

t.test('everything is told at once to whoever comes', async (t) => {
  const { text } = await ask({ path: '/told' });
  const told = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '{}');
  t.match(told, { at: 'coming-up', setup: [{ who: 'broker', what: 'listens' }], can: [], courier: { at: 'none' } });
});

t.test('a name that was pointed here gets nothing (DNS rebinding)', async (t) => {
  for (const path of ['/', '/told', '/main.js', '/picture']) {
    const { status, text } = await ask({ path, headers: { host: `evil.example:${port}` } });
    t.match({ status, text }, { status: 403, text: '' }, path);
  }
  t.equal((await ask({ path: '/', headers: { host: `localhost:${port}` } })).status, 200);
});

t.test('another page can ask for nothing here', async (t) => {
  const ours = { origin: page.url };
  t.equal((await post(ours)).status, 409, 'the page itself is heard; there is no door yet');
  for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }]) {
    t.equal((await post(headers)).status, 403, JSON.stringify(headers));
  }
  t.equal((await post({ ...ours, 'content-type': 'text/plain' })).status, 403, 'nor by a form');
  for (const path of ['/told', '/picture', '/main.js']) {
    t.equal((await ask({ path, headers: { 'sec-fetch-site': 'cross-site' } })).status, 403, path);
  }
  const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };
  t.equal((await ask({ path: '/', headers: followed })).status, 200, 'but a link to it may be followed');
});

t.test('what is no act is refused', async (t) => {
  const ours = { origin: page.url };
  for (const body of ['', '{', '{"act":"hub.rm"}', '{"act":"hands.push","more":1}', '[]']) {
    t.match(await post(ours, body), { status: 400, text: '{"code":"BODY_MALFORMED"}' }, body);
  }
  t.equal((await post(ours, JSON.stringify({ act: 'hands.push', of: 'x'.repeat(2_000) }))).status, 413);
});

t.test('a page that is not built, and a port that is taken, are said at the start', async (t) => {
  t.equal(await codeOf(serveStreet(stage, { folder: t.testdir(), port: 0 })), 'CONFIG_INVALID');
  t.equal(await codeOf(serveStreet(stage, { folder, port: Number(port) })), 'CONFIG_INVALID');
});
