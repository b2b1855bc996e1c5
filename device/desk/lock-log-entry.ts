/** One line of a lock's own log in the words of the journal. */

import type { Draft } from '../journal/journal.ts';
import { toEpochMs } from '../lock/nuki/fields.ts';
import type { LogEntry, LogWhat } from '../lock/nuki/log-entry.ts';
import { withName } from './shown-name.ts';

/** What the lock was to do: as it says it when it was done, and when it was not. */
const acts: { readonly [action: number]: readonly [done: string, not: string] } = {
  1: ['unlocked', 'unlock'],
  2: ['locked', 'lock'],
  3: ['unlatched', 'unlatch'],
  4: ['unlocked', 'unlock'],
  5: ['unlatched', 'unlatch'],
  6: ['locked', 'lock'],
  // The press of a fob, once, twice, three times: what it does, the lock is set to.
  129: ['fob-1', 'fob-1'],
  130: ['fob-2', 'fob-2'],
  131: ['fob-3', 'fob-3'],
};

const isFob = (action: number): boolean => action >= 129 && action <= 131;

/** `by-hand`: with key or knob. `app`: over Bluetooth, by an app or a bridge; which one, `who` says. */
const hows = {
  ...{ system: 'app', manual: 'by-hand', button: 'button', schedule: 'schedule' },
  ...{ 'auto-lock': 'auto-lock', homekit: 'homekit', mqtt: 'mqtt', unknown: 'unknown' },
} as const;

/** @returns flat facts: what, how, and how it ended where the lock says so */
function factsOf(what: LogWhat): Record<string, string | number> {
  switch (what.is) {
    case 'action':
      return {
        ...actOf(what.action, what.completion),
        ...{ how: isFob(what.action) ? 'fob' : hows[what.trigger], completion: what.completion },
      };
    case 'calibration':
    case 'initialisation':
      return { what: what.is, how: hows[what.trigger], completion: what.completion };
    case 'keypad':
      return {
        ...actOf(what.action, what.completion),
        ...{ how: 'keypad', by: what.by, code: what.codeId, completion: what.completion },
      };
    case 'door':
      return { what: `door-${what.door}`, how: 'sensor' };
    case 'logging':
    case 'sensor-logging':
      return { what: `${what.is}-${what.on ? 'on' : 'off'}`, how: 'app' };
    case 'other':
      return { what: 'other', how: 'unknown', type: what.type };
  }
}

/** The log was cleared: by a new firmware, by a reset, or by somebody who wants nothing to be read there. */
export const clearedDraft = (door: string, nowMs: number): Draft => ({
  ...{ at: nowMs, door, kind: 'lock.logged' },
  body: { what: 'log-cleared', how: 'unknown' },
});

function actOf(action: number, completion: string): { readonly what: string } {
  const [done, not] = acts[action] ?? [`action-${action}`, `action-${action}`];
  return { what: completion === 'success' ? done : not };
}

/**
 * @param entry      whatever the lock holds: its name may be any bytes
 * @param at.nowMs   when the hub read it
 * @param at.ownId   the hub's own authorization at this lock: what it did itself is marked as `own`
 * @returns an entry of the household, as long as every other one. `lockAt`: the lock's own time, ms; null when that is no date
 */
export function toLogDraft(
  { index, time, authorizationId, name, what }: LogEntry,
  { door, nowMs, ownId }: { readonly door: string; readonly nowMs: number; readonly ownId: number | undefined },
): Draft {
  const own = ownId !== undefined && authorizationId === ownId ? { own: true } : {};
  const facts = { index, lockAt: toEpochMs(time) ?? null, ...factsOf(what), ...own };
  return withName(name, (who) => ({ at: nowMs, door, kind: 'lock.logged', body: { ...facts, who } }));
}

/** Did somebody type a code? */
export const isByCode = (entry: LogEntry): entry is LogEntry & { readonly what: Extract<LogWhat, { is: 'keypad' }> } =>
  entry.what.is === 'keypad' && entry.what.by === 'code';

/** The same line as an alarm (T46), no longer than it. */
export const toDuressDraft = ({ body: { index, lockAt, what, who }, ...draft }: Draft): Draft =>
  withName(String(who), (name) => ({
    ...draft,
    kind: 'alarm.private',
    body: { code: 'DURESS', index: index ?? null, lockAt: lockAt ?? null, what: what ?? null, who: name },
  }));
