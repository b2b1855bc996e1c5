/** The hub's decision on one knock: of this device, about this visit, under this grant, answering a nonce that is still good. */
import { accept, type FaultCode, type Verdict } from '../../wire/faults.ts';
import { type KnockClaims, matchKnock, verifyKnock } from '../../wire/knock.ts';
import type { DeviceKeys } from './device-keys.ts';
import type { Lockout } from './lockout.ts';
import type { Nonces } from './nonces.ts';

/** What the hub knows of the visit that the knock is said to be about. */
export interface KnockFacts {
  readonly hubId: string;
  readonly visit: string;
  /** `hashOf` the grant that the visit stands on, its id, and the device key that it is bound to. */
  readonly grantHash: string;
  readonly grant: string;
  readonly jkt: string;
  readonly door: string;
}

export interface KnockGuards {
  readonly nonces: Nonces;
  readonly lockout: Lockout;
  /** Without it the device's key is imported anew for each knock. */
  readonly keys?: DeviceKeys;
}

export interface KnockDecision {
  readonly verdict: Verdict<KnockClaims>;
  /** A wait began with this knock, ms: raise the alarm KNOCKS_REFUSED. */
  readonly lockedForMs?: number;
}

/** An honest phone that was slow or was told to wait: no failure. */
const honest: readonly FaultCode[] = ['KNOCK_NONCE_OLD', 'KNOCK_LOCKED_OUT'];

/**
 * Decides on one knock and uses its nonce up. Whether the act fits the visit is the visit machine's to say, whether the grant still
 * holds is `redecide`'s.
 * @param nowMs  monotonic time of the knock's arrival
 * @returns KNOCK_… when it is a no
 */
export async function decideKnock(
  jws: string,
  facts: KnockFacts,
  { nonces, lockout, keys }: KnockGuards,
  nowMs: number,
): Promise<KnockDecision> {
  const waiting = lockout.check(facts, nowMs);
  if (!waiting.ok) return { verdict: waiting };
  const verified = await verifyKnock(jws, facts.jkt, keys && ((jwk) => keys.import(jwk)));
  // of many that came at once, those behind the last free failure wait as well
  const waitingNow = lockout.check(facts, nowMs);
  if (!waitingNow.ok) return { verdict: waitingNow };
  const verdict = verified.ok ? useKnock(verified.value, facts, nonces, nowMs) : verified;
  if (verdict.ok) {
    lockout.passed(facts);
    return { verdict };
  }
  if (honest.includes(verdict.code)) return { verdict };
  const lockedForMs = lockout.failed(facts, nowMs);
  return lockedForMs === undefined ? { verdict } : { verdict, lockedForMs };
}

function useKnock(knock: KnockClaims, facts: KnockFacts, nonces: Nonces, nowMs: number): Verdict<KnockClaims> {
  const matched = matchKnock(knock, facts);
  if (!matched.ok) return matched;
  const used = nonces.use(knock.nonce, { visit: facts.visit, jkt: facts.jkt, act: knock.act }, nowMs);
  return used.ok ? accept(knock) : used;
}
