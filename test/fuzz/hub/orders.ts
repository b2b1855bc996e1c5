/** Orders to locks at a hub whose locks keep no codes of their own: not one may be done. */
import { newId, type SignKey } from '../../../wire/jws.ts';
import { mutateClaims, mutateText } from '../../device/fuzz/mutate.ts';
import type { Random } from '../../device/fuzz/random.ts';
import { newHubId } from '../../support/keys.ts';
import type { Shoot } from './shot.ts';
import type { Stage } from './stage.ts';

const orders = [
  { do: 'codes.list' },
  { do: 'codes.remove', id: 7 },
  { do: 'users.list', after: 3 },
  { do: 'users.add', sealed: 'a.b.c.d.e' },
] as const;

export function orderShots({ home, ledger, send }: Stage): Shoot {
  const { cast, doors } = home;
  const aims: readonly ((random: Random) => object)[] = [
    () => ({}),
    () => ({ aud: newHubId() }),
    (random) => ({ iat: cast.nowS - 60, exp: cast.nowS - random.int(50) }),
    (random) => ({ exp: cast.nowS + 121 + random.int(1000) }),
    (random) => ({ order: { do: 'codes.add', digits: String(random.int(1_000_000)) } }),
  ];
  return async (random) => {
    const base = { aud: cast.hubId, jti: newId(), iat: cast.nowS, exp: cast.nowS + 60, door: doors.front };
    const aimed = random.chance(0.7);
    const again = random.chance(0.7);
    const claims = { ...base, order: random.pick(orders), ...(aimed ? random.pick(aims)(random) : {}) };
    const wrong: SignKey = random.pick([cast.stranger.ec, cast.courier, cast.carrier]);
    const key = aimed && !again ? wrong : cast.owner.sign;
    const name = aimed && !again && random.chance(0.5) ? { as: cast.owner.sign.kid } : 'kid';
    const signed = await ledger.sign(
      'lockorder+jwt',
      aimed || !again ? claims : mutateClaims(claims, random),
      key,
      name,
    );
    const order = aimed || again ? signed : mutateText(signed, random);
    const outcome = await send.request({ op: 'lock.order', order });
    const violates = outcome.ok ? ['an order to a lock that keeps no codes'] : [];
    return [{ outcome, changed: true, signedAgain: again, violates }];
  };
}
