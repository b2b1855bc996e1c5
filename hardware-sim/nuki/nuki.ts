/** A Nuki Smart Lock on a door: its adverts, its connections, and what people and faults do to it. */
import type { Light } from '../door/light.ts';
import type { NukiAdvert } from './advert.ts';
import { Board } from './board.ts';
import { actions, completions, lockStates, logTypes, triggers } from './codes.ts';
import { type NukiConnection, openConnection } from './connection.ts';
import type { NukiFault } from './faults.ts';
import type { Central, GattConnection, GattService } from './gatt.ts';
import { layouts } from './model.ts';
import type { NukiOptions, NukiTruth } from './options.ts';
import { ringOf } from './ring.ts';
import { servicesOf } from './services.ts';
import { isAllowed } from './times.ts';

/** The lock keeps so many connections, no more. */
export const maxConnections = 4;

export class SimNuki {
  readonly id: string;
  readonly services: readonly GattService[];
  readonly #options: NukiOptions;
  readonly #board: Board;
  readonly #connections = new Set<NukiConnection>();
  readonly #listeners = new Set<() => void>();

  constructor(options: NukiOptions) {
    this.id = options.id;
    this.#options = options;
    this.services = servicesOf(layouts[options.model], options);
    this.#board = new Board(options, {
      changed: () => this.#changed(),
      statesChanged: () => {
        for (const one of this.#connections) one.tellStates();
      },
      rebooted: () => this.close(),
    });
  }

  /** Undefined while it is out of reach. */
  advert(): NukiAdvert | undefined {
    return this.inReach ? this.#board.telling.advert() : undefined;
  }

  /** Told when `advert`, `inReach` or `truth` may be others. @returns unsubscribe */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get inReach(): boolean {
    return this.#board.faults.get('shadow') === undefined;
  }

  /** Whether another connection would find room. */
  get hasRoom(): boolean {
    const held = this.#board.faults.get('held')?.connections ?? 0;
    return this.#connections.size + held < maxConnections;
  }

  /** The ring around its button. */
  get ring(): Light {
    const shown = () => {
      const { motor, isPairing } = this.#board.core;
      return ringOf({ lockState: motor.state, isPairing: isPairing(), isOn: this.#board.settings.ledEnabled !== 0 });
    };
    return { shown, onLight: (listener) => this.onChange(listener) };
  }

  /** @returns undefined when the connection does not come about: out of reach, a fault, or all are taken */
  connect(central: Central): GattConnection | undefined {
    if (!this.inReach || this.#board.faults.take('connect-failure')) return undefined;
    if (!this.hasRoom) return undefined;
    const { clock, replyMs } = this.#options;
    const onEnd = (ended: NukiConnection): void => {
      this.#connections.delete(ended);
      this.#changed();
    };
    const inReach = (): boolean => this.inReach;
    const connection = openConnection({ core: this.#board.core, central, clock, replyMs, inReach, onEnd });
    this.#connections.add(connection);
    this.#changed();
    return connection;
  }

  /** Someone holds the button for five seconds. @returns whether it is in pairing mode now */
  holdButton(): boolean {
    if (this.#board.settings.pairingEnabled === 0) return false;
    this.#board.startPairing();
    return true;
  }

  /** Someone presses the button: it locks what is unlocked, and unlocks what is locked. */
  pressButton(): void {
    if (this.#board.settings.buttonEnabled === 0) return;
    const isLocked = this.#board.core.motor.state === lockStates.locked;
    this.#board.core.motor.act(isLocked ? actions.unlock : actions.lock, { trigger: triggers.button });
  }

  /** Someone turns key or knob. @returns false when the bolt is moving */
  turn(to: 'locked' | 'unlocked'): boolean {
    return this.#options.door.driveBolt(to === 'locked' ? 'thrown' : 'drawn', 'hand');
  }

  /** Someone types a code at the keypad. @returns whether there is one, and the code counts now */
  typeCode(typed: number, action: 'unlock' | 'lock' = 'unlock'): boolean {
    if (!this.#options.hasKeypad) return false;
    const now = this.#board.core.now();
    const code = this.#board.core.codes.use(typed, now);
    const isValid = code?.enabled === true && isAllowed(code.limit, now);
    const wanted = actions[action];
    const completion = isValid ? completions.success : completions.invalidCode;
    const codeId = code?.id ?? 0;
    const data = [wanted, 1, completion, codeId & 0xff, codeId >> 8];
    this.#board.core.writeLog({ name: code?.name ?? '', type: logTypes.keypad, data });
    if (isValid) this.#board.core.motor.act(wanted, { trigger: triggers.button, name: code.name });
    return isValid;
  }

  /** Sets or mends a fault of `faults.ts`. */
  fault(fault: NukiFault): void {
    this.#board.faults.set(fault);
    if (fault.fault === 'clock-drift') this.#board.drift(fault.active ? fault.seconds * 1000 : 0);
    if (fault.fault === 'log-cleared' && fault.active) this.#board.core.log.clear();
    if (fault.fault === 'reset' && fault.active) this.#reset();
    this.#board.core.remember();
    this.#changed();
  }

  truth(): NukiTruth {
    const { motor, authorizations, codes, log } = this.#board.core;
    return {
      lockState: motor.state,
      motions: motor.motions,
      isPairing: this.#board.core.isPairing(),
      isChanged: this.#board.isChanged,
      connections: this.#connections.size,
      authorizations: authorizations.all.map(({ id, idType, name }) => ({ id, idType, name })),
      codes: codes.all.length,
      logged: log.entries.length,
    };
  }

  /** Ends all connections and pairing. */
  close(): void {
    if (this.#board.core.isPairing()) this.#board.endPairing();
    for (const one of [...this.#connections]) one.hangUp();
  }

  #reset(): void {
    const { authorizations, codes, log } = this.#board.core;
    for (const { id } of authorizations.all) authorizations.remove(id);
    for (const { id } of codes.all) codes.remove(id);
    log.clear();
    this.close();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
