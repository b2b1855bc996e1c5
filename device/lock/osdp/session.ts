/**
 * The conversation with one peripheral: which frame goes next, what a frame that comes back means.
 *
 * It owns no line and no timer: the bus asks it for a frame, tells it what was heard or that nothing was, and what time it is.
 * A frame that goes again goes with the same bytes and the same sequence number, so that the peripheral runs it once.
 *
 * @see SIA OSDP v2.2, 5.7 (sequence, retries), annex D (secure channel)
 */
import { type FaultCode, refuse, type Verdict } from '../../../wire/faults.ts';
import { busyCode, decodeReply, type Reply } from './codec.ts';
import type { SessionLoss } from './event.ts';
import type { Frame } from './frame.ts';
import type { KeyRing } from './keys.ts';
import { Opening } from './opening.ts';
import { Presence, type PresenceOptions } from './presence.ts';
import { type Pending, Secured } from './secured.ts';

export interface SessionOptions extends PresenceOptions {
  /** 0..7E. */
  readonly address: number;
  readonly keys: KeyRing;
  readonly randomBytes: (count: number) => Uint8Array;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #opening: Opening;
  readonly #presence: Presence;
  #secured: Secured | undefined;
  #pending: Pending | undefined;
  #dueAtMs = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#opening = new Opening(options);
    this.#presence = new Presence(options);
  }

  get status(): Presence['status'] {
    return this.#presence.status;
  }

  /** The line is there: begin from nothing. */
  begin(nowMs: number): void {
    this.#presence.await(nowMs);
    this.#reopen(nowMs);
  }

  /** The line is gone. */
  end(code: FaultCode, nowMs: number): void {
    this.#reopen(nowMs);
    this.#presence.gone(code);
  }

  /** Keys or the pairing window have changed: do not wait for the next attempt. */
  hurry(nowMs: number): void {
    if (this.#secured === undefined && this.#pending === undefined) this.#dueAtMs = nowMs;
  }

  /** @returns monotonic ms from which it wants the line; `urgent` when a queued command can go */
  wants(): { readonly atMs: number; readonly urgent: boolean } {
    const urgent = this.#secured?.proven === true && this.#options.queue.isUrgent;
    return { atMs: urgent && this.#pending === undefined ? 0 : this.#dueAtMs, urgent };
  }

  /** @returns the frame to send now, to be answered by `heard` or `silent` */
  transmit(nowMs: number): Uint8Array {
    if (this.#secured !== undefined && !this.#options.keys.allows(this.#secured.candidate))
      this.#lose('window-closed', nowMs);
    // A command whose time is over is not sent again, even where that would be safe: it may not have run yet.
    if (this.#pending?.job !== undefined && nowMs > this.#pending.job.notAfterMs) this.#lose('silent', nowMs);
    this.#checkOverdue(nowMs);
    this.#pending ??= this.#next(nowMs);
    this.#pending.sent += 1;
    return this.#pending.bytes;
  }

  /** @returns whether `frame` ends the exchange; false when it was dropped and the reply may still come */
  heard(frame: Frame, nowMs: number): boolean {
    const pending = this.#pending;
    if (pending === undefined) return this.#drop('OSDP_FRAME_BAD', 'unasked');
    // BUSY comes in clear with sequence 0 even in a session. @see SIA OSDP v2.2, 7.20
    if (frame.code === busyCode && frame.security === undefined && frame.sequence === 0) {
      if (this.#secured === undefined) this.#reopen(nowMs + this.#options.timing.pollPeriodMs);
      else this.#dueAtMs = nowMs + this.#options.timing.pollPeriodMs;
      return true;
    }
    if (frame.sequence !== pending.sequence) return this.#drop('OSDP_FRAME_BAD', 'sequence');
    return this.#secured === undefined
      ? this.#heardOpening(frame, nowMs)
      : this.#heardSecured(this.#secured, pending, frame, nowMs);
  }

  /** No reply came to what `transmit` gave. */
  silent(nowMs: number): void {
    const { resends, retryMs } = this.#options.timing;
    if (this.#secured === undefined) this.#reopen(nowMs + retryMs);
    else if (this.#pending !== undefined && this.#pending.sent > resends) this.#lose('silent', nowMs);
    else this.#dueAtMs = nowMs;
    this.#checkOverdue(nowMs);
  }

  #next(nowMs: number): Pending {
    return this.#secured?.next(nowMs) ?? { ...this.#opening.next(), sent: 0 };
  }

  #heardOpening(frame: Frame, nowMs: number): boolean {
    const step = this.#opening.heard(frame);
    switch (step.did) {
      case 'ignore':
        return this.#drop(step.code, step.reason);
      case 'step':
        this.#pending = undefined;
        this.#dueAtMs = nowMs;
        return true;
      case 'fail':
        this.#refused(step.code, nowMs);
        return true;
      case 'open': {
        const { channel, candidate } = step;
        const { address, queue } = this.#options;
        this.#reopen(nowMs);
        this.#secured = new Secured({ channel, candidate, address, queue }, nowMs);
        return true;
      }
    }
  }

  #refused(code: FaultCode, nowMs: number): void {
    const { timing, keys, onEvent, address } = this.#options;
    const hasOtherKey = code === 'OSDP_KEY_WRONG' && keys.refuse();
    const isFinal = !hasOtherKey && (code === 'OSDP_KEY_WRONG' || code === 'OSDP_NONCE_REPEATED');
    this.#reopen(hasOtherKey ? nowMs : nowMs + (isFinal ? timing.refusedRetryMs : timing.retryMs));
    if (isFinal) onEvent({ on: code === 'OSDP_KEY_WRONG' ? 'key.wrong' : 'nonce.repeated', address });
    if (isFinal || code === 'OSDP_KEY_MISSING') this.#presence.gone(code);
    this.#checkOverdue(nowMs);
  }

  #heardSecured(secured: Secured, pending: Pending, frame: Frame, nowMs: number): boolean {
    if (frame.security === undefined) {
      const reply = decodeReply(frame.code, frame.data);
      const nak = reply.ok && reply.value.is === 'nak' ? reply.value.nak : undefined;
      if (nak === 6) this.#lose('ended', nowMs);
      else if (nak === 1) this.silent(nowMs);
      else return this.#drop('OSDP_NOT_SECURE', 'plaintext');
      return true;
    }
    const data = secured.channel.open(frame);
    if (!data.ok) return this.#drop(data.code, String(data.detail?.reason));

    this.#pending = undefined;
    this.#presence.heard(nowMs);
    secured.exchanged(pending.sent);
    this.#dueAtMs = secured.hasQuestions ? nowMs : nowMs + this.#options.timing.pollPeriodMs;
    if (!secured.proven) this.#prove(secured);
    this.#deliver(pending, decodeReply(frame.code, data.value), nowMs);
    if (secured.isStrained && this.#secured === secured) this.#lose('late', nowMs);
    return true;
  }

  #prove(secured: Secured): void {
    secured.proven = true;
    const { address, onEvent, keys } = this.#options;
    const { candidate } = secured;
    onEvent({ on: 'key.proven', address, key: candidate.which });
    keys.prove(candidate);
    this.#presence.proven(candidate.which === 'default');
  }

  #deliver(pending: Pending, reply: Verdict<Reply>, nowMs: number): void {
    if (!reply.ok) this.#drop(reply.code, String(reply.detail?.reason));
    else if (this.#isQueuedEvent(pending, reply.value)) this.#askNow(nowMs);
    else if (this.status.state === 'online') this.#options.onNews({ is: 'reply', reply: reply.value });
    if (this.#secured !== undefined && pending.command?.is === 'inputs')
      this.#secured.inputsDueMs = nowMs + this.#options.timing.inputsEveryMs;

    const nak = reply.ok && reply.value.is === 'nak' ? reply.value.nak : undefined;
    pending.job?.done(nak === undefined ? reply : refuse('LOCK_REFUSED', { nak }));
    if (nak === 4 || nak === 5 || nak === 6) this.#lose('ended', nowMs);
    else if (pending.command?.is === 'keyset' && nak === undefined) {
      this.#options.keys.setPending(pending.command.key);
      this.#lose('rekeyed', nowMs);
    }
  }

  /** Inputs that come as the answer to a POLL were queued in the peripheral: they may be older than a direct answer before them. */
  #isQueuedEvent(pending: Pending, reply: Reply): boolean {
    return pending.command?.is === 'poll' && reply.is === 'inputs';
  }

  /** An input has changed at some time: what it is now is asked with the very next frame. */
  #askNow(nowMs: number): void {
    if (this.#secured !== undefined) this.#secured.inputsDueMs = nowMs;
    this.#dueAtMs = nowMs;
  }

  /** The session is over: begin again at once. What was under way is not known to have run, and is not sent again. */
  #lose(reason: SessionLoss, nowMs: number): void {
    this.#options.onEvent({ on: 'session.lost', address: this.#options.address, reason });
    this.#reopen(nowMs);
  }

  #reopen(atMs: number): void {
    const job = this.#pending?.job;
    this.#pending = undefined;
    this.#secured = undefined;
    this.#opening.restart();
    this.#dueAtMs = atMs;
    job?.done(refuse('LOCK_SILENT'));
  }

  #checkOverdue(nowMs: number): void {
    if (!this.#presence.isOverdue(nowMs)) return;
    if (this.#secured !== undefined) this.#lose('silent', nowMs);
    this.#presence.gone('LOCK_UNAVAILABLE');
  }

  #drop(code: FaultCode, reason: string): false {
    this.#options.onEvent({ on: 'frame.dropped', address: this.#options.address, code, reason });
    return false;
  }
}
