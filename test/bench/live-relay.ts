/**
 * `live.relay`: what the relay costs for each frame against a bare send to the same viewer, how many homes and viewers one cloud process
 * serves, and what a viewer takes of its memory.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeCa, mediaIdFor } from '../broker/pki.ts';
import { cpuSeconds, startBrokerProcess } from './broker-process.ts';
import { type Child, startChild } from './live-child.ts';
import type { CrowdAsked, CrowdSaw } from './live-crowd.ts';
import { homeAt, type PrivateJwk } from './live-homes.ts';
import { type RelayAsked, type Way, ways } from './live-relay-process.ts';
import { type BenchResult, median, percentile } from './result.ts';

const sizes = { '13kB': 13_000, '40kB': 40_000 };
const rounds = 21;
const framesARound = 150;
/** A JPEG of the simulated camera. */
const pictureBytes = 13_000;
const lateMs = 250;
const maxHomes = 256;
/** As many viewers as a home may have. */
const viewersAHome = 16;
const maxViewers = 2_048;
const settleMs = 1_000;
const stepMs = 3_000;
/** Viewers that were there before count for what only the first ones take. */
const warmViewers = 100;
const idleViewers = 500;
const framesTogether = 15;

interface Scene {
  readonly relay: Child<RelayAsked, number>;
  readonly crowd: Child<CrowdAsked, CrowdSaw>;
  readonly url: (way: Way) => string;
  readonly brokerPid: number;
  /** So many more homes film. */
  film(homes: number): Promise<void>;
}

async function inScene<T>(work: (scene: Scene) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(process.cwd(), '.bench-live-'));
  const ca = await makeCa();
  const signJwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as unknown as PrivateJwk;
  const broker = await startBrokerProcess(await ca.issue({ name: 'localhost', isServer: true }));
  const here = (name: string): string =>
    new URL(`./${name}.${import.meta.url.split('.').at(-1)}`, import.meta.url).href;
  const relay = startChild<RelayAsked, number>(here('live-relay-process'), 'relay');
  const crowd = startChild<CrowdAsked, CrowdSaw>(here('live-crowd'), 'crowd');
  try {
    const leaf = await ca.issue({ name: 'cloudmedia-1' });
    const port = await relay.ask({ ask: 'open', folder, brokerPort: broker.port, leaf, homes: maxHomes, signJwk });
    let filming = 0;
    const film = async (homes: number): Promise<void> => {
      const names = Array.from({ length: homes }, (_, index) => mediaIdFor(homeAt(filming + index).seed));
      const leaves = await Promise.all(names.map((name) => ca.issue({ name })));
      filming += homes;
      await crowd.ask({ ask: 'film', brokerPort: broker.port, leaves, signJwk, bytes: pictureBytes });
    };
    return await work({ relay, crowd, brokerPid: broker.pid, url: (way) => `ws://127.0.0.1:${port}/${way}`, film });
  } finally {
    await crowd.stop();
    await relay.stop();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function costs({ relay, crowd, url }: Scene): Promise<BenchResult[]> {
  const all = ways.filter((way) => way !== 'broker');
  for (const way of all) await crowd.ask({ ask: 'watch', url: url(way), doors: [homeAt(0).door] });
  const results: BenchResult[] = [];
  for (const [size, bytes] of Object.entries(sizes)) {
    const us: Record<Way, number[]> = { broker: [], stored: [], relay: [], bare: [] };
    for (let round = -3; round < rounds; round += 1) {
      for (const way of round % 2 === 0 ? all : all.toReversed()) {
        const one = await relay.ask({ ask: 'cost', way, bytes, frames: framesARound });
        if (round >= 0) us[way].push(one);
      }
    }
    const [value, baseline, stored] = [median(us.relay), median(us.bare), median(us.stored)];
    const detail = { 'with the recording, us': stored, 'ratio with the recording': stored / baseline };
    const name = `live.relay.${size}`;
    results.push({ name, value, unit: 'us of CPU', baseline, ratio: value / baseline, bar: null, holds: null, detail });
  }
  return results;
}

/** Viewers of one door where a stream runs, each with its key and its newest pictures. */
async function memory({ relay, crowd, url }: Scene): Promise<BenchResult[]> {
  const come = async (count: number): Promise<void> => {
    const doors = Array.from({ length: count }, () => homeAt(0).door);
    await crowd.ask({ ask: 'watch', url: url('relay'), doors });
    await relay.ask({ ask: 'cost', way: 'relay', bytes: pictureBytes, frames: framesTogether });
    await wait(settleMs);
  };
  await come(warmViewers);
  const before = await relay.ask({ ask: 'memory' });
  await come(idleViewers);
  const value = ((await relay.ask({ ask: 'memory' })) - before) / idleViewers / 1024;
  return [{ name: 'live.relay.viewer', value, unit: 'kB', baseline: null, ratio: null, bar: null, holds: null }];
}

interface Step {
  readonly count: number;
  readonly p95: number;
  /** Share of what homes made that viewers got. */
  readonly share: number;
  /** Cores that each process took. */
  readonly cores: { readonly cloud: number; readonly broker: number; readonly 'homes and viewers': number };
}

async function step({ relay, crowd, brokerPid }: Scene, count: number, viewersEach: number): Promise<Step> {
  await wait(settleMs);
  await crowd.ask({ ask: 'got' });
  const pids = [relay.pid, brokerPid, crowd.pid];
  const before = await Promise.all(pids.map(cpuSeconds));
  const startedMs = performance.now();
  await wait(stepMs);
  const after = await Promise.all(pids.map(cpuSeconds));
  const tookMs = performance.now() - startedMs;
  const [cloud, broker, both] = after.map((s, index) => ((s - before[index]!) * 1000) / tookMs) as [
    number,
    number,
    number,
  ];
  const { ms, made } = await crowd.ask({ ask: 'got' });
  const p95 = ms.length === 0 ? Number.POSITIVE_INFINITY : percentile(ms, 0.95);
  return { count, p95, share: ms.length / (made * viewersEach), cores: { cloud, broker, 'homes and viewers': both } };
}

const isInTime = ({ p95, share }: Step): boolean => p95 <= lateMs && share >= 0.95;

/** Doubles until pictures come late or not at all. @param grow  makes it so many */
async function search(
  scene: Scene,
  [first, most]: readonly [number, number],
  viewersEach: number,
  grow: (from: number, to: number) => Promise<void>,
): Promise<{ readonly last: Step | undefined; readonly broken: Step | undefined }> {
  let last: Step | undefined;
  for (let count = first, from = 0; count <= most; from = count, count *= 2) {
    await grow(from, count);
    let now = await step(scene, count, viewersEach);
    // A machine that stood still once says nothing about the relay.
    if (!isInTime(now)) now = await step(scene, count, viewersEach);
    if (!isInTime(now)) return { last, broken: now };
    last = now;
  }
  return { last, broken: undefined };
}

function toResult(name: string, { last, broken }: Awaited<ReturnType<typeof search>>): BenchResult {
  const detail: Record<string, number> = {};
  if (last !== undefined) detail['p95, ms'] = last.p95;
  for (const [who, cores] of Object.entries(last?.cores ?? {})) detail[`cores: ${who}`] = cores;
  if (broken !== undefined) {
    detail['too many'] = broken.count;
    detail['p95 then, ms'] = broken.p95;
    detail['share of the pictures that came then'] = broken.share;
    detail['cores of the cloud then'] = broken.cores.cloud;
  }
  const none = { baseline: null, ratio: null, bar: null, holds: null };
  return { name, value: last?.count ?? 0, unit: 'at 15/s', ...none, detail };
}

const homes = (scene: Scene): Promise<BenchResult> =>
  search(scene, [1, maxHomes], 1, async (from, to) => {
    await scene.film(to - from);
    const doors = Array.from({ length: to - from }, (_, index) => homeAt(from + index).door);
    await scene.crowd.ask({ ask: 'watch', url: scene.url('broker'), doors });
  }).then((found) => toResult('live.relay.homes', found));

/** Sixteen viewers for each home, so there are more homes with more viewers. */
const viewers = (scene: Scene): Promise<BenchResult> =>
  search(scene, [viewersAHome, maxViewers], viewersAHome, async (from, to) => {
    const [filming, wanted] = [from / viewersAHome, to / viewersAHome];
    await scene.film(wanted - filming);
    const doors = Array.from(
      { length: to - from },
      (_, index) => homeAt(Math.floor((from + index) / viewersAHome)).door,
    );
    await scene.crowd.ask({ ask: 'watch', url: scene.url('broker'), doors });
  }).then((found) => toResult('live.relay.viewers', found));

export async function run(): Promise<BenchResult[]> {
  return [...(await inScene(costs)), ...(await inScene(memory)), await inScene(homes), await inScene(viewers)];
}
