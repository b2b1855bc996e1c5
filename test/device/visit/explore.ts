/** Walks through every state that the visit machine can reach, with every event in each of them. */
import type { BoltState, ContactState } from '../../../device/lock/lock.ts';
import type { DoorProfile } from '../../../device/visit/profile.ts';
import { type Arrival, type Event, initial, type State, type Step } from '../../../device/visit/step.ts';
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

interface Node {
  readonly s: State;
  readonly past: Past;
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

function keyOf({ s, past: p }: Node): string {
  const v = s.at === 'idle' ? undefined : s.visit;
  const visit = v && `${v.camera}${v.watched}${v.opened}${v.said}${v.stopped}${v.released}${v.failed}`;
  const phase = 'phase' in s ? s.phase : '';
  const more = s.at === 'unsecured' ? `${s.left}${s.cleared}${s.driven}` : s.at === 'locking' ? s.attempt : '';
  const bolt = s.door.bolt === 'open' ? 'unlocked' : s.door.bolt;
  const past = `${p.visiting}${p.camera}${p.calledOff}${p.opened}${p.released}${p.record}${p.command}${p.proof}${p.signed}${p.timer}${p.pulsed}`;
  return `${s.at}/${phase}/${more}/${visit}/${bolt}/${s.door.contact}/${alarmsOf(s)}/${past}`;
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
  const seen = new Set<string>();
  const ahead: Node[] = [];
  const found: Found[] = [];
  let turns = 0;
  const visitNode = (node: Node, event: Event, from: State): void => {
    const key = keyOf(node);
    if (seen.has(key)) return;
    seen.add(key);
    ahead.push(node);
    const { s } = node;
    if (!isLookedAfter(step, s, profile))
      found.push({ promise: 'timers lead to a lock command or an alarm', event, from });
    if (!endsOrCries(step, s, profile)) found.push({ promise: 'timers end a visit or raise an alarm', event, from });
  };
  const turn = (s: State, past: Past, event: Event): void => {
    turns += 1;
    const taken = step(s, event, profile);
    const verdict = watch(past, s, event, taken, profile);
    if (verdict.broken !== undefined) found.push({ promise: verdict.broken, event, from: s });
    if (taken.next === s && verdict.past === past) return;
    visitNode({ s: taken.next, past: verdict.past }, event, s);
  };
  const harmless = (s: State, past: Past, event: Event): void => {
    turns += 1;
    const taken = step(s, event, profile);
    if (taken.next === s && taken.effects.every((effect) => effect.do === 'journal')) return;
    const { broken } = watch(past, s, event, taken, profile);
    found.push({ promise: broken ?? 'what is late, doubled or of another visit does nothing', event, from: s });
    visitNode({ s: taken.next, past: watch(past, s, event, taken, profile).past }, event, s);
  };
  for (const event of restarts()) {
    const released = event.visit?.released ?? false;
    const opened = event.visit?.opened ?? false;
    const pulsed = profile.kind === 'barrier' && released && !opened;
    turn(initial, { ...nothing, visiting: event.visit !== undefined, released, opened, pulsed }, event);
  }
  for (let n = 0; n < ahead.length && found.length < limit.found; n++) {
    const { s, past } = ahead[n]!;
    for (const event of eventsFor(s, profile, camera)) turn(s, past, event);
    for (const event of harmlessFor(s)) harmless(s, past, event);
  }
  return { states: seen.size, turns, found };
}
