/** The moves that several states share: arm a timer, raise an alarm, end a visit, fall back to `idle` or `unsecured`. */
import type { AlarmCode } from '../../wire/alarms.ts';
import type { EntryBody, EntryKind } from '../../wire/journal.ts';
import type { Outcome, Proof } from '../../wire/receipt.ts';
import { alarmOf, type Guards, judge } from './evidence.ts';
import type { DoorProfile } from './profile.ts';
import type { At, Effect, Event, Look, State, Turn, Visit } from './state.ts';

/** What the machine goes by: the door it stands at, and the conditions. */
export interface Rules {
  readonly profile: DoorProfile;
  readonly g: Guards;
}

export type Of<A extends At> = Extract<State, { at: A }>;
/** The states in which a visit is under way. */
export type Visiting = Exclude<State, { at: 'idle' | 'unsecured' }>;

/** What every new state starts with: a fresh id, so that no older timer or answer counts. */
export const base = (s: State): Pick<State, 'timer' | 'door' | 'alarms'> => ({
  timer: s.timer + 1,
  door: s.door,
  alarms: s.alarms,
});

/** `next` with its timer, which runs before anything else is tried. */
export const armed = (next: State, ms: number, effects: readonly Effect[]): Turn => ({
  next,
  effects: [{ do: 'timer.set', timer: next.timer, ms }, ...effects],
});

const visitOf = (s: State): { visit?: string } =>
  s.at === 'idle' || s.visit === undefined ? {} : { visit: s.visit.id };

export const note = (s: State, kind: EntryKind, body: EntryBody): Effect => ({
  do: 'journal',
  kind,
  body,
  ...visitOf(s),
});

/** Nothing changes and nobody needs to know. */
export const quiet = (s: State): Turn => ({ next: s, effects: [] });

/** Nothing changes, and the journal says what came. */
export const ignored = (s: State, e: Event): Turn => ({
  next: s,
  effects: [note(s, 'visit.ignored', { on: e.on, at: s.at })],
});

/** An alarm outside a visit that comes from the household's own doing is the household's own business (S048). */
const isHousehold = (s: State, code: AlarmCode): boolean =>
  (code === 'DOOR_FORCED_OPEN' || code === 'BOLT_MOVED') && visitOf(s).visit === undefined;

/** Raises an alarm, or tells it again. */
export const raise = (s: State, code: AlarmCode): { alarms: readonly AlarmCode[]; effects: readonly Effect[] } => ({
  alarms: s.alarms.includes(code) ? s.alarms : [...s.alarms, code],
  effects: [{ do: 'alarm.raise', code, private: isHousehold(s, code), ...visitOf(s) }],
});

export const clearing = (alarms: readonly AlarmCode[]): readonly Effect[] =>
  alarms.map((code) => ({ do: 'alarm.clear', code }));

/** The end of a visit, and of its picture. */
export const ending = (visit: Visit, outcome: Outcome, proof: Proof): readonly Effect[] => [
  { do: 'visit.end', visit, outcome, proof },
  ...(visit.camera === 'off' ? [] : [{ do: 'camera.stop', visit: visit.id } as const]),
];

/** Says so when the lock can no longer be reached, or can again. */
export function linkNotes(was: Look, now: Look, s: State): readonly Effect[] {
  const away = (look: Look) => look.bolt === 'unavailable' || look.contact === 'unavailable';
  if (away(was) === away(now)) return [];
  return [note(s, away(now) ? 'lock.offline' : 'lock.online', {})];
}

/** Back to `idle`: only ever with a look that proves the door. Every alarm ends. */
export const toIdle = (s: State, effects: readonly Effect[]): Turn => ({
  next: { at: 'idle', timer: s.timer + 1, door: s.door, alarms: [] },
  effects: [{ do: 'timer.clear' }, ...effects, ...clearing(s.alarms)],
});

/**
 * The door is not proven safe. A visit under way ends here, as `unsecured`.
 * @param why.code     raised at once; without it, nothing is raised before `offlineMs` of doubt
 * @param why.outcome  of the visit under way
 * @param why.left     lock commands that may be tried
 */
export function toUnsecured(
  s: State,
  why: { readonly code?: AlarmCode; readonly outcome?: Outcome; readonly left: number },
  r: Rules,
  effects: readonly Effect[] = [],
): Turn {
  const alarm = why.code === undefined ? { alarms: s.alarms, effects: [] } : raise(s, why.code);
  const visit = s.at === 'idle' ? undefined : s.visit;
  const ends = visit === undefined ? [] : ending(visit, why.outcome ?? 'incomplete', 'unsecured');
  // A lost picture matters as long as the visit does.
  const alarms = alarm.alarms.filter((code) => code !== 'CAMERA_LOST');
  const over = clearing(alarm.alarms.filter((code) => code === 'CAMERA_LOST'));
  const next: State = {
    ...base(s),
    alarms,
    at: 'unsecured',
    phase: 'looking',
    left: why.left,
    cleared: false,
    intact: visit?.released !== true && judge(s.door, r.profile) === 'doubt',
    driven: false,
  };
  const ms = why.code === undefined ? r.profile.offlineMs : r.profile.lookMs;
  return armed(next, ms, [...effects, ...alarm.effects, ...ends, ...over, { do: 'sense' }]);
}

/** The visit is over and the bolt was never commanded. A door that is in doubt by now becomes `unsecured`. */
export function backOut(s: Visiting, outcome: Outcome, r: Rules, effects: readonly Effect[] = []): Turn {
  if (judge(s.door, r.profile) === 'proven') return toIdle(s, [...effects, ...ending(s.visit, outcome, 'untouched')]);
  return toUnsecured(s, { code: alarmOf(s.door, r.profile), outcome, left: 0 }, r, effects);
}
