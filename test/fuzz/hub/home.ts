/** One enrolled home to send messages at: the real hub with its real store and driver, four doors, people with keys of their own. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { HubConfig } from '../../../device/config/schema.ts';
import { journalFile } from '../../../device/enrol/enrol.ts';
import { ensureKeys, keepEnrolment } from '../../../device/enrol/identity.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import type { Log, LogEvent, LogFields } from '../../../device/log.ts';
import { buildHub, type Hub } from '../../../device/main.ts';
import type { Secrets } from '../../../device/secrets/secrets.ts';
import { startSimHome } from '../../../hardware-sim/home.ts';
import { newId } from '../../../wire/jws.ts';
import { WoundClock } from '../../support/clock.ts';
import { type Cast, issuerSetOf, newCast, newDoorId, rootSetOf } from '../../support/keys.ts';
import { MemoryBus } from './memory-bus.ts';

/** `front` is sound; `side` has nothing that proves it locked; `garden` stands open; the latch of `cellar` is not home. */
export interface Doors {
  readonly front: string;
  readonly side: string;
  readonly garden: string;
  readonly cellar: string;
}

export interface FuzzHome {
  /** The people; `nowS` is the wound clock's. */
  readonly cast: Cast;
  readonly doors: Doors;
  readonly clock: WoundClock;
  readonly bus: MemoryBus;
  readonly hub: Hub;
  /** What the hub logged since it was last emptied. */
  readonly logged: { readonly event: LogEvent; readonly fields: LogFields }[];
  /** Output commands that came over the serial line so far. */
  outputs(): number;
  /** How often the journal says that something was refused, for each kind, code and door. */
  readonly refusals: ReadonlyMap<string, number>;
  /** Lets `ms` go by and the hub do what it does meanwhile. */
  live(ms: number): Promise<void>;
  close(): Promise<void>;
}

const port = 'line';
const baudRate = 115_200;
/** So long is one step of the clock while the hub is at work, ms. */
const stepMs = 2;
/** A hub that takes longer to start or to stop hangs, ms of this machine's time. */
const startWithinMs = 20_000;

function memorySecrets(): Secrets {
  const kept = new Map<string, Uint8Array>();
  return {
    get: async (name) => kept.get(name),
    put: async (name, bytes) => void kept.set(name, bytes),
    remove: async (name) => void kept.delete(name),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets everything that is under way go on by one turn, and time with it. */
async function breathe(clock: WoundClock): Promise<void> {
  await turn();
  clock.pass(stepMs);
}

/** Turns to one step of the clock while somebody waits for the hub: signatures take time of this machine, which is not the hub's. */
const turnsPerStep = 16;

/** Lets the hub work until `isDone`, the clock creeping along. @returns false when `withinMs` of this machine's time went by first */
export async function waitFor(clock: WoundClock, isDone: () => boolean, withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  for (let turns = 1; !isDone(); turns++) {
    if (performance.now() > deadlineMs) return false;
    await turn();
    if (turns % turnsPerStep === 0) clock.pass(stepMs);
  }
  return true;
}

/** Starts a home whose hub is enrolled and knows no owner yet. */
export async function openHome(nowS: number): Promise<FuzzHome> {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-fuzz-'));
  const clock = new WoundClock(nowS * 1000);
  const secrets = memorySecrets();
  const { sign } = await ensureKeys(secrets);
  const people = await newCast(nowS);
  const doors: Doors = { front: people.doorId, side: newDoorId(), garden: newDoorId(), cellar: newDoorId() };
  const cast: Cast = Object.defineProperty({ ...people, hub: sign }, 'nowS', {
    get: () => Math.floor(clock.now() / 1000),
    enumerable: true,
  });

  const key = randomBytes(16);
  const line = createHash('sha256').update(port).digest('hex').slice(0, 12);
  await secrets.put(`osdp-${line}-0-current`, key);
  const street = startSimHome({ lines: [simLine(key.toString('hex'))] }, clock);
  street.door('garden').openLeaf('key');
  street.doorFault('cellar', { fault: 'monitor-stuck', at: 'released' });
  clock.pass(1000);

  const store = openHubStore(join(folder, journalFile), cast.hubId);
  store.trust.keepDocument('rootSet', await rootSetOf(cast));
  store.trust.keepDocument('issuerSet', await issuerSetOf(cast));
  store.close();
  const pem = '-----BEGIN CERTIFICATE-----\n';
  const enrolment = { certificate: pem, brokerCa: pem, broker: 'mqtts://localhost:1' };
  await keepEnrolment(folder, { hub: cast.hubId, home: newId(), ...enrolment });

  const bus = new MemoryBus();
  const logged: FuzzHome['logged'] = [];
  const log = new Proxy({} as Log, {
    get: (_, event) => (fields: LogFields) => void logged.push({ event: event as LogEvent, fields }),
  });
  const refusals = new Map<string, number>();
  const hub = await buildHub(hubConfig(folder, doors), {
    clock,
    log,
    secrets,
    openLink: () => () => street.line(port).connect(),
    openBus: () => bus,
    openStore: (path, hubId) => {
      const opened = openHubStore(path, hubId);
      opened.journal.onAppended((written) => {
        for (const { entry } of written) {
          if (!/refus/.test(entry.kind)) continue;
          const name = `${entry.kind} ${entry.body.code ?? ''} ${entry.door ?? ''}`;
          refusals.set(name, (refusals.get(name) ?? 0) + 1);
        }
      });
      return opened;
    },
  });
  const live = async (ms: number): Promise<void> => {
    for (const untilMs = clock.monotonic() + ms; clock.monotonic() < untilMs; ) await breathe(clock);
  };
  let isStarted = false;
  const starting = hub.start().then(() => {
    isStarted = true;
  });
  await waitFor(clock, () => isStarted, startWithinMs);
  await starting;
  // Until every door knows how it stands.
  await live(20_000);
  return {
    cast,
    doors,
    clock,
    bus,
    hub,
    logged,
    outputs: () => street.line(port).bus.outs.at(-1)?.n ?? 0,
    refusals,
    live,
    close: async () => {
      let isClosed = false;
      const closing = hub.close().then(() => {
        isClosed = true;
      });
      await waitFor(clock, () => isClosed, startWithinMs);
      await closing;
      street.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const simLine = (keyHex: string) => ({
  id: port,
  baudRate: baudRate as 115_200,
  paced: false,
  peripherals: [
    {
      address: 0,
      keyHex,
      doors: [
        { id: 'front', output: 0, contactInput: 0, monitorInput: 1 },
        { id: 'side', output: 1, contactInput: 2, monitorInput: null },
        { id: 'garden', output: 2, contactInput: 3, monitorInput: 4 },
        { id: 'cellar', output: 3, contactInput: 5, monitorInput: 6 },
      ],
    },
  ],
});

function hubConfig(dataDir: string, ids: Doors): HubConfig {
  const door = (name: keyof Doors, output: number, contact: number, monitor: number | undefined) => ({
    id: ids[name],
    name,
    lock: {
      kind: 'osdp' as const,
      port,
      baudRate: baudRate as 115_200,
      output,
      contact: { input: contact },
      ...(monitor === undefined ? {} : { monitor: { input: monitor } }),
      pollMs: 1000,
    },
  });
  return v.parse(HubConfig, {
    dataDir,
    doors: [door('front', 0, 0, 1), door('side', 1, 2, undefined), door('garden', 2, 3, 4), door('cellar', 3, 5, 6)],
    logLevel: 'silent',
  });
}
