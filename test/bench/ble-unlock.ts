/**
 * `ble.unlock`: from the courier's knock reaching the hub to the motor command of the Nuki on the air, with and without a connection
 * that has to be made first, against the bare round trips of noble. Hub and bare program are processes of their own, each on an air
 * behind a Unix socket, where every packet takes the same time; they are measured one at a time in turn.
 *
 * DOORWARD_BENCH_BLE_SAMPLES makes a run shorter or longer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Unlock } from './ble-bare.ts';
import { requestsOf } from './ble-trace.ts';
import { type BleVisits, type Kind, openBleVisits } from './ble-visits.ts';
import { type BenchResult, median, percentile } from './result.ts';

const bar = 1.3;
const warmUps = 2;
const samples = Number(process.env.DOORWARD_BENCH_BLE_SAMPLES ?? 20);
/** Of a packet, either way: a question and its answer take 30 ms; noble asks for connection intervals of 7.5 to 22.5 ms. */
const packetMs = 15;
const kinds: readonly Kind[] = ['connect', 'kept'];

/** What was measured at one latency. */
export interface Measured {
  readonly hub: readonly Unlock[];
  readonly bare: readonly Unlock[];
}

/** @param isHeld  whether the bar counts */
export function toRow(name: string, { hub, bare }: Measured, isHeld: boolean): BenchResult {
  const us = (all: readonly Unlock[]): number[] => all.map((one) => one.us);
  const asked = (all: readonly Unlock[]): number => median(all.map(({ packets }) => requestsOf(packets).length));
  const [value, baseline] = [median(us(hub)), median(us(bare))];
  const ratio = value / baseline;
  const detail = {
    samples: hub.length,
    'p90, us': percentile(us(hub), 0.9),
    'hub over bare, us': value - baseline,
    'round trips of the hub': asked(hub),
    'round trips, bare': asked(bare),
  };
  const held = isHeld ? { bar, holds: ratio <= bar } : { bar: null, holds: null };
  return { name, value, unit: 'us', baseline, ratio, ...held, detail };
}

async function measure(visits: BleVisits, latencyMs: number, count: number): Promise<Record<Kind, Measured>> {
  await visits.latency(latencyMs);
  const all = {
    connect: { hub: [] as Unlock[], bare: [] as Unlock[] },
    kept: { hub: [] as Unlock[], bare: [] as Unlock[] },
  };
  for (let sample = -warmUps; sample < count; sample += 1) {
    for (const kind of kinds) {
      const bare = await visits.bare();
      const hub = await visits.hub(kind);
      if (sample < 0 || hub === undefined) continue;
      all[kind].hub.push(hub);
      all[kind].bare.push(bare[kind]);
    }
  }
  return all;
}

export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(process.cwd(), '.bench-ble-'));
  try {
    const visits = await openBleVisits(folder);
    try {
      const real = await measure(visits, packetMs, samples);
      const none = await measure(visits, 0, Math.ceil(samples / 2));
      return [
        ...kinds.map((kind) => toRow(`ble.unlock.${kind}`, real[kind], true)),
        ...kinds.map((kind) => toRow(`ble.unlock.${kind}.no-latency`, none[kind], false)),
      ];
    } finally {
      await visits.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
