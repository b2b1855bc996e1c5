/**
 * `visitor.weight`: what the visitor's page costs a phone before it can be pressed, as it comes over the line.
 * `visitor.interactive`: from the opened link to a button that can be held, at 400 kbit/s, 400 ms a request and a CPU four times slower; against
 * the round trips alone that such a page cannot avoid: its index, its script, and what stands in the link.
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
/** Index, then script, then what stands in the link: each asks for the one after it. */
const roundTrips = 3;

interface Load {
  readonly bytes: number;
  readonly ms: number;
}

/** Opens the link on a phone that was never there. */
async function load(url: string): Promise<Load> {
  const browser = await chromium.launch({
    executablePath: path,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage();
    const client = await page.context().newCDPSession(page);
    let bytes = 0;
    client.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await client.send('Network.enable');
    await client.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: line.latencyMs,
      downloadThroughput: line.bytesPerS,
      uploadThroughput: line.bytesPerS,
    });
    await client.send('Emulation.setCPUThrottlingRate', { rate: slowerCpu });
    const startedMs = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForSelector('.hold.main button:enabled');
    return { bytes, ms: performance.now() - startedMs };
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
    const { url } = await deliverByHand(street);
    const seen: Load[] = [];
    for (let n = 0; n < loads; n += 1) seen.push(await load(url));
    const bytes = median(seen.map((one) => one.bytes));
    const ms = median(seen.map((one) => one.ms));
    const least = roundTrips * line.latencyMs + (bytes / line.bytesPerS) * 1_000;
    return [
      {
        ...{ name: names[0], value: bytes, unit: 'bytes', baseline: null, ratio: null },
        ...{ bar: maxBytes, holds: bytes <= maxBytes },
      },
      {
        ...{ name: names[1], value: ms, unit: 'ms', baseline: least, ratio: ms / least },
        ...{ bar: maxMs, holds: ms <= maxMs },
        detail: { 'round trips and bytes alone, ms': least, 'slowest, ms': Math.max(...seen.map((one) => one.ms)) },
      },
    ];
  } finally {
    await street.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
