/** A Nuki Smart Lock on a door: its GATT services, its adverts, and what people and faults do to it. */
import { type AdvertMode, advertOf, type NukiAdvert } from './advert.ts';
import { Authorizations } from './authorizations.ts';
import { actions, completions, idTypes, lockStates, logTypes, triggers } from './codes.ts';
import { type NukiConnection, openConnection } from './connection.ts';
import type { NukiCore } from './core.ts';
import { FaultBoard } from './fault-board.ts';
import type { NukiFault } from './faults.ts';
import type { Central, GattConnection, GattService } from './gatt.ts';
import { KeypadCodes } from './keypad.ts';
import { LogBook, type NewEntry } from './log-book.ts';
import { type Layout, layouts } from './model.ts';
import { Motor } from './motor.ts';
import type { NukiOptions, NukiTruth } from './options.ts';
import { PinGuard } from './pin-guard.ts';
import { servicesOf } from './services.ts';
import { AdvancedSettings, freshSettings, type Settings } from './settings.ts';
import { Teller } from './teller.ts';
import { isAllowed } from './times.ts';

/** The lock keeps so many connections, no more. */
export const maxConnections = 4;

export class SimNuki {
  readonly id: string;
  readonly services: readonly GattService[];
  readonly #options: NukiOptions;
  readonly #layout: Layout;
  readonly #faults: FaultBoard;
  readonly #core: NukiCore;
  readonly #teller: Teller;
  readonly #connections = new Set<NukiConnection>();
  readonly #listeners = new Set<() => void>();
  #settings: Settings = freshSettings;
  #configUpdates = 0;
  #driftMs = 0;
  #isChanged = false;
  #cancelPairing: (() => void) | undefined;
  #told = '';
  #sensorWas: number;

  constructor(options: NukiOptions) {
    this.id = options.id;
    this.#options = options;
    this.#layout = layouts[options.model];
    this.#faults = new FaultBoard(options.seed);
    this.services = servicesOf(this.#layout, options);
    this.#core = this.#makeCore();
    this.#teller = new Teller({ core: this.#core, configUpdates: () => this.#configUpdates, ...options });
    this.#sensorWas = this.#teller.doorSensor();
    this.#told = this.#teller.telling();
  }

  /** Undefined while it is out of reach. */
  advert(): NukiAdvert | undefined {
    if (!this.inReach) return undefined;
    const isFresh = this.#core.authorizations.all.length === 0;
    const mode: AdvertMode = this.#core.isPairing() ? 'pairing' : isFresh ? 'uninitialised' : 'door';
    const stuck = this.#faults.get('flag-stuck');
    return advertOf(mode, this.#options.nukiId, stuck ? stuck.at === 1 : this.#isChanged, this.#layout);
  }

  /** Told when `advert`, `inReach` or `truth` may be others. @returns unsubscribe */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get inReach(): boolean {
    return this.#faults.get('shadow') === undefined;
  }

  /** @returns undefined when the connection does not come about: out of reach, a fault, or all are taken */
  connect(central: Central): GattConnection | undefined {
    if (!this.inReach || this.#faults.take('connect-failure')) return undefined;
    const held = this.#faults.get('held')?.connections ?? 0;
    if (this.#connections.size + held >= maxConnections) return undefined;
    const { clock, replyMs } = this.#options;
    const onEnd = (ended: NukiConnection): void => {
      this.#connections.delete(ended);
      this.#changed();
    };
    const inReach = (): boolean => this.inReach;
    const connection = openConnection({ core: this.#core, central, clock, replyMs, inReach, onEnd });
    this.#connections.add(connection);
    this.#changed();
    return connection;
  }

  /** Someone holds the button for five seconds. @returns whether it is in pairing mode now */
  holdButton(): boolean {
    if (this.#settings.pairingEnabled === 0) return false;
    this.#cancelPairing?.();
    this.#cancelPairing = this.#options.clock.after(this.#options.pairingMs, () => this.#endPairing());
    this.#changed();
    return true;
  }

  /** Someone presses the button: it locks what is unlocked, and unlocks what is locked. */
  pressButton(): void {
    if (this.#settings.buttonEnabled === 0) return;
    const isLocked = this.#core.motor.state === lockStates.locked;
    this.#core.motor.act(isLocked ? actions.unlock : actions.lock, { trigger: triggers.button });
  }

  /** Someone turns key or knob. @returns false when the bolt is moving */
  turn(to: 'locked' | 'unlocked'): boolean {
    return this.#options.door.driveBolt(to === 'locked' ? 'thrown' : 'drawn', 'hand');
  }

  /** Someone types a code at the keypad. @returns whether it was one that counts now */
  typeCode(typed: number, action: 'unlock' | 'lock' = 'unlock'): boolean {
    const now = this.#core.now();
    const code = this.#core.codes.use(typed, now);
    const isValid = code?.enabled === true && isAllowed(code.limit, now);
    const wanted = actions[action];
    const completion = isValid ? completions.success : completions.invalidCode;
    const codeId = code?.id ?? 0;
    const data = [wanted, 1, completion, codeId & 0xff, codeId >> 8];
    this.#core.writeLog({ name: code?.name ?? '', type: logTypes.keypad, data });
    if (isValid) this.#core.motor.act(wanted, { trigger: triggers.button, name: code.name });
    return isValid;
  }

  /** Sets or mends a fault of `faults.ts`. */
  fault(fault: NukiFault): void {
    this.#faults.set(fault);
    if (fault.fault === 'log-cleared' && fault.active) this.#core.log.clear();
    if (fault.fault === 'clock-drift') this.#driftMs = fault.active ? fault.seconds * 1000 : 0;
    this.#changed();
  }

  truth(): NukiTruth {
    const { motor, authorizations } = this.#core;
    return {
      lockState: motor.state,
      motions: motor.motions,
      isPairing: this.#core.isPairing(),
      isChanged: this.#isChanged,
      connections: this.#connections.size,
      authorizations: authorizations.all.map(({ id, idType, name }) => ({ id, idType, name })),
    };
  }

  /** Ends all connections and pairing. */
  close(): void {
    this.#cancelPairing?.();
    for (const one of [...this.#connections]) one.hangUp();
  }

  #makeCore(): NukiCore {
    const { door, clock, boltMs, latchMs, hasKeypad, hasDoorSensor, nukiId, randomBytes } = this.#options;
    const log = new LogBook();
    const advanced = new AdvancedSettings(this.#layout);
    const motor = new Motor({
      door,
      clock,
      boltMs,
      latchMs,
      advanced,
      faults: this.#faults,
      onChange: () => this.#moved(),
      onEnded: ({ action, trigger, completion, flags = 0, ...who }) =>
        this.#writeLog({ ...who, type: logTypes.lockAction, data: [action, trigger, flags, completion] }),
    });
    return {
      nukiId,
      layout: this.#layout,
      authorizations: new Authorizations(this.#options.maxAuthorizations),
      codes: new KeypadCodes(this.#options.maxCodes),
      log,
      advanced,
      pin: new PinGuard(this.#options.pin, clock),
      faults: this.#faults,
      motor,
      hasKeypad,
      hasDoorSensor,
      randomBytes,
      now: () => clock.now() + this.#driftMs,
      setTime: (ms) => {
        this.#driftMs = ms - clock.now();
      },
      settings: () => this.#settings,
      setSettings: (settings) => {
        this.#settings = settings;
        this.#configUpdates = (this.#configUpdates + 1) & 0xff;
      },
      isPairing: () => this.#cancelPairing !== undefined,
      endPairing: () => this.#endPairing(),
      states: () => this.#teller.states(),
      battery: () => this.#teller.battery(),
      statesRead: (by) => {
        if (by.idType !== idTypes.bridge) return;
        this.#isChanged = false;
        this.#changed();
      },
      writeLog: (entry) => this.#writeLog(entry),
      // The answer goes out first.
      reboot: () => clock.after(Math.max(1, this.#options.replyMs * 2), () => this.close()),
    };
  }

  #writeLog(entry: NewEntry): void {
    if (this.#core.log.add(entry, this.#core.now())) this.#isChanged = true;
    this.#changed();
  }

  /** Bolt, latch or leaf are others, or how they are told. */
  #moved(): void {
    const sensor = this.#teller.doorSensor();
    if (sensor !== this.#sensorWas) {
      this.#sensorWas = sensor;
      if (sensor === 2 || sensor === 3) {
        this.#writeLog({ type: logTypes.doorSensor, data: [sensor === 3 ? 0 : 1] });
      }
    }
    const telling = this.#teller.telling();
    if (telling === this.#told) return;
    this.#told = telling;
    this.#isChanged = true;
    for (const one of this.#connections) one.tellStates();
    this.#changed();
  }

  #endPairing(): void {
    this.#cancelPairing?.();
    this.#cancelPairing = undefined;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
