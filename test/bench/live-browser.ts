/** Chromium with two pages: the owner's app, and one that receives WebRTC. Both note when a picture taken at a known time was drawn. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Shots, WebRtcWay } from './live-page.ts';

export const path = '/usr/bin/chromium';
/** Why there is no browser, or undefined. */
export const noBrowser = (): string | undefined => (existsSync(path) ? undefined : `${path} is not installed`);

const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
  // WebRTC over loopback, by address.
  ...['--allow-loopback-in-peer-connection', '--disable-features=WebRtcHideLocalIpsWithMdns'],
];

export interface LiveBrowser {
  /** The owner's app, signed in by this link and looking. Resolves when it says LIVE. */
  watch(link: string): Promise<void>;
  /** Shuts the owner's app. */
  leave(): Promise<void>;
  /** Receives what is offered, in place of what was received before. @returns the answer */
  answer(offer: string, way: WebRtcWay): Promise<string>;
  /** Pictures drawn since the last call, by page. */
  drawn(): Promise<{ readonly viewer: Shots; readonly rtc: Shots }>;
  close(): Promise<void>;
}

const liveWithinMs = 60_000;
const emptyPage = 'http://localhost/rtc';

/** What was drawn in a page since it was asked last. */
const takeShots = (page: Page): Promise<Shots> => page.evaluate('globalThis.takeShots?.() ?? []');

async function openRtcPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.route(emptyPage, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }));
  await page.goto(emptyPage);
  return page;
}

export async function openLiveBrowser(): Promise<LiveBrowser> {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const entry = fileURLToPath(new URL(`./live-page.${ending}`, import.meta.url));
  const made = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife', logLevel: 'silent' });
  const browser = await chromium.launch({ executablePath: path, headless: true, args });
  const context = await browser.newContext();
  await context.addInitScript({ content: made.outputFiles[0]!.text });
  const viewer = await context.newPage();
  const rtc = await openRtcPage(context);
  return {
    watch: async (link) => {
      await viewer.goto(link);
      await viewer.click('[data-choice="without"]', { timeout: liveWithinMs });
      await viewer.click('.card.door [aria-expanded]', { timeout: liveWithinMs });
      await viewer.waitForSelector('.stage[data-live="live"]', { state: 'attached', timeout: liveWithinMs });
    },
    leave: async () => void (await viewer.goto('about:blank')),
    answer: async (offer, way) => {
      const script = `globalThis.answerOffer(${JSON.stringify(offer)}, ${JSON.stringify(way)})`;
      return (await rtc.evaluate(script)) as string;
    },
    drawn: async () => {
      const [ours, theirs] = await Promise.all([takeShots(viewer), takeShots(rtc)]);
      return { viewer: ours, rtc: theirs };
    },
    close: () => browser.close(),
  };
}
