/** The installer's test of one lock: a visit of its own, through the same machine, with the installer at the door. */
import { Fault } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import { admits } from '../visit/admit.ts';
import type { VisitEnd } from '../visit/run.ts';
import type { Entrance } from './entrance.ts';

export interface LockTest {
  readonly visit: string;
  readonly outcome: string;
  readonly proof: string;
}

/** How long the counted use of a test is remembered, seconds. */
const rememberForS = 3600;

/**
 * Releases the lock and watches until the door is proven locked, or an alarm says that it is not.
 * @param jkt    thumbprint of the hub's own key: nobody else asks for this visit
 * @param nowMs  system time
 * @param ended  resolves when that visit has ended
 * @throws Fault DOOR_OPEN, DOOR_UNSECURED, DOOR_BUSY, DOOR_UNPROVABLE
 */
export async function testLock(
  { runner, profile, hasCamera }: Entrance,
  jkt: string,
  nowMs: number,
  ended: (visit: string) => Promise<VisitEnd>,
): Promise<LockTest> {
  const admitted = admits(runner.state(), profile, { partyKind: 'guest', camera: 'off', hasCamera });
  if (!admitted.ok) throw new Fault(admitted.code, admitted.detail ?? {});
  const [visit, grant] = [newId(), newId()];
  const end = ended(visit);
  const use = { grant, grantExp: Math.floor(nowMs / 1000) + rememberForS, rule: 'installer-test', firstOfVisit: true };
  await runner.send({
    on: 'visit.arrived',
    visit: { id: visit, grant, rule: use.rule, jkt, camera: 'off', arrivedAt: nowMs },
  });
  await runner.send({ on: 'unlock.asked', visit, use });
  const { outcome, proof } = await end;
  return { visit, outcome, proof };
}
