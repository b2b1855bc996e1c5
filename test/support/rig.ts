/**
 * The whole of Doorward in one process, every part the real one: broker, cloud on SQLite, an enrolled hub, a simulated home on pseudo
 * terminals, and people with keys of their own over HTTP. What a scenario breaks, it breaks from outside.
 */
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Test } from 'tap';
import { install } from '../../cloud-bridge/config/install.ts';
import { layoutOf } from '../../cloud-bridge/config/layout.ts';
import { checkConfig } from '../../cloud-bridge/config/load.ts';
import type { CloudConfigInput } from '../../cloud-bridge/config/schema.ts';
import { openLog } from '../../cloud-bridge/log.ts';
import { buildCloud, type Cloud } from '../../cloud-bridge/main.ts';
import { journalFile } from '../../device/enrol/enrol.ts';
import { bleAdapter } from '../../device/link/ble/adapter.ts';
import type { Hub } from '../../device/main.ts';
import { serveControl } from '../../hardware-sim/control/server.ts';
import { type SimHome, startSimHome } from '../../hardware-sim/home.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import type { Operator } from '../../hardware-sim/people/operator.ts';
import type { Owner } from '../../hardware-sim/people/owner.ts';
import { Fault } from '../../wire/faults.ts';
import type { Rule } from '../../wire/rule-book.ts';
import { freePort } from './free-port.ts';
import { type BrokerKind, type RigBroker, startRigBroker } from './rig-broker.ts';
import { HubClock, RigTime } from './rig-clock.ts';
import { RigDisk } from './rig-disk.ts';
import { type DoorWish, layDoors, type RigDoor, rigPin } from './rig-doors.ts';
import { Errand, type Step } from './rig-errand.ts';
import { RigHole } from './rig-hole.ts';
import { RigHub } from './rig-hub.ts';
import { type JournalCopies, readCloudJournal, readHubJournal } from './rig-journals.ts';
import { barrierLeaf, leafOf } from './rig-leaf.ts';
import { letCarrierIn, makeHome, newOperator, type RigCarrier, rulesFor, takeOver, type World } from './rig-people.ts';
import { until } from './until.ts';

export interface RigOptions {
  readonly broker?: BrokerKind;
  /** One front door unless told. */
  readonly doors?: readonly DoorWish[];
  /** Bytes on the lines take as long as 9600 baud takes. */
  readonly paced?: boolean;
  /** `auto` unless told: scenarios about the owner's yes ask. */
  readonly consent?: 'ask' | 'auto';
  /** What the rules demand; `off` unless told. The doors that it is about have a camera. */
  readonly camera?: Rule['camera'];
  /** Where a page is served that may use the API. */
  readonly pagesOrigin?: string;
  /** What the cloud is told otherwise. */
  readonly cloud?: Partial<CloudConfigInput>;
  /** The hub's own setting `pages`: what it checks. */
  readonly pages?: object;
}

export interface Rig extends JournalCopies {
  /** Everybody's time. */
  readonly time: RigTime;
  readonly hubClock: HubClock;
  readonly disk: RigDisk;
  readonly sim: SimHome;
  readonly hub: Hub;
  /** The hub as a thing to stop, start and listen to. */
  readonly machine: RigHub;
  readonly broker: RigBroker;
  /** The network between hub and broker. */
  readonly hole: RigHole;
  readonly owner: Owner;
  readonly carrier: RigCarrier;
  readonly operator: Operator;
  readonly operatorToken: string;
  /** What installers compare: `rootSetHash` of the first root set. */
  readonly rootHash: string;
  readonly world: World;
  readonly folders: { readonly cloud: string; readonly hub: string };
  /** The only door, or the one of this name. */
  door(name?: string): RigDoor;
  /** How the visit machine stands at a door. */
  at(name?: string): string;
  stopCloud(): Promise<void>;
  startCloud(): Promise<void>;
  /** What the cloud does once a minute: days that are over, photos whose time is. */
  sweepCloud(): Promise<void>;
  /** Resolves when the doors are proven locked and no reason is left to refuse a visit. */
  untilCalm(): Promise<void>;
  /** Begins a delivery and takes it to this step. */
  deliver(step: Step, door?: string): Promise<Errand>;
  /** How often the strike of a door was energised since the start. */
  pulses(name?: string): number;
}

/** Wound with each look of a hastened wait: far less than a reply on a line may take. */
const hasteMs = 20;

/** Brings everything up: installed, enrolled, paired, handed over, with rules for every door. All ends with the test. */
export async function openRig(t: Test, options: RigOptions = {}): Promise<Rig> {
  const root = await mkdtemp(join(tmpdir(), 'doorward-rig-'));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const folders = { cloud: join(root, 'cloud'), hub: join(root, 'hub') };
  const time = new RigTime();
  const installed = await install({
    dataDir: folders.cloud,
    offlineDir: join(root, 'offline'),
    brokerNames: [],
    instance: 'cloud-1',
    issuer: 'doorward',
    rootCount: 3,
    threshold: 2,
    nowMs: time.now(),
  });
  const at = layoutOf(folders.cloud);
  const broker = await startRigBroker(options.broker ?? 'embedded', at, await freePort());
  t.teardown(() => broker.stop());
  const hole = await RigHole.open(broker.port);
  t.teardown(() => hole.close());

  const config = checkConfig({
    dataDir: folders.cloud,
    port: await freePort(),
    broker: `mqtts://127.0.0.1:${broker.port}`,
    advertisedBroker: `mqtts://127.0.0.1:${hole.port}`,
    ...(options.pagesOrigin === undefined ? {} : { pagesOrigins: [options.pagesOrigin] }),
    answerMs: 8_000,
    requestsPerSecond: 10_000,
    refusalsPerSecond: 10_000,
    ...options.cloud,
  });
  let cloud: Cloud | undefined;
  const stopCloud = async (): Promise<void> => {
    const stopping = cloud;
    cloud = undefined;
    await stopping?.stop();
  };
  const startCloud = async (): Promise<void> => {
    cloud = await buildCloud(config, { now: () => time.now(), log: openLog('silent') });
    await cloud.start();
    await until('the cloud is online', () => cloud?.online);
  };
  t.teardown(stopCloud);
  await startCloud();

  const world = { base: `http://127.0.0.1:${config.port}`, clock: time };
  const operator = newOperator(world, installed.operatorToken ?? '');
  t.teardown(() => operator.http.close());
  const laid = layDoors(options.doors ?? [{ name: 'front' }], makeFolder(root, 'sim'), options.paced ?? false);
  const sim = startSimHome(laid.sim, time);
  t.teardown(() => sim.close());
  if (laid.control !== undefined) {
    const control = await serveControl(sim, laid.control);
    t.teardown(() => {
      control.close();
      control.closeAllConnections();
    });
  }
  const hubClock = new HubClock(time);
  const disk = new RigDisk();
  const air = laid.sim.nukis?.length ? await sim.onAir() : undefined;
  const openRadio = air && (() => bleAdapter(air.hub.open, { retryMs: 100 }));
  const machine = new RigHub({
    ...{ dataDir: folders.hub, doors: laid.hub, clock: hubClock, openStore: disk.open, pages: options.pages },
    ...(openRadio && { openRadio }),
  });
  t.teardown(() => machine.stop());
  const { token } = await makeHome(operator);
  const { hub: hubId } = await machine.enrol(world.base, token, installed.rootHash, time.now());
  await machine.start();

  const door = (name?: string): RigDoor => {
    const found = name === undefined ? [...laid.doors.values()][0] : laid.doors.get(name);
    if (found === undefined) throw new Fault('DOOR_UNKNOWN', { door: name ?? '' });
    return found;
  };
  const stateAt = (name?: string): string =>
    machine.hub.status().doors.find(({ id }) => id === door(name).id)?.at ?? 'gone';
  const hastening: Rig['until'] = (what, look) =>
    until(what, () => {
      time.wind(hasteMs);
      return look();
    });
  const untilCalm = async (): Promise<void> => {
    await hastening('the hub is calm', () => {
      const { online, clock, refusing, doors } = machine.hub.status();
      const isCalm = online && clock === 'trusted' && refusing === undefined;
      return isCalm && doors.every((one) => one.at === 'idle' && one.reachable);
    });
  };
  time.settle = () => untilHeard(machine);
  await pairAll(machine, sim, laid.doors);
  await untilCalm();
  const owner = await takeOver(machine.hub.openHandover().uri, world);
  t.teardown(() => {
    owner.unfollow();
    owner.http.close();
  });
  const carrier = await letCarrierIn(operator, world);
  t.teardown(() => carrier.close());
  await carrier.dispatch.pinHub(owner.pinned.hub, owner.pinned.hubKey);
  const consent = options.consent ?? 'auto';
  const ids = [...laid.doors.values()].map(({ id }) => id);
  const camera = options.camera ?? 'off';
  mustHave(await owner.orders.setRules(rulesFor(ids, carrier, time.now(), { consent, camera })));

  return {
    time,
    hubClock,
    disk,
    sim,
    hubId,
    get hub() {
      return machine.hub;
    },
    machine,
    broker,
    hole,
    owner,
    carrier,
    operator,
    operatorToken: installed.operatorToken ?? '',
    rootHash: installed.rootHash,
    world,
    folders,
    door,
    at: stateAt,
    until: hastening,
    stopCloud,
    startCloud,
    sweepCloud: async () => cloud?.sweep(),
    untilCalm,
    deliver: (step, name) => {
      const { id, name: called, holds } = door(name);
      const hung = holds === 'barrier' ? undefined : sim.door(called);
      const leaf = hung === undefined ? barrierLeaf(sim.barrier(called)) : leafOf(hung);
      const where = { id, leaf, sim: hung };
      const errand = new Errand({
        world,
        owner,
        carrier,
        door: where,
        at: () => stateAt(name),
        consent,
        hasten: hastening,
      });
      t.teardown(() => errand.close());
      return errand.to(step);
    },
    hubJournal: () => readHubJournal(join(folders.hub, journalFile), hubId),
    cloudJournal: () => readCloudJournal(at.database, hubId),
    ownerJournal: () => owner.journal.records.map(({ text }) => text),
    pulses: (name) => sim.door(door(name).name).truth().strikes,
  };
}

/** After time was wound: until every door that can be reached has said how it is, or it takes too long. One that is away says nothing. */
async function untilHeard(machine: RigHub): Promise<void> {
  await pause(15);
  const isFresh = (): boolean =>
    !machine.isRunning ||
    machine.hub.status().doors.every(({ reachable, ageMs }) => !reachable || (ageMs >= 0 && ageMs < 1_000));
  for (const end = performance.now() + 150; !isFresh() && performance.now() < end; ) await pause(5);
}

function makeFolder(root: string, name: string): string {
  const path = join(root, name);
  mkdirSync(path, { mode: 0o700 });
  return path;
}

/** Gives each peripheral a key of its own, once. */
async function pairAll(machine: RigHub, sim: SimHome, doors: ReadonlyMap<string, RigDoor>): Promise<void> {
  const paired = new Set<string>();
  for (const { name, holds, line, address } of doors.values()) {
    if (holds === 'nuki') {
      sim.nuki(name).holdButton();
      await machine.hub.pairLock(name, { pin: rigPin });
      continue;
    }
    if (paired.has(`${line}/${address}`)) continue;
    paired.add(`${line}/${address}`);
    await machine.hub.pairLock(name, {});
  }
}
