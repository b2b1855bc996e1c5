/** What a lock says when it says no: each of its error codes, and the fault that it is to the hub. */
import type { FaultCode } from '../../../wire/faults.ts';

interface Row {
  readonly name: string;
  readonly code: FaultCode;
  /** Nothing was done and the same message, sealed anew, may work. */
  readonly again?: true;
}

const rows: { readonly [error: number]: Row } = {
  253: { name: 'bad checksum', code: 'LOCK_REFUSED', again: true },
  254: { name: 'bad length', code: 'LOCK_REFUSED' },
  255: { name: 'unknown error', code: 'LOCK_REFUSED' },
  16: { name: 'not in pairing mode', code: 'NUKI_NOT_PAIRING' },
  17: { name: 'bad authenticator', code: 'NUKI_NOT_GENUINE' },
  18: { name: 'bad parameter', code: 'LOCK_REFUSED' },
  19: { name: 'too many users', code: 'NUKI_FULL' },
  32: { name: 'not authorized', code: 'NUKI_NOT_AUTHORIZED' },
  33: { name: 'bad pin', code: 'NUKI_PIN_WRONG' },
  34: { name: 'bad nonce', code: 'LOCK_REFUSED', again: true },
  35: { name: 'bad parameter', code: 'LOCK_REFUSED' },
  36: { name: 'invalid authorization id', code: 'NUKI_NOT_AUTHORIZED' },
  37: { name: 'authorization disabled', code: 'NUKI_NOT_AUTHORIZED' },
  38: { name: 'remote not allowed', code: 'LOCK_REFUSED' },
  39: { name: 'time not allowed', code: 'LOCK_REFUSED' },
  40: { name: 'too many pin attempts', code: 'NUKI_PIN_LOCKED' },
  41: { name: 'too many entries', code: 'NUKI_FULL' },
  42: { name: 'code exists already', code: 'LOCK_CODE_TAKEN' },
  43: { name: 'code invalid', code: 'LOCK_CODE_UNFIT' },
  44: { name: 'code invalid, first wait', code: 'LOCK_REFUSED' },
  45: { name: 'code invalid, second wait', code: 'LOCK_REFUSED' },
  46: { name: 'code invalid, third wait', code: 'LOCK_REFUSED' },
  64: { name: 'auto unlock too recent', code: 'LOCK_REFUSED' },
  65: { name: 'position unknown', code: 'LOCK_REFUSED' },
  66: { name: 'motor blocked', code: 'LOCK_JAMMED' },
  67: { name: 'clutch failure', code: 'LOCK_JAMMED' },
  68: { name: 'motor timeout', code: 'LOCK_JAMMED' },
  69: { name: 'busy', code: 'LOCK_REFUSED', again: true },
  70: { name: 'canceled', code: 'LOCK_REFUSED' },
  71: { name: 'not calibrated', code: 'LOCK_REFUSED' },
  72: { name: 'motor position limit', code: 'LOCK_JAMMED' },
  73: { name: 'motor low voltage', code: 'LOCK_REFUSED' },
  74: { name: 'motor power failure', code: 'LOCK_REFUSED' },
  75: { name: 'clutch power failure', code: 'LOCK_REFUSED' },
  76: { name: 'voltage too low', code: 'LOCK_REFUSED' },
  77: { name: 'firmware update needed', code: 'LOCK_REFUSED' },
};

export interface ErrorReport {
  readonly error: number;
  /** The command that it is about; 0 when the lock could not read it. */
  readonly command: number;
}

/** @returns undefined for a payload of the wrong size */
export const decodeErrorReport = (payload: Uint8Array): ErrorReport | undefined =>
  payload.length < 3 ? undefined : { error: payload[0]!, command: payload[1]! + (payload[2]! << 8) };

/** What an error means. One that nobody knows is a refusal. */
export const meaningOf = (error: number): Row =>
  rows[error] ?? { name: `error ${error.toString(16)}`, code: 'LOCK_REFUSED' };
