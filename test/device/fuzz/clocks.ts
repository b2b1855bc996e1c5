/** Surface: clocks that jump, fail and disagree, and signed times that are wrong. */
import { TrustedClock } from '../../../device/clock/trust.ts';
import { newId } from '../../../wire/jws.ts';
import { timeForm } from '../../../wire/witness.ts';
import { WoundClock } from '../../support/clock.ts';
import { inForceOf, plainTrustStore } from '../../support/decision.ts';
import { type Cast, newHubId } from '../../support/keys.ts';
import type { Ledger } from './ledger.ts';
import { mutateClaims, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import type { Surface } from './surface.ts';

export async function clockSurface(cast: Cast, ledger: Ledger): Promise<Surface> {
  const issuers = (await inForceOf(cast)).issuers!;
  const trueMs = cast.nowS * 1000;
  const apart = (random: Random): number => Math.floor((random.next() - 0.5) * 10 ** (3 + random.int(9)));

  return async (random) => {
    const clock = new WoundClock(trueMs + (random.chance(0.5) ? 0 : apart(random)));
    const markMs = random.chance(0.6) ? 0 : trueMs + apart(random);
    const trusted = new TrustedClock({ clock, store: plainTrustStore({}, { mark: markMs }), hubId: cast.hubId });
    const claims = { aud: cast.hubId, nonce: trusted.ask(), now: trueMs };
    const aims = [{}, {}, { nonce: newId() }, { aud: newHubId() }, { now: trueMs + apart(random) }];
    const again = random.chance(0.8);
    const aimed = random.chance(0.6);
    const changed = aimed ? { ...claims, ...random.pick(aims) } : claims;
    const signer = aimed && !again ? cast.stranger.ed : cast.issuer;
    const signed = await ledger.sign(timeForm.typ, aimed || !again ? changed : mutateClaims(changed, random), signer);
    const answer = aimed || again ? signed : mutateText(signed, random);
    if (random.chance(0.1)) clock.pass(random.int(20_000));
    const taken = await trusted.takeAnswer(answer, issuers);
    if (random.chance(0.3)) clock.wallMs += apart(random);
    if (random.chance(0.12)) clock.now = () => Number.NaN;
    const now = trusted.trustedNow();
    const violates: string[] = [];
    if (now.ok) {
      if (!taken.ok && !taken.code.startsWith('CLOCK_')) violates.push('time without a good answer');
      if (!ledger.has(answer, cast.issuer)) violates.push('time that the cloud did not sign');
      if (now.value < markMs) violates.push('time behind the mark');
    }
    return { verdict: taken.ok || taken.code.startsWith('CLOCK_') ? now : taken, signedAgain: again, violates };
  };
}
