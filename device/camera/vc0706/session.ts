/** The conversation with one VC0706: one command at a time, its answer or a fault, and a line that is quiet again after a failure. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Link } from '../../link/link.ts';
import { type Command, checked, commands } from './codec.ts';
import { encodeFrame, findAnswer } from './frame.ts';

/** Silence before an answer, or in the middle of one, that means it will not come. Going live again takes about 100 ms. */
const answerMs = 500;
/** Silence after which nothing of an old answer comes any more. */
const quietMs = 100;
const longestNoiseMs = 5000;
const tries = 3;
/** How long a camera may talk about its start. */
const bootMs = 1500;
const booted = Buffer.from('Init end\r\n');
const mostHeldBytes = 16_384;

export class Session {
  readonly #link: Link;
  readonly #clock: Clock;
  #held: Uint8Array = new Uint8Array(0);
  #isClosed = false;
  /** Told with each chunk and with the end of the link. */
  #wake: () => void = () => undefined;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
    link.onData((chunk) => {
      this.#held = Uint8Array.from(Buffer.concat([this.#held, chunk])).subarray(-mostHeldBytes);
      this.#wake();
    });
    link.onClose(() => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /**
   * Sends a command until it is answered, 3 times at most: all of ours may be repeated.
   * @returns the data of the answer
   * @throws Fault CAMERA_REFUSED, CAMERA_SILENT, LINK_CLOSED
   */
  ask(command: Command): Promise<Uint8Array> {
    return this.#repeat(command, () => this.#exchange(command));
  }

  /**
   * Reads a part of the frozen picture. A part that comes short is read again: the picture stays frozen.
   * @returns exactly `count` bytes
   * @throws Fault CAMERA_REFUSED, CAMERA_SILENT, LINK_CLOSED
   */
  read(from: number, count: number): Promise<Uint8Array> {
    const command = commands.read(from, count);
    return this.#repeat(command, async () => {
      await this.#exchange(command);
      const bytes = await this.#take((held) => (held.length < count ? undefined : [held.slice(0, count), count]));
      // The same frame once more is the only sign that no byte was lost: it has to stand exactly here.
      const end = bytes && (await this.#take((held) => (held.length < 5 ? undefined : [held.slice(0, 5), 5])));
      const isWhole = end !== undefined && findAnswer(end, command.code)?.answer.status === 0;
      if (bytes === undefined || !isWhole) throw new Fault('CAMERA_SILENT', { command: command.name, from });
      return bytes;
    });
  }

  /** Restarts the camera and waits until it says that it is ready, 1.5 s at most. @throws as `ask` */
  async reset(): Promise<void> {
    await this.ask(commands.reset);
    const untilMs = this.#clock.monotonic() + bootMs;
    for (;;) {
      const leftMs = untilMs - this.#clock.monotonic();
      if (leftMs <= 0 || Buffer.from(this.#held).includes(booted)) return this.#drain();
      await this.#chunk(leftMs);
      if (this.#isClosed) throw new Fault('LINK_CLOSED');
    }
  }

  async #repeat<T>(command: Command, run: () => Promise<T>): Promise<T> {
    for (let turn = 1; ; turn += 1) {
      try {
        return await run();
      } catch (cause) {
        const isLost = cause instanceof Fault && cause.code === 'CAMERA_SILENT';
        if (!isLost || turn === tries) throw cause;
        await this.#drain();
      }
      if (this.#isClosed) throw new Fault('LINK_CLOSED', { command: command.name });
    }
  }

  async #exchange(command: Command): Promise<Uint8Array> {
    this.#held = new Uint8Array(0);
    await this.#link.write(encodeFrame(command.code, command.data));
    const answer = await this.#take((held) => {
      const found = findAnswer(held, command.code);
      return found === undefined ? undefined : [found.answer, found.used];
    });
    if (answer === undefined) throw new Fault('CAMERA_SILENT', { command: command.name });
    const verdict = checked(command, answer);
    if (!verdict.ok) throw new Fault(verdict.code, verdict.detail);
    return verdict.value;
  }

  /** Waits until `find` finds something in what has come. @returns nothing after 500 ms of silence @throws Fault LINK_CLOSED */
  async #take<T>(find: (held: Uint8Array) => [T, number] | undefined): Promise<T | undefined> {
    for (;;) {
      const found = find(this.#held);
      if (found !== undefined) {
        this.#held = this.#held.subarray(found[1]);
        return found[0];
      }
      if (this.#isClosed) throw new Fault('LINK_CLOSED');
      if (!(await this.#chunk(answerMs))) return undefined;
    }
  }

  /** Waits until the line is quiet, and forgets what came. A line that never is costs 5 s. */
  async #drain(): Promise<void> {
    const untilMs = this.#clock.monotonic() + longestNoiseMs;
    while (!this.#isClosed && this.#clock.monotonic() < untilMs && (await this.#chunk(quietMs)));
    this.#held = new Uint8Array(0);
  }

  /** @returns whether something came within that time */
  #chunk(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (came: boolean): void => {
        cancel();
        this.#wake = () => undefined;
        resolve(came);
      };
      const cancel = this.#clock.after(withinMs, () => end(false));
      this.#wake = () => end(!this.#isClosed);
    });
  }
}
