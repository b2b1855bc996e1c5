/**
 * `live.first_frame`: from the courier's "I am here" to the hub's entry `camera.live` - the relay has acknowledged fresh pictures that differ -
 * without the time that the camera itself takes to start.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { Watcher } from '../../hardware-sim/people/watcher.ts';
import { commandOf } from '../../hardware-sim/start/process.ts';
import { openStreet, type Street } from '../../hardware-sim/start/street.ts';
import { Fault } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import { until } from '../support/until.ts';
import { prepareVisit } from './prepare-visit.ts';
import { type BenchResult, median, percentile, skipped } from './result.ts';

const visits = Number(process.env.DOORWARD_BENCH_LIVE_VISITS ?? 12);
const warmUps = 2;
/** Before each measurement: what happens before is over, and the camera's process of the last visit is gone. */
const restMs = 500;

interface Sample {
  /** The camera alone: from the start of its process to its first picture. */
  readonly cameraMs: number;
  /** From "I am here" to the entry `camera.live`, by the time that stands in it. */
  readonly liveMs: number;
  /** To the first picture that the owner's phone opened. */
  readonly pictureMs: number;
}

/** Starts the camera as the hub does, and ends it with its first picture. @returns ms */
async function startCamera({ paths }: Street): Promise<number> {
  const [program, ...first] = commandOf('doorward-sim');
  const args = [...first, 'camera', '--control', paths.simSocket, '--camera', 'front', '--raw'];
  const startedMs = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const [out, raw] = [child.stdio[1] as Readable, child.stdio[3] as Readable];
  raw.resume();
  await Promise.race([once(out, 'data'), ended]);
  const tookMs = performance.now() - startedMs;
  if (child.exitCode !== null) throw new Fault('CAMERA_NOT_LIVE', { exit: child.exitCode });
  child.kill('SIGTERM');
  out.resume();
  await ended;
  return tookMs;
}

async function measure(street: Street, nowS: number): Promise<Sample> {
  const { owner, settings } = street;
  const visit = await prepareVisit(street, nowS);
  await wait(restMs);
  const cameraMs = await startCamera(street);
  await wait(restMs);
  let pictureAt: number | undefined;
  const watcher = await Watcher.open({
    owner,
    door: settings.door,
    onPicture: () => {
      pictureAt ??= Date.now();
    },
  });
  const startedAt = Date.now();
  mustHave(await visit.arrive());
  mustHave(await visit.until(['ready'], 30_000));
  const told = await owner.told.until(
    (one) => one.news === 'entry' && one.record.entry.kind === 'camera.live' && one.record.visit === visit.view.visit,
    10_000,
  );
  if (told?.news !== 'entry') throw new Fault('CAMERA_NOT_LIVE');
  await until('the owner has a picture', () => pictureAt !== undefined);
  watcher.close();
  mustHave(await visit.look());
  mustHave(await visit.abort());
  mustHave(await visit.until(['ended'], 30_000));
  visit.http.close();
  const liveMs = told.record.entry.at - startedAt;
  return { cameraMs, liveMs, pictureMs: pictureAt! - startedAt };
}

async function allowVisits({ owner, settings, carrier }: Street, nowS: number): Promise<void> {
  const party = { kind: 'carrier', id: carrier.id, jwk: carrier.key.jwk } as const;
  const rule = { id: `rule-${newId()}`, door: settings.door, party, from: nowS - 60, until: nowS + 3600 };
  mustHave(await owner.orders.setRules([{ ...rule, visits: 1000, entries: 1, camera: 'recorded', consent: 'auto' }]));
}

/** @returns undefined where there is nothing to draw the scene with */
async function takeSamples(folder: string): Promise<Sample[] | undefined> {
  const street = await openStreet(folder, () => undefined, { strike: { door: { unlockForMs: 500, stillMs: 0 } } });
  try {
    if (!street.settings.camera) return undefined;
    const nowS = Math.floor(Date.now() / 1000);
    await allowVisits(street, nowS);
    const all: Sample[] = [];
    for (let visit = 0; visit < warmUps + visits; visit += 1) all.push(await measure(street, nowS));
    return all.slice(warmUps);
  } finally {
    await street.stop();
  }
}

export async function run(): Promise<BenchResult[]> {
  const name = 'live.first_frame';
  const folder = mkdtempSync(join(process.cwd(), '.bench-live-'));
  try {
    const all = await takeSamples(folder);
    if (all === undefined) return [skipped(name, '@napi-rs/canvas is not installed')];
    const of = (what: keyof Sample): number => median(all.map((one) => one[what]));
    const without = all.map(({ liveMs, cameraMs }) => liveMs - cameraMs);
    const detail = {
      'p95, ms': percentile(without, 0.95),
      'first picture opened by the owner, ms': median(all.map(({ pictureMs, cameraMs }) => pictureMs - cameraMs)),
      'the camera alone, ms': of('cameraMs'),
      'live, the camera included, ms': of('liveMs'),
      visits: all.length,
    };
    const none = { baseline: null, ratio: null, bar: null, holds: null };
    return [{ name, value: median(without), unit: 'ms', ...none, detail }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
