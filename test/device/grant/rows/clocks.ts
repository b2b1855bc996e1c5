/** Every way in which there is no trusted time, seen from the decision that needs it. */
import { TrustedClock } from '../../../../device/clock/trust.ts';
import { decideGrant } from '../../../../device/grant/decide.ts';
import type { FaultCode } from '../../../../wire/faults.ts';
import { WoundClock } from '../../../support/clock.ts';
import { inForceOf, plainTrustStore } from '../../../support/decision.ts';
import { type Cast, timeOf } from '../../../support/keys.ts';
import { autoCase } from './decisions.ts';
import type { Row } from './row.ts';

const dayMs = 86_400_000;

/** @returns one row for each reason */
export function clockRows(cast: Cast): Row[] {
  const nowMs = cast.nowS * 1000;
  const row = (
    code: FaultCode,
    says: string,
    act: (clock: WoundClock, agree: (cloudMs?: number) => Promise<unknown>) => Promise<void> | void,
    markMs = 0,
  ): Row => ({
    code,
    says,
    attempt: async () => {
      const wound = new WoundClock(nowMs);
      const { issuers } = await inForceOf(cast);
      const trusted = new TrustedClock({
        clock: wound,
        store: plainTrustStore({}, { mark: markMs }),
        hubId: cast.hubId,
      });
      const agree = async (cloudMs = wound.wallMs) =>
        trusted.takeAnswer(await timeOf(cast, trusted.ask(), cloudMs), issuers!);
      await act(wound, agree);
      const { bundle, context } = await autoCase(cast);
      return decideGrant(bundle, { ...context, now: trusted.trustedNow() });
    },
  });
  return [
    row('CLOCK_UNSET', 'T26: clock never set, nothing was compared since the start', () => {}),
    row('CLOCK_UNSET', 'the clock fails', async (clock, agree) => {
      await agree();
      clock.now = () => Number.NaN;
    }),
    row(
      'CLOCK_BEHIND',
      'T26: clock set back by a day while the hub was off, and the cloud agrees with it',
      async (_, agree) => {
        await agree();
      },
      nowMs + dayMs,
    ),
    row('CLOCK_JUMPED', 'T26: clock set back by a day while the hub runs', async (clock, agree) => {
      await agree();
      clock.wallMs -= dayMs;
    }),
    row('CLOCK_JUMPED', 'T27: a forged time server sets the clock an hour on', async (clock, agree) => {
      await agree();
      clock.wallMs += dayMs / 24;
    }),
    row('CLOCK_DISAGREES', 'the cloud says more than a minute more', async (clock, agree) => {
      await agree(clock.wallMs + 60_001);
    }),
    row('CLOCK_DISAGREES', 'the cloud says more than a minute less', async (clock, agree) => {
      await agree(clock.wallMs - 60_001);
    }),
  ];
}
