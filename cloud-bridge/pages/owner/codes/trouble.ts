/** Why a lock did not do what was asked, as a kind that has words. Pure. */
import type { FaultCode } from '../../../../wire/faults.ts';

/**
 * `unsure`: no answer came, so that it is not known whether it was done; `cannot`: the lock keeps nothing of this sort;
 * `distrusted`: what came back is not the hub's own word; `other`: the code says it.
 */
const kinds = {
  HUB_OFFLINE: 'offline',
  HUB_SILENT: 'unsure',
  CLOUD_SILENT: 'unsure',
  LOCK_SILENT: 'unsure',
  LOCK_CAPABILITY_MISSING: 'cannot',
  LOCK_UNAVAILABLE: 'away',
  LOCK_COMMAND_EXPIRED: 'away',
  LINK_CLOSED: 'away',
  LOCK_CODE_TAKEN: 'taken',
  LOCK_CODE_UNFIT: 'unfit',
  NUKI_FULL: 'full',
  NUKI_PIN_MISSING: 'pin',
  NUKI_PIN_WRONG: 'pin',
  NUKI_PIN_LOCKED: 'pin',
  DOOR_BUSY: 'busy',
  DURESS_UNHEARD: 'unheard',
  PASSKEY_CANCELLED: 'cancelled',
  PASSKEY_UNAVAILABLE: 'noPasskey',
  LOCK_ORDER_LATE: 'late',
  CLOCK_UNSET: 'clock',
  CLOCK_BEHIND: 'clock',
  CLOCK_DISAGREES: 'clock',
  CLOCK_JUMPED: 'clock',
  LOCK_ANSWER_MALFORMED: 'distrusted',
  LOCK_ANSWER_NOT_GENUINE: 'distrusted',
  HUB_KEY_MALFORMED: 'distrusted',
  HUB_KEY_NOT_GENUINE: 'distrusted',
} as const satisfies Partial<Record<FaultCode, string>>;

export type Trouble = (typeof kinds)[keyof typeof kinds] | 'other';

export const troubleOf = (code: FaultCode): Trouble => (kinds as Partial<Record<FaultCode, Trouble>>)[code] ?? 'other';
