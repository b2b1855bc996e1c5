/** What a simulated Nuki is made of, and what may be looked at. */
import type { Clock } from '../clock.ts';
import type { Door } from '../door/door.ts';
import type { NukiMemory } from './memory.ts';
import type { NukiModel } from './model.ts';

export interface NukiOptions {
  readonly id: string;
  readonly model: NukiModel;
  /** Has a bolt; `boltMs` and `latchMs` are its travel times. */
  readonly door: Door;
  readonly boltMs: number;
  readonly latchMs: number;
  /** 32 bits, as printed on the lock. */
  readonly nukiId: number;
  /** 0: none is set. */
  readonly pin: number;
  readonly pairingMs: number;
  readonly replyMs: number;
  readonly batteryPercent: number;
  readonly hasKeypad: boolean;
  readonly hasDoorSensor: boolean;
  readonly maxAuthorizations: number;
  readonly maxCodes: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Without one it forgets everything at its end. */
  readonly memory?: NukiMemory;
}

/** What a control socket and a test may look at. */
export interface NukiTruth {
  readonly lockState: number;
  readonly motions: number;
  readonly isPairing: boolean;
  readonly isChanged: boolean;
  readonly connections: number;
  readonly authorizations: readonly { readonly id: number; readonly idType: number; readonly name: string }[];
  /** How many codes of the keypad, how many entries in the log. */
  readonly codes: number;
  readonly logged: number;
}
