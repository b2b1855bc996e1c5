/** The home of a street, as an installer would write it for the hub, and as the simulator hangs it. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { commandOf } from './process.ts';
import type { StreetPaths } from './settings.ts';

/** A home whose front door has a strike, and nothing else: what differs from a usual one. For tests and benchmarks. */
export interface StrikeHome {
  /** Settings of the hub's door. */
  readonly door?: Readonly<Record<string, unknown>>;
  /** Settings of the simulated one. */
  readonly simDoor?: Readonly<Record<string, unknown>>;
  readonly pollMs?: number;
  /** Of the serial line, at both ends; one of those that OSDP knows. */
  readonly baudRate?: number;
}

/** What the usual home may have otherwise, for tests. */
export interface UsualHome {
  /** Settings of the hub's front door. */
  readonly door?: Readonly<Record<string, unknown>>;
  /** Settings of the simulated lock. */
  readonly nuki?: Readonly<Record<string, unknown>>;
}

export interface HomeIds {
  readonly door: string;
  readonly garage: string;
}

interface Home {
  readonly hub: { readonly doors: readonly object[]; readonly bluetooth?: object };
  readonly sim: object;
}

/** A program that writes pictures, and raw ones beside them. */
const cameraOf = ({ simSocket }: StreetPaths): object => ({
  kind: 'process',
  codec: 'jpeg',
  raw: { width: 160, height: 120 },
  command: [...commandOf('doorward-sim'), 'camera', '--control', simSocket, '--camera', 'front', '--raw'],
});

const filmed = (paths: StreetPaths, camera: boolean) =>
  camera
    ? { ofHub: { camera: cameraOf(paths) }, ofSim: { cameras: [{ id: 'front', door: 'front' }] } }
    : { ofHub: {}, ofSim: {} };

/** Security PIN of the simulated lock, as its owner would tell the installer. */
export const nukiPin = 4711;

/** The front door has a Nuki with a door sensor, found over Bluetooth; the garage a barrier on a serial line. */
export function usualHome(paths: StreetPaths, ids: HomeIds, camera: boolean, asked: UsualHome = {}): Home {
  const { ofHub, ofSim } = filmed(paths, camera);
  const address = 'c0:4e:55:4b:49:01';
  const place = { kind: 'osdp', port: paths.tty, address: 0, output: 0, reader: { number: 0, led: 0 } };
  const barrier = { ...place, contact: { input: 0, closedWhen: 'active' } };
  return {
    hub: {
      bluetooth: { socket: paths.air },
      doors: [
        { id: ids.door, name: 'front', lock: { kind: 'nuki', address, doorSensor: true }, ...ofHub, ...asked.door },
        { id: ids.garage, name: 'garage', barrier },
      ],
    },
    sim: {
      air: { path: paths.air },
      nukis: [{ id: 'front', address, nukiId: randomInt(1, 0xffff_ffff), pin: nukiPin, keypad: true, ...asked.nuki }],
      lines: [
        {
          id: 'bus',
          path: paths.tty,
          peripherals: [
            {
              address: 0,
              installMode: true,
              barriers: [{ id: 'garage', output: 0, closedInput: 0, reader: 0, travelMs: 4_000 }],
            },
          ],
        },
      ],
      ...ofSim,
    },
  };
}

/** The front door has a strike on a serial line. */
export function strikeHome(paths: StreetPaths, { door }: HomeIds, camera: boolean, asked: StrikeHome): Home {
  const { ofHub, ofSim } = filmed(paths, camera);
  const { baudRate = 9600, pollMs } = asked;
  const lock = {
    ...{ kind: 'osdp', port: paths.tty, baudRate, address: 0, output: 0 },
    contact: { input: 0, closedWhen: 'inactive' },
    monitor: { input: 1, lockedWhen: 'active' },
    ...(pollMs === undefined ? {} : { pollMs }),
  };
  const simulated = { id: 'front', output: 0, contactInput: 0, monitorInput: 1, ...asked.simDoor };
  const peripherals = [{ address: 0, installMode: true, doors: [simulated] }];
  return {
    hub: { doors: [{ id: door, name: 'front', lock, ...ofHub, ...asked.door }] },
    sim: { lines: [{ id: 'bus', path: paths.tty, baudRate, peripherals }], ...ofSim },
  };
}

/** The simulator's file, with what every home has. */
export const simFile = (home: object, { root, simSocket }: StreetPaths): object => ({
  ...home,
  control: simSocket,
  state: join(root, 'sim', 'keys.json'),
});
