/** The visits that the hub has said a first yes to, and how the last ones ended. Bounded; the oldest gives way. */
import type { Decision } from '../grant/decide.ts';
import type { Ended } from './entrance.ts';

/** A visit that was prepared. */
export interface Prepared {
  readonly visit: string;
  decision: Decision;
  /** The issuer keys that the decision was made with: others need a new one. */
  issuers: unknown;
  /** Monotonic, ms. */
  readonly atMs: number;
}

/** Visits remembered of each kind, and how long one waits for its `arrive`, ms. */
const most = 64;
const preparedForMs = 15 * 60_000;

export class VisitList {
  readonly #prepared = new Map<string, Prepared>();
  readonly #ended = new Map<string, Ended>();
  readonly #isUnderWay: (prepared: Prepared) => boolean;

  /** @param isUnderWay  such a visit is never given up here */
  constructor(isUnderWay: (prepared: Prepared) => boolean) {
    this.#isUnderWay = isUnderWay;
  }

  prepared(visit: string): Prepared | undefined {
    return this.#prepared.get(visit);
  }

  all(): readonly Prepared[] {
    return [...this.#prepared.values()];
  }

  /** The visit that this very grant was prepared for, unless it has ended. */
  ofGrant(grantHash: string): Prepared | undefined {
    return this.all().find((one) => one.decision.grantHash === grantHash && !this.#ended.has(one.visit));
  }

  keep(prepared: Prepared): void {
    for (const [visit, one] of this.#prepared) {
      const over = this.#prepared.size >= most || prepared.atMs - one.atMs > preparedForMs;
      if (over && !this.#isUnderWay(one)) this.#prepared.delete(visit);
    }
    this.#prepared.set(prepared.visit, prepared);
  }

  drop(visit: string): void {
    this.#prepared.delete(visit);
  }

  end(visit: string, ended: Ended): void {
    this.#ended.set(visit, ended);
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= most) break;
      this.#ended.delete(oldest);
    }
  }

  endOf(visit: string): Ended | undefined {
    return this.#ended.get(visit);
  }
}
