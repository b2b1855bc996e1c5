/** Reads the hub's configuration file. The only place that reads the environment. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { type DoorConfig, HubConfig } from './schema.ts';

/** Where the configuration is: the flag, else `DOORWARD_CONFIG`, else /etc/doorward/hub.json. */
export const configPath = (flag: string | undefined): string =>
  flag ?? process.env.DOORWARD_CONFIG ?? '/etc/doorward/hub.json';

/**
 * Checks a configuration. Paths are taken as relative to `base`.
 * @throws Fault CONFIG_INVALID with the setting that does not fit and why
 */
export function checkConfig(input: unknown, base: string): HubConfig {
  const parsed = v.safeParse(HubConfig, input);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Fault('CONFIG_INVALID', { setting: v.getDotPath(issue) ?? 'the whole file', why: whyOf(issue) });
  }
  const config = parsed.output;
  const { doors: all } = config;
  const addresses = all.flatMap(({ lock }) => (lock?.kind === 'nuki' ? [lock.address] : []));
  const twice = [all.map(({ id }) => id), all.map(({ name }) => name), addresses].map(firstTwice).find(Boolean);
  if (twice !== undefined) throw new Fault('CONFIG_INVALID', { setting: 'doors', why: `${twice} stands twice` });
  const doors = all.map((door) => placed(door, base));
  const { socket } = config.bluetooth;
  const bluetooth = { ...config.bluetooth, ...(socket === undefined ? {} : { socket: resolve(base, socket) }) };
  return Object.freeze({ ...config, dataDir: resolve(base, config.dataDir), doors, bluetooth });
}

/** A key that the schema does not know, in words; all else as the schema says it. */
const whyOf = ({ type, expected, message }: v.BaseIssue<unknown>): string =>
  type === 'strict_object' && expected === 'never' ? 'there is no such setting' : message;

/** The same door with its paths taken from `base`. A program without a slash is looked for in PATH. */
function placed(door: DoorConfig, base: string): DoorConfig {
  const { lock, barrier, camera, stills, bell } = door;
  return {
    ...door,
    ...(lock?.kind === 'osdp' ? { lock: placedAt(lock, base) } : {}),
    ...(barrier === undefined ? {} : { barrier: placedAt(barrier, base) }),
    ...(camera === undefined ? {} : { camera: { ...camera, command: placedCommand(camera.command, base) } }),
    ...(bell?.kind === 'process' ? { bell: { ...bell, command: placedCommand(bell.command, base) } } : {}),
    ...(stills === undefined ? {} : { stills: placedAt(stills, base) }),
  };
}

const placedAt = <T extends { readonly port: string }>(one: T, base: string): T => ({
  ...one,
  port: resolve(base, one.port),
});

const placedCommand = ([program, ...args]: [string, ...string[]], base: string): [string, ...string[]] => [
  program.includes('/') ? resolve(base, program) : program,
  ...args,
];

const firstTwice = (all: readonly string[]): string | undefined => all.find((one, index) => all.indexOf(one) !== index);

/** Reads and checks the file. @throws Fault CONFIG_MISSING, CONFIG_INVALID */
export function loadConfig(path: string): HubConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Fault('CONFIG_MISSING', { path }, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { setting: 'the whole file', why: 'it is no JSON' }, { cause });
  }
  return checkConfig(json, dirname(resolve(path)));
}
