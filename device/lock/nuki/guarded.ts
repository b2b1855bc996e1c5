/** Conversations under a challenge, most of them with the security PIN as well: one answer, or a page of a list. */
import { Fault, type FaultCode } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import { command } from './command.ts';
import { meaningOf } from './error-report.ts';
import { join } from './fields.ts';
import type { Pin } from './pin.ts';
import { type NukiSession, Reported } from './session.ts';
import type { NukiTiming } from './timing.ts';

/** A command, without challenge and PIN: those are added to the end of it. */
export interface Order {
  readonly command: number;
  readonly body: Uint8Array;
  readonly needs: 'challenge' | 'pin';
}

/** What came of a list, in the order of the lock. */
export interface Page {
  /** Payload of the message that counts, where one came. */
  readonly count?: Uint8Array;
  /** Payloads of the entries. */
  readonly entries: readonly Uint8Array[];
}

export interface GuardedOptions {
  readonly session: NukiSession;
  readonly clock: Clock;
  readonly timing: NukiTiming;
  readonly pin: Pin;
  /** Wakes the lock for what it runs, and lets it rest a while later. @throws Fault LOCK_UNAVAILABLE while nobody may */
  readonly awake: <T>(run: () => Promise<T>) => Promise<T>;
}

const attempts = 3;
const busy = 0x45;

/**
 * Each call is one exchange, and a page is a call: a command of the household waits for one of them at most.
 * What the lock refuses with a bad checksum, a bad challenge or as busy is sent again with a new challenge, and so is what was not
 * sent because the connection failed; nothing else is.
 *
 * All throw Fault NUKI_PIN_MISSING, NUKI_PIN_WRONG, NUKI_PIN_LOCKED; LOCK_UNAVAILABLE: it was not sent; LOCK_SILENT: it was, and no
 * answer came; or what the lock said: LOCK_REFUSED, LOCK_CODE_TAKEN, LOCK_CODE_UNFIT, NUKI_FULL, with `detail.error`.
 */
export class Guarded {
  readonly #options: GuardedOptions;

  constructor(options: GuardedOptions) {
    this.#options = options;
  }

  /** @param answer  number of the message that answers @returns its payload */
  ask(order: Order, answer: number): Promise<Uint8Array> {
    return this.#run(order, () => this.#options.session.expect(answer));
  }

  /** Waits until the lock says that it is done. */
  async do(order: Order): Promise<void> {
    await this.#run(order, async () => {
      // ACCEPTED is not success.
      while ((await this.#options.session.expect(command.status))[0] !== 0);
    });
  }

  /** One page of a list. @param names  numbers of the messages that count and that are entries */
  page(order: Order, names: { readonly count: number; readonly entry: number }): Promise<Page> {
    return this.#run(order, async () => {
      const { session, timing, clock } = this.#options;
      let count: Uint8Array | undefined;
      const entries: Uint8Array[] = [];
      const untilMs = clock.monotonic() + timing.pageMs;
      while (clock.monotonic() < untilMs) {
        const heard = await session.next(Math.min(timing.replyMs, Math.max(1, untilMs - clock.monotonic())));
        if (heard.is === 'error') throw new Reported(heard.report, heard.isGenuine);
        const { command: came, payload } = heard.message;
        if (came === names.count) count = payload;
        if (came === names.entry) entries.push(payload);
        if (came === command.status && payload[0] === 0) return { entries, ...(count ? { count } : {}) };
      }
      throw new Fault('LOCK_SILENT', { why: 'a list without an end' });
    });
  }

  async #run<T>(order: Order, hear: () => Promise<T>): Promise<T> {
    const { clock, timing, pin, awake } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const sent = { once: false };
      // Before the lock is woken, and once more when its turn has come: it may have been refused meanwhile.
      if (order.needs === 'pin') pin.bytes();
      try {
        return await awake(() => this.#exchange(order, sent, hear));
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        const { again, fault } = this.#judge(cause, order, sent.once);
        if (!again || attempt >= attempts) throw fault;
        if (cause instanceof Reported && cause.report.error === busy)
          await new Promise<void>((resolve) => void clock.after(timing.busyMs, resolve));
      }
    }
  }

  #exchange<T>(order: Order, sent: { once: boolean }, hear: () => Promise<T>): Promise<T> {
    const { session, pin } = this.#options;
    return session.exchange('administration', async () => {
      const pinBytes = order.needs === 'pin' ? pin.bytes() : new Uint8Array(0);
      const nonce = await session.challenge();
      sent.once = true;
      await session.send({ command: order.command, payload: join(order.body, nonce, pinBytes) });
      return hear();
    });
  }

  #judge(cause: Fault, order: Order, wasSent: boolean): { readonly again: boolean; readonly fault: Fault } {
    if (cause instanceof Reported) {
      const { code, name, again } = meaningOf(cause.report.error);
      if (wasSent && order.needs === 'pin') this.#options.pin.refused(code);
      const detail = { nuki: name, error: cause.report.error };
      // What is not sealed proves nothing of a command that was sent.
      if (wasSent && !cause.isGenuine) return { again: false, fault: new Fault('LOCK_SILENT', { why: code }) };
      const isGone = code === 'NUKI_NOT_AUTHORIZED';
      const fault = isGone ? new Fault('LOCK_UNAVAILABLE', { why: code, ...detail }) : new Fault(code, detail);
      return { again: again === true, fault };
    }
    const final: readonly FaultCode[] = ['NUKI_PIN_MISSING', 'NUKI_PIN_WRONG', 'NUKI_PIN_LOCKED', 'LOCK_UNAVAILABLE'];
    if (final.includes(cause.code)) return { again: false, fault: cause };
    if (wasSent) return { again: false, fault: new Fault('LOCK_SILENT', { why: cause.code }, { cause }) };
    return { again: true, fault: new Fault('LOCK_UNAVAILABLE', { why: cause.code }, { cause }) };
  }
}
