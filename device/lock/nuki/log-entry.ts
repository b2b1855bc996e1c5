/** Log Entry: who did what at the lock while nobody was connected. @see Nuki Smart Lock API V2.3.0, "Log Entry (0x0032)" */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { type Completion, type Trigger, toCompletion, toTrigger } from './command.ts';
import { FieldReader, type LockTime } from './fields.ts';

export type LogWhat =
  | { readonly is: 'logging' | 'sensor-logging'; readonly on: boolean }
  | {
      readonly is: 'action' | 'calibration' | 'initialisation';
      readonly action: number;
      readonly trigger: Trigger;
      readonly completion: Completion;
    }
  | {
      readonly is: 'keypad';
      readonly action: number;
      readonly by: 'arrow' | 'code' | 'fingerprint' | 'unknown';
      readonly completion: Completion;
      readonly codeId: number;
    }
  | { readonly is: 'door'; readonly door: 'opened' | 'closed' | 'jammed' | 'tampered' | 'unknown' }
  | { readonly is: 'other'; readonly type: number };

export interface LogEntry {
  /** Rises by one with each entry. */
  readonly index: number;
  readonly time: LockTime;
  readonly authorizationId: number;
  /** A name of the household: to be sealed for the owner. */
  readonly name: string;
  readonly what: LogWhat;
}

const headBytes = 48;
const passive: { readonly [type: number]: 'action' | 'calibration' | 'initialisation' } = {
  2: 'action',
  3: 'calibration',
  4: 'initialisation',
};
// Not the numbering of the states.
const doors = ['opened', 'closed', 'jammed', 'tampered'] as const;
const sources = ['arrow', 'code', 'fingerprint'] as const;

/** Reads 48 bytes and the data of the type, padded or not. Never throws. @returns NUKI_FRAME_BAD when it is too short */
export function decodeLogEntry(payload: Uint8Array): Verdict<LogEntry> {
  if (payload.length < headBytes) return refuse('NUKI_FRAME_BAD', { reason: 'log entry' });
  const field = new FieldReader(payload);
  const head = { index: field.u32(), time: field.time(), authorizationId: field.u32(), name: field.text(32) };
  const what = readWhat(field.u8(), field);
  return what === undefined ? refuse('NUKI_FRAME_BAD', { reason: 'log entry' }) : accept({ ...head, what });
}

function readWhat(type: number, field: FieldReader): LogWhat | undefined {
  const is = passive[type];
  if (is !== undefined) {
    if (!field.has(4)) return undefined;
    const [action, trigger] = [field.u8(), toTrigger(field.u8())];
    field.u8();
    return { is, action, trigger, completion: toCompletion(field.u8()) };
  }
  if (type === 1 || type === 7)
    return field.has(1) ? { is: type === 1 ? 'logging' : 'sensor-logging', on: field.u8() !== 0 } : undefined;
  if (type === 5) {
    if (!field.has(5)) return undefined;
    const action = field.u8();
    const by = sources[field.u8()] ?? 'unknown';
    return { is: 'keypad', action, by, completion: toCompletion(field.u8()), codeId: field.u16() };
  }
  if (type === 6) return field.has(1) ? { is: 'door', door: doors[field.u8()] ?? 'unknown' } : undefined;
  return { is: 'other', type };
}
