import t from 'tap';
import { checkPages, type PagesReport } from '../../../device/pages/check.ts';
import { sayReport } from '../../../device/pages/says.ts';
import { visitors } from '../../../device/pages/visitors.ts';
import { hashOf } from '../../../wire/jws.ts';
import { manifestPath, type PagesMark } from '../../../wire/pages-manifest.ts';
import { newSignKey } from '../../support/keys.ts';
import { api, at, nowS, openSite, type Said, type Tamper, withHeader } from './site.ts';

const site = await openSite(t);
const check = (more: { seen?: PagesMark; nowS?: number; origin?: string; manifest?: string; withinMs?: number } = {}) =>
  checkPages({ origin: site.origin, api, keys: [site.key], seen: undefined, nowS, withinMs: 20_000, ...more });
const under = async (how: Tamper, more = {}): Promise<PagesReport> => {
  site.tamper(how);
  try {
    return await check(more);
  } finally {
    site.tamper(undefined);
  }
};
const found = ({ findings }: PagesReport): string[] =>
  [...new Set(findings.map(({ path, difference }) => `${path} ${difference.is}`))].sort();

t.test('pages as they were released pass, compressed in each way and with a query', async (t) => {
  const report = await check();
  t.equal(report.outcome, 'same', sayReport(report).join('\n'));
  t.equal(report.manifest?.claims.version, 2);
  const paths = Object.keys(report.manifest?.claims.files ?? {}).length + 3;
  t.ok(report.compared >= paths * visitors.length * 2, `${report.compared} answers`);
  const straight = await check({ origin: site.straight, manifest: await site.release(2) });
  t.equal(straight.outcome, 'same', 'straight from the server that compresses, with a manifest from elsewhere');
});

t.test('whatever is not as released is named, with its path', async (t) => {
  const script = site.script();
  const policy = 'content-security-policy';
  const add = (more: string) => (said: Said) => ({ body: Buffer.concat([said.body, Buffer.from(more)]) });
  const head = (name: string, value: string | undefined) => (said: Said) => withHeader(said, name, value);
  const cases: [string, Tamper, string[]][] = [
    [
      'a script',
      at(script, ({ body }) => ({ body: body.map((byte, index) => (index === 99 ? byte ^ 1 : byte)) as Buffer })),
      [`${script} changed`],
    ],
    ['a longer script', at(script, add('//')), [`${script} too big`]],
    [
      'an index',
      at('/visit/', ({ body }) => ({ body: Buffer.from(body.toString().replace(' integrity=', ' intigrety=')) })),
      ['/visit/ changed'],
    ],
    ['a missing file', at(script, () => ({ status: 404 })), [`${script} missing`]],
    [
      'a file that leads away',
      at(script, () => ({ status: 302, headers: { location: 'https://elsewhere.example/' } })),
      [`${script} moved`],
    ],
    ['a way that leads away', at('/visit', head('location', 'https://elsewhere.example/visit/')), ['/visit moved']],
    ['a weaker policy', at('/app/', head(policy, 'default-src *')), ['/app/ header']],
    [
      'another API',
      at('/app/', (said) => withHeader(said, policy, String(said.headers[policy]).replace('//api.', '//evil.'))),
      ['/app/ header'],
    ],
    ['a header less', at('/app/', head('permissions-policy', undefined)), ['/app/ header']],
    ['a cookie', at('/visit', head('set-cookie', 'a=b')), ['/visit header']],
    ['a wider service worker', at(script, head('service-worker-allowed', '/')), [`${script} header`]],
    [
      'a file too many, in the list of the server',
      at('/app/hashes.json', () => ({ body: Buffer.from('{"evil-0123.js":"x"}') })),
      ['/app/hashes.json changed', '/app/hashes.json listed'],
    ],
    [
      'a script that nobody released',
      at('/sw.js', () => ({ status: 200, body: Buffer.from('self') })),
      ['/sw.js extra'],
    ],
    [
      'a page for whatever is asked',
      (_, { status }) => (status === 404 ? { body: Buffer.from('<script src=/x.js></script>') } : undefined),
      [
        '/(anything) extra',
        '/app/(anything).html extra',
        '/app/(anything).js extra',
        '/service-worker.js extra',
        '/sw.js extra',
      ],
    ],
  ];
  for (const [what, how, expected] of cases) {
    const report = await under(how);
    t.equal(report.outcome, 'different', what);
    t.same(found(report), expected, what);
    t.ok(
      sayReport(report).every((line) => line.startsWith('/')),
      what,
    );
  }
});

t.test('one browser that is served something else is seen, and named', async (t) => {
  const script = site.script('/visit/');
  const report = await under(
    at(script, (_, { agent, query }) =>
      agent.includes('iPhone') && query === '' ? { body: Buffer.from('evil()') } : undefined,
    ),
  );
  t.same(report.findings, [{ path: script, difference: { is: 'changed' }, visitors: ['Safari on an iPhone'] }]);
  t.match(sayReport(report)[0], /is not what was released \(only for Safari on an iPhone\)/);
});

t.test('a manifest is believed from the release key alone, while it counts, and never an older one', async (t) => {
  const good = await site.release(2);
  const mark = { version: 2, hash: hashOf(good) };
  const cloud = await newSignKey('EdDSA');
  const code = async (more: Parameters<typeof check>[0] = {}): Promise<string | undefined> => {
    const report = await check(more);
    t.equal(report.compared, 0);
    t.equal(report.outcome, 'different');
    return report.refused?.code;
  };
  t.equal((await check({ seen: mark })).outcome, 'same', 'the same again');
  t.equal(await code({ seen: { version: 3, hash: mark.hash } }), 'PAGES_MANIFEST_OLD');
  t.equal(await code({ seen: { version: 2, hash: hashOf('another') } }), 'PAGES_MANIFEST_FORKED');
  t.equal(await code({ nowS: nowS + 91 * 86_400 }), 'PAGES_MANIFEST_EXPIRED');
  t.equal(await code({ nowS: nowS - 3600 }), 'PAGES_MANIFEST_EARLY');
  await site.release(9, { key: cloud });
  t.equal(await code(), 'PAGES_MANIFEST_KEY_UNKNOWN', 'a key of the cloud is no release key');
  const [header] = good.split('.');
  const borrowed = ({ body }: Said) => ({ body: Buffer.from(body.toString().replace(/^[^.]+/, header!)) });
  site.tamper(at(manifestPath, borrowed));
  t.equal(await code(), 'PAGES_MANIFEST_NOT_GENUINE');
  site.tamper(at(manifestPath, () => ({ body: Buffer.alloc(300_000, 'x') })));
  t.equal(await code(), 'PAGES_MANIFEST_MALFORMED');
  site.tamper(at(manifestPath, () => ({ status: 404 })));
  t.equal(await code(), 'PAGES_MANIFEST_MISSING');
  site.tamper(undefined);
  await site.release(2);
});

t.test('a release that is put up during the look is no difference', async (t) => {
  const script = site.script();
  let isNew = false;
  let asked = 0;
  const next = await site.release(3);
  await site.release(2);
  // The old manifest, then a script of a release that is half put up, then all of the new one.
  const report = await under(({ path }) => {
    if (path === manifestPath && isNew) return { body: Buffer.from(next) };
    if (path !== script) return undefined;
    asked += 1;
    isNew = true;
    return asked === 1 ? { body: Buffer.from('half') } : undefined;
  });
  t.equal(report.outcome, 'same');
  t.equal(report.manifest?.claims.version, 3);
});

t.test('a server that is huge, endless, slow or unwell does not hold the hub up', async (t) => {
  const script = site.script();
  const huge = await under(at(script, () => ({ body: Buffer.alloc(8_000_000) })));
  t.same(found(huge), [`${script} too big`]);
  const endless = await under(({ path }, _, response) => {
    if (path !== script) return undefined;
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.writeHead(200).on('drain', more);
    more();
    return 'taken';
  });
  t.same(found(endless), [`${script} too big`]);
  // Nothing ever comes: that is no knowledge, and no alarm.
  const silent: Tamper = ({ path }, _, response) => {
    if (path !== '/visit') return undefined;
    response.writeHead(308).flushHeaders();
    return 'taken';
  };
  const slow = await under(silent, { withinMs: 2_000 });
  t.equal(slow.outcome, 'unread');
  t.same(slow.unread, { '/visit': 'slow' });
  const ill = await under(at(script, () => ({ status: 503 })));
  t.equal(ill.outcome, 'unread');
  t.same(sayReport(ill), [`${script} could not be read: status 503`]);
  const gone = await check({ origin: 'http://127.0.0.1:9' });
  t.match(gone, { outcome: 'unread', refused: { code: 'PAGES_UNREAD', detail: { why: 'ECONNREFUSED' } } });
});
