/** When a lock is asked how it stands, and whether it is there: by its adverts, by the hours, and again after what does not last. */
import { Fault, type FaultCode } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Advert, GattAdapter } from '../../link/gatt.ts';
import { asked, nothingAsked, readAdvert, whetherToAsk } from './advert.ts';
import { meaningOf } from './error-report.ts';
import { Reported } from './session.ts';
import { isMoving, type States } from './states.ts';
import type { NukiTiming } from './timing.ts';

/** Looks in a row at a motor that does not come to rest. */
const mostFollowUps = 5;
/** Questions in vain before the lock counts as away. */
const mostInVain = 2;

export interface WatchOptions {
  readonly adapter: GattAdapter;
  readonly address: string;
  readonly clock: Clock;
  readonly timing: NukiTiming;
  /** Asks the lock how it stands. Resolves when it has said so. @throws Fault */
  readonly ask: () => Promise<void>;
  /** Something else is asked of the lock now: its silence on the air is no sign. */
  readonly isBusy: () => boolean;
  /** It says in its advert that something is new. */
  readonly onFlag: () => void;
  /** It is away. @param isNews  it was there until now */
  readonly onAway: (code: FaultCode, isNews: boolean) => void;
  /** It is there, and was away until now. */
  readonly onBack: () => void;
}

export class Watch {
  readonly #options: WatchOptions;
  #fault: FaultCode | undefined = 'LOCK_UNAVAILABLE';
  #isRunning = false;
  #stops: (() => void)[] = [];
  #cancelTick: () => void = () => undefined;
  #cancelFollowUp: () => void = () => undefined;
  #memory = nothingAsked;
  /** By an advert or a message. */
  #heardAtMs = 0;
  #isAsking = false;
  #inVain = 0;
  #retryAtMs = 0;
  #followUps = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Why it is away; undefined while it is not. */
  get fault(): FaultCode | undefined {
    return this.#fault;
  }

  start(): void {
    this.#isRunning = true;
    const { adapter, address, clock } = this.#options;
    this.#heardAtMs = clock.monotonic();
    const unlisten = adapter.listen((advert) => {
      if (advert.address.toLowerCase() === address.toLowerCase()) this.#onAdvert(advert);
    });
    const unstate = adapter.onState((state) => {
      if (state !== 'ready') this.#away(state);
      else this.#askSoon();
    });
    this.#stops = [unlisten, unstate];
    this.#tick();
    this.#askSoon();
  }

  stop(): void {
    this.#isRunning = false;
    for (const stop of this.#stops.splice(0)) stop();
    this.#cancelTick();
    this.#cancelFollowUp();
  }

  /** Asks now. Never throws. @returns whether it answered */
  async ask(): Promise<boolean> {
    const { clock, timing, ask } = this.#options;
    this.#memory = asked(this.#memory, clock.monotonic());
    try {
      await ask();
      this.#inVain = 0;
      return true;
    } catch (cause) {
      this.#inVain += 1;
      const restMs = Math.min(timing.pollMs, timing.retryMs * 2 ** (this.#inVain - 1));
      this.#retryAtMs = clock.monotonic() + restMs;
      if (this.#inVain >= mostInVain) this.#away(codeOf(cause));
      return false;
    }
  }

  /** It has said how it stands, asked or not. What does not last is looked at again: such states stick where nobody asks. */
  heard(states: States): void {
    const { clock, timing, onBack } = this.#options;
    this.#heardAtMs = clock.monotonic();
    if (this.#fault !== undefined) {
      this.#fault = undefined;
      onBack();
    }
    this.#cancelFollowUp();
    const isPassing = isMoving(states) || states.motor === 'blocked' || states.motor === 'unlocked-lock-and-go';
    this.#followUps = isPassing ? this.#followUps + 1 : 0;
    if (!isPassing || this.#followUps > mostFollowUps) return;
    const waitMs = states.motor === 'unlocked-lock-and-go' ? states.lockAndGoS * 1_000 : 0;
    this.#cancelFollowUp = clock.after(timing.againMs + waitMs, () => this.#askSoon());
  }

  /** Unless a question is out. */
  #askSoon(): void {
    if (!this.#isRunning || this.#isAsking) return;
    this.#isAsking = true;
    void this.ask().finally(() => {
      this.#isAsking = false;
    });
  }

  #onAdvert(advert: Advert): void {
    const said = readAdvert(advert);
    if (said === undefined) return;
    const { clock, timing, onFlag } = this.#options;
    const nowMs = clock.monotonic();
    this.#heardAtMs = nowMs;
    const { ask, memory } = whetherToAsk(said, this.#memory, nowMs, timing);
    this.#memory = memory;
    if (ask && said.changed) onFlag();
    const isBack = this.#fault !== undefined && nowMs >= this.#retryAtMs;
    if (ask || isBack) this.#askSoon();
  }

  #tick(): void {
    const { clock, isBusy } = this.#options;
    const { awayMs, pollMs } = this.#options.timing;
    this.#cancelTick = clock.after(Math.min(1_000, awayMs / 4), () => {
      const nowMs = clock.monotonic();
      const isSilent = nowMs - this.#heardAtMs >= awayMs;
      if (this.#fault === undefined && !isBusy() && isSilent) this.#away('LOCK_UNAVAILABLE');
      const isDue = nowMs - (this.#memory.askedAtMs ?? 0) >= pollMs || (this.#inVain > 0 && nowMs >= this.#retryAtMs);
      if (isDue) this.#askSoon();
      this.#tick();
    });
  }

  #away(code: FaultCode): void {
    const isNews = this.#fault === undefined;
    this.#fault = code;
    this.#options.onAway(code, isNews);
  }
}

function codeOf(cause: unknown): FaultCode {
  if (cause instanceof Reported) return meaningOf(cause.report.error).code;
  return cause instanceof Fault ? cause.code : 'INTERNAL';
}
