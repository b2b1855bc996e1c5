/** The doors of a rig: one wish, from which both the hub's configuration and the simulated home's are written. */
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { DoorConfig } from '../../device/config/schema.ts';
import type { SimConfigAsked } from '../../hardware-sim/config.ts';
import { newDoorId } from './keys.ts';
import { typescript } from './node.ts';

/** What differs from a usual door: monitor and contact wired, alone on its peripheral and its line. */
export interface DoorWish {
  readonly name: string;
  /** A strike unless told. */
  readonly holds?: 'strike' | 'barrier' | 'nuki';
  /** Name of the serial line; doors that name the same share it. */
  readonly line?: string;
  readonly address?: number;
  /** Number of the strike's output; its inputs follow from it. */
  readonly output?: number;
  readonly monitor?: boolean;
  /** Beside a strike: a reader with keys. */
  readonly keypad?: boolean;
  /** Beside a strike: a bell button on an input of its peripheral. */
  readonly bell?: boolean;
  /** A camera films it: the simulator's, a process of its own. */
  readonly camera?: 'jpeg' | 'h264';
  /** Settings of the hub's door: `unlockForMs`, `openLimitMs`, `stillMs`, `acceptsClosed`. */
  readonly hub?: Readonly<Record<string, unknown>>;
  /** Settings of the simulated door: `leafMs`, `latchMs`. */
  readonly sim?: Readonly<Record<string, unknown>>;
}

export interface RigDoor {
  readonly id: string;
  readonly name: string;
  readonly holds: NonNullable<DoorWish['holds']>;
  readonly line: string;
  readonly address: number;
}

export interface RigDoors {
  readonly doors: ReadonlyMap<string, RigDoor>;
  readonly hub: DoorConfig[];
  readonly sim: SimConfigAsked;
  /** Where the cameras follow the home, when there are any. */
  readonly control?: string;
}

/** Quick enough for tests, and as long as the schema asks for. */
const quickHub = { unlockForMs: 1_500, openLimitMs: 60_000, stillMs: 100 };
const quickSim = { leafMs: 40, latchMs: 20 };

const quickBarrier = { travelMs: 200 };
const quickNuki = { leafMs: 40, latchMs: 20, boltMs: 60, replyMs: 2 };

/** Behind the contacts and monitors of all doors of a peripheral. */
const bellInputOf = (output: number): number => 8 + output;

/** Security PIN of every Nuki of a rig. */
export const rigPin = 1234;

/** What hangs on one peripheral of the simulated home. */
interface Simulated {
  readonly doors: object[];
  readonly barriers: object[];
}

const simulator = resolve(import.meta.dirname, '../../hardware-sim/cli/main.ts');

/** As an installer would write it: a program that writes pictures, and raw ones beside them. */
const cameraOf = (name: string, codec: 'jpeg' | 'h264', control: string): object => ({
  kind: 'process',
  codec,
  raw: { width: 160, height: 120 },
  command: [
    process.execPath,
    typescript,
    simulator,
    ...['camera', '--control', control, '--camera', name, '--codec', codec === 'jpeg' ? 'mjpeg' : codec, '--raw'],
  ],
  startMs: 60_000,
});

/**
 * @param folder  where the pseudo terminals and the peripherals' keys lie
 * @param paced   bytes take as long as 9600 baud takes
 */
export function layDoors(wishes: readonly DoorWish[], folder: string, paced: boolean): RigDoors {
  const doors = new Map<string, RigDoor>();
  const lines = new Map<string, Map<number, Simulated>>();
  const nukis: object[] = [];
  const control = join(folder, 'sim.sock');
  const hub = wishes.map((wish) => {
    const { name, holds = 'strike', line = name, address = 0, output = 0, monitor = true } = wish;
    const door = { id: newDoorId(), name, holds, line, address };
    doors.set(name, door);
    const peripherals = lines.get(line) ?? new Map<number, Simulated>();
    if (holds !== 'nuki') lines.set(line, peripherals);
    const simulated = peripherals.get(address) ?? { doors: [], barriers: [] };
    peripherals.set(address, simulated);
    const place = { kind: 'osdp', port: join(folder, `${line}.tty`), address, output };
    const contactInput = 2 * output;
    const camera = wish.camera === undefined ? {} : { camera: cameraOf(name, wish.camera, control) };
    const rest = { ...camera, ...quickHub, ...wish.hub };
    if (holds === 'nuki') {
      const at = `c0:00:00:00:00:${String(nukis.length + 1).padStart(2, '0')}`;
      nukis.push({ id: name, address: at, nukiId: nukis.length + 1, pin: rigPin, ...quickNuki, ...wish.sim });
      const lock = { kind: 'nuki', address: at, doorSensor: true };
      return v.parse(DoorConfig, { id: door.id, name, lock, ...rest, unlockForMs: 5_000, ...wish.hub });
    }
    if (holds === 'barrier') {
      simulated.barriers.push({ id: name, output, closedInput: contactInput, ...quickBarrier, ...wish.sim });
      const barrier = { ...place, contact: { input: contactInput, closedWhen: 'active' } };
      return v.parse(DoorConfig, { id: door.id, name, barrier, ...rest, unlockForMs: 5_000 });
    }
    const monitorInput = monitor ? contactInput + 1 : null;
    const keys = { ...(wish.keypad && { reader: 0 }), ...(wish.bell && { bellInput: bellInputOf(output) }) };
    simulated.doors.push({ id: name, output, contactInput, monitorInput, ...keys, ...quickSim, ...wish.sim });
    const inputs = {
      contact: { input: contactInput },
      ...(monitorInput === null ? {} : { monitor: { input: monitorInput } }),
      ...(wish.keypad ? { reader: { number: 0, led: 0, hasKeypad: true } } : {}),
    };
    const bell = wish.bell ? { bell: { kind: 'osdp', input: bellInputOf(output) } } : {};
    return v.parse(DoorConfig, { id: door.id, name, lock: { ...place, ...inputs }, ...bell, ...rest });
  });
  const filmed = wishes.filter(({ camera }) => camera !== undefined);
  const sim = {
    lines: [...lines].map(([id, peripherals]) => ({
      id,
      path: join(folder, `${id}.tty`),
      paced,
      peripherals: [...peripherals].map(([address, its]) => ({ address, installMode: true, ...its })),
    })),
    nukis,
    cameras: filmed.map(({ name }) => ({ id: name, door: name })),
    state: join(folder, 'keys.json'),
  } as SimConfigAsked;
  return { doors, hub, sim, ...(filmed.length === 0 ? {} : { control }) };
}
