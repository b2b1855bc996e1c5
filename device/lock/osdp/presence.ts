/** Whether a peripheral is there: what its last authentic reply, and the silence since, allow to say. */
import type { FaultCode } from '../../../wire/faults.ts';
import type { Reply } from './codec.ts';
import type { OnOsdpEvent } from './event.ts';
import type { CommandQueue } from './queue.ts';
import type { OsdpTiming } from './timing.ts';

/** `pairing`: in a session under the default key, which proves nothing. */
export type PresenceState = 'offline' | 'connecting' | 'pairing' | 'online';

/** What a door hears: authentic replies, and the coming and going of the peripheral. */
export type News =
  | { readonly is: 'reply'; readonly reply: Reply }
  | { readonly is: 'online' }
  | { readonly is: 'offline' };

export interface PresenceOptions {
  readonly address: number;
  readonly timing: OsdpTiming;
  /** Refused as a whole when the peripheral goes offline. */
  readonly queue: CommandQueue;
  readonly onEvent: OnOsdpEvent;
  readonly onNews: (news: News) => void;
}

export class Presence {
  readonly #options: PresenceOptions;
  #state: PresenceState = 'offline';
  #fault: FaultCode = 'LOCK_UNAVAILABLE';
  #heardAtMs = 0;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** `fault`: why it is not online, when it is not. */
  get status(): { readonly state: PresenceState; readonly fault: FaultCode } {
    return { state: this.#state, fault: this.#fault };
  }

  /** The line is there; the peripheral has its time to answer from now. */
  await(nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#state = 'connecting';
  }

  /** An authentic reply has come. */
  heard(nowMs: number): void {
    this.#heardAtMs = nowMs;
  }

  /** A session has answered; under the default key that is no proof of who it is. */
  proven(isDefaultKey: boolean): void {
    const { address, onEvent, onNews } = this.#options;
    const state = isDefaultKey ? 'pairing' : 'online';
    if (state === this.#state) return;
    this.#state = state;
    this.#fault = isDefaultKey ? 'OSDP_KEY_MISSING' : 'LOCK_UNAVAILABLE';
    if (state === 'online') onEvent({ on: 'online', address });
    onNews({ is: isDefaultKey ? 'offline' : 'online' });
  }

  /** @returns whether the silence has lasted for so long that the peripheral must be taken as gone */
  isOverdue(nowMs: number): boolean {
    return this.#state !== 'offline' && nowMs - this.#heardAtMs >= this.#options.timing.offlineAfterMs;
  }

  gone(code: FaultCode): void {
    this.#fault = code;
    if (this.#state === 'offline') return;
    this.#state = 'offline';
    const { address, queue, onEvent, onNews } = this.#options;
    onEvent({ on: 'offline', address, code });
    onNews({ is: 'offline' });
    queue.refuseAll('LOCK_UNAVAILABLE', { why: code });
  }
}
