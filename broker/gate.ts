/** Who may knock at all: connections counted by total and by address, before the TLS handshake costs anything. */
import { accept, refuse, type Verdict } from '../wire/faults.ts';
import { Bucket } from './bucket.ts';

export interface GateLimits {
  readonly maxConnections: number;
  /** Connections that have not proven who they are yet. */
  readonly maxPendingConnections: number;
  /** New connections from one address; five seconds' worth may come at once. */
  readonly connectionsPerSecondPerAddress: number;
}

const burstS = 5;
/** Addresses remembered before those that have gone quiet are forgotten. */
const sweepAt = 10_000;

/** A connection that was let in. Each may be called more than once. */
export interface Pass {
  /** It has proven who it is: no longer pending. */
  settle(): void;
  leave(): void;
}

export class Gate {
  readonly #limits: GateLimits;
  readonly #addresses = new Map<string, Bucket>();
  #connections = 0;
  #pending = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  get connections(): number {
    return this.#connections;
  }

  /** @param nowMs  monotonic ms. @returns a pass, BROKER_TOO_MANY_CONNECTIONS or BROKER_TOO_FAST */
  admit(address: string, nowMs: number): Verdict<Pass> {
    const { maxConnections, maxPendingConnections } = this.#limits;
    if (this.#connections >= maxConnections) return refuse('BROKER_TOO_MANY_CONNECTIONS', { maxConnections });
    if (this.#pending >= maxPendingConnections) return refuse('BROKER_TOO_MANY_CONNECTIONS', { maxPendingConnections });
    const bucket = this.#bucketOf(address, nowMs);
    if (bucket.waitMs(nowMs) > 0) return refuse('BROKER_TOO_FAST', { address });
    bucket.take(1);
    return accept(this.#pass());
  }

  #pass(): Pass {
    this.#connections += 1;
    this.#pending += 1;
    let [isPending, isHere] = [true, true];
    const settle = () => {
      if (isPending) this.#pending -= 1;
      isPending = false;
    };
    const leave = () => {
      settle();
      if (isHere) this.#connections -= 1;
      isHere = false;
    };
    return { settle, leave };
  }

  #bucketOf(address: string, nowMs: number): Bucket {
    const known = this.#addresses.get(address);
    if (known !== undefined) return known;
    if (this.#addresses.size >= sweepAt) {
      for (const [each, bucket] of this.#addresses) if (bucket.isFull(nowMs)) this.#addresses.delete(each);
    }
    const perSecond = this.#limits.connectionsPerSecondPerAddress;
    const bucket = new Bucket(perSecond, perSecond * burstS, nowMs);
    this.#addresses.set(address, bucket);
    return bucket;
  }
}
