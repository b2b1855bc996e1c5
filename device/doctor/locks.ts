/** Does every lock answer? */
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import type { DoorStatus, HubStatus } from '../status.ts';
import { type Finding, fail, failBy, ok } from './finding.ts';

export const checkLocks = ({ doors }: HubStatus): Finding[] => doors.map(checkLock);

function checkLock({ name, reachable, fault, tampered, identity, bolt, batteryPercent }: DoorStatus): Finding {
  const check = `lock ${name}`;
  if (!reachable) {
    const code: FaultCode = fault !== undefined && fault in faults ? (fault as FaultCode) : 'LOCK_UNAVAILABLE';
    return failBy(check, new Fault(code));
  }
  if (tampered === true) {
    return fail(
      check,
      'LOCK_REFUSED',
      'it reports that it was opened',
      'Look at its housing and its wires, and close it.',
    );
  }
  if (bolt === 'jammed') return failBy(check, new Fault('LOCK_JAMMED'));
  const battery = batteryPercent === undefined ? '' : `, battery ${batteryPercent} %`;
  return ok(check, `answers${identity === undefined ? '' : ` (${identity})`}, bolt ${bolt}${battery}`);
}
