/** Are contact and monitor of every door wired as they are configured? */
import { osdpOf } from '../config/osdp.ts';
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
  const mine = osdpOf(door)?.config;
  if (mine === undefined) return undefined;
  const all = doors.map(osdpOf).filter((one) => one !== undefined);
  const here = all.filter(({ config }) => config.port === mine.port && config.address === mine.address);
  const inputs = here
    .flatMap((one) => [
      one.config.contact?.input,
      one.is === 'lock' ? one.config.monitor?.input : undefined,
      one.bell?.input,
    ])
    .filter((one) => one !== undefined);
  const outputs = here.map(({ config }) => config.output);
  const fix = 'Give each contact, monitor, bell, strike and barrier of a peripheral a number of its own.';
  const isTwice = (all: readonly number[]): boolean => new Set(all).size < all.length;
  if (isTwice(inputs)) return fail(check, 'CONFIG_INVALID', 'two contacts, monitors or bells have the same input', fix);
  if (isTwice(outputs)) return fail(check, 'CONFIG_INVALID', 'two doors have the same output', fix);
  return undefined;
}

function wiring(check: string, { lock, barrier, acceptsClosed }: DoorConfig): Finding | undefined {
  if (barrier !== undefined) {
    const fix = 'Wire an input that sees it closed, and set barrier.contact.';
    return barrier.contact === undefined
      ? warn(check, 'no closed-position input: this barrier takes no visits', fix)
      : undefined;
  }
  if (lock?.kind === 'nuki') {
    const fix = 'Pair a door sensor with the lock in its app, and set lock.doorSensor.';
    return lock.doorSensor ? undefined : warn(check, 'no door sensor: couriers are refused at this door', fix);
  }
  if (lock?.contact === undefined) {
    return warn(check, 'no contact: couriers are refused at this door', 'Wire a door contact, and set lock.contact.');
  }
  if (lock.monitor === undefined && !acceptsClosed) {
    const fix = 'Wire a latch or bolt monitor, and set lock.monitor; or set acceptsClosed when the owner accepts it.';
    return warn(check, 'no monitor: nothing proves the door locked, so it takes no visits', fix);
  }
  return undefined;
}

function plausible(check: string, { lock }: DoorConfig, door: DoorStatus | undefined): Finding {
  const isLine = lock?.kind !== 'nuki';
  const seesBolt = lock !== undefined && (lock.kind === 'nuki' || lock.monitor !== undefined);
  if (door === undefined) return ok(check, 'configured; its levels show when the hub runs');
  if (!door.reachable) return warn(check, 'not known while the lock cannot be reached', 'Mend the lock first.');
  const { bolt, contact, ageMs, at, alarms } = door;
  const says = seesBolt ? `door ${contact}, bolt ${bolt}` : `door ${contact}`;
  if (contact === 'unknown' || (bolt === 'unknown' && seesBolt)) {
    const fix = isLine
      ? 'Check that the peripheral has these inputs, and their wires.'
      : 'Look at bolt and door sensor; calibrate the lock in its app.';
    return fail(check, 'LOCK_REFUSED', `${says}: something is configured that it does not report`, fix);
  }
  // A battery lock is asked seldom; what it reported last is still so until it says that something is new.
  if (ageMs < 0 || (isLine && ageMs > freshMs)) {
    return fail(check, 'LOCK_SILENT', `${says}, but that is ${Math.round(ageMs / 1000)} s old`, 'Check the line.');
  }
  const levels = isLine
    ? 'Look at the door: when it is otherwise, correct contact.closedWhen or monitor.lockedWhen.'
    : 'Look at the door: when it is otherwise, calibrate lock and door sensor in the app of the lock.';
  if (at === 'idle' && contact === 'open' && bolt === 'locked')
    return warn(check, `${says}, though nobody visits`, levels);
  if (at === 'idle' && contact === 'closed' && seesBolt && bolt !== 'locked') {
    return warn(check, `${says}, though nobody visits`, levels);
  }
  if (alarms.length > 0)
    return warn(check, `${says}; alarms: ${alarms.join(', ')}`, 'Look at the door, then clear them.');
  return ok(check, says);
}
