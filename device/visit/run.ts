/** Runs the visit machine of one door: takes one event at a time, performs its effects in order, feeds back what comes of them. */
import { systemClock } from '../clock/clock.ts';
import type { Draft, Written } from '../journal/journal.ts';
import { codeOf, drive, sense } from './hands.ts';
import { EntryKeeper } from './keeper.ts';
import { nextActs } from './next-acts.ts';
import type { DoorView, VisitEnd, VisitRunnerParts } from './parts.ts';
import { type Hold, Queue } from './queue.ts';
import { type Recovered, toRestarted } from './recover.ts';
import { type DoorAlarm, StandingAlarms } from './standing.ts';
import { type Effect, type Event, initial, type State, step, type Visit } from './step.ts';
import { type After, guardedAfter, within } from './timers.ts';

export type { DoorView, VisitEnd, VisitRunnerParts } from './parts.ts';

/** A receipt that takes longer is left out, ms. */
const receiptLimitMs = 1_000;

export class VisitRunner {
  readonly #parts: VisitRunnerParts;
  readonly #after: After;
  readonly #queue: Queue<Event>;
  #keeper: EntryKeeper;
  readonly #alarms: StandingAlarms;
  #state: State = initial;
  #cancelTimer: () => void = () => undefined;
  #unsubscribe: () => void = () => undefined;
  #isClosed = false;

  constructor(parts: VisitRunnerParts) {
    this.#parts = parts;
    this.#after = guardedAfter(parts.clock, parts.guard ?? systemClock);
    this.#queue = new Queue((event, hold) => this.#take(event, hold));
    this.#keeper = this.#makeKeeper(false);
    this.#alarms = new StandingAlarms(
      parts.door,
      (entry, written) => this.#keeper.write(this.#draft(entry), written),
      (alarm) => this.#tell(alarm),
    );
  }

  /** How the door stands now; after an awaited `send`, with all that the event directly caused. */
  state(): State {
    return this.#state;
  }

  /**
   * Begins: tells the machine what the journal knew, asks the lock, listens to it.
   * Resolves when the first look was taken, or when there was none in time. The lock is started by its owner.
   */
  async start(recovered: Recovered): Promise<State> {
    const isFailing = recovered.standing.some(({ code }) => code === 'JOURNAL_FAILED');
    if (isFailing) this.#keeper = this.#makeKeeper(true);
    this.#alarms.restore(recovered.standing);
    const begun = this.send(toRestarted(recovered));
    this.#unsubscribe = this.#parts.lock.onReport(({ bolt, contact, seq }) => {
      void this.send({ on: 'reported', bolt, contact, seq });
    });
    return begun;
  }

  /**
   * Queues one event. Resolves when it was taken and all that it directly caused is settled: records, lock commands, looks - but
   * not cameras, timers, or what they cause. Never rejects.
   */
  async send(event: Event): Promise<State> {
    if (!this.#isClosed) await this.#queue.push(event);
    return this.#state;
  }

  view(): DoorView {
    const s = this.#state;
    return {
      at: s.at,
      ...(s.at === 'idle' || s.visit === undefined ? {} : { visit: s.visit.id }),
      acts: nextActs(s, this.#parts.profile),
      door: s.door,
      alarms: this.#alarms.list(),
      unwritten: this.#keeper.waiting,
    };
  }

  /** Ends timers and listening. The lock stays as it is, a visit under way is found again by `recover`. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#unsubscribe();
    this.#queue.close();
    this.#keeper.close();
  }

  async #take(event: Event, hold: Hold<Event>): Promise<void> {
    const before = this.#state;
    const { next, effects } = step(before, event, this.#parts.profile);
    this.#state = next;
    if (next.timer !== before.timer) this.#queue.forget();
    for (const effect of effects) {
      if (this.#isClosed) return;
      try {
        const done = this.#perform(effect, hold);
        if (done !== undefined) await done;
      } catch (error) {
        this.#unexpected(error, effect.do);
      }
    }
    const isSame = before.at === next.at && before.alarms === next.alarms && visitOf(before) === visitOf(next);
    if (isSame || this.#isClosed) return;
    const { door, log, onChange } = this.#parts;
    this.#safely(() => log.visit({ door, visit: visitOf(next)?.id, on: event.on, from: before.at, at: next.at }));
    this.#safely(() => onChange?.(next));
  }

  /** @returns what later effects have to wait for */
  #perform(effect: Effect, hold: Hold<Event>): Promise<void> | undefined {
    const { camera } = this.#parts;
    switch (effect.do) {
      case 'journal':
        return this.#keeper.write(this.#draft(effect));
      case 'record':
        return this.#record(effect, hold);
      case 'bolt.drive':
        hold(this.#drive(effect), { untilNext: true });
        return undefined;
      case 'sense':
        hold(this.#sense());
        return undefined;
      case 'timer.set':
        this.#cancelTimer();
        this.#cancelTimer = this.#after(effect.ms, () => {
          void this.send({ on: 'timer.fired', timer: effect.timer });
        });
        return undefined;
      case 'timer.clear':
        this.#cancelTimer();
        return undefined;
      case 'camera.start':
        this.#safely(() => camera?.start(effect.visit));
        return undefined;
      case 'camera.stop':
        this.#safely(() => camera?.stop(effect.visit));
        return undefined;
      case 'alarm.raise':
        return this.#alarms.raise(effect.code, effect.private, effect.visit);
      case 'alarm.clear':
        return this.#alarms.clear(effect.code, visitOf(this.#state)?.id);
      case 'visit.end':
        return this.#end(effect);
    }
  }

  async #record(effect: Extract<Effect, { do: 'record' }>, hold: Hold<Event>): Promise<void> {
    const { record } = effect;
    try {
      await this.#keeper.must(this.#draft(effect), effect.use);
      hold(Promise.resolve({ on: 'recorded', record }));
    } catch (error) {
      hold(Promise.resolve({ on: 'record.failed', record, code: codeOf(error, 'JOURNAL_UNAVAILABLE') }));
    }
  }

  async #drive(effect: Extract<Effect, { do: 'bolt.drive' }>): Promise<Event> {
    const { door, lock, log, profile } = this.#parts;
    const answer = await drive(lock, profile, effect);
    if (answer.on === 'drive.failed') this.#safely(() => log.lockTrouble({ door, to: answer.to, code: answer.code }));
    return answer;
  }

  async #sense(): Promise<Event | undefined> {
    try {
      return await sense(this.#parts.lock, this.#after);
    } catch (error) {
      this.#unexpected(error, 'sense');
      return undefined;
    }
  }

  async #end({ visit, outcome, proof }: Extract<Effect, { do: 'visit.end' }>): Promise<void> {
    const { door, onEnd } = this.#parts;
    const ended = { door, visit, outcome, proof, endedAt: this.#now() };
    const receipt = await this.#receipt(ended);
    const body = { outcome, proof, ...(receipt === undefined ? {} : { receipt }) };
    let written: Written | undefined;
    await this.#keeper.write(this.#draft({ kind: 'visit.ended', visit: visit.id, body }), (entry) => {
      written = entry;
    });
    const end = {
      ...ended,
      ...(receipt === undefined ? {} : { receipt }),
      ...(written === undefined ? {} : { written }),
    };
    this.#safely(() => onEnd(end));
  }

  async #receipt(end: VisitEnd): Promise<string | undefined> {
    try {
      return await within(this.#after, receiptLimitMs, (async () => this.#parts.receipt?.(end))());
    } catch (error) {
      this.#unexpected(error, 'receipt');
      return undefined;
    }
  }

  #draft({ kind, body, visit }: Pick<Draft, 'kind' | 'body' | 'visit'>): Draft {
    return { at: this.#now(), door: this.#parts.door, ...(visit === undefined ? {} : { visit }), kind, body };
  }

  /** A clock that fails dates nothing, and stops nothing. */
  #now(): number {
    try {
      const now = this.#parts.clock.now();
      return Number.isFinite(now) && now > 0 ? Math.trunc(now) : 0;
    } catch {
      return 0;
    }
  }

  #makeKeeper(isFailing: boolean): EntryKeeper {
    const { door, record, log } = this.#parts;
    const onFailing = (): void => {
      this.#safely(() => log.journalFailed({ door }));
      void this.#alarms.raise('JOURNAL_FAILED', false);
    };
    const onWorking = (): void => void this.#alarms.clear('JOURNAL_FAILED');
    return new EntryKeeper(
      { record, after: this.#after, now: () => this.#now(), door, onFailing, onWorking },
      isFailing,
    );
  }

  #tell(alarm: DoorAlarm): void {
    const { door, code, visit, standing } = alarm;
    this.#safely(() => this.#parts.log.alarm({ door, code, visit, standing }));
    this.#safely(() => this.#parts.alarm(alarm));
  }

  /** What others do with what they are told never stops the door. */
  #safely(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#unexpected(error, 'told');
    }
  }

  #unexpected(error: unknown, where: string): void {
    try {
      this.#parts.log.unexpected({ door: this.#parts.door, where, code: codeOf(error, 'INTERNAL') });
    } catch {
      // a log that fails is no reason not to lock
    }
  }
}

const visitOf = (s: State): Visit | undefined => (s.at === 'idle' ? undefined : s.visit);
