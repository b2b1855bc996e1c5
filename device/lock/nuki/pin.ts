/** The security PIN of a lock: given until the lock refuses it, and not once more after that. */
import { Fault, type FaultCode } from '../../../wire/faults.ts';
import type { Credentials } from './credentials.ts';
import { u16, u32 } from './fields.ts';

/** One for each lock and pairing, for as long as the hub runs: whoever guesses, or repeats, is shut out by the lock. */
export class Pin {
  readonly #credentials: Pick<Credentials, 'pin' | 'variant'>;
  readonly #onRefused: (code: FaultCode) => void;
  #refusedAs: FaultCode | undefined;

  /** @param onRefused  told once */
  constructor(credentials: Pick<Credentials, 'pin' | 'variant'>, onRefused: (code: FaultCode) => void) {
    this.#credentials = credentials;
    this.#onRefused = onRefused;
  }

  /** Whether there is one that the lock has not refused. */
  get isFit(): boolean {
    return this.#credentials.pin !== undefined && this.#refusedAs === undefined;
  }

  /** @returns 2 bytes, 4 for newer locks @throws Fault NUKI_PIN_MISSING; NUKI_PIN_WRONG or NUKI_PIN_LOCKED once the lock has said so */
  bytes(): Uint8Array {
    const { pin, variant } = this.#credentials;
    if (pin === undefined) throw new Fault('NUKI_PIN_MISSING');
    if (this.#refusedAs !== undefined) throw new Fault(this.#refusedAs);
    return variant === 'newer' ? u32(pin) : u16(pin);
  }

  /** What the lock said to a message that carried it. Whoever else could have said it: trying again is the greater risk. */
  refused(code: FaultCode): void {
    if (this.#refusedAs !== undefined || (code !== 'NUKI_PIN_WRONG' && code !== 'NUKI_PIN_LOCKED')) return;
    this.#refusedAs = code;
    this.#onRefused(code);
  }
}
