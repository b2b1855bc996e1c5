import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { install } from '../../../cloud-bridge/config/install.ts';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { checkConfig } from '../../../cloud-bridge/config/load.ts';
import { buildCloud } from '../../../cloud-bridge/main.ts';
import { renewIssuerSet } from '../../../cloud-bridge/roots/ceremony.ts';
import { loadSets } from '../../../cloud-bridge/roots/sets.ts';
import { createSigningKey } from '../../../cloud-bridge/signer/file.ts';
import { hashOf } from '../../../wire/jws.ts';

async function setUp(t: { teardown(work: () => unknown): void }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'doorward-install-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const wish = {
    dataDir,
    offlineDir: join(dataDir, 'offline'),
    brokerNames: ['broker.example', '192.0.2.7'],
    instance: 'cloud-a',
    issuer: 'doorward',
    rootCount: 3,
    threshold: 2,
    nowMs: Date.now(),
  };
  return { wish, at: layoutOf(dataDir), nowS: Math.floor(Date.now() / 1000) };
}

t.test('a new installation has everything that broker and service need', async (t) => {
  const { wish, at, nowS } = await setUp(t);
  const done = await install(wish);
  const ca = new X509Certificate(await readFile(at.caCertificate, 'utf8'));
  t.ok(ca.ca);
  const broker = new X509Certificate(await readFile(at.brokerCertificate, 'utf8'));
  t.ok(broker.verify(ca.publicKey));
  for (const name of ['localhost', 'broker.example']) t.equal(broker.checkHost(name), name);
  for (const ip of ['127.0.0.1', '192.0.2.7']) t.equal(broker.checkIP(ip), ip);
  t.same(broker.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  const client = new X509Certificate(await readFile(at.clientCertificate, 'utf8'));
  t.equal(client.subject, 'CN=cloud-a\nOU=cloud');
  t.same(client.keyUsage, ['1.3.6.1.5.5.7.3.2']);
  const media = new X509Certificate(await readFile(at.mediaCertificate, 'utf8'));
  t.equal(media.subject, 'CN=cloudmedia-a\nOU=cloudmedia');
  t.same(media.keyUsage, ['1.3.6.1.5.5.7.3.2']);
  t.ok(media.checkPrivateKey(createPrivateKey(await readFile(at.mediaKey, 'utf8'))));
  t.notOk(media.publicKey.equals(client.publicKey), 'a key of its own');
  const sets = await loadSets(at.roots, nowS);
  t.match(sets.issuers, { version: 1, issuer: 'doorward' });
  t.equal(done.rootHash, hashOf(sets.rootSets[0]!.text));
  t.equal(hashOf(done.operatorToken!), await readFile(at.operatorHash, 'utf8'));
  for (const secret of [at.caKey, at.brokerKey, at.clientKey, at.mediaKey, at.issuerKey, at.codeKey, at.operatorHash]) {
    t.equal((await stat(secret)).mode & 0o077, 0, 'for the service alone');
  }
  t.same((await readdir(wish.offlineDir)).sort(), ['operator.token', 'root-1.jwk', 'root-2.jwk', 'root-3.jwk']);
});

t.test('again changes nothing, and without its offline folder everything still runs', async (t) => {
  const { wish, at } = await setUp(t);
  const first = await install(wish);
  t.same(await install(wish), { ...first, fresh: false });
  await rm(wish.offlineDir, { recursive: true });
  t.same(await install(wish), { ...first, operatorToken: undefined, fresh: false });
  t.notOk((await readdir(wish.dataDir)).includes('offline'));
  const cloud = await buildCloud(checkConfig({ dataDir: wish.dataDir, logLevel: 'silent' }));
  t.equal((await cloud.app.inject('/health')).statusCode, 200, 'the service needs no root key');
  await cloud.stop();
  t.ok(at);
});

t.test('an installation that was interrupted goes on', async (t) => {
  const { wish, at } = await setUp(t);
  await install(wish);
  for (const lost of [join(at.roots, 'root-set.1.json'), at.operatorHash, at.clientCertificate, at.mediaCertificate]) {
    await rm(lost);
    t.ok((await install(wish)).operatorToken);
    await (await buildCloud(checkConfig({ dataDir: wish.dataDir, logLevel: 'silent' }))).stop();
  }
});

t.test(
  'an installation from before the media link gets its certificate at the next init, by the name that it has',
  async (t) => {
    const { wish, at } = await setUp(t);
    await install(wish);
    await Promise.all([rm(at.mediaCertificate), rm(at.mediaKey)]);
    const start = () => buildCloud(checkConfig({ dataDir: wish.dataDir, logLevel: 'silent' }));
    await t.rejects(start(), { code: 'CONFIG_INVALID', detail: { why: /doorward-cloud init/ } }, 'and says so before');
    const before = await readFile(at.clientCertificate, 'utf8');
    t.match(await install({ ...wish, instance: 'cloud-other' }), { fresh: false, mediaAdded: true });
    t.equal(await readFile(at.clientCertificate, 'utf8'), before);
    const media = await readFile(at.mediaCertificate, 'utf8');
    t.equal(new X509Certificate(media).subject, 'CN=cloudmedia-a\nOU=cloudmedia');
    t.match(await install(wish), { fresh: false, mediaAdded: false });
    t.equal(await readFile(at.mediaCertificate, 'utf8'), media, 'once');
    await (await start()).stop();
  },
);

t.test('an installation from before hand-over codes gets its key at the next init, once', async (t) => {
  const { wish, at } = await setUp(t);
  await install(wish);
  await rm(at.codeKey);
  const start = () => buildCloud(checkConfig({ dataDir: wish.dataDir, logLevel: 'silent' }));
  await t.rejects(start(), { code: 'CONFIG_INVALID', detail: { why: /doorward-cloud init/ } }, 'and says so before');
  t.match(await install(wish), { fresh: false, codeAdded: true });
  const key = await readFile(at.codeKey, 'utf8');
  t.match(await install(wish), { fresh: false, codeAdded: false });
  t.equal(await readFile(at.codeKey, 'utf8'), key, 'codes that are out stay good');
  await (await start()).stop();
});

t.test('a threshold above the number of keys is refused', async (t) => {
  const { wish } = await setUp(t);
  await t.rejects(install({ ...wish, threshold: 4 }), { code: 'USAGE' });
  const file = join(wish.dataDir, 'a-file');
  await writeFile(file, '');
  await t.rejects(
    install({ ...wish, dataDir: join(file, 'below') }),
    { code: 'CONFIG_INVALID' },
    'no folder can be made',
  );
});

t.test('a service with the wrong keys or sets does not start', async (t) => {
  const { wish, at } = await setUp(t);
  await install(wish);
  const start = () => buildCloud(checkConfig({ dataDir: wish.dataDir, logLevel: 'silent' }));
  const spoil = async (file: string, text: string, code: string, what: string): Promise<void> => {
    const before = await readFile(file, 'utf8');
    await writeFile(file, text);
    await t.rejects(start(), { code }, what);
    await writeFile(file, before);
  };
  const other = await createSigningKey();
  await spoil(at.issuerKey, JSON.stringify(other), 'CONFIG_INVALID', 'a key that the issuer set does not name');
  await spoil(at.issuerKey, 'nothing', 'CONFIG_INVALID', 'no key');
  await spoil(join(at.roots, 'issuer-set.json'), '{}', 'ISSUER_SET_MALFORMED', 'no set');
  const { kty, crv, x } = other;
  const foreign = await renewIssuerSet({
    issuer: 'doorward',
    issuerKey: { kty, crv, x },
    nowS: Math.floor(Date.now() / 1000),
    version: 2,
    rootKeys: [await createSigningKey(), await createSigningKey()],
  });
  await spoil(join(at.roots, 'issuer-set.json'), foreign, 'ISSUER_SET_NOT_GENUINE', 'signed by other roots');
  await spoil(at.caKey, 'nothing', 'CONFIG_INVALID', 'no CA key');
  await spoil(
    at.clientCertificate,
    await readFile(at.brokerCertificate, 'utf8'),
    'CONFIG_INVALID',
    'no cloud certificate',
  );
  await spoil(
    at.mediaCertificate,
    await readFile(at.clientCertificate, 'utf8'),
    'CONFIG_INVALID',
    'no certificate of a media client',
  );
  await (await start()).stop();
});

t.test('the next issuer set needs the threshold of root keys', async (t) => {
  const { wish, at, nowS } = await setUp(t);
  await install(wish);
  const keys = await Promise.all(
    [1, 2, 3].map(async (n) => JSON.parse(await readFile(join(wish.offlineDir, `root-${n}.jwk`), 'utf8'))),
  );
  const { kty, crv, x } = JSON.parse(await readFile(at.issuerKey, 'utf8'));
  const sign = (rootKeys: typeof keys) =>
    renewIssuerSet({ issuer: 'doorward', issuerKey: { kty, crv, x }, nowS, version: 2, rootKeys });
  await writeFile(join(at.roots, 'issuer-set.json'), await sign([keys[0]]));
  await t.rejects(loadSets(at.roots, nowS), { code: 'ISSUER_SET_NOT_GENUINE' });
  await writeFile(join(at.roots, 'issuer-set.json'), await sign([keys[0], keys[2]]));
  t.equal((await loadSets(at.roots, nowS)).issuerSet.version, 2);
});

t.test('settings that are unknown or out of range are refused by name', async (t) => {
  t.throws(() => checkConfig({ dataDir: '/x', colour: 'red' }), {
    code: 'CONFIG_INVALID',
    detail: { setting: 'colour' },
  });
  t.throws(() => checkConfig({ dataDir: '/x', port: 70_000 }), { code: 'CONFIG_INVALID', detail: { setting: 'port' } });
  t.throws(() => checkConfig({ dataDir: '/x', broker: 'mqtt://x' }), {
    code: 'CONFIG_INVALID',
    detail: { setting: 'broker' },
  });
  t.match(checkConfig({ dataDir: '/x' }), { host: '127.0.0.1', port: 8080, broker: 'mqtts://127.0.0.1:8883' });
});
