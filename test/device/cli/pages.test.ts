import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { faults } from '../../../wire/faults.ts';
import { hashOf } from '../../../wire/jws.ts';
import { typescript } from '../../support/node.ts';
import { doorward } from '../../support/program.ts';
import { at, openSite } from '../pages/site.ts';

const release = resolve(import.meta.dirname, '../../../cloud-bridge/release/main.ts');
const site = await openSite(t);
const folder = t.testdir();
const manifest = join(folder, 'pages.jws');
const x = site.key.jwk.x;
const nowS = Math.floor(Date.now() / 1000);
const flags = ['--release-key', x, '--api', 'https://api.doorward.example', '--json'];
const newest = await site.release(5, { nowS });

/** A machine with a hub that has seen a release. */
const configFor = (seen: object): string => {
  const dataDir = t.testdir();
  writeFileSync(join(dataDir, 'pages-mark.json'), JSON.stringify(seen));
  const pages = { url: site.origin, releaseKeys: [x], api: 'https://api.doorward.example' };
  writeFileSync(join(dataDir, 'hub.json'), JSON.stringify({ dataDir, doors: [], pages }));
  return join(dataDir, 'hub.json');
};

t.test('the release key signs where releases are made; pages as released pass on any machine', async (t) => {
  const key = join(folder, 'release.jwk');
  const run = promisify(execFile);
  const sign = (...args: string[]) => run(process.execPath, [typescript, release, ...args, '--key', key, '--json']);
  const made = JSON.parse((await sign('key')).stdout);
  t.equal(statSync(key).mode & 0o777, 0o600);
  await t.rejects(sign('key'), { code: faults.CONFIG_INVALID.exit }, 'a key is not overwritten');
  const kept = readFileSync(key, 'utf8');
  await sign('sign', '--folder', site.folder, '--out', manifest, '--number', '6');
  t.equal(readFileSync(key, 'utf8'), kept);
  await t.rejects(sign('sign', '--folder', folder), { code: faults.CONFIG_INVALID.exit }, 'nothing was built there');
  await t.rejects(sign('sign', '--days', '500'), { code: faults.USAGE.exit });

  const own = ['--release-key', made.key, '--api', 'https://api.doorward.example', '--manifest', manifest];
  const ran = await doorward('pages', 'check', site.origin, ...own);
  t.equal(ran.exit, 0, ran.said);
  t.match(ran.out, /serves what was released/);
  t.match(ran.out, /release 0\.1\.0 \(6\)/);
});

t.test('what differs is said in plain words, and the exit code says it too', async (t) => {
  const script = site.script('/visit/');
  site.tamper(at(script, () => ({ body: Buffer.from('evil()') })));
  const ran = await doorward('pages', 'check', site.origin, ...flags);
  t.equal(ran.exit, faults.PAGES_DIFFER.exit);
  const difference = { is: 'changed' };
  t.match(JSON.parse(ran.out), {
    ok: false,
    code: 'PAGES_DIFFER',
    findings: [{ path: script, difference }],
    version: 5,
  });
  site.tamper(undefined);
});

t.test('on a hub its settings are enough, and an older release than it has seen does not pass', async (t) => {
  const good = await doorward('pages', 'check', '--config', configFor({ version: 5, hash: hashOf(newest) }));
  t.equal(good.exit, 0, good.said);
  const old = await doorward('pages', 'check', '--config', configFor({ version: 6, hash: hashOf('six') }));
  t.equal(old.exit, faults.PAGES_MANIFEST_OLD.exit);
  t.match(old.out, /A newer manifest of the pages was seen before/);
});

t.test('what was not said is asked for by name', async (t) => {
  const cases: [string[], RegExp][] = [
    [['--release-key', x, '--api', 'https://a.example'], /the address/],
    [[site.origin, '--api', 'https://a.example'], /--release-key/],
    [[site.origin, '--release-key', x], /--api/],
    [['http://pages.example', '--release-key', x, '--api', 'https://a.example'], /https/],
  ];
  for (const [args, says] of cases) {
    const ran = await doorward('pages', 'check', ...args);
    t.equal(ran.exit, faults.USAGE.exit, args.join(' '));
    t.match(ran.said, says);
  }
});
