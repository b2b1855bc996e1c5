/** The real hub of a rig: enrolled by the real protocol, stopped and started again on the same data folder, its log in memory. */
import * as v from 'valibot';
import type { Bus } from '../../device/bus/bus.ts';
import { mqttBus } from '../../device/bus/mqtt.ts';
import type { Clock } from '../../device/clock/clock.ts';
import { type DoorConfig, HubConfig } from '../../device/config/schema.ts';
import { enrol } from '../../device/enrol/enrol.ts';
import type { openHubStore } from '../../device/journal/sqlite.ts';
import type { Log, LogEvent, LogFields } from '../../device/log.ts';
import { buildHub, type Hub, type HubParts } from '../../device/main.ts';
import { type WatchPolicy, watchPolicy } from '../../device/media/watch.ts';
import { openSecrets } from '../../device/secrets/open.ts';
import { Fault } from '../../wire/faults.ts';
import type { UpKind } from '../../wire/topics.ts';

export interface LogLine {
  readonly event: LogEvent;
  readonly fields: LogFields;
}

export interface RigHubOptions {
  readonly dataDir: string;
  readonly doors: readonly DoorConfig[];
  readonly clock: Clock;
  readonly openStore: typeof openHubStore;
  readonly openRadio?: NonNullable<HubParts['openRadio']>;
  /** Its setting `pages`. */
  readonly pages?: object | undefined;
}

/** Patient: a machine that runs four tests at once stands still for a second now and then. What the hub ships with is tested in test/device/media. */
const patient: WatchPolicy = {
  freshMs: 20_000,
  silenceMs: 15_000,
  lostMs: 20_000,
  sightFreshMs: 25_000,
  unwatchedMs: 30_000,
  atLeast: watchPolicy.atLeast,
};

/** Called within the turn in which it is logged: for faults that must come at one exact moment. */
export type OnLine = (line: LogLine) => void;

export class RigHub {
  readonly lines: LogLine[] = [];
  /** What the network takes from the hub and never delivers. */
  readonly swallowed = new Set<UpKind>();
  /** How many messages it swallowed. */
  lost = 0;
  readonly #options: RigHubOptions;
  readonly #listeners = new Set<OnLine>();
  #hub: Hub | undefined;

  constructor(options: RigHubOptions) {
    this.#options = options;
  }

  /** @throws Fault INTERNAL while it is stopped */
  get hub(): Hub {
    if (this.#hub === undefined) throw new Fault('INTERNAL', { hub: 'stopped' });
    return this.#hub;
  }

  get isRunning(): boolean {
    return this.#hub !== undefined;
  }

  enrol(cloud: string, token: string, rootHash: string, nowMs: number): Promise<{ hub: string; home: string }> {
    const { dataDir } = this.#options;
    return enrol({ dataDir, secrets: openSecrets(dataDir), cloud, token, rootHash, nowMs });
  }

  async start(): Promise<void> {
    const { dataDir, doors, clock, openStore, openRadio, pages } = this.#options;
    const config = v.parse(HubConfig, { dataDir, doors, keepaliveS: 5, ...(pages && { pages }) });
    const log = new Proxy({} as Log, {
      get: (_, event) => (fields: LogFields) => this.#take({ event: event as LogEvent, fields }),
    });
    this.#hub = await buildHub(config, {
      clock,
      openStore,
      ...(openRadio && { openRadio }),
      log,
      openBus: (...args) => this.#lossy(mqttBus(...args)),
      watch: patient,
    });
    await this.#hub.start();
  }

  async stop(): Promise<void> {
    const stopping = this.#hub;
    this.#hub = undefined;
    await stopping?.close();
  }

  /** @returns unsubscribe */
  onLine(listener: OnLine): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls once, when the door next goes into this state. */
  onceAt(state: string, then: () => void): void {
    const forget = this.onLine(({ event, fields }) => {
      if (event !== 'visit' || fields.at !== state) return;
      forget();
      then();
    });
  }

  #lossy(bus: Bus): Bus {
    return {
      start: () => bus.start(),
      close: () => bus.close(),
      get online() {
        return bus.online;
      },
      publish: (kind, payload) => {
        if (!this.swallowed.has(kind)) return bus.publish(kind, payload);
        this.lost += 1;
        return true;
      },
      answer: (instanceId, payload) => bus.answer(instanceId, payload),
      onMessage: (listener) => bus.onMessage(listener),
      onChange: (listener) => bus.onChange(listener),
    };
  }

  #take(line: LogLine): void {
    this.lines.push(line);
    for (const listener of [...this.#listeners]) listener(line);
  }
}
