/** Does every lock answer? */
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import type { DoorStatus, HubStatus } from '../status.ts';
import { type Finding, fail, failBy, ok, warn } from './finding.ts';

export const checkLocks = ({ doors }: HubStatus): Finding[] => doors.map(checkLock);

/** Below this somebody has to change it soon; below that it may stop at any motion. */
const [lowPercent, emptyPercent] = [20, 10];
const changeIt = 'Change the batteries of the lock, or charge its pack.';
const goOnCharging = 'Leave it on its charger until it is full.';

/** Mended by pairing it. */
export const unpaired: readonly FaultCode[] = ['NUKI_NOT_PAIRED', 'NUKI_NOT_AUTHORIZED', 'OSDP_KEY_MISSING'];

function checkLock(door: DoorStatus): Finding {
  const { name, reachable, fault, tampered, identity, heldBy, bolt, batteryPercent } = door;
  const check = `lock ${name}`;
  if (!reachable) {
    const code: FaultCode = fault !== undefined && fault in faults ? (fault as FaultCode) : 'LOCK_UNAVAILABLE';
    return failBy(check, new Fault(code, { ...awayFix(code, door) }));
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
  const isCharging = door.batteryCharging === true;
  const battery = batteryPercent === undefined ? '' : `, battery ${batteryPercent} %${isCharging ? ', charging' : ''}`;
  // A lock whose firmware does not tell reports 0, and says by itself when it is critical.
  const isTold = batteryPercent !== undefined && batteryPercent > 0;
  if (door.batteryCritical === true || (isTold && batteryPercent < emptyPercent)) {
    if (isCharging) return warn(check, `answers, bolt ${bolt}${battery}: nearly empty still`, goOnCharging);
    return fail(check, 'LOCK_BATTERY_EMPTY', `nearly empty${battery}: it may stop at any motion`, changeIt);
  }
  const beside = emptyBeside(door);
  if (beside.length > 0) {
    const what = beside.join(' and ');
    return warn(check, `answers, bolt ${bolt}${battery}; the battery of its ${what} is nearly empty`, changeOf(what));
  }
  if (batteryPercent !== undefined && batteryPercent < lowPercent && !isCharging) {
    return warn(check, `answers, bolt ${bolt}${battery}: it is low, or not told by its firmware`, changeIt);
  }
  const seen = heldBy === 'barrier' ? '' : `, bolt ${bolt}`;
  return ok(check, `answers${identity === undefined ? '' : ` (${identity})`}${seen}${battery}`);
}

/** Whatever is paired with the lock by radio and has a battery of its own that is nearly empty. */
const emptyBeside = ({ keypadBatteryCritical, sensorBatteryCritical }: DoorStatus): string[] => [
  ...(keypadBatteryCritical === true ? ['keypad'] : []),
  ...(sensorBatteryCritical === true ? ['door sensor'] : []),
];

const changeOf = (what: string): string => `Change the battery of the ${what}.`;

/** Where the table of faults cannot know it. */
function awayFix(code: FaultCode, { name, heldBy }: DoorStatus): { readonly do?: string } {
  if (unpaired.includes(code)) return { do: `Pair it first: doorward lock pair ${name}` };
  const isFar = heldBy === 'nuki' && code === 'LOCK_UNAVAILABLE';
  return isFar ? { do: 'Bring hub and lock closer together, and look at its battery: doorward lock scan' } : {};
}
