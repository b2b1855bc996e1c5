/** `broker.overload`: 200 senders at twice what the broker carries; then the one subscriber leaves. The broker has to be alive and as quick as before. */
import type { TLSSocket } from 'node:tls';
import { topics } from '../../wire/topics.ts';
import { publishPacket, subscribePacket } from '../broker/bytes.ts';
import { hubIdOf, makeCa, type TestCa } from '../broker/pki.ts';
import { openProbe, type Probe } from './broker-probe.ts';
import { type BrokerProcess, residentKb, startBrokerProcess } from './broker-process.ts';
import { connectRawHub, PacketCount } from './broker-raw.ts';
import { type BenchResult, median } from './result.ts';

const senderCount = 200;
const payload = Buffer.alloc(200, 'x');
const tickMs = 10;
/** Messages that a sender writes at once, at most: what it was kept from sending is not sent in one heap later. */
const maxOwed = 50;
const recoverWithinMs = 5_000;
/** Round trips whose median is compared with the one from before. */
const windowTrips = 50;

interface Sender {
  readonly socket: TLSSocket;
  readonly packet: Buffer;
  readonly acknowledged: PacketCount;
  /** Messages that it should have sent by now and has not. */
  owed: number;
}

/** @param seconds  how long the overload lasts */
export async function run(seconds = 30): Promise<BenchResult[]> {
  const ca = await makeCa();
  const broker = await startBrokerProcess(await ca.issue({ name: 'localhost', isServer: true }));
  try {
    return [await measure(broker, ca, seconds)];
  } finally {
    await broker.stop();
  }
}

async function measure(broker: BrokerProcess, ca: TestCa, seconds: number): Promise<BenchResult> {
  const probe = await openProbe(broker.port, ca, 'cloud-1');
  await probe.rounds(500);
  const before = median(await probe.rounds(500));
  const senders = await openSenders(broker.port, ca);
  const [subscriber, delivered] = await openSubscriber(broker.port, ca);

  // What it carries is known only from loading it: the best that any half second delivered, and twice that is offered from then on.
  const carried = bestRate(delivered);
  const twice = (): number => 2 * carried.best();
  const warm = await drive(senders, () => Number.POSITIVE_INFINITY, Math.min(3, seconds), broker, carried.look);
  const deliveredBefore = delivered.count;
  const load = await drive(senders, twice, seconds, broker, carried.look);
  const deliveredRate = (delivered.count - deliveredBefore) / load.seconds;
  subscriber.destroy();
  await drive(senders, twice, 1, broker);
  for (const { socket } of senders) socket.destroy();

  const recoveredMs = await recover(probe, before, broker);
  if (broker.isAlive()) await probe.end();
  return {
    name: 'broker.overload',
    value: Math.round(recoveredMs),
    unit: 'ms to normal',
    baseline: null,
    ratio: null,
    bar: recoverWithinMs,
    holds: broker.isAlive() && recoveredMs <= recoverWithinMs,
    detail: {
      seconds: Math.round(load.seconds),
      rttBeforeUs: Math.round(before),
      carriesPerSecond: Math.round(carried.best()),
      offeredPerSecond: Math.round(twice()),
      takenPerSecond: Math.round(load.sent / load.seconds),
      deliveredPerSecond: Math.round(deliveredRate),
      slowedShare: Math.round(load.slowedShare * 100) / 100,
      peakMb: Math.round(Math.max(warm.peakKb, load.peakKb) / 1024),
    },
  };
}

async function openSenders(port: number, ca: TestCa): Promise<Sender[]> {
  const senders: Sender[] = [];
  for (let index = 0; index < senderCount; index++) {
    const id = hubIdOf(`sender${index}x`);
    const socket = await connectRawHub(port, await ca.issue({ name: id }), id);
    const acknowledged = new PacketCount(4);
    socket.on('data', (chunk: Buffer) => acknowledged.take(chunk));
    senders.push({ socket, packet: publishPacket(topics.up(id, 'journal'), payload), acknowledged, owed: 0 });
  }
  return senders;
}

async function openSubscriber(port: number, ca: TestCa): Promise<[TLSSocket, PacketCount]> {
  const shards = Array.from({ length: 16 }, (_, shard) => topics.shardFilter(shard));
  const first = Buffer.concat([subscribePacket(shards.slice(0, 8)), subscribePacket(shards.slice(8))]);
  const socket = await connectRawHub(port, await ca.issue({ name: 'cloud-2' }), 'cloud-2', first);
  const delivered = new PacketCount(3);
  socket.on('data', (chunk: Buffer) => delivered.take(chunk));
  return [socket, delivered];
}

interface Load {
  readonly seconds: number;
  readonly sent: number;
  /** Share of the turns in which a sender had to wait for its socket. */
  readonly slowedShare: number;
  readonly peakKb: number;
}

/** @returns the best rate of delivery between two looks, messages per second */
function bestRate(delivered: PacketCount): { best(): number; look(): void } {
  let [best, lastCount, lastMs] = [0, delivered.count, performance.now()];
  return {
    best: () => best,
    look: () => {
      const nowMs = performance.now();
      best = Math.max(best, ((delivered.count - lastCount) / (nowMs - lastMs)) * 1000);
      [lastCount, lastMs] = [delivered.count, nowMs];
    },
  };
}

/**
 * Sends at a rate, over all senders, as far as the broker lets them.
 * @param perSecond  messages; Infinity for as fast as it goes
 * @param look  called every half second
 */
async function drive(
  senders: readonly Sender[],
  perSecond: () => number,
  seconds: number,
  broker: BrokerProcess,
  look: () => void = () => {},
): Promise<Load> {
  const startedMs = performance.now();
  let [lastMs, sent, turns, slowed, peakKb] = [startedMs, 0, 0, 0, 0];
  let nextLookMs = startedMs + 500;
  while (performance.now() - startedMs < seconds * 1000 && broker.isAlive()) {
    await new Promise((resolve) => setTimeout(resolve, tickMs));
    const nowMs = performance.now();
    const share = Math.min(100, (perSecond() * (nowMs - lastMs)) / 1000 / senders.length);
    lastMs = nowMs;
    for (const sender of senders) {
      turns += 1;
      sender.owed = Math.min(maxOwed, sender.owed + share);
      if (sender.socket.writableNeedDrain) slowed += 1;
      else sent += sendOwed(sender);
    }
    if (nowMs < nextLookMs) continue;
    nextLookMs = nowMs + 500;
    look();
    if (broker.isAlive()) peakKb = Math.max(peakKb, await residentKb(broker.pid));
  }
  return { seconds: (performance.now() - startedMs) / 1000, sent, slowedShare: slowed / turns, peakKb };
}

function sendOwed(sender: Sender): number {
  const count = Math.floor(sender.owed);
  if (count === 0 || sender.socket.destroyed) return 0;
  sender.owed -= count;
  sender.socket.write(count === 1 ? sender.packet : Buffer.concat(Array.from({ length: count }, () => sender.packet)));
  return count;
}

/** @returns ms until the median of 50 round trips is at most twice what it was; Infinity when that never comes */
async function recover(probe: Probe, beforeUs: number, broker: BrokerProcess): Promise<number> {
  const startedMs = performance.now();
  while (broker.isAlive() && performance.now() - startedMs < 2 * recoverWithinMs) {
    const us: number[] = [];
    const givenUp = new Promise<number>((resolve) =>
      setTimeout(() => resolve(Number.NaN), 2 * recoverWithinMs).unref(),
    );
    while (us.length < windowTrips) {
      const one = await Promise.race([probe.once(), givenUp]);
      if (Number.isNaN(one)) return Number.POSITIVE_INFINITY;
      us.push(one);
    }
    if (median(us) <= 2 * beforeUs) return performance.now() - startedMs;
  }
  return Number.POSITIVE_INFINITY;
}
