/** One door as the desks see it, and how a visit ended there. */
import type { Lock } from '../lock/lock.ts';
import type { DoorProfile } from '../visit/profile.ts';
import type { VisitRunner } from '../visit/run.ts';

export interface Entrance {
  readonly id: string;
  readonly name: string;
  readonly lock: Lock;
  /** Gives the lock's peripheral a fresh key (the installer's). */
  readonly pair: () => Promise<void>;
  readonly profile: DoorProfile;
  readonly runner: VisitRunner;
  readonly hasCamera: boolean;
}

export interface Ended {
  readonly outcome: string;
  readonly proof: string;
  /** Signed by the hub. */
  readonly receipt?: string;
}
