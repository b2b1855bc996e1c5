/** The desk for visitors: shows a grant, takes knocks, says how a visit stands. Decides with `grant/`, moves nothing itself. */
import { accept, type FaultCode, type Refusal, refuse, type Verdict } from '../../wire/faults.ts';
import type { GrantBundle } from '../../wire/grant.ts';
import { newId } from '../../wire/jws.ts';
import type { Act, KnockClaims } from '../../wire/knock.ts';
import type { VisitView } from '../../wire/visit-view.ts';
import type { Clock } from '../clock/clock.ts';
import { DeviceKeys } from '../grant/device-keys.ts';
import { decideKnock } from '../grant/knock.ts';
import { Lockout } from '../grant/lockout.ts';
import { Nonces } from '../grant/nonces.ts';
import type { Draft } from '../journal/journal.ts';
import { nextActs } from '../visit/next-acts.ts';
import type { Ended, Entrance } from './entrance.ts';
import { type Prepared, VisitList } from './visit-list.ts';
import { VisitPolicy, type VisitPolicyParts } from './visit-policy.ts';

export interface VisitDeskParts extends VisitPolicyParts {
  readonly hubId: string;
  readonly clock: Clock;
  readonly record: (draft: Draft) => Promise<void>;
  /** Counts and journals a refusal. */
  readonly refused: (kind: 'grant.refused' | 'knock.refused', code: FaultCode, door: string | undefined) => void;
  /** Somebody knocks wrongly, again and again (T20). */
  readonly lockedOut: (door: string, forMs: number) => void;
  /** An ended visit that this run of the hub does not remember. */
  readonly endedBefore: (visit: string) => Ended | undefined;
}

export class VisitDesk {
  readonly #parts: VisitDeskParts;
  readonly #policy: VisitPolicy;
  readonly #list = new VisitList((prepared) => this.#isUnderWay(prepared));
  readonly #nonces = new Nonces();
  readonly #lockout = new Lockout();
  readonly #keys = new DeviceKeys();

  constructor(parts: VisitDeskParts) {
    this.#parts = parts;
    this.#policy = new VisitPolicy(parts);
  }

  /** Decides on a grant and gives the nonce to arrive with. The same grant again is the same visit. */
  async prepare(bundle: GrantBundle): Promise<Verdict<VisitView>> {
    const decided = await this.#policy.decide(bundle);
    if (!decided.ok) return this.#refuse('grant.refused', decided, undefined);
    const { decision, issuers } = decided.value;
    const { door } = decision.claims;
    const known = this.#list.ofGrant(decision.grantHash);
    if (known !== undefined) {
      known.decision = decision;
      known.issuers = issuers;
      return accept(this.#view(known));
    }
    const admitted = this.#policy.admits(decision);
    if (!admitted.ok) return this.#refuse('grant.refused', admitted, door);
    const prepared = { visit: newId(), decision, issuers, atMs: this.#parts.clock.monotonic() };
    await this.#parts.record({
      at: this.#parts.clock.now(),
      door,
      visit: prepared.visit,
      kind: 'visit.prepared',
      body: {
        grant: decision.claims.jti,
        rule: decision.rule.id,
        jkt: decision.jkt,
        ...(decision.claims.delivery === undefined ? {} : { delivery: decision.claims.delivery }),
      },
    });
    this.#list.keep(prepared);
    return accept(this.#view(prepared));
  }

  /** Takes one knock: signature, nonce, policy, then the visit machine. */
  async act(visit: string, jws: string): Promise<Verdict<VisitView>> {
    const prepared = this.#list.prepared(visit);
    if (prepared === undefined)
      return refuse(this.#parts.endedBefore(visit) === undefined ? 'VISIT_UNKNOWN' : 'VISIT_ENDED');
    const { decision } = prepared;
    const { door, jti } = decision.claims;
    const facts = {
      hubId: this.#parts.hubId,
      visit,
      grantHash: decision.grantHash,
      grant: jti,
      jkt: decision.jkt,
      door,
    };
    const guards = { nonces: this.#nonces, lockout: this.#lockout, keys: this.#keys };
    const { verdict, lockedForMs } = await decideKnock(jws, facts, guards, this.#parts.clock.monotonic());
    if (lockedForMs !== undefined) this.#parts.lockedOut(door, lockedForMs);
    if (!verdict.ok) return this.#refuse('knock.refused', verdict, door);
    const done = await this.#perform(prepared, verdict.value);
    if (!done.ok) return this.#refuse('knock.refused', done, door);
    return accept(this.#view(prepared));
  }

  /** How a visit stands, with fresh nonces. @returns VISIT_UNKNOWN */
  async show(visit: string): Promise<Verdict<VisitView>> {
    const prepared = this.#list.prepared(visit);
    if (prepared !== undefined) return accept(this.#view(prepared));
    const ended = this.#parts.endedBefore(visit);
    return ended === undefined ? refuse('VISIT_UNKNOWN') : accept(endedView(visit, ended));
  }

  /** Stops a visit wherever it stands (R8). */
  async stop(visit: string, by: string): Promise<void> {
    const prepared = this.#list.prepared(visit);
    for (const { runner } of this.#parts.entrances.values()) {
      const state = runner.state();
      if ('visit' in state && state.visit?.id === visit) await runner.send({ on: 'stop.asked', by, visit });
    }
    if (prepared !== undefined && !this.#isUnderWay(prepared)) this.#list.drop(visit);
  }

  /** Looks again at every visit that has not entered yet: what allowed it may have been ended meanwhile. */
  async review(): Promise<void> {
    for (const prepared of this.#list.all()) {
      const entrance = this.#entranceOf(prepared);
      const state = entrance.runner.state();
      const released = 'visit' in state && state.visit?.id === prepared.visit && state.visit.released;
      if (!released && this.#isUnderWay(prepared)) {
        const still = this.#policy.stillAllowed(prepared);
        if (!still.ok) await this.stop(prepared.visit, still.code);
      }
    }
  }

  /** An owner signed for having looked at the door. @returns CLEARANCE_OTHER_ALARM when that alarm does not stand */
  async clear(door: string, alarm: number): Promise<Verdict<object>> {
    const runner = this.#parts.entrances.get(door)?.runner;
    const stands = runner?.view().alarms.some(({ seq }) => seq === alarm);
    if (runner === undefined || !stands) return refuse('CLEARANCE_OTHER_ALARM');
    await runner.send({ on: 'cleared', by: 'owner' });
    return accept({});
  }

  /** A visit has ended at its door. */
  ended(visit: string, ended: Ended): void {
    this.#list.end(visit, ended);
  }

  async #perform(prepared: Prepared, knock: KnockClaims): Promise<Verdict<object>> {
    const { runner } = this.#entranceOf(prepared);
    const { visit } = prepared;
    switch (knock.act) {
      case 'arrive':
        return this.#arrive(prepared);
      case 'open':
      case 'unlock':
        return this.#enter(prepared, knock.act);
      case 'finish':
      case 'abort':
        if (!this.#isUnderWay(prepared)) return refuse(this.#hasEnded(prepared) ? 'VISIT_ENDED' : 'VISIT_WRONG_STATE');
        await runner.send({ on: knock.act === 'finish' ? 'finish.asked' : 'abort.asked', visit });
        return accept({});
    }
  }

  async #arrive(prepared: Prepared): Promise<Verdict<object>> {
    if (this.#isUnderWay(prepared)) return accept({});
    if (this.#hasEnded(prepared)) return refuse('VISIT_ENDED');
    const allowed = await this.#policy.decideAgain(prepared);
    if (!allowed.ok) return allowed;
    const admitted = this.#policy.admits(prepared.decision);
    if (!admitted.ok) return admitted;
    const { claims, rule, jkt, camera } = prepared.decision;
    await this.#entranceOf(prepared).runner.send({
      on: 'visit.arrived',
      visit: {
        id: prepared.visit,
        grant: claims.jti,
        rule: rule.id,
        jkt,
        camera,
        arrivedAt: this.#parts.clock.now(),
        ...(claims.delivery === undefined ? {} : { delivery: claims.delivery }),
      },
    });
    return this.#isUnderWay(prepared) || this.#hasEnded(prepared) ? accept({}) : refuse('DOOR_BUSY');
  }

  async #enter(prepared: Prepared, act: 'open' | 'unlock'): Promise<Verdict<object>> {
    const { runner, profile, mover, mayOpen } = this.#entranceOf(prepared);
    const state = runner.state();
    if (!('visit' in state) || state.visit?.id !== prepared.visit) {
      return refuse(this.#hasEnded(prepared) ? 'VISIT_ENDED' : 'VISIT_WRONG_STATE');
    }
    if (state.at === 'preparing') return refuse('CAMERA_NOT_LIVE');
    if (state.at !== 'ready') return refuse('VISIT_WRONG_STATE', { at: state.at });
    const { camera } = prepared.decision;
    if (camera !== 'off' && !mayOpen(prepared.visit, camera === 'watched')) return refuse('CAMERA_NOT_LIVE');
    if (act !== profile.entry) return refuse('LOCK_CAPABILITY_MISSING', { act });
    const tries = mover.mayOpen?.() ?? accept({});
    if (!tries.ok) return tries;
    const allowed = await this.#policy.decideAgain(prepared);
    if (!allowed.ok) return allowed;
    const { claims, rule, assignment } = prepared.decision;
    const use = {
      grant: claims.jti,
      grantExp: claims.exp,
      rule: rule.id,
      firstOfVisit: true,
      ...(assignment === undefined ? {} : { assignment: { id: assignment.jti, exp: assignment.exp } }),
    };
    await runner.send({ on: 'unlock.asked', visit: prepared.visit, use });
    return accept({});
  }

  #entranceOf({ decision }: Prepared): Entrance {
    return this.#parts.entrances.get(decision.claims.door)!;
  }

  #isUnderWay(prepared: Prepared): boolean {
    const state = this.#entranceOf(prepared).runner.state();
    return 'visit' in state && state.visit?.id === prepared.visit;
  }

  #hasEnded({ visit }: Prepared): boolean {
    return this.#list.endOf(visit) !== undefined;
  }

  #view(prepared: Prepared): VisitView {
    const { visit, decision } = prepared;
    const ended = this.#list.endOf(visit);
    if (ended !== undefined) return endedView(visit, ended);
    const { runner, profile } = this.#entranceOf(prepared);
    const state = runner.state();
    const underWay = this.#isUnderWay(prepared);
    const possible: readonly Act[] = underWay ? nextActs(state, profile) : ['arrive'];
    const give = (act: Act) => [
      act,
      this.#nonces.give({ visit, jkt: decision.jkt, act }, this.#parts.clock.monotonic()),
    ];
    const nonces = Object.fromEntries(possible.map(give)) as VisitView['nonces'];
    return { visit, at: underWay ? state.at : 'idle', camera: decision.camera, nonces };
  }

  #refuse(kind: 'grant.refused' | 'knock.refused', refusal: Refusal, door: string | undefined): Refusal {
    this.#parts.refused(kind, refusal.code, door);
    return refusal;
  }
}

const endedView = (visit: string, { outcome, proof, receipt }: Ended): VisitView => ({
  visit,
  at: 'ended',
  camera: 'off',
  nonces: {},
  outcome,
  proof,
  ...(receipt === undefined ? {} : { receipt }),
});
