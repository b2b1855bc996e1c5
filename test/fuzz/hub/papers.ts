/** Changed documents of every type that the hub takes, handed in with `document.put`. */
import { hashOf, newId, peek, type SignKey } from '../../../wire/jws.ts';
import { ownerListForm } from '../../../wire/owner.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { mutateClaims, mutateText } from '../../device/fuzz/mutate.ts';
import type { Random } from '../../device/fuzz/random.ts';
import { issuerSetOf, newHubId, newSealJwk, newSignKey, rootSetOf } from '../../support/keys.ts';
import type { Shoot, Shot } from './shot.ts';
import { ruleBookClaims, type Stage } from './stage.ts';

interface Kind {
  readonly typ: string;
  readonly make: (random: Random) => object;
  /** Changes that each aim at one check. */
  readonly aims: readonly ((random: Random) => object)[];
}

export function paperShots(stage: Stage): { one: Shoot; set: Shoot; fill: () => Promise<string[]> } {
  const { home, ledger, send, versions } = stage;
  const { cast, doors } = home;
  const base = () => ({ aud: cast.hubId, jti: newId(), iat: cast.nowS });
  const elsewhere = () => ({ aud: newHubId() });
  const ahead = (random: Random) => ({ iat: cast.nowS + 61 + random.int(10_000) });
  // Nobody signs with it: what a stranger signs stays wrong.
  const newcomer = { sign: cast.guest.jwk as EcJwk, seal: newSealJwk() };
  const kinds: readonly Kind[] = [
    {
      typ: 'rulebook+jwt',
      make: () => ruleBookClaims(stage),
      aims: [
        elsewhere,
        ahead,
        () => ({ version: versions.ruleBook }),
        (random) => ({ exp: cast.nowS + 8 * 86_400 + random.int(10_000) }),
      ],
    },
    {
      typ: 'approval+jwt',
      make: () => ({ ...base(), exp: cast.nowS + 60, door: doors.front, grant: hashOf(newId()) }),
      aims: [elsewhere, ahead, (random) => ({ exp: cast.nowS - random.int(1000) })],
    },
    {
      typ: 'clockreset+jwt',
      make: () => ({ aud: cast.hubId, iat: cast.nowS, nonce: newId(), mark: cast.nowS }),
      aims: [elsewhere],
    },
    {
      typ: 'revocation+jwt',
      make: (random) => ({ ...base(), ends: { kind: random.pick(['visit', 'grant']), id: newId() } }),
      aims: [
        elsewhere,
        () => ({ ends: { kind: 'rule', id: newId() } }),
        (random) => ({ ends: { kind: 'epoch', epoch: versions.epoch + 17 + random.int(1000) } }),
      ],
    },
    {
      typ: 'retention+jwt',
      make: () => ({
        aud: cast.hubId,
        version: versions.retention + 1,
        iat: cast.nowS,
        keepHours: 48,
        keep: [newId()],
      }),
      aims: [elsewhere, () => ({ version: versions.retention })],
    },
    {
      typ: 'clearance+jwt',
      make: () => ({ ...base(), door: doors.front, alarm: 1_000_000 }),
      aims: [elsewhere, () => ({})],
    },
    {
      typ: 'ownerchange+jwt',
      make: () => ({ ...base(), version: versions.ownerList + 1, add: newcomer }),
      aims: [
        elsewhere,
        () => ({ version: versions.ownerList }),
        () => ({ add: undefined, remove: cast.owner.sign.kid }),
        () => ({ add: { ...newcomer, sign: { ...cast.owner.sign.jwk, x: 'A'.repeat(43) } } }),
        // Where no more devices fit, this alone is wrong.
        () => ({}),
        () => ({}),
        () => ({}),
      ],
    },
  ];

  const put = (document: string) => send.request({ op: 'document.put', document });

  /** After an accepted document the shots know how things stand. */
  const note = (document: string, body: Record<string, unknown>): void => {
    const claims = JSON.parse(Buffer.from(document.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (body.took === 'retention') versions.retention = claims.version;
    if (body.took === 'ruleBook') versions.ruleBook = claims.version;
    if (body.took === 'revocation' && claims.ends.kind === 'epoch') {
      versions.epoch = Math.max(versions.epoch, claims.ends.epoch);
    }
    const list = peek(ownerListForm, String(body.ownerList));
    if (list.ok) versions.ownerList = list.value.claims.version;
  };

  const one: Shoot = async (random) => {
    const { typ, make, aims } = random.pick(kinds);
    const aimed = random.chance(0.6);
    const again = random.chance(0.7);
    const claims = aimed ? { ...make(random), ...random.pick(aims)(random) } : make(random);
    const wrong = random.pick([cast.stranger.ec, cast.courier, cast.carrier]);
    const byIssuer = typ === 'revocation+jwt' && random.chance(0.3);
    const key: SignKey = aimed && !again ? wrong : byIssuer ? cast.issuer : cast.owner.sign;
    const name = aimed && !again && random.chance(0.5) ? { as: cast.owner.sign.kid } : 'kid';
    const signed = await ledger.sign(typ, aimed || !again ? claims : mutateClaims(claims, random), key, name);
    const document = aimed || again ? signed : mutateText(signed, random);
    const outcome = await put(document);
    const violates: string[] = [];
    if (outcome.ok) {
      const narrows = outcome.body.took === 'revocation' && ledger.has(document, cast.issuer);
      if (!ledger.has(document, cast.owner.sign) && !narrows) violates.push(`${outcome.body.took} without the owner`);
      note(document, outcome.body);
    }
    return [{ outcome, changed: true, signedAgain: again, violates } satisfies Shot];
  };

  /** Sets that root keys signed, each wrong in one way, and what is no document. */
  const set: Shoot = async (random) => {
    const make = random.pick(setsOf(stage));
    const document = await make(random);
    const outcome = await put(document);
    return [{ outcome, changed: false, signedAgain: false, violates: outcome.ok ? ['a set nobody signed'] : [] }];
  };

  /** Owner devices until no more fit. */
  const fill = async (): Promise<string[]> => {
    for (let more = 15; more > 0; more--) {
      const sign = (await newSignKey('ES256')).jwk as EcJwk;
      const claims = { ...base(), version: versions.ownerList + 1, add: { sign, seal: newSealJwk() } };
      const document = await ledger.sign('ownerchange+jwt', claims, cast.owner.sign);
      const outcome = await put(document);
      if (!outcome.ok) return [`an owner device was refused: ${outcome.code}`];
      note(document, outcome.body);
    }
    return [];
  };

  return { one, set, fill };
}

const setsOf = ({ home: { cast } }: Stage): readonly ((random: Random) => Promise<string>)[] => [
  () => rootSetOf(cast, { version: 0 }),
  () => rootSetOf(cast, { version: 2 }, cast.roots.slice(0, 1)),
  () => rootSetOf(cast, { version: 2, exp: cast.nowS - 1 }),
  () => issuerSetOf(cast, { version: 0 }),
  () => issuerSetOf(cast, { version: 2 }, cast.roots.slice(2)),
  () => issuerSetOf(cast, { version: 2, exp: cast.nowS - 1 }),
  async (random) => {
    const text = await random.pick([rootSetOf, issuerSetOf])(cast, { version: 2 });
    // Within the payload: what it says of itself outside is not signed and not read.
    const from = text.indexOf('"payload":"') + 11;
    const at = from + random.int(text.indexOf('"', from) - from);
    return text.slice(0, at) + (text[at] === 'Q' ? 'A' : 'Q') + text.slice(at + 1);
  },
  async () => `${Buffer.from('{"typ":"jwt"}').toString('base64url')}.e30.AAAA`,
  async (random) => mutateText('eyJ0eXAiOiJqd3QifQ.eyJ4IjoxfQ.AAAAAAAAAAAAAAAA', random).padEnd(16, '='),
];
