/** Files and ports of a street, kept in its data folder so that it comes up the same every time. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { DoorId } from '../../wire/shapes.ts';
import { type StrikeHome, simFile, strikeHome, type UsualHome, usualHome } from './homes.ts';

const Port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const Settings = v.strictObject({
  brokerPort: Port,
  httpPort: Port,
  pagesPort: Port,
  door: DoorId,
  garage: DoorId,
  /** What holds the front door. */
  front: v.picklist(['nuki', 'strike']),
  camera: v.boolean(),
});
export type StreetSettings = v.InferOutput<typeof Settings>;

/** Where everything of a street lies. */
export interface StreetPaths {
  readonly root: string;
  readonly cloud: string;
  readonly hub: string;
  readonly hubConfig: string;
  readonly hubSocket: string;
  readonly simConfig: string;
  readonly simSocket: string;
  readonly people: string;
  readonly logs: string;
  readonly tty: string;
  /** Where the hub finds its Bluetooth controller. */
  readonly air: string;
  /** What the release key of the street signed. */
  readonly manifest: string;
}

export function pathsOf(dataDir: string): StreetPaths {
  const root = resolve(dataDir);
  const at = (...parts: string[]): string => join(root, ...parts);
  return {
    root,
    cloud: at('cloud'),
    hub: at('hub'),
    hubConfig: at('hub.json'),
    hubSocket: at('hub', 'hub.sock'),
    simConfig: at('sim.json'),
    simSocket: at('sim', 'sim.sock'),
    people: at('people'),
    logs: at('logs'),
    tty: at('sim', 'bus.tty'),
    air: at('sim', 'air.sock'),
    manifest: at('pages.jws'),
  };
}

/** @throws Fault CONFIG_INVALID for a street of an older Doorward */
function readSettings(file: string): StreetSettings {
  const read = v.safeParse(Settings, JSON.parse(readFileSync(file, 'utf8')));
  if (read.success) return read.output;
  throw new Fault('CONFIG_INVALID', { file, why: 'an older street: npm start -- --fresh sets up a new one' });
}

/** The drawn scene needs an optional package. */
function canDraw(): boolean {
  try {
    createRequire(import.meta.url).resolve('@napi-rs/canvas');
    return true;
  } catch {
    return false;
  }
}

/** A TCP port that is free on this machine now. */
export const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Fault('INTERNAL'))));
    });
  });

const newDoorId = (): string =>
  `door-${[...randomBytes(20)].map((byte) => 'abcdefghijklmnopqrstuvwxyz0123456789'[byte % 36]).join('')}`;

/** For tests and benchmarks: what differs from what a newcomer gets. */
export interface StreetWishes {
  /** A home with a strike alone, in place of the usual one. */
  readonly strike?: StrikeHome;
  readonly usual?: UsualHome;
  /** False: no camera, and a rule that asks for none. */
  readonly camera?: boolean;
}

/** Makes the folders, and on the first run the settings and the configurations of hub and simulator. */
export async function prepareStreet(paths: StreetPaths, wishes: StreetWishes = {}): Promise<StreetSettings> {
  for (const folder of [paths.root, paths.cloud, paths.hub, paths.people, paths.logs, join(paths.root, 'sim')]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const file = join(paths.root, 'street.json');
  if (existsSync(file)) return readSettings(file);
  const { strike, usual } = wishes;
  const settings: StreetSettings = {
    brokerPort: await freePort(),
    httpPort: await freePort(),
    pagesPort: await freePort(),
    door: newDoorId(),
    garage: newDoorId(),
    front: strike === undefined ? 'nuki' : 'strike',
    camera: (wishes.camera ?? true) && canDraw(),
  };
  const home =
    strike === undefined
      ? usualHome(paths, settings, settings.camera, usual)
      : strikeHome(paths, settings, settings.camera, strike);
  const hub = { dataDir: paths.hub, ...home.hub };
  writeFileSync(paths.hubConfig, JSON.stringify(hub, null, 2), { mode: 0o600 });
  writeFileSync(paths.simConfig, JSON.stringify(simFile(home.sim, paths), null, 2), { mode: 0o600 });
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 });
  return settings;
}
