/** `broker.hubs`: how many hubs one broker process holds over mutual TLS, what each costs, and how fast they come; printed, no bar. */
import type { TLSSocket } from 'node:tls';
import { topics } from '../../wire/topics.ts';
import { pingPacket, subscribePacket } from '../broker/bytes.ts';
import { mosquittoMissing, startMosquitto } from '../broker/mosquitto.ts';
import { hubIdOf, type Leaf, makeCa } from '../broker/pki.ts';
import { cpuSeconds, residentKb, shippedMosquitto, startBrokerProcess } from './broker-process.ts';
import { connectRawHub } from './broker-raw.ts';
import type { BenchResult } from './result.ts';

interface Hub {
  readonly id: string;
  readonly leaf: Leaf;
}

interface Cost {
  /** Hubs that answered a ping at the end. */
  readonly connected: number;
  readonly kbEach: number;
  /** By the clock of this machine, which also plays the hubs. */
  readonly perSecond: number;
  /** By the broker's own CPU time. */
  readonly perCoreSecond: number;
}

const atOnce = 32;

/** @param hubs  how many connect; each has a certificate of its own */
export async function run(hubs = 1_000): Promise<BenchResult[]> {
  const ca = await makeCa();
  const server = await ca.issue({ name: 'localhost', isServer: true });
  const all: Hub[] = [];
  for (let index = 0; index < hubs; index++) {
    const id = hubIdOf(`n${index}x`);
    all.push({ id, leaf: await ca.issue({ name: id }) });
  }
  const ours = await measure(() => startBrokerProcess(server), all);
  const isMissing = mosquittoMissing() !== undefined;
  const theirs = isMissing ? undefined : await measure(() => startMosquitto(server, shippedMosquitto()), all);
  return [
    result('broker.hubs', 'connected', ours.connected, theirs?.connected),
    result('broker.hubs.memory', 'kB each', ours.kbEach, theirs?.kbEach),
    {
      ...result('broker.hubs.connects', '/s of one core', ours.perCoreSecond, theirs?.perCoreSecond),
      detail: { byTheClock: Math.round(ours.perSecond), mosquittoByTheClock: Math.round(theirs?.perSecond ?? 0) },
    },
  ];
}

const result = (name: string, unit: string, value: number, baseline: number | undefined): BenchResult => ({
  name,
  value: Math.round(value * 10) / 10,
  unit,
  baseline: baseline === undefined ? null : Math.round(baseline * 10) / 10,
  ratio: baseline === undefined ? null : Math.round((value / baseline) * 100) / 100,
  bar: null,
  holds: null,
});

async function measure(
  start: () => Promise<{ port: number; pid: number; stop(): Promise<void> }>,
  hubs: readonly Hub[],
): Promise<Cost> {
  const broker = await start();
  // The first few pay for what is loaded once.
  const warm = await connectAll(broker.port, hubs.slice(0, 50));
  const [kbBefore, cpuBefore, startedMs] = [
    await residentKb(broker.pid),
    await cpuSeconds(broker.pid),
    performance.now(),
  ];
  const sockets = await connectAll(broker.port, hubs.slice(50));
  const seconds = (performance.now() - startedMs) / 1000;
  const cpu = (await cpuSeconds(broker.pid)) - cpuBefore;
  const everyone = [...warm, ...sockets];
  const connected = await countAnswers(everyone);
  const kb = (await residentKb(broker.pid)) - kbBefore;
  for (const socket of everyone) socket.destroy();
  await broker.stop();
  return {
    connected,
    kbEach: kb / sockets.length,
    perSecond: sockets.length / seconds,
    perCoreSecond: sockets.length / cpu,
  };
}

async function connectAll(port: number, hubs: readonly Hub[]): Promise<TLSSocket[]> {
  const waiting = [...hubs];
  const sockets: TLSSocket[] = [];
  const worker = async (): Promise<void> => {
    for (let hub = waiting.pop(); hub !== undefined; hub = waiting.pop()) {
      sockets.push(await connectRawHub(port, hub.leaf, hub.id, subscribePacket(topics.hubFilters(hub.id))));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return sockets;
}

/** Pings every hub's connection. @returns how many answered within 10 s */
async function countAnswers(sockets: readonly TLSSocket[]): Promise<number> {
  const answers = sockets.map(
    (socket) =>
      new Promise<number>((resolve) => {
        setTimeout(() => resolve(0), 10_000).unref();
        socket.on('data', (chunk: Buffer) => {
          if (chunk.at(-2) === 0xd0) resolve(1);
        });
        socket.write(pingPacket);
      }),
  );
  return (await Promise.all(answers)).reduce((sum, one) => sum + one, 0);
}
