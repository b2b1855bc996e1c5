/**
 * `owner.weight`: what the owner's app costs a phone before it shows the door, as it comes over the line: from the opened invitation to the
 * screen "Now" with every door on it, without a passkey, which costs two small answers more. What is loaded later - the live picture, recordings, other screens - is not in it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { openStreet } from '../../hardware-sim/start/street.ts';
import { noBrowser, path } from './live-browser.ts';
import { type BenchResult, median, skipped } from './result.ts';

const name = 'owner.weight';
const loads = Number(process.env.DOORWARD_BENCH_PAGE_LOADS ?? 3);
const maxBytes = 120_000;
/** The home signs a device in within this time, ms. */
const patienceMs = 60_000;

/** Opens the invitation on a phone that was never there. @returns bytes on the line */
async function load(link: string): Promise<number> {
  const browser = await chromium.launch({
    executablePath: path,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
    const client = await page.context().newCDPSession(page);
    let bytes = 0;
    client.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await client.send('Network.enable');
    await page.goto(link, { waitUntil: 'commit' });
    await page.click('[data-choice="without"]', { timeout: patienceMs });
    await page.waitForSelector('[data-door]', { timeout: patienceMs });
    return bytes;
  } finally {
    await browser.close();
  }
}

export async function run(): Promise<BenchResult[]> {
  const missing = noBrowser();
  if (missing !== undefined) return [skipped(name, missing)];
  const folder = mkdtempSync(join(tmpdir(), 'doorward-bench-app-'));
  const street = await openStreet(folder, () => undefined);
  try {
    const { page } = street;
    if (page === undefined) return [skipped(name, 'the pages are not built')];
    const app = new URL('/app/', page.url);
    street.owner.follow();
    const seen: number[] = [];
    for (let n = 0; n < loads; n += 1) seen.push(await load(`${app}${page.invite()}`));
    const bytes = median(seen);
    return [
      {
        ...{ name, value: bytes, unit: 'bytes', baseline: null, ratio: null },
        ...{ bar: maxBytes, holds: bytes <= maxBytes },
      },
    ];
  } finally {
    await street.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
