/** The broker as a process of its own, as `doorward-broker run` starts it, and what it costs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../wire/faults.ts';
import { type Leaf, writeLeaf } from '../broker/pki.ts';

export interface BrokerProcess {
  readonly port: number;
  readonly pid: number;
  isAlive(): boolean;
  stop(): Promise<void>;
}

const isSource = import.meta.url.endsWith('.ts');
const program = fileURLToPath(new URL(`../../broker/cli/main.${isSource ? 'ts' : 'js'}`, import.meta.url));

/** Folder of the mosquitto files that we ship, from the sources or from the compiled tree. */
export const shippedMosquitto = (): string => {
  const near = fileURLToPath(new URL('../../broker/mosquitto', import.meta.url));
  return existsSync(near) ? near : fileURLToPath(new URL('../../../broker/mosquitto', import.meta.url));
};

/** Limits that keep a benchmark's own pace from being what is measured. */
export const wideLimits: Readonly<Record<string, number>> = {
  'connections-per-second-per-address': 100_000,
  'hub-messages-per-second': 1_000_000,
  'hub-bytes-per-second': 1_000_000_000,
};

/** Starts it on a free loopback port. @throws Fault BROKER_UNREACHABLE when it ends before it is ready */
export async function startBrokerProcess(server: Leaf, flags = wideLimits): Promise<BrokerProcess> {
  const { caFile, certFile, keyFile } = await writeLeaf(server);
  const args = [
    ...(isSource ? ['--import=tsx'] : []),
    program,
    'run',
    '--json',
    '--host=127.0.0.1',
    '--port=0',
    '--log-level=silent',
    `--ca=${caFile}`,
    `--cert=${certFile}`,
    `--key=${keyFile}`,
    ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await readyPort(child);
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    port,
    pid: child.pid ?? 0,
    isAlive,
    stop: async () => {
      if (!isAlive()) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function readyPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Fault('BROKER_UNREACHABLE', { exit: code })));
    if (child.stdout === null) return;
    createInterface(child.stdout).once('line', (line) => resolve(Number(JSON.parse(line).port)));
  });
}

/** @returns resident memory in kB */
export async function residentKb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
}

/** @returns CPU time used so far, in seconds. Linux counts it in hundredths. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
