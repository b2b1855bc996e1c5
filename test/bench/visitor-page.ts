/**
 * `visitor.interactive`: from the opened link to the first frame with the first screen on it - its words in the phone's language, and its button,
 * which can be held -, at 400 kbit/s, 400 ms a request and a CPU four times slower. That the button can be held is not believed: each
 * load holds it as soon as it is there, and counts only when that one press has taken the task.
 * `visitor.weight`: all that has come over the line by then: everything that the page needs for a whole delivery, in one language.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { deliverByHand } from '../../hardware-sim/start/by-hand.ts';
import { openStreet } from '../../hardware-sim/start/street.ts';
import { noBrowser, path } from './live-browser.ts';
import { type BenchResult, median, skipped } from './result.ts';

const names = ['visitor.weight', 'visitor.interactive'] as const;
const loads = Number(process.env.DOORWARD_BENCH_PAGE_LOADS ?? 7);
const maxBytes = 45_000;
const line = { latencyMs: 400, bytesPerS: 400_000 / 8 } as const;
const slowerCpu = 4;
const maxMs = 1_000;
/** Index, then script. */
const roundTrips = 2;
/** A loaded machine takes its time to show a line that does. */
const patienceMs = 60_000;

/** What one load came to: bytes over the line, ms since the link was opened. */
interface Load {
  /** Index and first script alone. */
  readonly firstBytes: number;
  readonly bytes: number;
  /** Something is drawn. */
  readonly paintedMs: number;
  /** The button can be held. */
  readonly ms: number;
  /** The cloud's answer stands beside it. */
  readonly namedMs: number;
}

interface Watched {
  readonly performance: { now(): number; getEntriesByName(name: string): readonly { readonly startTime: number }[] };
  readonly document: { querySelector(selector: string): object | null };
  readonly MutationObserver: new (heard: () => void) => { observe(node: object, what: object): void };
  requestAnimationFrame(drawn: () => void): void;
  at: Record<string, number>;
}

/** In the page, before anything of it: notes when a frame was drawn with each of these in it, ms since the link was opened. */
function watch(wanted: Readonly<Record<string, string>>): void {
  const page = globalThis as unknown as Watched;
  page.at = {};
  const missing = new Set(Object.keys(wanted));
  const look = (): void => {
    for (const name of missing) {
      if (page.document.querySelector(wanted[name]!) === null) continue;
      missing.delete(name);
      // The frame is made after these callbacks, and before the next task.
      page.requestAnimationFrame(() =>
        setTimeout(() => {
          page.at[name] = page.performance.now();
        }),
      );
    }
  };
  new page.MutationObserver(look).observe(page.document, { subtree: true, childList: true, attributes: true });
}

/** Opens the link on a phone that was never there, and takes the task. */
async function load(url: string): Promise<Load> {
  const browser = await chromium.launch({
    executablePath: path,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage();
    page.setDefaultTimeout(patienceMs);
    const client = await page.context().newCDPSession(page);
    const sizes: number[] = [];
    client.on('Network.loadingFinished', ({ encodedDataLength }) => sizes.push(encodedDataLength));
    await client.send('Network.enable');
    await client.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: line.latencyMs,
      downloadThroughput: line.bytesPerS,
      uploadThroughput: line.bytesPerS,
    });
    await client.send('Emulation.setCPUThrottlingRate', { rate: slowerCpu });
    await page.addInitScript(watch, { held: '.hold.main button:enabled', named: '.window' });
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForSelector('.hold.main button:enabled');
    const box = (await page.locator('.hold.main button').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.waitForSelector('.hold.main button:disabled, [data-at="taken"]');
    await page.mouse.up();
    await page.waitForSelector('[data-at="taken"] .digits');
    const seen = await page.evaluate(() => {
      const { at, performance } = globalThis as unknown as Watched;
      return { at, paintedMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN };
    });
    return {
      ...{ ms: seen.at.held!, namedMs: seen.at.named!, paintedMs: seen.paintedMs },
      ...{ firstBytes: sizes[0]! + sizes[1]!, bytes: sizes.reduce((sum, one) => sum + one, 0) },
    };
  } finally {
    await browser.close();
  }
}

export async function run(): Promise<BenchResult[]> {
  const missing = noBrowser();
  if (missing !== undefined) return names.map((name) => skipped(name, missing));
  const folder = mkdtempSync(join(tmpdir(), 'doorward-bench-page-'));
  const street = await openStreet(folder, () => undefined);
  try {
    if (street.page === undefined) return names.map((name) => skipped(name, 'the pages are not built'));
    const seen: Load[] = [];
    for (let n = 0; n < loads; n += 1) seen.push(await load((await deliverByHand(street)).url));
    const of = (name: keyof Load): number => median(seen.map((one) => one[name]));
    const [bytes, ms] = [of('bytes'), of('ms')];
    const least = roundTrips * line.latencyMs + (of('firstBytes') / line.bytesPerS) * 1_000;
    return [
      {
        ...{ name: names[0], value: bytes, unit: 'bytes', baseline: null, ratio: null },
        ...{ bar: maxBytes, holds: bytes <= maxBytes },
      },
      {
        ...{ name: names[1], value: ms, unit: 'ms', baseline: least, ratio: ms / least },
        ...{ bar: maxMs, holds: ms <= maxMs },
        detail: {
          'two round trips and their bytes alone, ms': least,
          'bytes of these two': of('firstBytes'),
          'first paint, ms': of('paintedMs'),
          'with what the cloud says of the task, ms': of('namedMs'),
          'slowest, ms': Math.max(...seen.map((one) => one.ms)),
        },
      },
    ];
  } finally {
    await street.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
