/**
 * `broker.rtt.media`: the bare round trip of `broker.rtt` while a home's media link is saturated, against the same without pictures,
 * in rounds taken in turn. First as shipped, where the broker slows a media client above its rate; then without that rate.
 */
import { makeCa, type TestCa } from '../broker/pki.ts';
import { openProbe } from './broker-probe.ts';
import { startBrokerProcess, wideLimits } from './broker-process.ts';
import { openBurst } from './media-burst.ts';
import { type BenchResult, median, percentile } from './result.ts';

const rounds = 7;
const tripsARound = 400;
const bar = 1.5;

/** Above what one core carries. */
const noRate = { 'media-messages-per-second': 1_000_000, 'media-bytes-per-second': 1_000_000_000 };

interface Run {
  /** us, by round. */
  readonly quiet: readonly number[][];
  readonly burst: readonly number[][];
  readonly megabytesPerSecond: number;
}

async function runWith(ca: TestCa, flags: Readonly<Record<string, number>>): Promise<Run> {
  const broker = await startBrokerProcess(await ca.issue({ name: 'localhost', isServer: true }), flags);
  const probe = await openProbe(broker.port, ca);
  const burst = await openBurst(broker.port, ca);
  const [quiet, busy, rates]: [number[][], number[][], number[]] = [[], [], []];
  await probe.rounds(500);
  for (let round = 0; round < rounds; round++) {
    quiet.push(await probe.rounds(tripsARound));
    await burst.go();
    // The first two seconds' worth pass at once: what is measured is the link at its limit.
    const warmUntilMs = performance.now() + 500;
    while (performance.now() < warmUntilMs) await probe.rounds(20);
    busy.push(await probe.rounds(tripsARound));
    const { pictures, ms } = await burst.rest();
    rates.push((pictures * 0.04) / (ms / 1000));
  }
  await burst.stop();
  await probe.end();
  await broker.stop();
  return { quiet, burst: busy, megabytesPerSecond: median(rates) };
}

const medianOf = (perRound: readonly number[][], share: number): number =>
  median(perRound.map((us) => percentile(us, share)));

function toResult(name: string, { quiet, burst, megabytesPerSecond }: Run, kept: number | null): BenchResult {
  const [value, baseline] = [medianOf(burst, 0.5), medianOf(quiet, 0.5)];
  const ratio = value / baseline;
  const detail = {
    'p99, us': medianOf(burst, 0.99),
    'p99 without pictures, us': medianOf(quiet, 0.99),
    'pictures, MB/s': megabytesPerSecond,
  };
  return { name, value, unit: 'us', baseline, ratio, bar: kept, holds: kept === null ? null : ratio <= kept, detail };
}

export async function run(): Promise<BenchResult[]> {
  const ca = await makeCa();
  const shipped = await runWith(ca, wideLimits);
  const unlimited = await runWith(ca, { ...wideLimits, ...noRate });
  return [toResult('broker.rtt.media', shipped, bar), toResult('broker.rtt.media.no-rate', unlimited, null)];
}
