import { CompactSign } from 'jose';
import t from 'tap';
import { proofForm } from '../../../cloud-bridge/http/dpop.ts';
import { newId, signDocument } from '../../../wire/jws.ts';
import { makeHome } from '../support/home.ts';
import { newSignKey, prove } from '../support/keys.ts';
import { ask } from '../support/world.ts';

t.test('T12, T44: a proof counts once, for this request, by a pinned device, for a minute', async (t) => {
  const { world, owner } = await makeHome(t);
  const path = owner.home;
  const nowS = Math.floor(Date.now() / 1000);
  const get = (headers: Record<string, string>, to = path) => ask(world.cloud, 'GET', to, { headers });

  const good = await prove(owner.key, { method: 'GET', path });
  t.equal((await get(good)).status, 200);
  t.match(await get(good), { status: 401, body: { code: 'PROOF_REPLAYED' } });
  const second = await world.another();
  t.equal((await ask(second, 'GET', path, { headers: good })).body.code, 'PROOF_REPLAYED', 'at another instance too');

  const claims = { htm: 'GET', htu: `http://cloud.test${path}`, iat: nowS, jti: newId() };
  const sign = (changed: object, key = owner.key) =>
    signDocument(proofForm, { ...claims, jti: newId(), ...changed }, key);
  const cases: readonly [string, string, string][] = [
    ['another method', await sign({ htm: 'POST' }), 'htm'],
    ['another path', await sign({ htu: 'http://cloud.test/v1/hubs' }), 'htu'],
    ['another host', await sign({ htu: `http://evil.test${path}` }), 'htu'],
    ['no URL', await sign({ htu: 'nothing' }), 'htu'],
    ['too old', await sign({ iat: nowS - 70 }), 'iat'],
    ['from the future', await sign({ iat: nowS + 70 }), 'iat'],
    [
      'another type',
      (await sign({})).replace(
        /^[^.]+/,
        Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'JWT', jwk: owner.key.jwk })).toString('base64url'),
      ),
      'typ',
    ],
    ['no JWS', 'nothing', 'not three parts'],
  ];
  for (const [what, dpop, why] of cases) {
    t.match(await get({ dpop }), { status: 401, body: { code: 'UNAUTHENTICATED', detail: { why } } }, what);
  }
  t.match(await get({}), { status: 401, body: { detail: { why: 'no DPoP header' } } });

  const edited = await prove(owner.key, { method: 'GET', path });
  const [head, body, signature] = edited.dpop.split('.');
  const other = (await prove(await newSignKey('ES256'), { method: 'GET', path })).dpop.split('.')[2];
  t.equal((await get({ dpop: `${head}.${body}.${other}` })).status, 401, 'the signature of another key');
  t.ok(signature);
  const stranger = await newSignKey('ES256');
  t.equal((await get(await prove(stranger, { method: 'GET', path }))).status, 404, 'a device that is not pinned');

  const okp = await newSignKey('Ed25519');
  const eddsa = await new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'dpop+jwt', jwk: okp.jwk })
    .sign(okp.privateKey);
  t.equal((await get({ dpop: eddsa })).status, 401, 'a key of another kind');
  const none = `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: owner.key.jwk })).toString('base64url')}.${body}.`;
  t.equal((await get({ dpop: none })).status, 401, 'no signature at all');
});
