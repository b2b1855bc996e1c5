/** Starts a simulated home in this process: doors, what drives them, the ways to the hub. */
import * as v from 'valibot';
import { Fault } from '../wire/faults.ts';
import { type AirFaultAsked, airFaultSchema } from './air/faults.ts';
import { type SceneAsked, SimCamera, sceneSchema } from './camera/camera.ts';
import { SerialCamera } from './camera/vc0706/serial.ts';
import { type Clock, realClock, stoppable } from './clock.ts';
import { type CameraConfig, readSimConfig, type SimConfig, type SimConfigAsked } from './config.ts';
import { type Barrier, type BarrierFaultAsked, barrierFaultSchema } from './door/barrier.ts';
import type { Door } from './door/door.ts';
import type { Light } from './door/light.ts';
import { EventLog } from './event-log.ts';
import {
  type CameraFaultAsked,
  cameraFaultSchema,
  type DoorFaultAsked,
  doorFaultSchema,
  type LineFaultAsked,
  lineFaultSchema,
} from './faults.ts';
import { type HomeAir, startAir } from './home-air.ts';
import type { HomeParts, SimBell, SimReader } from './home-parts.ts';
import { buildNuki } from './nuki/build.ts';
import { type NukiFaultAsked, nukiFaultSchema } from './nuki/faults.ts';
import type { SimNuki } from './nuki/nuki.ts';
import { buildLine } from './osdp/build.ts';
import type { SimLine } from './osdp/line.ts';
import { StateFile } from './state-file.ts';

/** A running home. */
export interface SimHome {
  readonly doors: ReadonlyMap<string, Door>;
  readonly lines: ReadonlyMap<string, SimLine>;
  readonly nukis: ReadonlyMap<string, SimNuki>;
  readonly cameras: ReadonlyMap<string, SimCamera>;
  readonly barriers: ReadonlyMap<string, Barrier>;
  readonly readers: ReadonlyMap<string, SimReader>;
  /** What is lit beside each door. */
  readonly lights: ReadonlyMap<string, Light>;
  readonly events: EventLog;
  /**
   * Puts the Nukis and the hub's adapter on the air; the same one every time. Until then they are known to this process alone.
   * @throws Fault LINK_OPEN_FAILED
   */
  onAir(): Promise<HomeAir>;
  /** What `onAir` brought. @throws Fault NOT_FOUND */
  air(): HomeAir;
  /** @throws Fault DOOR_UNKNOWN */
  door(id: string): Door;
  /** @throws Fault NOT_FOUND */
  line(id: string): SimLine;
  /** The lock of a door. @throws Fault NOT_FOUND */
  nuki(id: string): SimNuki;
  /** @throws Fault NOT_FOUND */
  camera(id: string): SimCamera;
  /** A garage door. @throws Fault DOOR_UNKNOWN */
  barrier(id: string): Barrier;
  /** Sets or mends a fault of a garage door. @throws Fault DOOR_UNKNOWN, BODY_MALFORMED */
  barrierFault(id: string, asked: BarrierFaultAsked): void;
  /** The reader beside a door, with its keys. @throws Fault NOT_FOUND */
  reader(door: string): SimReader;
  /** The bell at a door. @throws Fault NOT_FOUND */
  bell(door: string): SimBell;
  /** Sets or mends a fault of a door. @throws Fault DOOR_UNKNOWN, BODY_MALFORMED */
  doorFault(id: string, asked: DoorFaultAsked): void;
  /** Sets or mends a fault of a line. @throws Fault NOT_FOUND, BODY_MALFORMED */
  lineFault(id: string, asked: LineFaultAsked): void;
  /** Sets or mends a fault of a Nuki. @throws Fault NOT_FOUND, BODY_MALFORMED */
  nukiFault(id: string, asked: NukiFaultAsked): void;
  /** Sets or mends a fault of the air. @throws Fault NOT_FOUND, BODY_MALFORMED */
  airFault(asked: AirFaultAsked): void;
  /** Sets or mends a fault of a camera. @throws Fault NOT_FOUND, BODY_MALFORMED */
  cameraFault(id: string, asked: CameraFaultAsked): void;
  /** Moves the people before a camera. @throws Fault NOT_FOUND, BODY_MALFORMED */
  scene(id: string, asked: SceneAsked): void;
  /** Closes the ports and drops all timers at once; resolves when nothing is on the air any more. */
  close(): Promise<void>;
}

/**
 * Starts a home. Lines with a `path` are pseudo terminals there when this returns; the others are reached with
 * `home.line(id).connect()`. The same goes for cameras with a `vc0706`. Nukis are on the air after `home.onAir()`.
 * @param clock  of doors, strikes, peripherals and locks; the pace of the lines and of the air is always real
 * @throws Fault CONFIG_INVALID, LINK_OPEN_FAILED; TOOL_MISSING where a `vc0706` has nothing to draw with
 */
export function startSimHome(asked: SimConfigAsked, clock: Clock = realClock): SimHome {
  const config = readSimConfig(asked);
  const timers = stoppable(clock);
  const parts: HomeParts = {
    clock: timers.clock,
    events: new EventLog(clock),
    state: new StateFile(config.state),
    doors: new Map(),
    readers: new Map(),
    bells: new Map(),
    barriers: new Map(),
    lights: new Map(),
  };
  const lines = new Map(config.lines.map((line) => [line.id, buildLine(parts, line, config.seed)]));
  const nukis = new Map(config.nukis.map((one) => [one.id, buildNuki(parts, one, config.seed)]));
  const cameras = new Map(config.cameras.map((one) => [one.id, buildCamera(parts, one, config)]));
  const serials = config.cameras.flatMap((one) => buildSerial(parts, cameras.get(one.id)!, one));
  const camera = (id: string): SimCamera => cameras.get(id) ?? missing('NOT_FOUND', id);
  const door = (id: string): Door => parts.doors.get(id) ?? missing('DOOR_UNKNOWN', id);
  const barrier = (id: string): Barrier => parts.barriers.get(id) ?? missing('DOOR_UNKNOWN', id);
  const line = (id: string): SimLine => lines.get(id) ?? missing('NOT_FOUND', id);
  const nuki = (id: string): SimNuki => nukis.get(id) ?? missing('NOT_FOUND', id);
  let starting: Promise<HomeAir> | undefined;
  let onAir: HomeAir | undefined;
  const air = (): HomeAir => onAir ?? missing('NOT_FOUND', 'air');
  return {
    doors: parts.doors,
    lines,
    nukis,
    cameras,
    barriers: parts.barriers,
    readers: parts.readers,
    lights: parts.lights,
    events: parts.events,
    onAir: async () => {
      starting ??= startAir(config.air?.path, airNukis(config, nukis));
      onAir = await starting;
      return onAir;
    },
    air,
    door,
    line,
    nuki,
    camera,
    barrier,
    barrierFault: (id, fault) => barrier(id).fault(read(barrierFaultSchema, fault)),
    bell: (id) => parts.bells.get(id) ?? missing('NOT_FOUND', id),
    reader: (id) => parts.readers.get(id) ?? missing('NOT_FOUND', id),
    doorFault: (id, fault) => door(id).fault(read(doorFaultSchema, fault)),
    lineFault: (id, fault) => line(id).fault(read(lineFaultSchema, fault)),
    nukiFault: (id, fault) => {
      const set = read(nukiFaultSchema, fault);
      nuki(id).fault(set);
      parts.events.add(id, { on: set.active ? 'fault.set' : 'fault.mended', fault: set.fault });
    },
    airFault: (fault) => air().fault(read(airFaultSchema, fault)),
    cameraFault: (id, fault) => camera(id).fault(read(cameraFaultSchema, fault)),
    scene: (id, asked) => camera(id).move(read(sceneSchema, asked)),
    close: async () => {
      for (const one of serials) one.close();
      for (const one of lines.values()) one.close();
      for (const one of nukis.values()) one.close();
      timers.stop();
      const started = await starting?.catch(() => undefined);
      await started?.close();
    },
  };
}

function missing(code: 'DOOR_UNKNOWN' | 'NOT_FOUND', id: string): never {
  throw new Fault(code, { id });
}

function read<S extends v.GenericSchema>(schema: S, asked: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, asked);
  if (!parsed.success) throw new Fault('BODY_MALFORMED', { problem: parsed.issues[0].message });
  return parsed.output;
}

const airNukis = ({ nukis: configs }: SimConfig, nukis: ReadonlyMap<string, SimNuki>) =>
  configs.map(({ id, address, chunkBytes }) => ({
    nuki: nukis.get(id)!,
    address,
    ...(chunkBytes === undefined ? {} : { chunkBytes }),
  }));

function buildCamera(parts: HomeParts, { id, door, startMs }: CameraConfig, config: SimConfig): SimCamera {
  const doors = [...config.lines.flatMap((line) => line.peripherals.flatMap((one) => one.doors)), ...config.nukis];
  const { leafMs } = doors.find((one) => one.id === door)!;
  const { clock, events, lights } = parts;
  const light = lights.get(door);
  const shared = { id, leafMs, startMs, clock, events, seed: config.seed, door: parts.doors.get(door)! };
  return new SimCamera({ ...shared, ...(light ? { light } : {}) });
}

function buildSerial(parts: HomeParts, camera: SimCamera, { vc0706 }: CameraConfig): SerialCamera[] {
  return vc0706 ? [new SerialCamera({ ...vc0706, camera, clock: parts.clock })] : [];
}
