/** The page in Chromium, its real host, and a cloud that lies when told to: what the tests of the page play on. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Test } from 'tap';
import { type Pages, servePages } from '../../../cloud-bridge/pages/host.ts';
import { until } from '../../support/until.ts';
import { complaintsOf, launch } from './browser.ts';
import { pagesBuiltOnce } from './built-once.ts';
import { accessUnits, type Shot } from './camera.ts';
import { door, strangersKey } from './device.ts';
import { type FakeCloud, startFakeCloud } from './fake-cloud.ts';
import { type FakeStream, makeHub, sealStream } from './sealer.ts';

export const visit = 'v'.repeat(22);
export const frameMs = 67;
export const patienceMs = 15_000;
/** Where pictures of the page go, to be looked at; in no folder unless one is named. */
const shotsDir = process.env.DOORWARD_SCREENSHOTS;

export interface Stage {
  /** The built page. */
  readonly folder: string;
  readonly cloud: FakeCloud;
  readonly pages: Pages;
  readonly browser: Browser;
  readonly page: Page;
  readonly complaints: string[];
  readonly hub: ReturnType<typeof makeHub>;
  readonly h264: readonly Shot[];
  /** The stream that is on the page, and its camera. */
  stream: FakeStream;
  camera: { readonly sent: number; stop(): void };
  /** A new stream that is live on the page, from its beginning. */
  goLive(): Promise<void>;
  /** A new stream whose pictures are drawn: it is not called live so soon after an attack. */
  goOn(): Promise<void>;
}

/** A camera that runs until it is stopped: a picture every 67 ms, a checkpoint every 15. */
export function run(
  { cloud }: Pick<Stage, 'cloud'>,
  stream: FakeStream,
  shots: readonly Shot[],
  lateMs: () => number = () => 0,
) {
  let sent = 0;
  const timer = setInterval(() => {
    const { data, isKey } = shots[sent % shots.length]!;
    cloud.send(stream.frame(data, Date.now() - lateMs(), isKey));
    sent += 1;
    if (sent % 15 === 0) cloud.send(stream.checkpoint(Date.now()));
  }, frameMs);
  return {
    get sent() {
      return sent;
    },
    stop: () => clearInterval(timer),
  };
}

export const at = (page: Page, state: string) =>
  page.waitForSelector(`.stage[data-live="${state}"]`, { state: 'attached', timeout: patienceMs });
export const drawn = async (page: Page): Promise<number> =>
  Number((await page.getAttribute('.stage canvas', 'data-drawn')) ?? 0);
/** A screen of the app. */
export const show = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(`location.hash = '#/${name}'`);
  await page.waitForSelector('main h1');
};
/** Opens the live picture of the door on the screen "Now". */
export async function watchDoor(page: Page): Promise<void> {
  await show(page, 'now');
  await page.waitForSelector('[data-door]');
  if ((await page.locator('.stage').count()) === 0) await page.click('.card.door [aria-expanded]');
  await page.waitForSelector('.stage');
}

export async function shoot(page: Page, name: string): Promise<void> {
  if (shotsDir === undefined) return;
  mkdirSync(shotsDir, { recursive: true });
  await page.screenshot({ path: join(shotsDir, `owner-video-${name}.png`), fullPage: true });
}

export const newStream = (
  { cloud, hub }: Pick<Stage, 'cloud' | 'hub'>,
  more: Partial<Parameters<typeof sealStream>[0]> = {},
) =>
  sealStream({
    hub,
    to: cloud.devices.map(({ seal }) => seal),
    door,
    visit,
    codec: 'h264',
    startedMs: Date.now(),
    ...more,
  });

export const says = (page: Page, of: string, words: string) =>
  until(`${of} says ${words}`, async () => ((await page.textContent(of)) ?? '').includes(words), patienceMs);

export async function setStage(t: Test): Promise<Stage> {
  const hub = makeHub();
  const folder = t.testdir();
  await pagesBuiltOnce(folder);
  let pages: Pages | undefined;
  const cloud = await startFakeCloud(hub, door, () => pages?.url ?? '');
  pages = await servePages({ folder, api: cloud.url, host: '127.0.0.1', port: 0 });
  const browser = await launch();
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  const page = await context.newPage();
  const begin = async (): Promise<void> => {
    // What is sent to nobody is lost here; a relay keeps the key for whoever comes.
    await until('somebody looks', () => cloud.viewers > 0, patienceMs);
    stage.stream = await newStream(stage);
    cloud.send({ relay: 'stream', stream: stage.stream.id }, stage.stream.key);
    stage.camera = run(stage, stage.stream, stage.h264);
  };
  const stage: Stage = {
    ...{ folder, cloud, pages, browser, page, complaints: complaintsOf(page), hub, h264: accessUnits(45) },
    stream: await sealStream({ hub, to: [strangersKey()], door, codec: 'h264', startedMs: Date.now() }),
    camera: { sent: 0, stop: () => {} },
    goLive: async () => {
      await begin();
      await at(page, 'live');
    },
    goOn: async () => {
      const before = await drawn(page);
      await begin();
      await until('pictures', async () => (await drawn(page)) > before + 1, patienceMs);
    },
  };
  t.teardown(async () => {
    stage.camera.stop();
    await browser.close();
    await pages.stop();
    await cloud.stop();
  });
  return stage;
}
