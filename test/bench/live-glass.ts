/**
 * `live.glass_to_canvas`: from the moment a picture is taken to its pixels on the canvas of the owner's page, through the whole real way,
 * against WebRTC with the same encoded pictures to the same browser at the same time.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandOf } from '../../hardware-sim/start/process.ts';
import { pathsOf } from '../../hardware-sim/start/settings.ts';
import { openStreet } from '../../hardware-sim/start/street.ts';
import { until } from '../support/until.ts';
import { type LiveBrowser, noBrowser, openLiveBrowser } from './live-browser.ts';
import type { Shots, WebRtcWay } from './live-page.ts';
import type { TeeHears, TeeSays } from './live-tee.ts';
import { type BenchResult, median, percentile, skipped } from './result.ts';

const bar = 1;
/** The faster way in which a page can show WebRTC in each round, and after every other one the usual way. */
const rounds = Number(process.env.DOORWARD_BENCH_LIVE_ROUNDS ?? 5);
const roundMs = 8_000;
/** After every change: jitter buffer, decoder and compiled code find their pace. */
const settleMs = 3_000;
const waysIn = (round: number): readonly WebRtcWay[] => (round % 2 === 0 ? ['track', 'video'] : ['track']);

interface Run {
  /** One for each round: ms from taken to drawn. */
  readonly rounds: readonly {
    readonly way: WebRtcWay;
    readonly ours: readonly number[];
    readonly rtc: readonly number[];
  }[];
  /** The one while there is not the other. */
  readonly alone: { readonly ours: readonly number[]; readonly rtc: readonly number[] };
  /** Pictures that both drew: the share of them that ours drew first. */
  readonly firstShare?: number;
}

const agesOf = (shots: Shots): number[] => shots.map(([takenMs, drawnMs]) => drawnMs - takenMs);

/** The camera's command, as a configuration has it. */
function cameraOf(dataDir: string, socket: string, codec: 'jpeg' | 'h264'): object {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const tee = fileURLToPath(new URL(`./live-tee.${ending}`, import.meta.url));
  const [node, ...first] = commandOf('doorward-sim');
  const camera = [node, ...first, 'camera', '--control', pathsOf(dataDir).simSocket, '--camera', 'front'];
  const loader = first.filter((one) => one.startsWith('--import'));
  return {
    kind: 'process',
    codec,
    raw: { width: 160, height: 120 },
    command: [node, ...loader, tee, 'live-tee', socket, codec === 'jpeg' ? 'mjpeg' : 'h264', ...camera],
  };
}

interface Tee {
  /** Lets the camera's WebRTC meet the browser, anew. */
  meet(browser: LiveBrowser, way: WebRtcWay): Promise<void>;
  close(): void;
}

/** Waits for the camera that the hub starts. */
async function listenForTee(path: string): Promise<Tee> {
  let line: Socket | undefined;
  let hear: (says: TeeSays) => void = () => undefined;
  const server = createServer((socket) => {
    line = socket;
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (text) => hear(JSON.parse(text) as TeeSays));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const say = (what: TeeHears): void => void line?.write(`${JSON.stringify(what)}\n`);
  return {
    meet: async (browser, way) => {
      await until('the camera is there', () => line !== undefined);
      const offered = new Promise<TeeSays>((resolve) => {
        hear = resolve;
      });
      say({ go: true });
      say({ answer: await browser.answer((await offered).offer, way) });
    },
    close: () => {
      line?.destroy();
      server.close();
    },
  };
}

/** @returns what is drawn from now on, once all has settled */
async function look(browser: LiveBrowser): ReturnType<LiveBrowser['drawn']> {
  await wait(settleMs);
  await browser.drawn();
  await wait(roundMs);
  return browser.drawn();
}

/** The same encoded picture is known by when it was taken. @returns 1 for each that ours drew first, 0 for each other */
function firsts(viewer: Shots, rtc: Shots): number[] {
  const theirs = new Map(rtc);
  const both = viewer.filter(([takenMs]) => theirs.has(takenMs));
  return both.map(([takenMs, drawnMs]) => (drawnMs < theirs.get(takenMs)! ? 1 : 0));
}

async function measure(browser: LiveBrowser, tee: Tee, codec: 'jpeg' | 'h264'): Promise<Run> {
  const all: Run['rounds'][number][] = [];
  const first: number[] = [];
  const before = await look(browser);
  for (let round = 0; round < rounds; round += 1) {
    for (const way of waysIn(round)) {
      await tee.meet(browser, way);
      const { viewer, rtc } = await look(browser);
      all.push({ way, ours: agesOf(viewer), rtc: agesOf(rtc) });
      if (way === 'track' && codec === 'h264') first.push(...firsts(viewer, rtc));
    }
  }
  await tee.meet(browser, 'track');
  await browser.leave();
  const after = await look(browser);
  return {
    rounds: all,
    alone: { ours: agesOf(before.viewer), rtc: agesOf(after.rtc) },
    ...(first.length === 0 ? {} : { firstShare: first.reduce((sum, one) => sum + one) / first.length }),
  };
}

/** @returns why it cannot be measured here */
async function runWith(codec: 'jpeg' | 'h264'): Promise<Run | string> {
  const folder = mkdtempSync(join(process.cwd(), '.bench-live-'));
  const socket = join(folder, 'tee.sock');
  const tee = await listenForTee(socket);
  try {
    const street = await openStreet(folder, () => undefined, {
      strike: { door: { camera: cameraOf(folder, socket, codec) } },
    });
    try {
      if (street.page === undefined) return 'the pages are not built, or @napi-rs/canvas is not installed';
      const browser = await openLiveBrowser();
      try {
        await browser.watch(`${street.page.url}${street.page.invite()}`);
        return await measure(browser, tee, codec);
      } finally {
        await browser.close();
      }
    } finally {
      await street.stop();
    }
  } finally {
    tee.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function toResult(name: string, { rounds, alone, firstShare }: Run, share: number): BenchResult {
  const at = (ages: readonly number[]): number => percentile(ages, share);
  const of = (way: WebRtcWay) => rounds.filter((round) => round.way === way);
  // Each round is held against the WebRTC of the same seconds, in the faster of its two ways.
  const [value, baseline] = [
    median(of('track').map(({ ours }) => at(ours))),
    median(of('track').map(({ rtc }) => at(rtc))),
  ];
  const ratio = median(of('track').map(({ ours, rtc }) => at(ours) / at(rtc)));
  const count = (which: 'ours' | 'rtc'): number => rounds.reduce((sum, round) => sum + round[which].length, 0);
  const detail = {
    'WebRTC in a video element, ms': median(of('video').map(({ rtc }) => at(rtc))),
    'ratio to that': median(of('video').map(({ ours, rtc }) => at(ours) / at(rtc))),
    'ours without WebRTC beside it, ms': at(alone.ours),
    'WebRTC without ours beside it, ms': at(alone.rtc),
    'pictures drawn': count('ours'),
    'pictures drawn from WebRTC': count('rtc'),
    ...(firstShare === undefined ? {} : { 'share of the same pictures that ours drew first': firstShare }),
  };
  return { name, value, unit: 'ms', baseline, ratio, bar, holds: ratio <= bar, detail };
}

/** The camera's H.264 is ffmpeg's. */
const noFfmpeg = (): string | undefined =>
  spawnSync('ffmpeg', ['-version']).status === 0 ? undefined : 'ffmpeg is not installed';

export async function run(): Promise<BenchResult[]> {
  const missing = noBrowser() ?? noFfmpeg();
  const results: BenchResult[] = [];
  for (const codec of ['h264', 'jpeg'] as const) {
    const name = `live.glass_to_canvas.${codec}`;
    const measured = missing ?? (await runWith(codec));
    if (typeof measured === 'string') results.push(skipped(name, measured));
    else results.push(toResult(`${name}.p50`, measured, 0.5), toResult(`${name}.p95`, measured, 0.95));
  }
  return results;
}
