/** Starts a simulated home in this process: doors, the peripherals that drive them, the lines to the hub. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { Fault } from '../wire/faults.ts';
import { type SceneAsked, SimCamera, sceneSchema } from './camera/camera.ts';
import { SerialCamera } from './camera/vc0706/serial.ts';
import { type Clock, realClock, stoppable } from './clock.ts';
import {
  type BarrierConfig,
  type CameraConfig,
  type DoorConfig,
  type LineConfig,
  type PeripheralConfig,
  readSimConfig,
  type SimConfig,
  type SimConfigAsked,
} from './config.ts';
import { Barrier, type BarrierFaultAsked, barrierFaultSchema } from './door/barrier.ts';
import { Door } from './door/door.ts';
import type { Reading } from './door/sensor.ts';
import { EventLog } from './event-log.ts';
import {
  type CameraFaultAsked,
  cameraFaultSchema,
  type DoorFaultAsked,
  doorFaultSchema,
  type LineFaultAsked,
  lineFaultSchema,
} from './faults.ts';
import { Board } from './osdp/board.ts';
import { type InputLevel, inputLevels } from './osdp/codec.ts';
import { KeyFile } from './osdp/key-file.ts';
import { SimLine } from './osdp/line.ts';
import { Outputs } from './osdp/outputs.ts';
import { Peripheral } from './osdp/peripheral.ts';
import { Reader } from './osdp/reader.ts';

/** A reader, and what somebody before it does. */
export interface SimReader extends Pick<Reader, 'truth'> {
  /** 1..255 of 0-9, *, #, A-D. */
  press(keys: string): void;
}

/** A running home. */
export interface SimHome {
  readonly doors: ReadonlyMap<string, Door>;
  readonly lines: ReadonlyMap<string, SimLine>;
  readonly cameras: ReadonlyMap<string, SimCamera>;
  readonly events: EventLog;
  /** @throws Fault DOOR_UNKNOWN */
  door(id: string): Door;
  /** @throws Fault NOT_FOUND */
  line(id: string): SimLine;
  /** @throws Fault NOT_FOUND */
  camera(id: string): SimCamera;
  /** A garage door. @throws Fault DOOR_UNKNOWN */
  barrier(id: string): Barrier;
  /** Sets or mends a fault of a garage door. @throws Fault DOOR_UNKNOWN, BODY_MALFORMED */
  barrierFault(id: string, asked: BarrierFaultAsked): void;
  /** The reader beside a door, with its keys. @throws Fault NOT_FOUND */
  reader(door: string): SimReader;
  /** Sets or mends a fault of a door. @throws Fault DOOR_UNKNOWN, BODY_MALFORMED */
  doorFault(id: string, asked: DoorFaultAsked): void;
  /** Sets or mends a fault of a line. @throws Fault NOT_FOUND, BODY_MALFORMED */
  lineFault(id: string, asked: LineFaultAsked): void;
  /** Sets or mends a fault of a camera. @throws Fault NOT_FOUND, BODY_MALFORMED */
  cameraFault(id: string, asked: CameraFaultAsked): void;
  /** Moves the people before a camera. @throws Fault NOT_FOUND, BODY_MALFORMED */
  scene(id: string, asked: SceneAsked): void;
  /** Closes the ports and drops all timers. */
  close(): void;
}

/** What the parts of one home have in common. */
interface Street {
  readonly clock: Clock;
  readonly events: EventLog;
  readonly keys: KeyFile;
  readonly doors: Map<string, Door>;
  readonly readers: Map<string, SimReader>;
  readonly barriers: Map<string, Barrier>;
}

/**
 * Starts a home. Lines with a `path` are pseudo terminals there when this returns; the others are reached with
 * `home.line(id).connect()`. The same goes for cameras with a `vc0706`.
 * @param clock  of doors, strikes and peripherals; the pace of the lines is always real
 * @throws Fault CONFIG_INVALID, LINK_OPEN_FAILED; TOOL_MISSING where a `vc0706` has nothing to draw with
 */
export function startSimHome(asked: SimConfigAsked, clock: Clock = realClock): SimHome {
  const config = readSimConfig(asked);
  const timers = stoppable(clock);
  const street: Street = {
    clock: timers.clock,
    events: new EventLog(clock),
    keys: new KeyFile(config.state),
    doors: new Map(),
    readers: new Map(),
    barriers: new Map(),
  };
  const lines = new Map(config.lines.map((line) => [line.id, buildLine(street, line, config.seed)]));
  const cameras = new Map(config.cameras.map((one) => [one.id, buildCamera(street, one, config)]));
  const serials = config.cameras.flatMap((one) => buildSerial(street, cameras.get(one.id)!, one));
  const camera = (id: string): SimCamera => cameras.get(id) ?? missing('NOT_FOUND', id);
  const door = (id: string): Door => street.doors.get(id) ?? missing('DOOR_UNKNOWN', id);
  const barrier = (id: string): Barrier => street.barriers.get(id) ?? missing('DOOR_UNKNOWN', id);
  const line = (id: string): SimLine => lines.get(id) ?? missing('NOT_FOUND', id);
  return {
    doors: street.doors,
    lines,
    cameras,
    events: street.events,
    door,
    line,
    camera,
    barrier,
    barrierFault: (id, fault) => barrier(id).fault(read(barrierFaultSchema, fault)),
    reader: (id) => street.readers.get(id) ?? missing('NOT_FOUND', id),
    doorFault: (id, fault) => door(id).fault(read(doorFaultSchema, fault)),
    lineFault: (id, fault) => line(id).fault(read(lineFaultSchema, fault)),
    cameraFault: (id, fault) => camera(id).fault(read(cameraFaultSchema, fault)),
    scene: (id, asked) => camera(id).move(read(sceneSchema, asked)),
    close: () => {
      for (const one of serials) one.close();
      for (const one of lines.values()) one.close();
      timers.stop();
    },
  };
}

function missing(code: 'DOOR_UNKNOWN' | 'NOT_FOUND', id: string): never {
  throw new Fault(code, { id });
}

function read<
  S extends
    | typeof barrierFaultSchema
    | typeof doorFaultSchema
    | typeof lineFaultSchema
    | typeof cameraFaultSchema
    | typeof sceneSchema,
>(schema: S, asked: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, asked);
  if (!parsed.success) throw new Fault('BODY_MALFORMED', { problem: parsed.issues[0].message });
  return parsed.output;
}

function buildCamera(street: Street, { id, door, startMs }: CameraConfig, { lines, seed }: SimConfig): SimCamera {
  const doors = lines.flatMap((line) => line.peripherals.flatMap((one) => one.doors));
  const { leafMs } = doors.find((one) => one.id === door)!;
  const { clock, events } = street;
  return new SimCamera({ id, door: street.doors.get(door)!, leafMs, startMs, seed, clock, events });
}

function buildSerial(street: Street, camera: SimCamera, { vc0706 }: CameraConfig): SerialCamera[] {
  return vc0706 ? [new SerialCamera({ ...vc0706, camera, clock: street.clock })] : [];
}

function buildLine(street: Street, config: LineConfig, seed: number): SimLine {
  const built = config.peripherals.map((one) => buildPeripheral(street, config, one));
  const boards = new Map(built.map(({ peripheral, board }) => [peripheral, board]));
  return new SimLine({
    id: config.id,
    path: config.path,
    baudRate: config.baudRate,
    paced: config.paced,
    seed,
    clock: street.clock,
    peripherals: built.map(({ peripheral }) => peripheral),
    tamper: (peripheral, tampered) => boards.get(peripheral)?.setTampered(tampered),
  });
}

function buildPeripheral(
  street: Street,
  line: LineConfig,
  config: PeripheralConfig,
): { readonly peripheral: Peripheral; readonly board: Board } {
  const { clock, events } = street;
  const doors = config.doors.map((one) => {
    const times = { leafMs: one.leafMs, latchMs: one.latchMs };
    return { config: one, door: new Door(one.id, clock, times, (id, body) => events.add(id, body)) };
  });
  for (const { door } of doors) street.doors.set(door.id, door);
  const barriers = config.barriers.map((one) => ({ config: one, barrier: new Barrier(one.id, clock, one) }));
  for (const { barrier } of barriers) street.barriers.set(barrier.id, barrier);

  const memory = street.keys.memory(`${line.id}/${config.address}`, {
    keyHex: config.keyHex,
    installMode: config.installMode,
  });
  const identity = {
    vendor: [0x0a, 0x0b, 0x0c],
    model: 1,
    version: 2,
    serial: config.serial,
    firmware: [1, 0, 0],
  } as const;
  const used = [
    ...config.doors.map((one) => one.output),
    ...config.barriers.flatMap((one) => [one.output, one.closeOutput ?? 0]),
  ];
  const outputs = new Outputs(1 + Math.max(...used), clock, (output, on) => {
    for (const one of barriers) {
      if (on && one.config.output === output) one.barrier.pulse();
      if (on && one.config.closeOutput === output) one.barrier.close();
    }
    for (const one of doors) if (one.config.output === output) one.door.energise(on);
    board.outputsChanged();
  });
  const withReader = [...config.doors, ...config.barriers];
  const readers = new Map(withReader.flatMap(({ reader }) => (reader === null ? [] : [[reader, new Reader(clock)]])));
  const board: Board = new Board({
    identity,
    outputs,
    readers,
    inputs: () => readInputs(doors, barriers, config.supervised),
    installMode: () => memory.installMode(),
    address: config.address,
    baudRate: line.baudRate,
  });
  for (const { id, reader } of withReader) {
    const at = reader === null ? undefined : readers.get(reader);
    if (reader === null || at === undefined) continue;
    street.readers.set(id, { truth: () => at.truth(), press: (keys) => board.press(reader, keys) });
  }
  for (const { door } of doors) door.onSensed(() => board.inputsMayHaveChanged());
  for (const { barrier } of barriers) barrier.onSensed(() => board.inputsMayHaveChanged());
  const peripheral = new Peripheral({
    address: config.address,
    identity,
    board,
    memory,
    clock,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
  });
  return { peripheral, board };
}

/** Levels of all inputs of a peripheral; a terminal with nothing on it is inactive. */
function readInputs(
  doors: readonly { readonly config: DoorConfig; readonly door: Door }[],
  barriers: readonly { readonly config: BarrierConfig; readonly barrier: Barrier }[],
  supervised: boolean,
): InputLevel[] {
  const wired = [
    ...doors.flatMap(({ config }) => [config.contactInput, config.monitorInput]),
    ...barriers.map(({ config }) => config.closedInput),
  ].filter((one) => one !== null);
  const levels = Array.from({ length: 1 + Math.max(-1, ...wired) }, (): InputLevel => inputLevels.inactive);
  const put = (input: number | null, reading: Reading, yesIs: 'active' | 'inactive'): void => {
    if (input === null) return;
    const isActive = (reading === 'yes') === (yesIs === 'active');
    // Without supervision a cut wire reads as a door that is not closed, a latch that is not home.
    if (reading === 'wire-cut' && supervised) levels[input] = inputLevels.open;
    else levels[input] = isActive ? inputLevels.active : inputLevels.inactive;
  };
  for (const { config, door } of doors) {
    const { contact, monitor } = door.truth();
    put(config.contactInput, contact, config.contactClosedIs);
    put(config.monitorInput, monitor, config.monitorSecuredIs);
  }
  for (const { config, barrier } of barriers) put(config.closedInput, barrier.truth().contact, config.closedIs);
  return levels;
}
