/** Surface: a knock at a visit that is ready. */
import { decideKnock } from '../../../device/grant/knock.ts';
import { Lockout } from '../../../device/grant/lockout.ts';
import { Nonces, nonceForMs, nonceRememberedForMs } from '../../../device/grant/nonces.ts';
import { hashOf, newId, type SignKey } from '../../../wire/jws.ts';
import { acts, type KnockClaims } from '../../../wire/knock.ts';
import { type Cast, newHubId } from '../../support/keys.ts';
import type { Ledger } from './ledger.ts';
import { mutateClaims, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import type { Surface } from './surface.ts';

type Plan = (claims: KnockClaims, random: Random) => Partial<KnockClaims>;

export function knockSurface(cast: Cast, ledger: Ledger): Surface {
  const nonces = new Nonces();
  const lockout = new Lockout();
  let nowMs = 0;
  /** Knocks that were good once. */
  const spent: { jws: string; visit: string; grantHash: string }[] = [];
  /** One that everybody shares and that soon has to wait. */
  const shared = { visit: newId(), grantHash: hashOf('shared'), grant: newId(), door: 'door-shared' };
  const purpose = (visit: string) => ({ visit, jkt: cast.courier.kid, act: 'unlock' as const });

  const plans: Plan[] = [
    () => ({ aud: newHubId() }),
    () => ({ visit: newId() }),
    () => ({ grant: hashOf(newId()) }),
    () => ({ nonce: newId() }),
    ({ visit }) => ({ nonce: nonces.give({ ...purpose(visit), jkt: cast.stranger.ec.kid }, nowMs) }),
    () => ({ nonce: nonces.give(purpose(newId()), nowMs) }),
    (_, random) => ({ act: random.pick(acts.filter((act) => act !== 'unlock')) }),
    ({ visit }, random) => ({
      nonce: nonces.give(purpose(visit), nowMs - nonceForMs - random.int(nonceRememberedForMs - nonceForMs - 1000)),
    }),
    (_, random) => ({ iat: random.int(2 ** 31) }),
    () => ({ jti: newId() }),
  ];

  return async (random) => {
    nowMs += random.int(20);
    const hot = random.chance(0.1);
    const replay = random.chance(0.1) ? spent.pop() : undefined;
    const fresh = { visit: newId(), grantHash: hashOf(newId()), grant: newId(), door: `door-${newId()}` };
    const target = hot ? shared : { ...fresh, ...(replay ?? {}) };
    const facts = { hubId: cast.hubId, jkt: cast.courier.kid, ...target };
    const claims: KnockClaims = {
      aud: cast.hubId,
      jti: newId(),
      iat: cast.nowS,
      act: 'unlock',
      visit: target.visit,
      grant: target.grantHash,
      nonce: nonces.give(purpose(target.visit), nowMs),
    };
    const aimed = random.chance(0.6);
    const again = random.chance(aimed ? 0.85 : 0.5);
    const changed = aimed ? { ...claims, ...random.pick(plans)(claims, random) } : claims;
    const key: SignKey = aimed && !again ? cast.stranger.ec : cast.courier;
    const signed = await ledger.sign(
      'knock+jwt',
      aimed || !again ? changed : mutateClaims(changed, random),
      key,
      'jwk',
    );
    const jws = replay?.jws ?? (aimed || again ? signed : mutateText(signed, random));

    const { verdict } = await decideKnock(jws, facts, { nonces, lockout }, nowMs);
    const violates: string[] = [];
    if (verdict.ok) {
      const { value } = verdict;
      if (!ledger.has(jws, cast.courier)) violates.push("the courier's device signed this knock");
      if (replay !== undefined) violates.push('a knock passes once');
      if (value.aud !== cast.hubId || value.visit !== target.visit || value.grant !== target.grantHash) {
        violates.push('the knock is about this visit');
      }
      if (value.nonce !== claims.nonce || value.act !== 'unlock') violates.push('the nonce was given for this act');
      spent.push({ jws, visit: target.visit, grantHash: target.grantHash });
    }
    return { verdict, signedAgain: again || replay !== undefined, violates };
  };
}
