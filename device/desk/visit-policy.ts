/** Whether a visit is allowed, as the hub's trust, its time and its doors are now: `grant/` decides, here stands what it reads. */
import { refuse, type Verdict } from '../../wire/faults.ts';
import type { GrantBundle } from '../../wire/grant.ts';
import type { TrustedClock } from '../clock/trust.ts';
import { type Decision, decideGrant, type PolicyContext, redecide, stillAllowed } from '../grant/decide.ts';
import type { Trust } from '../grant/trust.ts';
import { admits } from '../visit/admit.ts';
import type { Entrance } from './entrance.ts';
import type { Prepared } from './visit-list.ts';

export interface VisitPolicyParts {
  readonly entrances: ReadonlyMap<string, Entrance>;
  readonly trust: Trust;
  readonly time: TrustedClock;
}

export class VisitPolicy {
  readonly #parts: VisitPolicyParts;

  constructor(parts: VisitPolicyParts) {
    this.#parts = parts;
  }

  /** Decides on a grant from nothing. @returns as `decideGrant`, with the issuer keys that it was decided with */
  async decide(bundle: GrantBundle): Promise<Verdict<Pick<Prepared, 'decision' | 'issuers'>>> {
    const { issuers } = this.#parts.trust.inForce();
    const decided = await decideGrant(bundle, { ...this.#reads(), hasDoor: (door) => this.#parts.entrances.has(door) });
    return decided.ok ? { ok: true, value: { decision: decided.value, issuers } } : decided;
  }

  /** With the same issuer keys the policy is enough: the signatures cannot have changed. With others everything is looked at again. */
  async decideAgain(prepared: Prepared): Promise<Verdict<object>> {
    const { issuers } = this.#parts.trust.inForce();
    const context = this.#policy(prepared);
    if (issuers === prepared.issuers) return stillAllowed(prepared.decision, context);
    const decided = await redecide(prepared.decision, { ...this.#parts.trust.reads(), ...context });
    if (decided.ok) {
      prepared.decision = decided.value;
      prepared.issuers = issuers;
    }
    return decided;
  }

  /** Is it allowed by the rules in force now, the signatures aside? */
  stillAllowed(prepared: Prepared): Verdict<object> {
    return stillAllowed(prepared.decision, this.#policy(prepared));
  }

  /** May it start at its door as that stands now? @returns as `admits`; GRANT_WRONG_DOOR */
  admits({ claims, party, camera }: Decision): Verdict<object> {
    const entrance = this.#parts.entrances.get(claims.door);
    if (entrance === undefined) return refuse('GRANT_WRONG_DOOR');
    const { runner, profile, hasCamera } = entrance;
    return admits(runner.state(), profile, { partyKind: party.kind, camera, hasCamera });
  }

  #policy(prepared: Prepared): PolicyContext {
    return {
      ...this.#reads(),
      hasDoor: (door) => this.#parts.entrances.has(door),
      visit: { id: prepared.visit, counted: false },
    };
  }

  #reads() {
    return { ...this.#parts.trust.reads(), now: this.#parts.time.trustedNow() };
  }
}
