/** A new code as it stands in the form, and the way from there to what is sealed for the hub. Pure: the time and the zone are arguments. */

import { addDays } from '../../../../wire/local-day.ts';
import type { LockTimes, NewCode } from '../../../../wire/lock-order.ts';
import { minutesOf, momentOf, wallAt } from '../rules/draft.ts';
import { lockEndS, offsetAt, toLockHours } from './lock-hours.ts';

/** As people type it: dates `2026-11-24`, times `09:00`, empty for nothing. */
export interface CodeDraft {
  readonly name: string;
  readonly digits: string;
  /** `always`: at any time; `span`: from one moment to another; `weekly`: on days of the week. */
  readonly when: 'always' | 'span' | 'weekly';
  /** 0 Monday to 6 Sunday. */
  readonly days: readonly number[];
  /** The first day; of `weekly` today when empty. */
  readonly begins: string;
  /** The last day; of `weekly` there is none when empty. */
  readonly ends: string;
  readonly fromTime: string;
  readonly untilTime: string;
  readonly isDuress: boolean;
  /** Devices in the hands of whoever may be forced: thumbprints of their keys. */
  readonly notFor: readonly string[];
}

export type CodeField = 'name' | 'digits' | 'days' | 'begins' | 'ends' | 'time' | 'notFor';
export interface CodeError {
  readonly field: CodeField;
  /**
   * `missing`; `long`: more than the lock keeps; `unfit`: digits that it does not take; `not-so`: no date, no time; `over`: past already;
   * `before`: it ends before it begins; `midnight`: hours over the midnight of the lock; `unheard`: no device is left that would be told.
   */
  readonly why: 'missing' | 'long' | 'unfit' | 'not-so' | 'over' | 'before' | 'midnight' | 'unheard';
}

export interface CodeScene {
  readonly zone: string;
  readonly nowS: number;
  /** Thumbprints of all devices of the home. */
  readonly devices: readonly string[];
}

/** @param mine  thumbprint of this device */
export const emptyCode = (mine: string): CodeDraft => ({
  ...{ name: '', digits: '', when: 'always', days: [], begins: '', ends: '', fromTime: '09:00', untilTime: '12:00' },
  ...{ isDuress: false, notFor: [mine] },
});

/** What a keypad takes: six of 1 to 9, not beginning with 12. */
export const isFit = (digits: string): boolean => /^(?!12)[1-9]{6}$/.test(digits);
/** Bytes that the lock keeps of a name. */
const nameBytes = 20;

const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00Z`));
const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

type Fail = (field: CodeField, why: CodeError['why']) => undefined;

function spanOf(
  { begins, ends, fromTime, untilTime }: CodeDraft,
  { zone, nowS }: CodeScene,
  fail: Fail,
): LockTimes | undefined {
  if (!isDate(begins)) return fail('begins', begins === '' ? 'missing' : 'not-so');
  if (!isDate(ends)) return fail('ends', ends === '' ? 'missing' : 'not-so');
  if (!isTime(fromTime) || !isTime(untilTime)) return fail('time', 'not-so');
  const fromS = momentOf(`${begins}T${fromTime}`, zone);
  const untilS = momentOf(`${ends}T${untilTime}`, zone);
  if (untilS <= fromS) return fail('ends', 'before');
  if (untilS <= nowS) return fail('ends', 'over');
  if (untilS > lockEndS) return fail('ends', 'not-so');
  return { fromS, untilS, weekdays: [], fromMinute: 0, untilMinute: 0 };
}

function weeklyOf(draft: CodeDraft, { zone, nowS }: CodeScene, fail: Fail): LockTimes | undefined {
  const { days, begins, ends, fromTime, untilTime } = draft;
  if (days.length === 0) return fail('days', 'missing');
  if (begins !== '' && !isDate(begins)) return fail('begins', 'not-so');
  if (ends !== '' && !isDate(ends)) return fail('ends', 'not-so');
  if (!isTime(fromTime) || !isTime(untilTime)) return fail('time', 'not-so');
  const today = wallAt(nowS, zone).slice(0, 10);
  const fromS = begins === '' || begins <= today ? nowS : momentOf(`${begins}T00:00`, zone);
  // the last day counts to its end
  const untilS = ends === '' ? lockEndS : momentOf(`${addDays(ends, 1)}T00:00`, zone) - 1;
  if (untilS <= nowS) return fail('ends', 'over');
  if (untilS <= fromS) return fail('ends', 'before');
  if (untilS > lockEndS) return fail('ends', 'not-so');
  const [fromMinute, until] = [minutesOf(fromTime), minutesOf(untilTime)];
  const untilMinute = until === 0 ? 1_440 : until;
  if (untilMinute <= fromMinute) return fail('time', 'before');
  const hours = toLockHours({ weekdays: [...days], fromMinute, untilMinute }, offsetAt(fromS, zone));
  return hours === undefined ? fail('time', 'midnight') : { fromS, untilS, ...hours };
}

type Made =
  | { readonly ok: true; readonly code: Omit<NewCode, 'jti'> }
  | { readonly ok: false; readonly errors: readonly CodeError[] };

/** @returns the code, or everything that does not hold, in the order of the form */
export function toCode(draft: CodeDraft, scene: CodeScene): Made {
  const errors: CodeError[] = [];
  const fail: Fail = (field, why) => void errors.push({ field, why });
  const { digits, when, isDuress, notFor } = draft;
  const name = draft.name.trim();
  if (name === '') fail('name', 'missing');
  else if (new TextEncoder().encode(name).length > nameBytes) fail('name', 'long');
  if (!isFit(digits)) fail('digits', digits === '' ? 'missing' : 'unfit');
  const read = { always: () => undefined, span: spanOf, weekly: weeklyOf }[when];
  const times = read(draft, scene, fail);
  if (isDuress && notFor.length === 0) fail('notFor', 'missing');
  else if (isDuress && scene.devices.every((one) => notFor.includes(one))) fail('notFor', 'unheard');
  if (errors.length > 0) return { ok: false, errors };
  const duress = isDuress ? { duress: { notFor: [...notFor] } } : {};
  return { ok: true, code: { digits, name, ...(times && { times }), ...duress } };
}
