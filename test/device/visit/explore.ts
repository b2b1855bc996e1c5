/** Walks through every state that the visit machine can reach, with every event in each of them. */
import type { BoltState, ContactState } from '../../../device/lock/lock.ts';
import type { DoorProfile } from '../../../device/visit/profile.ts';
import { type Arrival, type Event, initial, type State, type Step, type Turn } from '../../../device/visit/step.ts';
import type { AlarmCode } from '../../../wire/alarms.ts';
import { nothing, type Past, watch } from './watch.ts';

export const bolts: readonly BoltState[] = ['locked', 'unlocked', 'open', 'jammed', 'unknown', 'unavailable'];
export const contacts: readonly ContactState[] = ['closed', 'open', 'unknown', 'unavailable'];

/** What a lock reports that has nothing to see with. */
const unseenBolts: readonly BoltState[] = ['jammed', 'unknown', 'unavailable'];
const unseenContacts: readonly ContactState[] = ['unknown', 'unavailable'];

export interface Found {
  readonly promise: string;
  readonly event: Event;
  readonly from: State;
}

export interface Walk {
  readonly states: number;
  readonly turns: number;
  readonly found: readonly Found[];
}

/** A state, as it was met first; what follows from it is the same whatever the past. */
interface Place {
  readonly s: State;
  /** Every past with which a state of this key was reached. */
  readonly pasts: Set<number>;
  /** Those that it has still to be left with. */
  ahead: Past[];
  /** What its timers alone lead to was looked at: it hangs on no past. */
  isTimed: boolean;
}

interface Move {
  readonly event: Event;
  readonly taken: Turn;
  /** It comes late, doubled or of another visit. */
  readonly isLate: boolean;
  /** Undefined: it stays. */
  to?: Place;
}

const use = { grant: 'grant', grantExp: 1, rule: 'rule', firstOfVisit: true };
const arrival = (id: string, camera: Arrival['camera']): Arrival => ({
  id,
  grant: 'grant',
  rule: 'rule',
  jkt: 'jkt',
  camera,
});

/** Everything that can come now, as seen from `s`. */
function eventsFor(s: State, profile: DoorProfile, camera: Arrival['camera']): Event[] {
  const isVisiting = s.at !== 'idle' && s.visit !== undefined;
  const { timer } = s;
  const seq = s.door.seq + 1;
  const events: Event[] = [
    { on: 'visit.arrived', visit: arrival(isVisiting ? 'other' : 'mine', camera) },
    { on: 'unlock.asked', visit: 'mine', use },
    { on: 'finish.asked', visit: 'mine' },
    { on: 'abort.asked', visit: 'mine' },
    { on: 'stop.asked', by: 'owner' },
    { on: 'camera.live', visit: 'mine', watched: true },
    { on: 'camera.live', visit: 'mine', watched: false },
    { on: 'camera.lost', visit: 'mine' },
    { on: 'recorded', record: timer },
    { on: 'record.failed', record: timer, code: 'JOURNAL_UNAVAILABLE' },
    { on: 'drive.done', to: 'locked', drive: timer },
    { on: 'drive.failed', to: 'locked', drive: timer, code: 'LOCK_SILENT' },
    { on: 'drive.failed', to: 'locked', drive: timer, code: 'LOCK_JAMMED' },
    { on: 'drive.failed', to: 'locked', drive: timer, code: 'LOCK_COMMAND_EXPIRED' },
    { on: 'timer.fired', timer },
    { on: 'cleared', by: 'owner' },
  ];
  for (const bolt of profile.seesBolt ? bolts : unseenBolts) {
    for (const contact of profile.seesDoor ? contacts : unseenContacts)
      events.push({ on: 'reported', bolt, contact, seq });
  }
  return events;
}

/** What comes late, doubled or of another visit: it must do nothing but, at most, be journaled. */
function harmlessFor(s: State): Event[] {
  const late = s.timer - 1;
  const { seq } = s.door;
  return [
    { on: 'unlock.asked', visit: 'other', use },
    { on: 'finish.asked', visit: 'other' },
    { on: 'abort.asked', visit: 'other' },
    { on: 'stop.asked', by: 'owner', visit: 'other' },
    { on: 'camera.live', visit: 'other', watched: true },
    { on: 'camera.lost', visit: 'other' },
    { on: 'recorded', record: late },
    { on: 'record.failed', record: late, code: 'JOURNAL_UNAVAILABLE' },
    { on: 'drive.done', to: 'unlocked', drive: late },
    { on: 'drive.done', to: 'locked', drive: late },
    { on: 'drive.failed', to: 'locked', drive: late, code: 'LOCK_JAMMED' },
    { on: 'timer.fired', timer: late },
    { on: 'reported', bolt: 'locked', contact: 'closed', seq },
    { on: 'reported', bolt: 'unlocked', contact: 'open', seq },
    { on: 'restarted', alarms: [] },
  ];
}

/** Every way in which a process can begin. */
const restarts = (): Extract<Event, { on: 'restarted' }>[] => {
  const stood: readonly AlarmCode[][] = [
    [],
    ['CONTACT_FAULT'],
    ['LOCK_JAMMED', 'DOOR_LEFT_OPEN'],
    ['CAMERA_LOST'],
    ['LOCK_OFFLINE'],
  ];
  const visits = [
    undefined,
    { released: false, opened: false },
    { released: true, opened: false },
    { released: true, opened: true },
  ];
  return stood.flatMap((alarms) =>
    visits.map((visit) => ({
      on: 'restarted' as const,
      alarms,
      ...(visit === undefined ? {} : { visit: { id: 'mine', grant: 'grant', rule: 'rule', jkt: 'jkt', ...visit } }),
    })),
  );
};

/** All of a state but the ids of timers and the numbers of reports. */
const exactly = (s: State): string => `${plainly(s)}/${s.door.bolt}/${s.alarms.join()}`;

/** What tells states apart: less than all, where the rest makes no difference. */
function keyOf(s: State): string {
  const bolt = s.door.bolt === 'open' ? 'unlocked' : s.door.bolt;
  return `${plainly(s)}/${bolt}/${alarmsOf(s)}`;
}

function plainly(s: State): string {
  const v = s.at === 'idle' ? undefined : s.visit;
  const visit = v && `${v.camera}${v.watched}${v.opened}${v.said}${v.stopped}${v.released}${v.failed}`;
  const phase = 'phase' in s ? s.phase : '';
  const more =
    s.at === 'unsecured' ? `${s.left}${s.cleared}${s.intact}${s.driven}` : s.at === 'locking' ? s.attempt : '';
  return `${s.at}/${phase}/${more}/${visit}/${s.door.contact}`;
}

const records: readonly Past['record'][] = ['none', 'asked'];
const commands: readonly Past['command'][] = ['none', 'sent', 'accepted'];

/** All of a past in one number, below 7680. */
function pastKey(p: Past): number {
  const flags =
    (p.visiting ? 1 : 0) |
    (p.camera ? 2 : 0) |
    (p.calledOff ? 4 : 0) |
    (p.opened ? 8 : 0) |
    (p.released ? 16 : 0) |
    (p.signed ? 32 : 0) |
    (p.pulsed ? 64 : 0) |
    (p.timer ? 128 : 0);
  return ((flags * 2 + records.indexOf(p.record)) * 3 + commands.indexOf(p.command)) * 5 + p.proof;
}

/**
 * In `unsecured`, what matters of an alarm is whether it needs a signature, whether it would be raised twice, and whether any says
 * that the door is not safe: the others are told apart only while a visit is under way.
 */
function alarmsOf(s: State): string {
  if (s.at !== 'unsecured') return [...s.alarms].sort().join();
  const named = s.alarms.filter((code) => ownName.has(code)).sort();
  const says = s.alarms.some((code) => !ownName.has(code) && code !== 'HUB_RESTARTED' && code !== 'CAMERA_LOST');
  return `${named.join()}${says ? '+' : ''}`;
}
const ownName: ReadonlySet<AlarmCode> = new Set(['DOOR_FORCED_OPEN', 'BOLT_MOVED', 'LOCK_JAMMED', 'CONTACT_FAULT']);

/** Timers alone, from here: do they lead to a lock command, an alarm that speaks of the door, or a door proven safe? */
function isLookedAfter(step: Step, from: State, profile: DoorProfile): boolean {
  let s = from;
  const isSaid = (): boolean => s.alarms.some((code) => code !== 'HUB_RESTARTED' && code !== 'CAMERA_LOST');
  for (let n = 0; n < 4 * profile.attempts + 6; n++) {
    if (s.at === 'idle' || isSaid()) return true;
    const { next, effects } = step(s, { on: 'timer.fired', timer: s.timer }, profile);
    if (effects.some((effect) => effect.do === 'bolt.drive' && effect.to === 'locked')) return true;
    s = next;
  }
  return false;
}

/** Timers alone, from here: does the visit end, or an alarm stand? */
function endsOrCries(step: Step, from: State, profile: DoorProfile): boolean {
  let s = from;
  for (let n = 0; n < 8 * profile.attempts + 10; n++) {
    if (s.at === 'idle' || s.visit === undefined || s.alarms.length > 0) return true;
    s = step(s, { on: 'timer.fired', timer: s.timer }, profile).next;
  }
  return false;
}

/**
 * Breadth first from every restart. Ids of timers and numbers of reports are left out of what tells states apart.
 * @param limit.found  stops after so many broken promises
 */
export function walk(step: Step, profile: DoorProfile, camera: Arrival['camera'], limit: { found: number }): Walk {
  const places = new Map<string, Place>();
  const pastsOf = new Map<string, Set<number>>();
  const ahead: Place[] = [];
  const found: Found[] = [];
  let states = 0;
  let turns = 0;
  const placeOf = (s: State): Place => {
    const exact = exactly(s);
    const known = places.get(exact);
    if (known !== undefined) return known;
    const key = keyOf(s);
    const pasts = pastsOf.get(key) ?? new Set();
    const place = { s, pasts, ahead: [], isTimed: false };
    pastsOf.set(key, pasts);
    places.set(exact, place);
    return place;
  };
  const movesOf = (s: State): Move[] => {
    const move = (event: Event, isLate: boolean): Move => {
      const taken = step(s, event, profile);
      return { event, taken, isLate, ...(taken.next === s ? {} : { to: placeOf(taken.next) }) };
    };
    return [
      ...eventsFor(s, profile, camera).map((event) => move(event, false)),
      ...harmlessFor(s).map((event) => move(event, true)),
    ];
  };
  const reach = (place: Place, past: Past, event: Event, from: State): void => {
    const key = pastKey(past);
    if (place.pasts.has(key)) return;
    place.pasts.add(key);
    states += 1;
    if (place.ahead.length === 0) ahead.push(place);
    place.ahead.push(past);
    if (place.isTimed) return;
    place.isTimed = true;
    const { s } = place;
    if (!isLookedAfter(step, s, profile))
      found.push({ promise: 'timers lead to a lock command or an alarm', event, from });
    if (!endsOrCries(step, s, profile)) found.push({ promise: 'timers end a visit or raise an alarm', event, from });
  };
  const turn = (place: Place, past: Past, { event, taken, to, isLate }: Move): void => {
    turns += 1;
    if (isLate && to === undefined && taken.effects.every((effect) => effect.do === 'journal')) return;
    const verdict = watch(past, place.s, event, taken, profile);
    const late = isLate ? 'what is late, doubled or of another visit does nothing' : undefined;
    const promise = verdict.broken ?? late;
    if (promise !== undefined) found.push({ promise, event, from: place.s });
    if (to !== undefined || verdict.past !== past) reach(to ?? place, verdict.past, event, place.s);
  };
  for (const event of restarts()) {
    const released = event.visit?.released ?? false;
    const opened = event.visit?.opened ?? false;
    const pulsed = profile.kind === 'barrier' && released && !opened;
    const past = { ...nothing, visiting: event.visit !== undefined, released, opened, pulsed };
    const taken = step(initial, event, profile);
    turn({ s: initial, pasts: new Set(), ahead: [], isTimed: false }, past, {
      event,
      taken,
      isLate: false,
      to: placeOf(taken.next),
    });
  }
  for (let n = 0; n < ahead.length && found.length < limit.found; n++) {
    const place = ahead[n]!;
    const pasts = place.ahead;
    place.ahead = [];
    const moves = movesOf(place.s);
    for (const past of pasts) for (const move of moves) turn(place, past, move);
  }
  return { states, turns, found };
}
