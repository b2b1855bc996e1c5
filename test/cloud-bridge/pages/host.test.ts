import { createHash } from 'node:crypto';
import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingHttpHeaders } from 'node:http';
import { join, resolve } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { buildPages } from '../../../cloud-bridge/pages/build.ts';
import { policyFor } from '../../../cloud-bridge/pages/headers.ts';
import { servePages } from '../../../cloud-bridge/pages/host.ts';
import { apiNames } from '../../../wire/api-names.ts';
import { pagesBuiltOnce } from './built-once.ts';

const source = resolve(import.meta.dirname, '../../../cloud-bridge/pages');
const api = 'https://api.doorward.example';

const folder = t.testdir();
const { visitor, owner, support, receive, evidence } = await pagesBuiltOnce(folder);

async function served(t: Test) {
  const pages = await servePages({ folder, api, host: '127.0.0.1', port: 0 });
  t.teardown(() => pages.stop());
  return pages;
}

/** To be changed. */
async function copied(t: Test): Promise<string> {
  const copy = join(t.testdir(), 'copy');
  await cp(folder, copy, { recursive: true });
  return copy;
}

/** As it comes over the line. */
const raw = (url: string, accepted: string): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> =>
  new Promise((resolve, reject) => {
    const headers = accepted === '' ? {} : { 'accept-encoding': accepted };
    get(url, { headers }, async (response) => {
      resolve({ headers: response.headers, body: Buffer.concat(await response.toArray()) });
    }).on('error', reject);
  });

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('base64');

t.test('the same sources make the same files, and the index pins script and style', async (t) => {
  t.same(await buildPages(source, join(t.testdir(), 'again')), { visitor, owner, support, receive, evidence });
  for (const [page, hashes] of Object.entries({ visitor, owner, support, receive })) {
    const index = await readFile(join(folder, page, 'index.html'), 'utf8');
    for (const [name, hash] of Object.entries(hashes)) {
      t.equal(sha256(await readFile(join(folder, page, name))), hash, name);
      if (!/\.(js|css)$/.test(name) || name === 'worker.js') continue;
      const isPinned =
        index.includes(`"${name}" integrity="sha256-${hash}"`) || index.includes(`"./${name}":"sha256-${hash}"`);
      t.ok(isPinned, `${name} is pinned`);
    }
    t.notMatch(index, /https?:\/\//, 'nothing comes from elsewhere');
    t.notMatch(
      index.replace(/<script type="importmap">[^<]*/, '').replace(/<style>[^<]*/, page === 'visitor' ? '' : '$&'),
      /<script>|<style>[^<]|\son\w+=|\sstyle=/,
      'nothing stands in the page itself but data: hashes, and the style of the first screen',
    );
  }
});

t.test('what is served is what the list of hashes says', async (t) => {
  const pages = await served(t);
  for (const [place, list] of Object.entries({ '/visit/': visitor, '/app/': owner })) {
    t.same(await (await fetch(`${pages.url}${place}hashes.json`)).json(), list);
    for (const [name, hash] of Object.entries(list)) {
      const response = await fetch(`${pages.url}${place}${name}`);
      t.equal(sha256(new Uint8Array(await response.arrayBuffer())), hash, name);
      t.equal(pages.hashes[`${place}${name}`], hash);
    }
  }
});

t.test(
  'S086: the page that checks evidence is one file to keep, and may ask for nothing wherever it is opened',
  async (t) => {
    const pages = await served(t);
    const response = await fetch(`${pages.url}/evidence/`);
    const text = await response.text();
    t.equal(sha256(text), evidence['index.html'], 'it is in the list');
    t.match(response.headers.get('content-disposition'), /^attachment; filename=/);
    t.equal(response.headers.get('link'), null);
    const [, own = ''] = /http-equiv="content-security-policy" content="([^"]+)"/.exec(text) ?? [];
    t.equal(response.headers.get('content-security-policy'), `${own}; frame-ancestors 'none'`);
    const [, style = ''] = /<style>([^<]*)<\/style>/.exec(text) ?? [];
    const [, script = ''] = /<script type="module">([\s\S]*)<\/script>/.exec(text) ?? [];
    t.same(own.split('; ').slice(0, 3), [
      "default-src 'none'",
      `script-src 'sha256-${sha256(script)}'`,
      `style-src 'sha256-${sha256(style)}'`,
    ]);
    t.notMatch(text, /\s(?:src|href)="|<link|\bimport\s*\(/, 'nothing else belongs to it');
  },
);

t.test('phones on bad lines get it small, and the same bytes', async (t) => {
  const pages = await served(t);
  const script = Object.keys(visitor).find((name) => name.endsWith('.js'))!;
  const lengths: number[] = [];
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['deflate, gzip', 'gzip'],
    ['br;q=0', undefined],
    ['', undefined],
  ] as const) {
    const { headers, body } = await raw(`${pages.url}/visit/${script}`, accepted);
    t.equal(headers['content-encoding'], encoding, accepted);
    t.equal(headers.vary, 'Accept-Encoding');
    t.equal(Number(headers['content-length']), body.length);
    lengths.push(body.length);
    const plain = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body;
    t.equal(sha256(plain), visitor[script], 'what was pinned');
  }
  t.ok(lengths[0]! < 45_000 && lengths[1]! < 45_000, `${lengths}`);
});

t.test('the page may talk to its API alone, is framed by nobody, and leaves nothing behind', async (t) => {
  const pages = await served(t);
  const { headers } = await fetch(`${pages.url}/visit/`);
  const policy = headers.get('content-security-policy') ?? '';
  for (const part of [
    "default-src 'none'",
    'connect-src https://api.doorward.example wss://api.doorward.example',
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ]) {
    t.ok(policy.split('; ').includes(part), part);
  }
  t.notMatch(policy, /unsafe|\*/);
  t.equal(headers.get('set-cookie'), null);
  t.equal(headers.get('referrer-policy'), 'no-referrer');
  t.equal(headers.get('cache-control'), 'no-cache', 'the index is asked for again');
});

t.test(
  'S066: on a bad line the first screen stands in the index, and its script is on the way before the index is',
  async (t) => {
    const pages = await served(t);
    const response = await fetch(`${pages.url}/visit/`);
    const index = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    const [, map = '', style = ''] = /"importmap">([^<]*)<.*<style>([^<]*)</s.exec(index) ?? [];
    t.ok(
      policy.split('; ').includes(`script-src 'self' 'sha256-${sha256(map)}'`),
      'the import map, and no other inline script',
    );
    t.ok(policy.split('; ').includes(`style-src 'self' 'sha256-${sha256(style)}'`), 'this style, and no other');
    t.match(index, /class="screen"/);
    const first = Object.keys(visitor).find((name) => name.startsWith('first-'))!;
    t.equal(
      response.headers.get('link'),
      `<${api}>; rel=preconnect; crossorigin, <${first}>; rel=preload; as=script; crossorigin; integrity="sha256-${visitor[first]}"`,
    );
    const { headers, body } = await raw(`${pages.url}/visit/${first}`, 'br');
    const onTheLine = Buffer.byteLength(JSON.stringify(headers)) + body.length;
    t.ok(onTheLine < 3_600, `its script is ${onTheLine} bytes`);
    const parts = Object.keys(visitor).filter((name) => name.endsWith('.js'));
    const languages = parts.filter((name) => /^\w\w-/.test(name));
    t.equal(languages.length, 14, 'each language is a part of its own, and what it says at a stop another');
    t.notMatch(index, /modulepreload/, 'nothing else shares the line with the first script');
  },
);

t.test('the app may be installed, besides: one worker, one manifest, parts that are pinned', async (t) => {
  const pages = await served(t);
  const { headers, url } = await fetch(`${pages.url}/`);
  t.equal(url, `${pages.url}/app/`);
  const policy = headers.get('content-security-policy') ?? '';
  for (const part of ["worker-src 'self'", "manifest-src 'self'", 'trusted-types doorward-worker']) {
    t.ok(policy.split('; ').includes(part), part);
  }
  t.match(policy, /script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}';/, 'the import map, and no other inline script');
  t.notMatch(policy, /unsafe|\*/);
  const worker = await fetch(`${pages.url}/app/worker.js`);
  t.match(worker.headers.get('content-security-policy'), /connect-src 'self';/, 'it fetches files of its page alone');
  t.equal(worker.headers.get('cache-control'), 'no-cache', 'a newer one is found');
  const manifest = await fetch(`${pages.url}/app/app.webmanifest`);
  t.equal(manifest.headers.get('content-type'), 'application/manifest+json');
});

t.test('whoever comes by the address of before is led to the app', async (t) => {
  const pages = await served(t);
  for (const path of ['/viewer', '/viewer/', '/viewer/index.html']) {
    const { status, headers } = await fetch(`${pages.url}${path}`, { redirect: 'manual' });
    t.same([status, headers.get('location')], [308, '/app/'], path);
  }
});

t.test('files named after their content are kept for ever', async (t) => {
  const pages = await served(t);
  const script = Object.keys(owner).find((name) => name.endsWith('.js'));
  const { headers } = await fetch(`${pages.url}/app/${script}`);
  t.match(headers.get('cache-control'), /immutable/);
  t.equal(headers.get('content-type'), 'text/javascript; charset=utf-8');
});

t.test('only the files of the page are served, and only read', async (t) => {
  const pages = await served(t);
  for (const path of ['/app/../hashes.json', '/app/%2e%2e/host.js', '/etc/passwd', '/app/main.ts', '/app//']) {
    t.equal((await fetch(`${pages.url}${path}`)).status, 404, path);
  }
  for (const method of ['POST', 'PUT', 'DELETE']) {
    t.equal((await fetch(`${pages.url}/app/`, { method })).status, 405, method);
  }
  t.equal(await (await fetch(`${pages.url}/app/`, { method: 'HEAD' })).text(), '');
});

t.test('a file that was changed since it was built is not served', async (t) => {
  const changed = await copied(t);
  const script = Object.keys(owner).find((name) => name.endsWith('.js'))!;
  await appendFile(join(changed, 'owner', script), '//');
  await t.rejects(servePages({ folder: changed, api, host: '127.0.0.1', port: 0 }), { code: 'CONFIG_INVALID' });
  await t.rejects(servePages({ folder: t.testdir(), api, host: '127.0.0.1', port: 0 }), { code: 'CONFIG_INVALID' });
});

t.test('compressed bytes that hold something else are not served; where there are none, they are made', async (t) => {
  const folder = await copied(t);
  const script = Object.keys(visitor).find((name) => name.endsWith('.js'))!;
  const compressed = join(folder, 'visitor', `${script}.br`);
  for (const wrong of [brotliCompressSync('alert(1)'), Buffer.from('nothing of the kind'), Buffer.alloc(0)]) {
    await writeFile(compressed, wrong);
    await t.rejects(servePages({ folder, api, host: '127.0.0.1', port: 0 }), { code: 'CONFIG_INVALID' });
  }
  await rm(compressed);
  const pages = await servePages({ folder, api, host: '127.0.0.1', port: 0 });
  t.teardown(() => pages.stop());
  const { headers, body } = await raw(`${pages.url}/visit/${script}`, 'br');
  t.equal(headers['content-encoding'], 'br');
  t.equal(sha256(brotliDecompressSync(body)), visitor[script]);
});

t.test('an API that is no origin cannot slip into the policy', async (t) => {
  for (const wrong of [
    'api.example',
    'https://a.example/path',
    "https://a.example; script-src 'unsafe-inline'",
    'ftp://a',
  ]) {
    await t.rejects(servePages({ folder, api: wrong, host: '127.0.0.1', port: 0 }), { code: 'USAGE' }, wrong);
  }
  t.match(policyFor(apiNames('http://127.0.0.1:8080')), 'connect-src http://127.0.0.1:8080 ws://127.0.0.1:8080;');
});
