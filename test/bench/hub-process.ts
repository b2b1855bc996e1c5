/** `hub.memory` and `hub.start`: what the hub costs at rest and how soon it answers, against a bare Node process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { callHub } from '../../device/control/client.ts';
import { openStreet, type Street } from '../../hardware-sim/start/street.ts';
import { residentKb } from './broker-process.ts';
import { type Asker, openAsker } from './hub-asker.ts';
import { type BenchResult, median } from './result.ts';

const bars = { memory: 2.2, start: 8 } as const;
const settleMs = 10_000;
const askEveryMs = 5;
const restMs = 500;
const rounds = Number(process.env.DOORWARD_BENCH_STARTS ?? 9);

/** The shipped hub, enrolled, connected, with one door that is polled; each start is a restart of it. */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(process.cwd(), '.bench-hub-'));
  try {
    const street = await openStreet(folder, () => undefined, { strike: {}, camera: false });
    const asker = await openAsker(street);
    try {
      return [await measureStart(street, asker), await measureMemory(street)];
    } finally {
      await asker.stop();
      await street.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From the start of the process until it has answered both over the broker and at its control socket. */
async function measureStart(street: Street, asker: Asker): Promise<BenchResult> {
  const [hubMs, bareMs, readyMs]: [number[], number[], number[]] = [[], [], []];
  await street.process('hub').stop();
  // The first round warms the disk's cache and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    const bare = await bareStart();
    const startedMs = performance.now();
    const since = (): number => performance.now() - startedMs;
    const [overBroker, overSocket, ready] = await Promise.all([
      asker.firstAnswer().then(since),
      socketAnswer(street).then(since),
      street.restart('hub').then(since),
    ]);
    await street.process('hub').stop();
    // The others have something to note about it: not in the time of the next round.
    await wait(restMs);
    if (round === 0) continue;
    bareMs.push(bare);
    hubMs.push(Math.max(overBroker, overSocket));
    readyMs.push(ready);
  }
  const [value, baseline] = [median(hubMs), median(bareMs)];
  const ratio = value / baseline;
  const detail = {
    starts: rounds,
    'slowest, ms': Math.max(...hubMs),
    'until every door was looked at, ms': median(readyMs),
  };
  return { name: 'hub.start', value, unit: 'ms', baseline, ratio, bar: bars.start, holds: ratio <= bars.start, detail };
}

/** Resolves when the hub's control socket has answered; asked again and again until there is one. */
async function socketAnswer({ paths }: Street): Promise<void> {
  for (;;) {
    const answer = existsSync(paths.hubSocket) && (await callHub(paths.hubSocket, 'GET', '/status').catch(() => false));
    if (answer !== false) return;
    await wait(askEveryMs);
  }
}

/** @returns ms from the start of a Node process that does nothing to its end */
async function bareStart(): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'exit');
  return performance.now() - startedMs;
}

async function measureMemory(street: Street): Promise<BenchResult> {
  const [hubKb, bareKb]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round += 1) {
    const hub = await street.restart('hub');
    const bare = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e9)'], { stdio: 'ignore' });
    await wait(settleMs);
    hubKb.push(await residentKb(hub.pid));
    bareKb.push(await residentKb(bare.pid ?? 0));
    await Promise.all([hub.stop(), stop(bare)]);
  }
  await street.restart('hub');
  const [value, baseline] = [median(hubKb) / 1024, median(bareKb) / 1024];
  const ratio = value / baseline;
  return { name: 'hub.memory', value, unit: 'MiB', baseline, ratio, bar: bars.memory, holds: ratio <= bars.memory };
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}
