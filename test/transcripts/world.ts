/** A cloud, a broker, a simulated home and the machine of a bare hub: each a process of its own, the hub's in a terminal. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { Operator } from '../../hardware-sim/people/operator.ts';
import { lookAtDoor, moveDoor } from '../../hardware-sim/start/door.ts';
import { nukiPin } from '../../hardware-sim/start/homes.ts';
import { type Running, run, start } from '../../hardware-sim/start/process.ts';
import { pathsOf, prepareStreet, type StreetPaths } from '../../hardware-sim/start/settings.ts';
import { typescript } from '../support/node.ts';
import { until } from '../support/until.ts';
import { type Stable, stable } from './stable.ts';
import { openTerminal, type Screen, type Terminal } from './tmux.ts';

export type Part = 'broker' | 'cloud' | 'sim';

type Door = {
  readonly name: string;
  readonly reachable: boolean;
  readonly at: string;
  readonly [more: string]: unknown;
};
export interface HubSays {
  readonly online: boolean;
  readonly clock: string;
  readonly doors: readonly Door[];
  readonly [more: string]: unknown;
}

export interface World {
  readonly paths: StreetPaths;
  readonly url: string;
  readonly brokerPort: number;
  readonly rootHash: string;
  readonly pin: number;
  readonly nukiAddress: string;
  readonly shown: Stable;
  readonly terminal: Terminal;
  /** Where the installer sits. */
  readonly desk: Screen;
  /** Where the hub runs. */
  readonly service: Screen;
  newToken(): Promise<string>;
  stop(part: Part): Promise<void>;
  /** It hears nothing and says nothing until it is woken. */
  freeze(part: Part | number): () => void;
  start(part: Part, more?: readonly string[]): Promise<void>;
  /** Starts the hub as a service would. @param before  words before the command */
  startHub(before?: string): Promise<void>;
  stopHub(): Promise<void>;
  /** Waits until the hub says so of itself. */
  hubSays(isSo: (status: HubSays) => boolean, withinMs?: number): Promise<void>;
  /** At the simulated door. */
  atDoor(path: string, body?: object): Promise<Record<string, unknown>>;
  lookAt(path: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const source = (file: string): string => resolve(import.meta.dirname, '../..', file);

/** Commands as an installed package has them. */
function layCommands(folder: string): void {
  mkdirSync(folder);
  for (const [name, file] of [
    ['doorward', 'device/cli/main.ts'],
    ['doorward-sim', 'hardware-sim/cli/main.ts'],
  ] as const) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\nexec node ${typescript} ${source(file)} "$@"\n`);
    chmodSync(path, 0o755);
  }
}

export async function openWorld(): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'doorward-transcripts-'));
  chmodSync(root, 0o755);
  const paths = pathsOf(join(root, 'street'));
  const settings = await prepareStreet(paths, { usual: { nuki: { pairingMs: 15_000 } } });
  chmodSync(paths.root, 0o755);
  rmSync(paths.hub, { recursive: true });
  writeFileSync(paths.hubConfig, JSON.stringify({ dataDir: paths.hub, doors: [], bluetooth: { socket: paths.air } }));
  layCommands(join(root, 'bin'));

  const { brokerPort, httpPort } = settings;
  const url = `http://127.0.0.1:${httpPort}`;
  const log = (name: string): string => join(paths.logs, `${name}.log`);
  const at = (...parts: string[]): string => join(paths.cloud, ...parts);
  const commands = {
    broker: ['doorward-broker', ['run', '--host', '127.0.0.1', '--port', `${brokerPort}`, '--json']],
    cloud: [
      'doorward-cloud',
      ['run', '--data', paths.cloud, '--port', `${httpPort}`, '--broker', `mqtts://localhost:${brokerPort}`, '--json'],
    ],
    sim: ['doorward-sim', ['run', '--config', paths.simConfig, '--json']],
  } as const;
  const brokerFiles = [
    ...['--ca', at('ca', 'device-ca.pem'), '--cert', at('broker', 'server.pem')],
    ...['--key', at('broker', 'server.key')],
  ];
  const running = new Map<Part, Running>();
  const startPart = async (part: Part, more?: readonly string[]): Promise<void> => {
    const [program, args] = commands[part];
    const files = part === 'broker' ? (more ?? brokerFiles) : (more ?? []);
    running.set(part, await start(program, [...args, ...files], log(part)));
  };

  const installed = await run('doorward-cloud', ['init', '--data', paths.cloud, '--json'], log('cloud'));
  for (const part of ['broker', 'cloud', 'sim'] as const) await startPart(part);
  const operator = new Operator({ base: url, token: String(installed.operatorToken) });
  const { home } = mustHave(await operator.createHome());

  const shown = stable();
  for (const [real, as] of [
    [join(root, 'bin', 'doorward-sim'), '/usr/bin/doorward-sim'],
    [paths.hubConfig, '/etc/doorward/hub.json'],
    [paths.hub, '/var/lib/doorward'],
    [paths.tty, '/dev/serial/by-id/usb-FTDI_RS485'],
    [paths.air, '/run/hci0.sock'],
    [paths.simSocket, '/run/doorward-sim.sock'],
    [root, '/srv'],
    [home, 'home-8xq2'],
    [`:${brokerPort}`, ':8883'],
    [url, 'https://cloud.example'],
  ] as const) {
    shown.put(real, as);
  }
  const { nukis } = JSON.parse(readFileSync(paths.simConfig, 'utf8')) as {
    nukis: { nukiId: number; address: string }[];
  };
  shown.put(nukis[0]!.nukiId.toString(16).padStart(8, '0'), '33c335c5');
  shown.put(nukis[0]!.address, '54:d2:72:aa:bb:cc');

  const nodeFolder = resolve(process.execPath, '..');
  const env = {
    PATH: `${join(root, 'bin')}:${nodeFolder}:/usr/bin:/bin`,
    DOORWARD_CONFIG: paths.hubConfig,
    HOME: root,
    LANG: 'C.UTF-8',
  };
  const terminal = openTerminal(env);
  const desk = await terminal.open('desk');
  const service = await terminal.open('service');
  const hubSays = async (isSo: (status: HubSays) => boolean, withinMs = 60_000): Promise<void> => {
    let last: unknown;
    await until(
      'the hub says so',
      async () => {
        last = await lookAtDoor(paths.hubSocket, '/status').catch(() => undefined);
        return last !== undefined && isSo(last as HubSays);
      },
      withinMs,
    ).catch((cause: unknown) => {
      process.stderr.write(`${JSON.stringify(last)}\n`);
      throw cause;
    });
  };
  return {
    ...{
      paths,
      url,
      brokerPort,
      rootHash: String(installed.rootHash),
      pin: nukiPin,
      nukiAddress: nukis[0]!.address,
      shown,
      terminal,
      desk,
      service,
    },
    hubSays,
    newToken: async () => mustHave(await operator.createEnrolmentToken(home)).token,
    start: startPart,
    stop: async (part) => running.get(part)?.stop(),
    freeze: (part) => {
      const pid = typeof part === 'number' ? part : running.get(part)!.pid;
      process.kill(pid, 'SIGSTOP');
      return () => void process.kill(pid, 'SIGCONT');
    },
    startHub: async (before = '') => {
      await service.begin(`${before === '' ? '' : `${before} `}doorward hub run 2>>${log('hub')}`);
      await service.sees(/Hub hub-\S+ runs with/);
    },
    stopHub: async () => {
      await service.interrupts();
      await service.ends();
    },
    atDoor: (path, body) => moveDoor(paths.simSocket, path, body),
    lookAt: (path) => lookAtDoor(paths.simSocket, path),
    close: async () => {
      await terminal.close();
      for (const part of ['sim', 'cloud', 'broker'] as const) await running.get(part)?.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
