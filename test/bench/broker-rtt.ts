/** `broker.rtt`: the bare round trip itself. Past 5 ms something holds packets back: Nagle's algorithm on either side. */
import { mosquittoMissing, startMosquitto } from '../broker/mosquitto.ts';
import { makeCa } from '../broker/pki.ts';
import { openProbe, type Probe } from './broker-probe.ts';
import { shippedMosquitto, startBrokerProcess } from './broker-process.ts';
import { type BenchResult, median, percentile } from './result.ts';

const barUs = 5_000;
const rounds = 5;
const tripsARound = 400;

/** Medians of rounds taken in turn with mosquitto, where it is installed. */
export async function run(): Promise<BenchResult[]> {
  const ca = await makeCa();
  const server = await ca.issue({ name: 'localhost', isServer: true });
  const broker = await startBrokerProcess(server);
  const other = mosquittoMissing() === undefined ? await startMosquitto(server, shippedMosquitto()) : undefined;
  const ours = await openProbe(broker.port, ca);
  const theirs = other && (await openProbe(other.port, ca));
  const [us, otherUs]: [number[][], number[][]] = [[], []];
  await warmUp(ours, theirs);
  for (let round = 0; round < rounds; round++) {
    us.push(await ours.rounds(tripsARound));
    if (theirs) otherUs.push(await theirs.rounds(tripsARound));
  }
  for (const probe of [ours, theirs]) await probe?.end();
  for (const process of [broker, other]) await process?.stop();

  const p50 = medianOf(us, 0.5);
  const detail: Record<string, number> = { p99: Math.round(medianOf(us, 0.99)) };
  if (theirs) {
    detail.mosquittoP50 = Math.round(medianOf(otherUs, 0.5));
    detail.mosquittoP99 = Math.round(medianOf(otherUs, 0.99));
  }
  return [
    {
      name: 'broker.rtt',
      value: Math.round(p50),
      unit: 'us',
      baseline: null,
      ratio: null,
      bar: barUs,
      holds: p50 <= barUs,
      detail,
    },
  ];
}

async function warmUp(...probes: (Probe | undefined)[]): Promise<void> {
  for (const probe of probes) await probe?.rounds(500);
}

const medianOf = (perRound: readonly number[][], share: number): number =>
  median(perRound.map((us) => percentile(us, share)));
