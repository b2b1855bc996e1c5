import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { enrolmentForm } from '../../../wire/enrolment.ts';
import { hashOf, newId, signDocument } from '../../../wire/jws.ts';
import { mediaIdOf } from '../../../wire/topics.ts';
import { newTlsKeys, ScriptedHub, toCsr } from '../support/hub.ts';
import { newEcJwk, newSignKey } from '../support/keys.ts';
import { ask, makeWorld } from '../support/world.ts';

async function setUp(t: Parameters<typeof makeWorld>[0]) {
  const world = await makeWorld(t, { broker: false });
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const { home } = (await ask(world.cloud, 'POST', '/v1/homes', { headers, body: {} })).body;
  const newToken = () => ask(world.cloud, 'POST', `/v1/homes/${home}/enrolment-tokens`, { headers, body: {} });
  const enrol = (body: unknown) => ask(world.cloud, 'POST', '/v1/hubs/enrol', { body, key: false });
  const hub = new ScriptedHub(await newSignKey('Ed25519'), await newEcJwk());
  return { world, headers, home, newToken, enrol, hub };
}

t.test("a hub gets a certificate for its key with the cloud's subject, not its own", async (t) => {
  const { world, home, newToken, enrol, hub } = await setUp(t);
  const { token } = (await newToken()).body;
  const keys = await newTlsKeys();
  const answer = await enrol(await hub.enrolmentRequest(token, await toCsr(keys, 'CN=cloud-1, OU=cloud')));
  t.equal(answer.status, 201);
  t.equal(answer.body.home, home);
  const certificate = new X509Certificate(answer.body.certificate);
  t.equal(certificate.subject, `CN=${answer.body.hub}\nOU=hub`, 'T18: a forged subject gives no other role');
  t.equal(certificate.ca, false);
  t.ok(certificate.verify(new X509Certificate(answer.body.brokerCa).publicKey));
  t.same(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2'], 'a client, never a server');
  const media = new X509Certificate(answer.body.mediaCertificate);
  t.equal(media.subject, `CN=${mediaIdOf(answer.body.hub)}\nOU=media`, 'and a second one, for pictures alone');
  t.ok(media.publicKey.equals(certificate.publicKey), 'for the same key');
  t.ok(media.verify(new X509Certificate(answer.body.brokerCa).publicKey));
  t.match(media, { ca: false, keyUsage: ['1.3.6.1.5.5.7.3.2'] });
  t.equal(answer.body.brokerCa, await readFile(join(world.dataDir, 'ca/device-ca.pem'), 'utf8'));
  t.equal(hashOf(answer.body.rootSet), world.rootHash);
});

t.test('a token counts once; the identical request gets the same hub again', async (t) => {
  const { newToken, enrol, hub, home, world, headers } = await setUp(t);
  const { token } = (await newToken()).body;
  const second = (await newToken()).body.token;
  const request = await hub.enrolmentRequest(token, await toCsr(await newTlsKeys()));
  const [first, twin] = await Promise.all([enrol(request), enrol(request)]);
  t.equal(first.status, 201);
  t.equal(twin.body.hub, first.body.hub, 'even when it comes in twice at once');
  t.equal((await enrol(request)).body.hub, first.body.hub);

  const other = new ScriptedHub(await newSignKey('Ed25519'), await newEcJwk());
  const stolen = await other.enrolmentRequest(token, request.csr);
  t.match(await enrol(stolen), { status: 401, body: { code: 'ENROLMENT_TOKEN_UNKNOWN' } }, 'another key');
  const otherCsr = await hub.enrolmentRequest(token, await toCsr(await newTlsKeys()));
  t.equal((await enrol(otherCsr)).body.code, 'ENROLMENT_TOKEN_UNKNOWN', 'another certificate request');
  const again = await hub.enrolmentRequest(second, await toCsr(await newTlsKeys()));
  t.equal((await enrol(again)).body.code, 'ENROLMENT_TOKEN_UNKNOWN', 'a home has one hub');
  const path = `/v1/homes/${home}/enrolment-tokens`;
  t.equal((await ask(world.cloud, 'POST', path, { headers, body: {} })).body.code, 'ENROLMENT_DONE');
});

t.test('unknown and late tokens are refused', async (t) => {
  const { world, newToken, enrol, hub } = await setUp(t);
  const csr = await toCsr(await newTlsKeys());
  t.equal((await enrol(await hub.enrolmentRequest(newId(), csr))).body.code, 'ENROLMENT_TOKEN_UNKNOWN');
  const { token, expiresAt } = (await newToken()).body;
  t.ok(expiresAt - world.now() <= 3_600_000);
  const request = await hub.enrolmentRequest(token, csr);
  t.equal((await enrol(request)).status, 201);
  world.wind(3_600_001);
  t.equal((await enrol(request)).body.code, 'ENROLMENT_TOKEN_UNKNOWN', 'after the hour not even the same hub');
});

t.test('proofs that do not fit are refused and leave the token unused', async (t) => {
  const { newToken, enrol, hub } = await setUp(t);
  const { token } = (await newToken()).body;
  const csr = await toCsr(await newTlsKeys());
  const claims = { iat: 1, token: hashOf(token), csr: hashOf(csr), seal: hub.seal };
  const sign = (changed: object, key = hub.sign) => signDocument(enrolmentForm, { ...claims, ...changed }, key);
  const good = await sign({});
  const [, payload] = good.split('.');
  const [, , otherSignature] = (await sign({}, await newSignKey('Ed25519'))).split('.');
  const cases: readonly [string, object, string][] = [
    ['another token', { proof: await sign({ token: hashOf(newId()) }) }, 'ENROLMENT_NOT_GENUINE'],
    ['another request', { proof: await sign({ csr: hashOf('else') }) }, 'ENROLMENT_NOT_GENUINE'],
    ['another signature', { proof: `${good.split('.')[0]}.${payload}.${otherSignature}` }, 'ENROLMENT_NOT_GENUINE'],
    ['no proof', { proof: 'nothing' }, 'ENROLMENT_MALFORMED'],
    ['a request that is none', { csr: '-----BEGIN NOTHING-----' }, 'ENROLMENT_NOT_GENUINE'],
    ['a body without a token', { token: undefined }, 'BODY_MALFORMED'],
    ['a field too many', { admin: true }, 'BODY_MALFORMED'],
  ];
  for (const [what, changed, code] of cases) {
    t.equal((await enrol({ token, csr, proof: good, ...changed })).body.code, code, what);
  }
  const noCsr = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----';
  t.equal((await enrol(await hub.enrolmentRequest(token, noCsr))).body.code, 'ENROLMENT_MALFORMED');
  const broken = csr.replace(
    // Not the very last digit: some of its bits stand for nothing.
    /([A-Za-z0-9+/])(.{4}={0,2}\n-----END)/,
    (_all, one: string, rest: string) => `${one === 'A' ? 'B' : 'A'}${rest}`,
  );
  const edited = await enrol(await hub.enrolmentRequest(token, broken));
  t.equal(edited.status === 401 || edited.status === 400, true, 'a request that its key has not signed');
  t.equal((await enrol({ token, csr, proof: good })).status, 201, 'the token is still good');
});
