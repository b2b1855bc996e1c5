/** One peripheral on an OSDP bus, as its doors see it: commands with an expiry, authentic replies, coming and going. */
import { Fault, type FaultCode } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Command, Reply } from './codec.ts';
import type { OnOsdpEvent } from './event.ts';
import { KeyRing, type StoredKeys } from './keys.ts';
import { type KeyKeeping, Pairing } from './pairing.ts';
import type { News, PresenceState } from './presence.ts';
import { CommandQueue, type Job } from './queue.ts';
import { Session } from './session.ts';
import type { OsdpTiming } from './timing.ts';

export interface PeripheralOptions extends KeyKeeping {
  /** 0..7E. */
  readonly address: number;
  /** As the caller stored them. Without a `current` or `pending` one the peripheral stays offline with OSDP_KEY_MISSING. */
  readonly keys: StoredKeys;
}

/** What a bus lends to its peripherals. */
export interface PeripheralBus {
  readonly clock: Clock;
  readonly timing: OsdpTiming;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly onEvent: OnOsdpEvent;
  /** Look again for what to send. */
  readonly wake: () => void;
  /** Keeps the bus running until the function that it returns is called. */
  readonly hold: () => () => Promise<void>;
}

export interface PeripheralStatus {
  /** `pairing`: in a session under the default key, which proves nothing and moves nothing. */
  readonly state: PresenceState;
  /** Why it is not online; meaningless when it is. */
  readonly fault: FaultCode;
  /** Vendor, model, serial number and firmware, as an authentic reply named them. */
  readonly identity?: string;
  readonly tampered?: boolean;
}

export class Peripheral {
  readonly address: number;
  readonly pairing: Pairing;
  /** Keeps the bus running until the function that it returns is called. */
  readonly hold: () => () => Promise<void>;
  /** For the bus alone. */
  readonly session: Session;
  readonly #bus: PeripheralBus;
  readonly #queue = new CommandQueue();
  readonly #listeners = new Set<(news: News) => void>();
  #identity: string | undefined;
  #tampered: boolean | undefined;

  constructor(options: PeripheralOptions, bus: PeripheralBus) {
    const { address, onKeyPending, onKeyProven } = options;
    const { clock, onEvent } = bus;
    this.address = address;
    this.hold = bus.hold;
    this.#bus = bus;
    const keys = new KeyRing(options.keys, (candidate) => this.pairing.proven(candidate));
    const onNews = (news: News): void => this.#tell(news);
    this.session = new Session({ ...bus, address, keys, queue: this.#queue, onNews });
    this.pairing = new Pairing({
      keys,
      clock,
      onKeyPending,
      onKeyProven,
      send: (command, { expiresInMs }) => this.#enqueue(command, expiresInMs),
      onChange: () => {
        this.session.hurry(clock.monotonic());
        bus.wake();
      },
      onUnstored: () => onEvent({ on: 'key.unstored', address }),
    });
  }

  get status(): PeripheralStatus {
    return {
      ...this.session.status,
      ...(this.#identity === undefined ? {} : { identity: this.#identity }),
      ...(this.#tampered === undefined ? {} : { tampered: this.#tampered }),
    };
  }

  /**
   * Sends a command as the very next frame that the line allows, before any poll.
   * @param options.expiresInMs  1..10_000, wait for its turn; never sent after it, nor again in another session
   * @returns the authentic reply, never a NAK
   * @throws Fault LOCK_UNAVAILABLE with `why` when it is offline; LOCK_COMMAND_EXPIRED when it was not sent; LOCK_SILENT when it was
   *   sent and not answered; LOCK_REFUSED with `nak`; OSDP_FRAME_BAD when the reply has the wrong size
   */
  async send(
    command: Exclude<Command, { is: 'keyset' | 'challenge' | 'scrypt' }>,
    options: { readonly expiresInMs: number },
  ): Promise<Reply> {
    const { state, fault } = this.session.status;
    if (state === 'offline' || state === 'pairing') throw new Fault('LOCK_UNAVAILABLE', { why: fault });
    return this.#enqueue(command, options.expiresInMs);
  }

  /** The bus runs no more: whatever waits here ends now. For the bus alone. */
  end(): void {
    this.#queue.refuseAll('LOCK_UNAVAILABLE', {});
    this.pairing.end();
  }

  /** @returns unsubscribe */
  onNews(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #enqueue(command: Command, expiresInMs: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const job: Job = {
        command,
        notAfterMs: this.#bus.clock.monotonic() + expiresInMs,
        done: (outcome) => {
          cancel();
          if (outcome.ok) resolve(outcome.value);
          else reject(new Fault(outcome.code, outcome.detail));
        },
      };
      const cancel = this.#bus.clock.after(expiresInMs, () => this.#queue.expire(job));
      this.#queue.add(job);
      this.#bus.wake();
    });
  }

  #tell(news: News): void {
    if (news.is === 'reply') this.#note(news.reply);
    for (const listener of this.#listeners) listener(news);
  }

  #note(reply: Reply): void {
    const { address } = this;
    if (reply.is === 'identity') this.#identity = reply.text;
    if (reply.is !== 'localStatus') return;
    const { tampered, powerFailed } = reply;
    if (tampered !== (this.#tampered ?? false)) this.#bus.onEvent({ on: 'tamper', address, tampered });
    if (powerFailed) this.#bus.onEvent({ on: 'power.failed', address });
    this.#tampered = tampered;
  }
}
