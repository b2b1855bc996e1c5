/** Sets the key of one peripheral, in a window that an operator opens. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Command } from './codec.ts';
import type { KeyCandidate, KeyRing } from './keys.ts';
import { defaultKey, sameBytes } from './secure.ts';

/** Where the caller keeps keys, encrypted or in a TPM. Both resolve when the key is durable. */
export interface KeyKeeping {
  /** Called before `key` is sent: keep it as `pending` beside the old one. */
  readonly onKeyPending: (key: Uint8Array) => Promise<void>;
  /** Called when a session under `key` has answered: it is `current` now, and the old one can go. */
  readonly onKeyProven: (key: Uint8Array) => Promise<void>;
}

export interface PairingOptions extends KeyKeeping {
  readonly keys: KeyRing;
  readonly clock: Clock;
  /** Sends one command. @throws Fault */
  readonly send: (command: Command, options: { readonly expiresInMs: number }) => Promise<unknown>;
  /** The keys to try have changed. */
  readonly onChange: () => void;
  /** `onKeyProven` failed outside `setKey`. */
  readonly onUnstored: () => void;
}

const keyBytes = 16;
/** For KEYSET to be sent, and again for the new key to be proven. */
const patienceMs = 15_000;

export class Pairing {
  readonly #options: PairingOptions;
  #cancelWindow: () => void = () => undefined;
  /** Ends the wait of `setKey`; undefined when the new key was not the one that answered. */
  #settle: ((stored: Promise<void> | undefined) => void) | undefined;
  /** Ends the wait of `setKey` without proof. */
  #giveUp: () => void = () => undefined;
  /** How often the bus has ended. */
  #ends = 0;

  constructor(options: PairingOptions) {
    this.#options = options;
  }

  /**
   * Lets keys be set for `forMs`. `defaultKey` also tries SCBK-D where the paired key fails or is missing: whoever sits on the line
   * can then pose as the peripheral, so do it on a cable that is in view.
   */
  openWindow(window: { readonly forMs: number; readonly defaultKey: boolean }): void {
    this.#cancelWindow();
    this.#options.keys.setWindow({ defaultKey: window.defaultKey });
    this.#cancelWindow = this.#options.clock.after(window.forMs, () => this.closeWindow());
    this.#options.onChange();
  }

  closeWindow(): void {
    this.#cancelWindow();
    this.#options.keys.setWindow(undefined);
    this.#options.onChange();
  }

  /**
   * Gives the peripheral a new key: `onKeyPending`, KEYSET, a new handshake under it, `onKeyProven`. Cut off anywhere, both keys are
   * still kept and the next session finds out which one holds.
   * @param key  16 random bytes
   * @throws Fault OSDP_PAIRING_CLOSED; OSDP_KEY_UNFIT; LOCK_REFUSED when the peripheral keeps its old key; LOCK_COMMAND_EXPIRED when it
   *   could not be reached, LOCK_UNAVAILABLE when the bus ended before; LOCK_SILENT when the new key was sent and not proven in time
   */
  async setKey(key: Uint8Array): Promise<void> {
    const { keys, onKeyPending, send } = this.#options;
    if (!keys.isWindowOpen) throw new Fault('OSDP_PAIRING_CLOSED');
    if (key.length !== keyBytes || sameBytes(key, defaultKey)) throw new Fault('OSDP_KEY_UNFIT');
    const endsBefore = this.#ends;
    await onKeyPending(key);
    if (this.#ends > endsBefore) throw new Fault('LOCK_UNAVAILABLE');
    try {
      await send({ is: 'keyset', key }, { expiresInMs: patienceMs });
    } catch (cause) {
      // Without an answer it may have been set all the same: the handshakes that follow tell.
      if (!(cause instanceof Fault && cause.code === 'LOCK_SILENT')) throw cause;
      keys.setPending(key);
    }
    if (this.#ends > endsBefore) throw new Fault('LOCK_SILENT');
    await this.#awaitProof();
  }

  /** The bus runs no more: the window closes, and nobody waits for a proof that cannot come. */
  end(): void {
    this.#ends += 1;
    this.closeWindow();
    this.#giveUp();
  }

  /** A session has answered under `candidate`. */
  proven(candidate: KeyCandidate): void {
    const stored = candidate.which === 'pending' ? this.#options.onKeyProven(candidate.key) : undefined;
    if (this.#settle !== undefined) this.#settle(stored);
    else stored?.catch(() => this.#options.onUnstored());
  }

  #awaitProof(): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = (): void => {
        cancel();
        this.#settle = undefined;
        this.#giveUp = () => undefined;
      };
      this.#giveUp = () => {
        over();
        reject(new Fault('LOCK_SILENT'));
      };
      const cancel = this.#options.clock.after(patienceMs, () => this.#giveUp());
      this.#settle = (stored) => {
        over();
        if (stored === undefined) reject(new Fault('LOCK_REFUSED', { reason: 'key' }));
        else resolve(stored);
      };
    });
  }
}
