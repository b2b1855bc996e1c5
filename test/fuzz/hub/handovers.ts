/** Changed claims of an owner's first phone, while a hand-over is open at the hub and while none is. */

import { proveHandover } from '../../../wire/handover.ts';
import { newId } from '../../../wire/jws.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { mutateClaims } from '../../device/fuzz/mutate.ts';
import { newHubId, newSealJwk } from '../../support/keys.ts';
import { type Shoot, unsigned } from './shot.ts';
import { openHandover, type Stage } from './stage.ts';

export function handoverShots(stage: Stage): Shoot {
  const { home, send } = stage;
  const { cast } = home;
  const device = { sign: cast.stranger.ec.jwk as EcJwk, seal: newSealJwk() };
  return async (random) => {
    // An installer opens one now and then; five wrong claims close it.
    const code = random.chance(0.3) ? openHandover(stage) : undefined;
    const guessed = { hub: cast.hubId, key: cast.hub.kid, secret: newId() };
    const sound = { hub: cast.hubId, device, proof: await proveHandover('phone', guessed, device) };
    const claim = random.pick<() => Promise<object> | object>([
      () => sound,
      () => sound,
      () => ({ ...sound, hub: newHubId() }),
      async () => ({ ...sound, proof: await proveHandover('hub', code ?? guessed, device) }),
      async () => {
        const bad = { ...device, sign: { ...device.sign, x: 'A'.repeat(43) } };
        return { hub: cast.hubId, device: bad, proof: await proveHandover('phone', code ?? guessed, bad) };
      },
      () => JSON.parse(mutateClaims(sound, random)) as object,
    ]);
    const outcome = await send.request({ op: 'handover.claim', claim: await claim() });
    return [unsigned(outcome, outcome.ok ? ['a phone was pinned without the secret'] : [])];
  };
}
