/**
 * `grants.verify`: full decisions of the hub per second of one core's CPU time - a carrier's grant with its assignment under an
 * `auto` rule, then the knock with its nonce -, against jose's bare verification of the same three documents.
 */
import { createPublicKey, verify as cryptoVerify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { compactVerify, EmbeddedJWK, jwtVerify } from 'jose';
import { decideGrant } from '../../device/grant/decide.ts';
import { decideKnock } from '../../device/grant/knock.ts';
import { Lockout } from '../../device/grant/lockout.ts';
import { Nonces } from '../../device/grant/nonces.ts';
import { Fault } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import { contextOf, inForceOf } from '../support/decision.ts';
import { bundleOf, knockOf, newCast } from '../support/keys.ts';
import { type BenchResult, median } from './result.ts';

const rounds = 7;
const perRound = 400;

/** CPU time of this process, all threads, per call of `work`, in seconds. */
async function cpuSecondsEach(work: (index: number) => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < perRound; index++) await work(index);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / perRound;
}

/** One delivery and one knock for each call of a round: no document is seen twice by the hub within it. */
async function prepare() {
  const cast = await newCast();
  const context = contextOf(cast, await inForceOf(cast));
  const nonces = new Nonces();
  const visits = [];
  for (let index = 0; index < perRound; index++) {
    const bundle = await bundleOf(cast);
    const visit = newId();
    visits.push({ bundle, visit, nonce: newId() });
  }
  const knocks = await Promise.all(
    visits.map(({ bundle, visit, nonce }) => knockOf(cast, { act: 'unlock', visit, nonce, grant: bundle.grant })),
  );
  const documents = visits.map(({ bundle, visit, nonce }, index) => ({ bundle, visit, nonce, knock: knocks[index]! }));
  return { cast, context, nonces, documents };
}

export async function run(): Promise<BenchResult[]> {
  const { cast, context, documents } = await prepare();
  const { hubId, doorId: door } = cast;

  const decide = (nonces: Nonces, lockout: Lockout) => async (index: number) => {
    const { bundle, visit, knock } = documents[index]!;
    const decided = await decideGrant(bundle, context);
    if (!decided.ok) throw new Fault(decided.code);
    const { grantHash, claims, jkt } = decided.value;
    const facts = { hubId, visit, grantHash, grant: claims.jti, jkt, door };
    const { verdict } = await decideKnock(knock, facts, { nonces, lockout }, 1);
    if (!verdict.ok) throw new Fault(verdict.code);
  };
  const [issuerKey, carrierKey] = [cast.issuer.key, cast.carrier.key];
  const bare = async (index: number) => {
    const { bundle, knock } = documents[index]!;
    await compactVerify(bundle.grant, issuerKey);
    await compactVerify(bundle.assignment!, carrierKey);
    await compactVerify(knock, EmbeddedJWK);
  };
  const bareJwt = async (index: number) => {
    const { bundle, knock } = documents[index]!;
    const currentDate = new Date(cast.nowS * 1000);
    await jwtVerify(bundle.grant, issuerKey, { currentDate, audience: hubId, typ: 'grant+jwt' });
    await jwtVerify(bundle.assignment!, carrierKey, { currentDate, audience: hubId, typ: 'assignment+jwt' });
    await jwtVerify(knock, EmbeddedJWK, { currentDate, audience: hubId, typ: 'knock+jwt' });
  };
  const keyOf = (jwk: object): KeyObject => createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  const [issuerObject, carrierObject] = [keyOf(cast.issuer.jwk), keyOf(cast.carrier.jwk)];
  const crypto = (index: number) => {
    const { bundle, knock } = documents[index]!;
    const good =
      verifyBytes(null, bundle.grant, issuerObject) &&
      verifyBytes('sha256', bundle.assignment!, carrierObject) &&
      verifyBytes('sha256', knock, keyOf(cast.courier.jwk));
    if (!good) throw new Fault('KNOCK_NOT_GENUINE');
  };

  const seconds: Record<'decide' | 'bare' | 'bareJwt' | 'crypto', number[]> = {
    decide: [],
    bare: [],
    bareJwt: [],
    crypto: [],
  };
  for (let round = 0; round <= rounds; round++) {
    // fresh guards each round: a nonce is used once
    const queue = documents.map(({ nonce }) => nonce);
    const nonces = new Nonces(() => queue.shift() ?? newId());
    for (const { visit } of documents) nonces.give({ visit, jkt: cast.courier.kid, act: 'unlock' }, 0);
    const took = {
      decide: await cpuSecondsEach(decide(nonces, new Lockout())),
      bare: await cpuSecondsEach(bare),
      bareJwt: await cpuSecondsEach(bareJwt),
      crypto: await cpuSecondsEach(crypto),
    };
    // the first round warms up
    if (round > 0) for (const [name, value] of Object.entries(took)) seconds[name as keyof typeof took].push(value);
  }
  const perSecond = (name: keyof typeof seconds): number => 1 / median(seconds[name]);
  const [value, baseline] = [perSecond('decide'), perSecond('bare')];
  const ratio = value / baseline;
  return [
    {
      name: 'grants.verify',
      value,
      unit: 'decisions/CPU s',
      baseline,
      ratio,
      bar: 0.7,
      holds: ratio >= 0.7,
      detail: { 'jose jwtVerify, per CPU s': perSecond('bareJwt'), 'crypto.verify, per CPU s': perSecond('crypto') },
    },
  ];
}

/** A bare signature over a compact JWS, nothing parsed. */
function verifyBytes(hash: 'sha256' | null, jws: string, key: KeyObject): boolean {
  const dot = jws.lastIndexOf('.');
  const [signed, signature] = [Buffer.from(jws.slice(0, dot)), Buffer.from(jws.slice(dot + 1), 'base64url')];
  return cryptoVerify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
