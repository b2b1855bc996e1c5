/** What the conversations of one Nuki have in common: its memory, its motor, its faults. */
import type { Authorization, Authorizations } from './authorizations.ts';
import type { FaultBoard } from './fault-board.ts';
import type { KeypadCodes } from './keypad.ts';
import type { LogBook, NewEntry } from './log-book.ts';
import type { Layout } from './model.ts';
import type { Motor } from './motor.ts';
import type { PinGuard } from './pin-guard.ts';
import type { AdvancedSettings, Settings } from './settings.ts';

export interface NukiCore {
  readonly nukiId: number;
  readonly layout: Layout;
  readonly authorizations: Authorizations;
  readonly codes: KeypadCodes;
  readonly log: LogBook;
  readonly advanced: AdvancedSettings;
  readonly pin: PinGuard;
  readonly faults: FaultBoard;
  readonly motor: Motor;
  readonly hasKeypad: boolean;
  readonly hasDoorSensor: boolean;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Time of day by the clock of the lock, ms since the epoch. */
  now(): number;
  setTime(ms: number): void;
  settings(): Settings;
  setSettings(settings: Settings): void;
  /** Whether the button started pairing, and it has not ended. */
  isPairing(): boolean;
  endPairing(): void;
  /** Payload of Keyturner States, now. */
  states(): Uint8Array;
  battery(): Uint8Array;
  /** Told when this authorization has read the states. */
  statesRead(by: Authorization): void;
  writeLog(entry: NewEntry): void;
  /** Writes down what has to survive a loss of power. */
  remember(): void;
  /** Ends all connections, as a restart does. */
  reboot(): void;
}
