/** Changed knocks at a visit that a good grant prepared: before it arrives, while the door is ready to be opened, after it. */
import { hashOf, newId, type SignKey } from '../../../wire/jws.ts';
import type { Act } from '../../../wire/knock.ts';
import type { VisitView } from '../../../wire/visit-view.ts';
import { mutateClaims, mutateText } from '../../device/fuzz/mutate.ts';
import type { Random } from '../../device/fuzz/random.ts';
import { newHubId } from '../../support/keys.ts';
import type { Outcome } from './send.ts';
import { type Shoot, type Shot, unsigned } from './shot.ts';
import { goodBundle, type Stage } from './stage.ts';

interface Visit {
  readonly id: string;
  readonly grantHash: string;
  nonces: VisitView['nonces'];
  /** Knocks that were good once. */
  readonly spent: string[];
}

type Claims = Record<string, unknown> & { act: Act };
/** Changes of which each is a reason to refuse by itself. */
type Plan = (visit: Visit, claims: Claims, random: Random) => Partial<Claims>;

const plans: readonly Plan[] = [
  () => ({ aud: newHubId() }),
  () => ({ visit: newId() }),
  () => ({ grant: hashOf(newId()) }),
  () => ({ nonce: newId() }),
  (_, { act }, random) => ({ act: random.pick((['open', 'finish', 'unlock'] as const).filter((one) => one !== act)) }),
];
/** Wrong knocks between two good ones: more would have to wait (T20). */
const freely = 4;

export function knockShots(stage: Stage): { visit: Shoot; stray: Shoot } {
  const { home, ledger, send } = stage;
  const { cast } = home;

  const claimsOf = (visit: Visit, act: Act): Claims => ({
    aud: cast.hubId,
    jti: newId(),
    iat: cast.nowS,
    act,
    visit: visit.id,
    grant: visit.grantHash,
    nonce: visit.nonces[act] ?? newId(),
  });

  const look = async (visit: Visit, outcome: Outcome): Promise<VisitView | undefined> => {
    if (!outcome.ok) return undefined;
    const view = outcome.body as unknown as VisitView;
    visit.nonces = view.nonces;
    return view;
  };

  const good = async (visit: Visit, act: Act): Promise<Outcome> => {
    const knock = await ledger.sign('knock+jwt', claimsOf(visit, act), cast.courier, 'jwk');
    visit.spent.push(knock);
    const outcome = await send.request({ op: 'visit.act', visit: visit.id, knock });
    await look(visit, outcome);
    return outcome;
  };

  const wrong = async (visit: Visit, act: Act, random: Random): Promise<Shot> => {
    const again = random.chance(0.7);
    const replay = random.chance(0.15) ? random.pick(visit.spent) : undefined;
    let claims: Claims = claimsOf(visit, act);
    let key: SignKey = cast.courier;
    if (again) claims = { ...claims, ...random.pick(plans)(visit, claims, random) };
    else if (random.chance(0.5)) key = random.pick([cast.stranger.ec, cast.guest, cast.owner.sign]);
    const isShaken = again ? random.chance(0.3) : key === cast.courier;
    const payload = isShaken && again ? mutateClaims(claims, random) : claims;
    const signed = await ledger.sign('knock+jwt', payload, key, 'jwk');
    const knock = replay ?? (isShaken && !again ? spoil(signed, random) : signed);
    const outcome = await send.request({ op: 'visit.act', visit: visit.id, knock });
    // A view of an ended visit is an answer, and no act.
    const isActed = outcome.ok && outcome.body.at !== 'ended';
    const isMine = ledger.has(knock, cast.courier) && replay === undefined;
    const harmless = isMine && act !== 'open' && act !== 'unlock';
    return {
      outcome,
      changed: true,
      signedAgain: again || replay !== undefined,
      violates: isActed && !harmless ? [`a wrong knock passed as ${act}`] : [],
    };
  };

  const some = async (visit: Visit, acts: readonly Act[], most: number, random: Random): Promise<Shot[]> => {
    const shots: Shot[] = [];
    for (let left = random.int(most + 1); left > 0; left--) shots.push(await wrong(visit, random.pick(acts), random));
    return shots;
  };

  const visit: Shoot = async (random) => {
    const bundle = await goodBundle(stage);
    const prepared = await send.request({ op: 'visit.prepare', bundle });
    if (!prepared.ok) return [unsigned(prepared)];
    const here: Visit = { id: String(prepared.body.visit), grantHash: hashOf(bundle.grant), nonces: {}, spent: [] };
    await look(here, prepared);
    const shots = await some(here, ['arrive'], freely - 1, random);
    // A nonce that a wrong knock used up is given anew, and one that got old is told apart.
    const shown = await send.request({ op: 'visit.show', visit: here.id });
    await look(here, shown);
    if (random.chance(0.1)) {
      await home.live(31_000);
      shots.push(unsigned(await good(here, 'arrive')));
      await look(here, await send.request({ op: 'visit.show', visit: here.id }));
    }
    const arrived = await good(here, 'arrive');
    if (!arrived.ok) return [...shots, unsigned(arrived)];
    shots.push(...(await some(here, ['open', 'open', 'unlock', 'finish'], freely, random)));
    if (random.chance(0.3)) {
      shots.push(unsigned(await send.request({ op: 'visit.prepare', bundle: await goodBundle(stage) })));
    }
    await look(here, await send.request({ op: 'visit.show', visit: here.id }));
    const openWith = here.nonces.open;
    await good(here, 'abort');
    // The door was ready for this one a moment ago.
    if (openWith !== undefined) {
      here.nonces = { open: openWith };
      const late = await good(here, 'open');
      const isActed = late.ok && late.body.at !== 'ended';
      shots.push(unsigned(late, isActed ? ['a visit that had ended opened'] : []));
    }
    shots.push(...(await some(here, ['open', 'arrive'], 2, random)));
    return shots;
  };

  const stray: Shoot = async (random) => {
    const nobody: Visit = { id: newId(), grantHash: hashOf(newId()), nonces: {}, spent: [] };
    const knock = await ledger.sign('knock+jwt', claimsOf(nobody, 'open'), cast.courier, 'jwk');
    const body = random.pick([
      { op: 'visit.act', visit: nobody.id, knock },
      { op: 'visit.show', visit: nobody.id },
    ]);
    return [unsigned(await send.request(body))];
  };

  return { visit, stray };
}

/** Changes the text until it says something else, or is signed by something else: the same bytes can be written in several ways. */
function spoil(jws: string, random: Random): string {
  const bytesOf = (text: string): string =>
    text
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('hex'))
      .join('.');
  for (;;) {
    const spoilt = mutateText(jws, random);
    if (bytesOf(spoilt) !== bytesOf(jws)) return spoilt;
  }
}
