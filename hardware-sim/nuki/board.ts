/** The board of a Nuki: what it knows, its clock, its motor, and what of it outlives a loss of power. */
import { Authorizations } from './authorizations.ts';
import { Cursor } from './bytes.ts';
import { idTypes, logTypes } from './codes.ts';
import type { NukiCore } from './core.ts';
import { FaultBoard } from './fault-board.ts';
import { KeypadCodes } from './keypad.ts';
import { LogBook, type NewEntry } from './log-book.ts';
import { layouts } from './model.ts';
import { Motor } from './motor.ts';
import type { NukiOptions } from './options.ts';
import { PinGuard } from './pin-guard.ts';
import { AdvancedSettings, freshSettings, type Settings } from './settings.ts';
import { Telling } from './telling.ts';

/** Whom a board tells. */
export interface BoardListeners {
  /** Anything about it may be another. */
  changed(): void;
  /** Whoever reads the states would learn something. */
  statesChanged(): void;
  /** It restarts: connections end. */
  rebooted(): void;
}

export class Board {
  readonly core: NukiCore;
  readonly faults: FaultBoard;
  readonly telling: Telling;
  readonly #options: NukiOptions;
  readonly #listeners: BoardListeners;
  #settings: Settings;
  #configUpdates: number;
  #driftMs: number;
  #isChanged: boolean;
  /** Where the bolt last stood still. */
  #bolt: 'thrown' | 'drawn';
  #cancelPairing: (() => void) | undefined;
  #told = '';
  #sensorWas: number;

  constructor(options: NukiOptions, listeners: BoardListeners) {
    this.#options = options;
    this.#listeners = listeners;
    this.faults = new FaultBoard(options.seed);
    const kept = options.memory?.kept;
    this.#settings = kept?.settings ?? freshSettings;
    this.#configUpdates = kept?.configUpdates ?? 0;
    this.#driftMs = kept?.driftMs ?? 0;
    this.#isChanged = kept?.isChanged ?? false;
    this.#bolt = kept?.bolt ?? 'thrown';
    this.core = this.#makeCore();
    const flags = { isChanged: () => this.#isChanged, configUpdates: () => this.#configUpdates };
    this.telling = new Telling(this.core, options, flags);
    this.#sensorWas = this.telling.doorSensor();
    this.#told = this.telling.summary();
  }

  get isChanged(): boolean {
    return this.#isChanged;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** For as long as `pairingMs` says. */
  startPairing(): void {
    const { clock, pairingMs } = this.#options;
    this.#cancelPairing?.();
    this.#cancelPairing = clock.after(pairingMs, () => this.endPairing());
    this.#changed();
  }

  endPairing(): void {
    this.#cancelPairing?.();
    this.#cancelPairing = undefined;
    this.#changed();
  }

  /** Its clock before that of the machine, ms. */
  drift(ms: number): void {
    this.#driftMs = ms;
  }

  #makeCore(): NukiCore {
    const { door, clock, boltMs, latchMs, hasKeypad, hasDoorSensor, nukiId, randomBytes, memory } = this.#options;
    const layout = layouts[this.#options.model];
    const kept = memory?.kept;
    const advanced = new AdvancedSettings(layout);
    if (kept !== undefined) advanced.set(new Cursor(kept.advanced));
    const motor = new Motor({
      door,
      clock,
      boltMs,
      latchMs,
      advanced,
      faults: this.faults,
      onChange: () => this.#moved(),
      onEnded: ({ action, trigger, completion, flags = 0, ...who }) =>
        this.#writeLog({ ...who, type: logTypes.lockAction, data: [action, trigger, flags, completion] }),
    });
    return {
      nukiId,
      layout,
      authorizations: new Authorizations(this.#options.maxAuthorizations, kept?.authorizations),
      codes: new KeypadCodes(this.#options.maxCodes, kept?.codes),
      log: new LogBook(kept?.log),
      advanced,
      pin: new PinGuard(kept?.pin ?? this.#options.pin, clock),
      faults: this.faults,
      motor,
      hasKeypad,
      hasDoorSensor,
      randomBytes,
      now: () => clock.now() + this.#driftMs,
      setTime: (ms) => this.drift(ms - clock.now()),
      settings: () => this.#settings,
      setSettings: (settings) => {
        this.#settings = settings;
        this.#configUpdates = (this.#configUpdates + 1) & 0xff;
      },
      isPairing: () => this.#cancelPairing !== undefined,
      endPairing: () => this.endPairing(),
      states: () => this.telling.states(),
      battery: () => this.telling.battery(),
      statesRead: (by) => {
        if (by.idType !== idTypes.bridge) return;
        this.#isChanged = false;
        this.#changed();
      },
      writeLog: (entry) => this.#writeLog(entry),
      remember: () => this.#remember(),
      // The answer goes out first.
      reboot: () => clock.after(Math.max(1, this.#options.replyMs * 2), () => this.#listeners.rebooted()),
    };
  }

  #writeLog(entry: NewEntry): void {
    if (this.core.log.add(entry, this.core.now())) this.#isChanged = true;
    this.#changed();
  }

  /** Bolt, latch or leaf are others, or how they are told. */
  #moved() {
    const { bolt } = this.#options.door.truth();
    if (bolt === 'thrown' || bolt === 'drawn') this.#bolt = bolt;
    const sensor = this.telling.doorSensor();
    if (sensor !== this.#sensorWas) {
      this.#sensorWas = sensor;
      if (sensor === 2 || sensor === 3) {
        this.#writeLog({ type: logTypes.doorSensor, data: [sensor === 3 ? 0 : 1] });
      }
    }
    const summary = this.telling.summary();
    if (summary === this.#told) return this.#remember();
    this.#told = summary;
    this.#isChanged = true;
    this.#listeners.statesChanged();
    this.#changed();
  }

  #remember(): void {
    const [configUpdates, driftMs, isChanged, bolt] = [this.#configUpdates, this.#driftMs, this.#isChanged, this.#bolt];
    this.#options.memory?.keep(this.core, { configUpdates, driftMs, isChanged, bolt });
  }

  #changed(): void {
    this.#remember();
    this.#listeners.changed();
  }
}
