/** What the hub signs of a test: how the door is built, what was seen, how it ended. */
import { commissioningForm } from '../../wire/commissioning.ts';
import { type SignKey, signDocument } from '../../wire/jws.ts';
import { software } from '../software.ts';
import type { Entrance } from './entrance.ts';
import type { SeenStep, TestEnd } from './lock-test.ts';

export interface TestFacts extends TestEnd {
  readonly entrance: Entrance;
  readonly visit: string;
  readonly steps: readonly SeenStep[];
  /** The hub's system time, ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly installer?: string;
}

const longestIdentity = 128;

/** @returns the commissioning report, a compact JWS */
export function signReport(hubId: string, key: SignKey, { entrance, steps, ...facts }: TestFacts): Promise<string> {
  const { id, heldBy, mover, profile } = entrance;
  const { identity, batteryPercent } = mover.health();
  const { seesBolt, seesDoor, acceptsClosed } = profile;
  const claims = {
    ...{ iss: hubId, door: id, heldBy, seesBolt, seesDoor, acceptsClosed },
    ...(identity === undefined || identity === '' ? {} : { identity: identity.slice(0, longestIdentity) }),
    ...(batteryPercent === undefined ? {} : { batteryPercent }),
    ...facts,
    steps: [...steps],
    software,
  };
  return signDocument(commissioningForm, claims, key);
}
