/**
 * The machine of one stop: `step(stop, event, terms) -> { next, effects }`. No clock, no I/O, no randomness.
 *
 * A stop closes as delivered only with the evidence that a step of its plan asks for (S010, S011): the right code, a photo, the recipient's
 * own yes, the hub's proof of the door. Nobody's word closes it.
 */
import { type FaultCode, unreachable } from '../../wire/faults.ts';
import type { PlanStep } from '../../wire/plan.ts';
import { presences, type StopAct, type StopEnd, stopActs } from '../../wire/stop.ts';
import {
  type ActEvent,
  deliveredEnds,
  type Effect,
  type Event,
  type Exception,
  initial,
  maxWrong,
  type Stop,
  type Terms,
  type Turn,
  triedAgain,
} from './state.ts';

type On<K extends Event['on']> = Extract<Event, { on: K }>;
type DoorStep = Extract<PlanStep, { door: string }>;

const quiet = (next: Stop): Turn => ({ next, effects: [] });
const refused = (stop: Stop, code: FaultCode): Turn => ({ next: stop, effects: [{ do: 'refuse', code }] });
const reported = (stop: Stop, exception: Exception): Turn => ({ next: stop, effects: [{ do: 'report', exception }] });

function closed(stop: Stop, end: StopEnd, first: readonly Effect[] = []): Turn {
  const next: Stop = { ...stop, at: 'closed', comparing: undefined, inside: undefined, end };
  const again: readonly Effect[] = triedAgain.has(end) ? [{ do: 'try-again' }] : [];
  return { next, effects: [...first, { do: 'close', end }, ...again] };
}

const isDoor = (one: PlanStep): one is DoorStep => 'door' in one;
/** Every door that the plan has before this step was tried in vain. */
const isTurn = (stop: Stop, { plan }: Terms, step: PlanStep): boolean =>
  plan.slice(0, plan.indexOf(step)).every((one) => !isDoor(one) || stop.tried.includes(one.door));

/** Whoever is handed something has a code here. */
const isByCode = (one: PlanStep): boolean => one.place === 'neighbour' || (one.place === 'in-person' && one.code);

/** Nothing but a hand-over before somebody had the time to come (S049, S062). */
const hasWaited = (stop: Stop): FaultCode | undefined => {
  if (stop.rung === 'no') return 'STOP_NOT_RUNG';
  return stop.rung === 'waiting' ? 'STOP_WAIT' : undefined;
};

const hasArrived = (stop: Stop, { device }: Terms): boolean =>
  stop.at === 'here' && device !== undefined && stop.device === device;

/** Why no visit may begin at this door now; undefined: it may. */
export function whyNotOpen(stop: Stop, terms: Terms, door: string): FaultCode | undefined {
  if (stop.at === 'closed') return stop.end === 'blocked' ? 'STOP_BLOCKED' : 'STOP_CLOSED';
  if (!hasArrived(stop, terms)) return 'STOP_NOT_HERE';
  const planned = terms.plan.find((one) => isDoor(one) && one.door === door);
  if (planned === undefined) return 'STOP_NOT_PLANNED';
  return hasWaited(stop) ?? (isTurn(stop, terms, planned) ? undefined : 'STOP_NOT_YET');
}

/**
 * What follows from `event`. An act of a device that does not have the task, or that the plan does not have, is refused; what comes
 * after the end changes nothing and, where it disagrees with the end, is reported.
 */
export function step(stop: Stop, event: Event, terms: Terms): Turn {
  if ('by' in event) return onAct(stop, event, terms);
  if (stop.at === 'closed') return onClosed(stop, event);
  switch (event.on) {
    case 'compared':
      return onCompared(stop, event, terms);
    case 'waited':
      return quiet(stop.rung === 'waiting' ? { ...stop, rung: 'waited' } : stop);
    case 'noticed': {
      const isMore = presences.indexOf(event.how) > presences.indexOf(stop.presence);
      return quiet(hasArrived(stop, terms) && isMore ? { ...stop, presence: event.how } : stop);
    }
    case 'visit.begun':
      return quiet({ ...stop, inside: event.door });
    case 'visit.ended':
      return onVisitEnded(stop, event, terms);
    case 'door.failed':
      return quiet(withTried(stop, event.door));
    case 'received': {
      const isPlanned = terms.plan.some((one) => one.place === 'in-person' && !one.code);
      if (!isPlanned) return refused(stop, 'STOP_NOT_PLANNED');
      return hasArrived(stop, terms) ? closed(stop, 'handed-over') : refused(stop, 'STOP_NOT_HERE');
    }
    case 'collectable': {
      const isPlanned = terms.plan.some((one) => one.place === 'pick-up');
      return isPlanned ? closed(stop, 'picked-up-later') : refused(stop, 'STOP_NOT_PLANNED');
    }
    case 'asserted':
      return reported(stop, 'without-evidence');
    case 'blocked':
      return closed(stop, 'blocked');
    case 'cancelled':
      return closed(stop, 'cancelled');
    case 'day-over':
      // Whoever is inside at midnight still brings it in.
      return stop.inside === undefined || event.isLong ? closed(stop, 'day-over') : quiet(stop);
    default:
      return unreachable(event);
  }
}

/** Closed stays closed. */
function onClosed(stop: Stop, event: Exclude<Event, ActEvent>): Turn {
  const isBlocked = stop.end === 'blocked';
  const isDelivered = stop.end !== undefined && deliveredEnds.has(stop.end);
  switch (event.on) {
    case 'visit.ended':
      if (!event.isProven || isDelivered) return quiet(stop);
      return reported(stop, isBlocked ? 'despite-block' : 'late');
    case 'asserted':
      return isDelivered ? quiet(stop) : reported(stop, isBlocked ? 'despite-block' : 'without-evidence');
    case 'received':
    case 'collectable':
      return refused(stop, isBlocked ? 'STOP_BLOCKED' : 'STOP_CLOSED');
    default:
      return quiet(stop);
  }
}

function onAct(stop: Stop, event: ActEvent, terms: Terms): Turn {
  if (event.by !== terms.device) return refused(stop, 'TASK_OTHER_DEVICE');
  if (stop.at === 'closed') return refused(stop, stop.end === 'blocked' ? 'STOP_BLOCKED' : 'STOP_CLOSED');
  if (event.on === 'arrive') return onArrive(stop, event, terms);
  if (event.on === 'leave') return onLeave(stop, event, terms);
  if (!hasArrived(stop, terms)) return refused(stop, 'STOP_NOT_HERE');
  switch (event.on) {
    case 'ring':
      return quiet(stop.rung === 'no' ? { ...stop, rung: 'waiting' } : stop);
    case 'name':
      return terms.plan.some(isByCode) ? quiet({ ...stop, named: event.holder }) : refused(stop, 'STOP_NOT_PLANNED');
    case 'hand-over':
      if (!terms.plan.some(isByCode)) return refused(stop, 'STOP_NOT_PLANNED');
      if (stop.named !== event.holder) return refused(stop, 'HOLDER_NOT_NAMED');
      return {
        next: { ...stop, comparing: event.holder },
        effects: [{ do: 'compare', holder: event.holder }],
      };
    case 'put':
      return onPut(stop, event, terms);
    default:
      return unreachable(event);
  }
}

/** Another device than the one that was here begins anew; what was wrong stays counted, what was tried stays tried. */
function onArrive(stop: Stop, event: On<'arrive'>, terms: Terms): Turn {
  const { seen } = event;
  if (seen === 'elsewhere') return refused(stop, 'STOP_WRONG_DOOR');
  if (hasArrived(stop, terms)) {
    const isMore = presences.indexOf(seen) > presences.indexOf(stop.presence);
    return quiet(isMore ? { ...stop, presence: seen } : stop);
  }
  const { wrong, tried } = stop;
  const next: Stop = { ...initial, at: 'here', device: event.by, presence: seen, wrong, tried };
  return { next, effects: [{ do: 'tell-arrival' }] };
}

/** A dog, a wrong address: whoever goes for that need not ring. That nobody was there can be said only after ring and wait. */
function onLeave(stop: Stop, { reason }: On<'leave'>, terms: Terms): Turn {
  if (reason !== 'nobody' && reason !== 'refused') return closed(stop, 'left');
  if (!hasArrived(stop, terms)) return refused(stop, 'STOP_NOT_HERE');
  const code = reason === 'nobody' ? hasWaited(stop) : undefined;
  return code === undefined ? closed(stop, 'left') : refused(stop, code);
}

/** A wrong code counts whatever else happened meanwhile; a right one only while its courier is here. */
function onCompared(stop: Stop, event: On<'compared'>, terms: Terms): Turn {
  if (stop.comparing !== event.holder) return quiet(stop);
  const over: Stop = { ...stop, comparing: undefined };
  if (event.is === 'right') return hasArrived(stop, terms) ? closed(over, 'handed-over') : quiet(over);
  const counted: Stop = { ...over, wrong: stop.wrong + 1 };
  return event.isLast || counted.wrong >= maxWrong ? closed(counted, 'tries-used') : quiet(counted);
}

function onPut(stop: Stop, { place, photo }: On<'put'>, terms: Terms): Turn {
  const planned = terms.plan.find(
    (one) => one.place === place && (one.place === 'drop' || (one.place === 'in-person' && !one.code)),
  );
  if (planned === undefined) return refused(stop, 'STOP_NOT_PLANNED');
  const early = hasWaited(stop) ?? (isTurn(stop, terms, planned) ? undefined : 'STOP_NOT_YET');
  if (early !== undefined) return refused(stop, early);
  // Without photos the position has to agree: a signed word alone is no evidence (S081).
  const isNear = presences.indexOf(stop.presence) >= presences.indexOf('near');
  const isShown = photo || (place === 'drop' && !terms.photos && isNear);
  return isShown ? closed(stop, 'put') : refused(stop, 'STOP_PROOF_MISSING');
}

const withTried = (stop: Stop, door: string): Stop =>
  stop.tried.includes(door) ? stop : { ...stop, tried: [...stop.tried, door].sort() };

function onVisitEnded(stop: Stop, { door, isProven }: On<'visit.ended'>, terms: Terms): Turn {
  const out: Stop = stop.inside === door ? { ...stop, inside: undefined } : stop;
  if (!isProven) return quiet(withTried(out, door));
  if (!terms.plan.some((one) => isDoor(one) && one.door === door)) return reported(out, 'other-door');
  // The hub let nobody in before ring and wait; where it did all the same, the door is proven and both are told.
  return closed(out, 'inside', out.rung === 'waited' ? [] : [{ do: 'report', exception: 'unrung' }]);
}

/** What the device that has the task can do now: whatever `step` would not refuse. */
export function possibleActs(stop: Stop, terms: Terms): readonly StopAct[] {
  const by = terms.device;
  if (by === undefined) return [];
  const holder = stop.named ?? '';
  const tries: Readonly<Record<StopAct, readonly ActEvent[]>> = {
    arrive: hasArrived(stop, terms) ? [] : [{ on: 'arrive', by, seen: 'said' }],
    ring: [{ on: 'ring', by }],
    name: [{ on: 'name', by, holder }],
    'hand-over': stop.named === undefined ? [] : [{ on: 'hand-over', by, holder }],
    put: terms.plan.map(({ place }) => ({ on: 'put', by, place, photo: true })),
    leave: [{ on: 'leave', by, reason: 'other' }],
  };
  const isRefused = (event: ActEvent): boolean => step(stop, event, terms).effects.some((one) => one.do === 'refuse');
  return stopActs.filter((act) => tries[act].some((event) => !isRefused(event)));
}
