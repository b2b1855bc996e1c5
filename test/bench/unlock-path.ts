/**
 * `unlock.path`: from the courier's "open" reaching the cloud to the first byte of the strike's OUT on the serial line, through the
 * real processes, against the sum of what cannot be avoided. Path and parts are measured one at a time in turn, so that what else the
 * machine does falls on all of them alike.
 *
 * DOORWARD_BENCH_SAMPLES and DOORWARD_BENCH_BARE_SAMPLES make a run shorter or longer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type BareParts, type PartName, partNames, startParts } from './bare-parts.ts';
import { meanRestMs, type Window } from './line-rest.ts';
import { type BenchResult, median, percentile } from './result.ts';
import { type LineSetting, nowMs, openVisits, type Visits } from './unlock-visits.ts';

const bar = 1.25;
/** Samples at first that do not count: nothing is warm yet. */
const warmUps = 8;
/** After "I am here" the hub looks at the door; "open" comes when that is over. */
const settleMs = 150;
/** And then within so much, at a moment that no poll knows, ms. */
const randomMs = 100;
/** Rest before each part, as there is one before "open": processes sleep, caches belong to others. */
const restMs = 20;
/** How often each part is done in a loop at the end: what it takes when nothing ever sleeps. */
const loops = 300;

interface Run {
  readonly pathUs: readonly number[];
  readonly partsUs: Readonly<Record<PartName, readonly number[]>>;
  /** Mean rest of a poll exchange that a command at a random moment waits for. */
  readonly restUs: number;
  /** Medians of the parts, done again and again without a rest: printed, so that nobody has to guess what the rest costs. */
  readonly loopUs: number;
}

const countOf = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

/** A folder in memory would make nothing durable: the hub's disk is the disk of the working folder. */
async function runOn(line: LineSetting, samples: number): Promise<Run> {
  const folder = mkdtempSync(join(process.cwd(), '.bench-unlock-'));
  try {
    const visits = await openVisits(folder, line);
    const parts = await startParts(visits.street);
    try {
      return await measure(visits, parts, samples);
    } finally {
      await parts.stop();
      await visits.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(visits: Visits, parts: BareParts, samples: number): Promise<Run> {
  const pathUs: number[] = [];
  const partsUs: Record<PartName, number[]> = { http: [], mqtt: [], es256: [], eddsa: [], commit: [] };
  const windows: Window[] = [];
  for (let sample = -warmUps; sample < samples; sample += 1) {
    const visit = await visits.next();
    await wait(settleMs);
    await visits.untilOnlyPolled();
    const fromMs = nowMs();
    for (const part of partNames) {
      await wait(restMs);
      const us = await parts.measure(part);
      if (sample >= 0) partsUs[part].push(us);
    }
    await wait(restMs + Math.random() * randomMs);
    const untilMs = nowMs();
    const us = await visit.open();
    if (sample >= 0) {
      pathUs.push(us);
      windows.push({ fromMs, untilMs, exchanges: await visits.exchanges() });
    }
    await visit.end();
  }
  return { pathUs, partsUs, restUs: meanRestMs(windows) * 1000, loopUs: await loop(parts) };
}

async function loop(parts: BareParts): Promise<number> {
  let sum = 0;
  for (const part of partNames) {
    const us: number[] = [];
    while (us.length < loops) us.push(await parts.measure(part));
    sum += median(us);
  }
  return sum;
}

function toResult(name: string, run: Run, restUs: number): BenchResult {
  const us = Object.fromEntries(partNames.map((part) => [part, median(run.partsUs[part])])) as Record<PartName, number>;
  const sum = partNames.reduce((all, part) => all + us[part], restUs);
  const value = median(run.pathUs);
  const ratio = value / sum;
  const shares = { ...us, 'poll rest': restUs };
  const detail: Record<string, number> = { samples: run.pathUs.length, 'p99, us': percentile(run.pathUs, 0.99) };
  detail['mean, us'] = run.pathUs.reduce((all, one) => all + one, 0) / run.pathUs.length;
  for (const [part, one] of Object.entries(shares)) {
    detail[`${part}, us`] = one;
    detail[`${part}, % of the sum`] = (100 * one) / sum;
  }
  detail['sum without a rest before each part, us'] = run.loopUs + restUs;
  return { name, value, unit: 'us', baseline: sum, ratio, bar, holds: ratio <= bar, detail };
}

export async function run(): Promise<BenchResult[]> {
  const paced = await runOn({ baudRate: 9600, pollMs: 50 }, countOf('DOORWARD_BENCH_SAMPLES', 80));
  const bare = await runOn({ baudRate: 115200, pollMs: 1000 }, countOf('DOORWARD_BENCH_BARE_SAMPLES', 160));
  return [toResult('unlock.path', paced, paced.restUs), toResult('unlock.path.bare', bare, 0)];
}
