/** Are contact and monitor of every door wired as they are configured? */
import type { DoorConfig, HubConfig } from '../config/schema.ts';
import type { DoorStatus, HubStatus } from '../status.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** A report that is older tells nothing. */
const freshMs = 10_000;

export const checkContacts = ({ doors }: HubConfig, status: HubStatus | undefined): Finding[] =>
  doors.map((door) => {
    const check = `contact ${door.name}`;
    return (
      clash(check, door, doors) ??
      wiring(check, door) ??
      plausible(
        check,
        door,
        status?.doors.find(({ id }) => id === door.id),
      )
    );
  });

/** Every input and output is for one thing. */
function clash(check: string, door: DoorConfig, doors: readonly DoorConfig[]): Finding | undefined {
  const here = doors.filter(({ lock }) => lock.port === door.lock.port && lock.address === door.lock.address);
  const inputs = here
    .flatMap(({ lock }) => [lock.contact?.input, lock.monitor?.input])
    .filter((one) => one !== undefined);
  const outputs = here.map(({ lock }) => lock.output);
  const fix = 'Give each contact, monitor and strike of a peripheral a number of its own.';
  const isTwice = (all: readonly number[]): boolean => new Set(all).size < all.length;
  if (isTwice(inputs)) return fail(check, 'CONFIG_INVALID', 'two contacts or monitors have the same input', fix);
  if (isTwice(outputs)) return fail(check, 'CONFIG_INVALID', 'two strikes have the same output', fix);
  return undefined;
}

function wiring(check: string, { lock, acceptsClosed }: DoorConfig): Finding | undefined {
  if (lock.contact === undefined) {
    return warn(check, 'no contact: couriers are refused at this door', 'Wire a door contact, and set lock.contact.');
  }
  if (lock.monitor === undefined && !acceptsClosed) {
    const fix = 'Wire a latch or bolt monitor, and set lock.monitor; or set acceptsClosed when the owner accepts it.';
    return warn(check, 'no monitor: nothing proves the door locked, so it takes no visits', fix);
  }
  return undefined;
}

function plausible(check: string, { lock }: DoorConfig, door: DoorStatus | undefined): Finding {
  if (door === undefined) return ok(check, 'configured; its levels show when the hub runs');
  if (!door.reachable) return warn(check, 'not known while the lock cannot be reached', 'Mend the lock first.');
  const { bolt, contact, ageMs, at, alarms } = door;
  const says = `door ${contact}, bolt ${bolt}`;
  if (contact === 'unknown' || (bolt === 'unknown' && lock.monitor !== undefined)) {
    const fix = 'Check that the peripheral has these inputs, and their wires.';
    return fail(check, 'LOCK_REFUSED', `${says}: an input is configured that the peripheral does not report`, fix);
  }
  if (ageMs < 0 || ageMs > freshMs) {
    return fail(check, 'LOCK_SILENT', `${says}, but that is ${Math.round(ageMs / 1000)} s old`, 'Check the line.');
  }
  const levels = 'Look at the door: when it is otherwise, correct lock.contact.closedWhen or lock.monitor.lockedWhen.';
  if (at === 'idle' && contact === 'open' && bolt === 'locked')
    return warn(check, `${says}, though nobody visits`, levels);
  if (at === 'idle' && contact === 'closed' && lock.monitor !== undefined && bolt !== 'locked') {
    return warn(check, `${says}, though nobody visits`, levels);
  }
  if (alarms.length > 0)
    return warn(check, `${says}; alarms: ${alarms.join(', ')}`, 'Look at the door, then clear them.');
  return ok(check, says);
}
