/** One conversation at a time with a paired Nuki lock: sealed messages out, the messages that answer them in. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { GattLink } from '../../link/gatt.ts';
import { gatt } from './advert.ts';
import { command } from './command.ts';
import type { Credentials } from './credentials.ts';
import { decodeErrorReport, type ErrorReport } from './error-report.ts';
import { u16 } from './fields.ts';
import { decodeMessage, type Message, Reassembly } from './frame.ts';
import { seal, unseal } from './secure.ts';
import { decodeStates, type States } from './states.ts';
import type { NukiTiming } from './timing.ts';
import { type Rank, Turns } from './turns.ts';

export interface SessionOptions {
  readonly link: GattLink;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly timing: NukiTiming;
  /** Every genuine Keyturner States, asked for or not. */
  readonly onStates: (states: States) => void;
  /** Something came that was not used. */
  readonly onDropped: (code: 'NUKI_FRAME_BAD' | 'NUKI_NOT_GENUINE') => void;
}

/** An error that the lock reports. In clear it is anybody's word: it ends an exchange and proves nothing. */
export type Heard =
  | { readonly is: 'message'; readonly message: Message }
  | { readonly is: 'error'; readonly report: ErrorReport; readonly isGenuine: boolean };

export class NukiSession {
  readonly #options: SessionOptions;
  readonly #sealed = new Reassembly(true);
  readonly #clear = new Reassembly(false);
  #heard: Heard[] = [];
  #wake: () => void = () => undefined;
  readonly #turns = new Turns();
  #isClosed = false;
  readonly #unlisten: () => void;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#unlisten = options.link.onDisconnected(() => {
      this.#forget();
      this.#wake();
    });
  }

  /** For good: what is under way fails, and what waits is not begun. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unlisten();
    await this.#options.link.disconnect();
    this.#wake();
  }

  /** Lets go of the lock, after what is under way or waits. */
  rest(): Promise<void> {
    return this.#turns.take('administration', () => this.#options.link.disconnect());
  }

  /**
   * Runs one exchange when its turn comes, connected. When it fails the connection is dropped: whatever was under way there is not
   * to be trusted, nor are the handles.
   * @throws Fault LOCK_UNAVAILABLE after `close`; what `run` and `GattLink.connect` throw
   */
  exchange<T>(rank: Rank, run: () => Promise<T>): Promise<T> {
    return this.#turns.take(rank, async () => {
      if (this.#isClosed) throw new Fault('LOCK_UNAVAILABLE');
      try {
        await this.#connect();
        this.#heard = [];
        return await run();
      } catch (cause) {
        await this.#options.link.disconnect();
        throw cause;
      }
    });
  }

  /** Inside `exchange`. @throws Fault LINK_CLOSED, BLE_SILENT */
  async send(message: Message): Promise<void> {
    const { link, credentials, randomBytes, timing } = this.#options;
    await link.write(gatt.sealed, seal(message, credentials, randomBytes(24)), timing.replyMs);
  }

  /** Inside `exchange`: the next message but states, which go to `onStates` as well. @throws Fault LINK_CLOSED, LOCK_SILENT after `withinMs` */
  next(withinMs: number): Promise<Heard> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        cancel();
        this.#wake = () => undefined;
        settle();
      };
      const cancel = this.#options.clock.after(withinMs, () => end(() => reject(new Fault('LOCK_SILENT'))));
      this.#wake = () => {
        const next = this.#heard.shift();
        if (next !== undefined) end(() => resolve(next));
        else if (!this.#options.link.connected) end(() => reject(new Fault('LINK_CLOSED')));
      };
      this.#wake();
    });
  }

  /** Asks for one thing that needs no challenge. @throws Fault as `next`; an error report as `Reported` */
  async request(wanted: number): Promise<Uint8Array> {
    await this.send({ command: command.requestData, payload: u16(wanted) });
    return this.expect(wanted);
  }

  /** The next message of this number; others are passed over. @throws Reported; Fault as `next` */
  async expect(wanted: number): Promise<Uint8Array> {
    const untilMs = this.#options.clock.monotonic() + this.#options.timing.replyMs;
    for (;;) {
      const heard = await this.next(Math.max(1, untilMs - this.#options.clock.monotonic()));
      if (heard.is === 'error') throw new Reported(heard.report, heard.isGenuine);
      if (heard.message.command === wanted) return heard.message.payload;
    }
  }

  /** Single use, and good for this connection alone. @returns 32 bytes */
  async challenge(): Promise<Uint8Array> {
    const nonce = await this.request(command.challenge);
    if (nonce.length !== 32) throw new Fault('NUKI_FRAME_BAD', { reason: 'challenge' });
    return nonce;
  }

  async #connect(): Promise<void> {
    const { link, timing } = this.#options;
    if (link.connected) return;
    this.#forget();
    const { keyturner: service } = gatt;
    const wanted = [gatt.clear, gatt.sealed].map((uuid) => ({ service, uuid }));
    await link.connect(wanted, timing.connectMs);
    await link.subscribe(gatt.clear, (piece) => this.#takeClear(piece), timing.replyMs);
    await link.subscribe(gatt.sealed, (piece) => this.#takeSealed(piece), timing.replyMs);
  }

  #forget(): void {
    this.#sealed.reset();
    this.#clear.reset();
    this.#heard = [];
  }

  #takeSealed(piece: Uint8Array): void {
    const whole = this.#sealed.take(piece);
    if (!whole.ok) {
      this.#options.onDropped('NUKI_FRAME_BAD');
      return;
    }
    for (const bytes of whole.value) {
      const read = unseal(bytes, this.#options.credentials);
      if (read.ok) this.#hear(read.value, true);
      else this.#options.onDropped(read.code === 'NUKI_NOT_GENUINE' ? 'NUKI_NOT_GENUINE' : 'NUKI_FRAME_BAD');
    }
  }

  #takeClear(piece: Uint8Array): void {
    const whole = this.#clear.take(piece);
    if (!whole.ok) {
      this.#options.onDropped('NUKI_FRAME_BAD');
      return;
    }
    for (const bytes of whole.value) {
      const read = decodeMessage(bytes, false);
      // What is not sealed can say no, and nothing else.
      if (read.ok && read.value.command === command.errorReport) this.#hear(read.value, false);
      else this.#options.onDropped(read.ok ? 'NUKI_NOT_GENUINE' : 'NUKI_FRAME_BAD');
    }
  }

  #hear(message: Message, isGenuine: boolean): void {
    if (message.command === command.states) {
      const states = decodeStates(message.payload);
      if (!states.ok) {
        this.#options.onDropped('NUKI_FRAME_BAD');
        return;
      }
      this.#options.onStates(states.value);
    }
    if (message.command === command.errorReport) {
      const report = decodeErrorReport(message.payload);
      if (report === undefined) {
        this.#options.onDropped('NUKI_FRAME_BAD');
        return;
      }
      this.#heard.push({ is: 'error', report, isGenuine });
    } else this.#heard.push({ is: 'message', message });
    this.#wake();
  }
}

/** The lock said no, in so many words. */
export class Reported extends Fault {
  readonly report: ErrorReport;
  readonly isGenuine: boolean;

  constructor(report: ErrorReport, isGenuine: boolean) {
    super('LOCK_REFUSED', { error: report.error });
    this.report = report;
    this.isGenuine = isGenuine;
  }
}
