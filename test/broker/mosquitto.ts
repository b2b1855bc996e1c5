/** Debian's mosquitto with the configuration and the access list that we ship, for tests and benchmarks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../../wire/faults.ts';
import { freePort } from '../support/free-port.ts';
import type { Leaf } from './pki.ts';
import { writeLeaf } from './pki.ts';

const program = '/usr/sbin/mosquitto';

/** Why it cannot run here, or undefined. */
export const mosquittoMissing = (): string | undefined =>
  existsSync(program) ? undefined : `${program} is not installed`;

export interface Mosquitto {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts it on a loopback port: the shipped file, with only paths, port and user changed.
 * @param shipped  folder of the shipped files
 * @param wanted   port; any free one unless told
 */
export async function startMosquitto(server: Leaf, shipped: string, wanted?: number): Promise<Mosquitto> {
  const { folder, caFile, certFile, keyFile } = await writeLeaf(server);
  const port = wanted ?? (await freePort());
  const changes: Record<string, string> = {
    acl_file: join(folder, 'acl'),
    cafile: caFile,
    certfile: certFile,
    keyfile: keyFile,
    listener: `${port} 127.0.0.1`,
  };
  const text = await readFile(join(shipped, 'mosquitto.conf'), 'utf8');
  const lines = text.split('\n').map((line) => {
    const [key = ''] = line.split(' ');
    return changes[key] === undefined ? line : `${key} ${changes[key]}`;
  });
  // Started by root it would step down to a user who may not read the test's files.
  const conf = join(folder, 'mosquitto.conf');
  await writeFile(conf, `user ${process.getuid?.() === 0 ? 'root' : 'mosquitto'}\n${lines.join('\n')}`);
  await writeFile(join(folder, 'acl'), await readFile(join(shipped, 'acl')));
  await chmod(join(folder, 'acl'), 0o700);
  const child = spawn(program, ['-c', conf], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  await untilListening(child, port, said);
  return { port, pid: child.pid ?? 0, stop: () => stop(child) };
}

async function untilListening(child: ChildProcess, port: number, said: string[]): Promise<void> {
  const until = performance.now() + 10_000;
  while (performance.now() < until && child.exitCode === null) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isUp) return;
    await pause(20);
  }
  throw new Fault('BROKER_UNREACHABLE', { said: said.join('').slice(0, 500) });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
