/** Builds a line with its peripherals, and the doors that hang on them, as the configuration says. */
import { randomBytes } from 'node:crypto';
import type { BarrierConfig, DoorConfig, LineConfig, PeripheralConfig } from '../config.ts';
import { Barrier } from '../door/barrier.ts';
import { Bell } from '../door/bell.ts';
import { Door } from '../door/door.ts';
import type { Reading } from '../door/sensor.ts';
import type { HomeParts } from '../home-parts.ts';
import { Board } from './board.ts';
import { type InputLevel, inputLevels } from './codec.ts';
import { keyMemory } from './key-memory.ts';
import { SimLine } from './line.ts';
import { Outputs } from './outputs.ts';
import { Peripheral } from './peripheral.ts';
import { Reader } from './reader.ts';

/**
 * Puts doors, barriers and readers into `parts`.
 * @throws Fault CONFIG_INVALID when the state file holds something else under a name; LINK_OPEN_FAILED
 */
export function buildLine(parts: HomeParts, config: LineConfig, seed: number): SimLine {
  const built = config.peripherals.map((one) => buildPeripheral(parts, config, one));
  const boards = new Map(built.map(({ peripheral, board }) => [peripheral, board]));
  return new SimLine({
    id: config.id,
    path: config.path,
    baudRate: config.baudRate,
    paced: config.paced,
    seed,
    clock: parts.clock,
    peripherals: built.map(({ peripheral }) => peripheral),
    tamper: (peripheral, tampered) => boards.get(peripheral)?.setTampered(tampered),
  });
}

function buildPeripheral(
  parts: HomeParts,
  line: LineConfig,
  config: PeripheralConfig,
): { readonly peripheral: Peripheral; readonly board: Board } {
  const { clock, events } = parts;
  const doors = config.doors.map((one) => {
    const times = { leafMs: one.leafMs, latchMs: one.latchMs };
    return { config: one, door: new Door(one.id, clock, times, (id, body) => events.add(id, body)) };
  });
  for (const { door } of doors) parts.doors.set(door.id, door);
  const barriers = config.barriers.map((one) => ({ config: one, barrier: new Barrier(one.id, clock, one) }));
  for (const { barrier } of barriers) parts.barriers.set(barrier.id, barrier);

  const memory = keyMemory(parts.state, `${line.id}/${config.address}`, {
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
  const bells = withReader.flatMap(({ id, bellInput }) =>
    bellInput === null ? [] : [{ id, input: bellInput, bell: new Bell(clock, () => board.inputsMayHaveChanged()) }],
  );
  for (const { id, bell } of bells) parts.bells.set(id, bell);
  const board: Board = new Board({
    identity,
    outputs,
    readers,
    inputs: () => readInputs({ doors, barriers, bells }, config.supervised),
    installMode: () => memory.installMode(),
    address: config.address,
    baudRate: line.baudRate,
  });
  for (const { id, reader } of withReader) {
    const at = reader === null ? undefined : readers.get(reader);
    if (reader === null || at === undefined) continue;
    parts.readers.set(id, { truth: () => at.truth(), press: (keys) => board.press(reader, keys) });
    parts.lights.set(id, at);
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

interface Wired {
  readonly doors: readonly { readonly config: DoorConfig; readonly door: Door }[];
  readonly barriers: readonly { readonly config: BarrierConfig; readonly barrier: Barrier }[];
  readonly bells: readonly { readonly input: number; readonly bell: Bell }[];
}

/** Levels of all inputs of a peripheral; a terminal with nothing on it is inactive. */
function readInputs({ doors, barriers, bells }: Wired, supervised: boolean): InputLevel[] {
  const wired = [
    ...doors.flatMap(({ config }) => [config.contactInput, config.monitorInput]),
    ...barriers.map(({ config }) => config.closedInput),
    ...bells.map(({ input }) => input),
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
  for (const { input, bell } of bells) put(input, bell.isPressed ? 'yes' : 'no', 'active');
  return levels;
}
