/** Surface: root sets, issuer sets, countersigned heads, and what is no document at all. */
import { openTrust, type Trust } from '../../../device/grant/trust.ts';
import { hashOf } from '../../../wire/jws.ts';
import type { OkpJwk } from '../../../wire/shapes.ts';
import { witnessForm } from '../../../wire/witness.ts';
import { Counts, goodDocuments, plainTrustStore } from '../../support/decision.ts';
import { type Cast, issuerSetOf, newHubId, newSignKey, rootSetOf } from '../../support/keys.ts';
import type { Ledger } from './ledger.ts';
import { mutateClaims, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import type { Surface } from './surface.ts';

interface Sample {
  readonly text: string;
  /** Good as it is, but for what is shaken. */
  readonly good: boolean;
}

/** Sets that root keys signed, each wrong in one way; signed once, sent often. */
async function makeSamples(cast: Cast): Promise<Sample[]> {
  const { nowS, roots } = cast;
  const wrong = async (make: Promise<string>): Promise<Sample> => ({ text: await make, good: false });
  const right = async (make: Promise<string>): Promise<Sample> => ({ text: await make, good: true });
  const fresh = (await newSignKey('EdDSA')).jwk as OkpJwk;
  return Promise.all([
    right(rootSetOf(cast, { version: 2 })),
    right(issuerSetOf(cast, { version: 2 })),
    wrong(rootSetOf(cast, { version: 0 })),
    wrong(rootSetOf(cast, { version: 2, exp: nowS - 1 })),
    wrong(rootSetOf(cast, { version: 2 }, roots.slice(0, 1))),
    wrong(rootSetOf(cast, { version: 2 }, [roots[0]!, roots[0]!])),
    wrong(rootSetOf(cast, { version: 2, keys: [fresh] }, [...roots])),
    wrong(issuerSetOf(cast, { version: 0 })),
    wrong(issuerSetOf(cast, { version: 2, exp: nowS - 1 })),
    wrong(issuerSetOf(cast, { version: 2 }, roots.slice(2))),
    wrong(issuerSetOf(cast, { version: 2 }, [cast.stranger.ed, cast.issuer])),
  ]);
}

const payloadOf = (text: string): unknown => {
  try {
    return JSON.parse(text).payload;
  } catch {
    return undefined;
  }
};

export async function setSurface(cast: Cast, ledger: Ledger): Promise<Surface> {
  const samples = await makeSamples(cast);
  const kept = await goodDocuments(cast);
  const signedPayloads = samples.filter(({ good }) => good).map(({ text }) => payloadOf(text));
  const open = (): Promise<Trust> =>
    openTrust({
      store: plainTrustStore(kept),
      grants: Object.assign(new Counts(), { end: () => {}, prune: () => {} }),
      hubId: cast.hubId,
      hubKey: cast.hub,
      hasHead: () => 'has',
    });
  let trust = await open();

  const witness = async (random: Random) => {
    const seen = { aud: cast.hubId, iat: cast.nowS, seq: random.int(9), hash: hashOf('x') };
    const again = random.chance(0.6);
    const signer = again ? cast.issuer : cast.stranger.ed;
    const name = random.chance(0.5) ? { as: cast.issuer.kid } : 'kid';
    const claims = random.pick([seen, { ...seen, aud: newHubId() }, mutateClaims(seen, random)]);
    const jws = await ledger.sign(witnessForm.typ, claims, signer, name);
    const verdict = await trust.takeWitness(jws);
    const violates = verdict.ok && !ledger.has(jws, cast.issuer) ? ['a head that the cloud did not sign'] : [];
    return { verdict, signedAgain: again, violates };
  };

  return async (random) => {
    if (random.chance(0.3)) return witness(random);
    const { text } = random.pick(samples);
    const shaken = random.chance(0.4);
    const junk = random.chance(0.2);
    const document = junk ? makeJunk(random) : shaken ? shake(text, random) : text;
    const verdict = await trust.take(document, { nowS: cast.nowS });
    const violates: string[] = [];
    if (verdict.ok) {
      if (!signedPayloads.includes(payloadOf(document))) violates.push('a set that nobody signed');
      trust = await open();
    }
    return { verdict, signedAgain: !junk && !shaken, violates };
  };
}

/** One character of a set changed. */
function shake(text: string, random: Random): string {
  const at = random.int(text.length);
  return text.slice(0, at) + random.pick([...'aZ0"{}:,']) + text.slice(at + 1);
}

const makeJunk = (random: Random): string =>
  random.pick([
    () => 'x'.repeat(49_153 + random.int(1000)),
    () => '{'.repeat(random.int(40_000)),
    () => '['.repeat(random.int(40_000)),
    () => mutateText('eyJ0eXAiOiJqd3QifQ.e30.AAAA', random),
    () => `${Buffer.from('{"typ":"grant+jwt"}').toString('base64url')}.e30.AAAA`,
    () => JSON.stringify({ payload: 'e30', signatures: random.pick([[], [{}], [null], 'x', [{ protected: 'e30' }]]) }),
  ])();
