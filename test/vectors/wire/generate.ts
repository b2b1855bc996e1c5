/**
 * Makes test/vectors/wire/documents.json: `node --import=tsx test/vectors/wire/generate.ts > test/vectors/wire/documents.json`.
 *
 * Written without wire/ and without jose: JWS (RFC 7515), EdDSA (RFC 8037) and ES256 (RFC 7518 section 3.4) by hand over
 * node:crypto, thumbprints (RFC 7638) by hand, so that the documents are those of a second implementation. The keys are fixed
 * and known to everybody: they protect nothing.
 */
import { createECDH, createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';

const b64 = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64url');
const sha = (text: string): Buffer => createHash('sha256').update(text).digest();

interface Key {
  readonly jwk: Record<string, string>;
  readonly kid: string;
  readonly alg: 'EdDSA' | 'ES256';
  readonly privateKey: KeyObject;
}

/** Ed25519 from the SHA-256 of a name as its seed. */
function edKey(name: string): Key {
  const seed = sha(`doorward vector ${name}`);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x = '' } = privateKey.export({ format: 'jwk' });
  const kid = b64(sha(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`));
  return { jwk: { kty: 'OKP', crv: 'Ed25519', x }, kid, alg: 'EdDSA', privateKey };
}

/** P-256 from the SHA-256 of a name as its private number. */
function ecKey(name: string): Key {
  const d = sha(`doorward vector ${name}`);
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const [x, y] = [b64(point.subarray(1, 33)), b64(point.subarray(33))];
  const privateKey = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d: b64(d) }, format: 'jwk' });
  const kid = b64(sha(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`));
  return { jwk: { kty: 'EC', crv: 'P-256', x, y }, kid, alg: 'ES256', privateKey };
}

const signature = (key: Key, input: string): string =>
  key.alg === 'EdDSA'
    ? b64(sign(null, Buffer.from(input), key.privateKey))
    : b64(sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }));

function compact(typ: string, claims: object, key: Key, named: 'kid' | 'jwk' = 'kid'): string {
  const header = { typ, alg: key.alg, ...(named === 'kid' ? { kid: key.kid } : { jwk: key.jwk }) };
  const input = `${b64(JSON.stringify(header))}.${b64(JSON.stringify(claims))}`;
  return `${input}.${signature(key, input)}`;
}

function set(typ: string, claims: object, keys: readonly Key[]): string {
  const payload = b64(JSON.stringify(claims));
  const signatures = keys.map((key) => {
    const header = b64(JSON.stringify({ kid: key.kid, typ, alg: key.alg }));
    return { protected: header, signature: signature(key, `${header}.${payload}`) };
  });
  return JSON.stringify({ signatures, payload });
}

const keys = {
  hub: edKey('hub'),
  issuer: edKey('issuer'),
  root1: edKey('root 1'),
  root2: edKey('root 2'),
  root3: edKey('root 3'),
  owner: ecKey('owner'),
  ownerSeal: ecKey('owner seal'),
  carrier: ecKey('carrier'),
  courier: ecKey('courier'),
};
const nowS = 1_790_000_000;
const id = (n: number): string => String(n).padStart(22, 'i');
const aud = 'hub-vectorvectorvector12';
const door = 'door-vectorvectorvector12';
const carrierJwk = keys.carrier.jwk;
const rootKeys = [keys.root1.jwk, keys.root2.jwk, keys.root3.jwk];
const issuerKeys = [{ jwk: keys.issuer.jwk, nbf: nowS - 1000, exp: nowS + 86_400 }];
const rule = {
  id: 'rule-1',
  door,
  party: { kind: 'carrier', id: 'hermes', jwk: carrierJwk },
  from: nowS - 3600,
  until: nowS + 7200,
  visits: 1,
  entries: 1,
  camera: 'recorded',
  consent: 'ask',
};
const grantClaims = {
  iss: 'doorward',
  aud,
  jti: id(1),
  sub: 'courier-7',
  door,
  purpose: 'delivery',
  rule: 'rule-1',
  iat: nowS - 10,
  nbf: nowS - 10,
  exp: nowS + 3600,
  entries: 1,
  epoch: 0,
  cnf: { jkt: keys.courier.kid },
  delivery: id(2),
};
const grant = compact('grant+jwt', grantClaims, keys.issuer);
const grantHash = b64(sha(grant));
const hash = b64(sha('an entry'));
const by = { aud, iat: nowS };
const lease = nowS + 7 * 86_400;
const device = { sign: keys.owner.jwk, seal: keys.ownerSeal.jwk };

const documents = {
  rootSet: set('rootset+jwt', { version: 1, exp: lease, threshold: 2, keys: rootKeys }, [keys.root1, keys.root3]),
  issuerSet: set('issuerset+jwt', { version: 1, exp: lease, issuer: 'doorward', keys: issuerKeys }, [
    keys.root2,
    keys.root3,
  ]),
  ownerList: compact('ownerlist+jwt', { iss: aud, version: 1, iat: nowS, devices: [device] }, keys.hub),
  ruleBook: compact('rulebook+jwt', { ...by, version: 1, exp: lease, rules: [rule] }, keys.owner),
  grant,
  assignment: compact(
    'assignment+jwt',
    {
      iss: 'hermes',
      ...by,
      jti: id(3),
      nbf: nowS - 10,
      exp: nowS + 3600,
      delivery: id(2),
      door,
      cnf: { jkt: keys.courier.kid },
    },
    keys.carrier,
  ),
  approval: compact('approval+jwt', { ...by, jti: id(4), exp: nowS + 3600, door, grant: grantHash }, keys.owner),
  knock: compact(
    'knock+jwt',
    { ...by, jti: id(5), act: 'unlock', visit: id(6), grant: grantHash, nonce: id(7) },
    keys.courier,
    'jwk',
  ),
  revocation: compact('revocation+jwt', { ...by, jti: id(8), ends: { kind: 'visit', id: id(6) } }, keys.owner),
  ownerChange: compact('ownerchange+jwt', { ...by, jti: id(9), version: 2, add: device }, keys.owner),
  clearance: compact('clearance+jwt', { ...by, jti: id(10), door, alarm: 12 }, keys.owner),
  clockReset: compact('clockreset+jwt', { ...by, nonce: id(11), mark: nowS }, keys.owner),
  time: compact('time+jwt', { aud, nonce: id(12), now: nowS * 1000 }, keys.issuer),
  witness: compact('witness+jwt', { ...by, seq: 5, hash }, keys.issuer),
  receipt: compact(
    'receipt+jwt',
    {
      iss: aud,
      visit: id(6),
      door,
      delivery: id(2),
      jkt: keys.courier.kid,
      arrivedAt: nowS * 1000,
      endedAt: nowS * 1000 + 60_000,
      outcome: 'completed',
      proof: 'secured',
      entry: { seq: 9, hash },
    },
    keys.hub,
  ),
  journalHead: compact('journalhead+jwt', { iss: aud, seq: 9, hash, at: nowS * 1000 }, keys.hub),
};

const publicKeys = Object.fromEntries(Object.entries(keys).map(([name, { jwk, kid }]) => [name, { jwk, kid }]));
process.stdout.write(`${JSON.stringify({ nowS, aud, door, grantHash, keys: publicKeys, documents }, null, 2)}\n`);
