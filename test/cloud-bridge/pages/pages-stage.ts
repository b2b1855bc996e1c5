/** The pages in Chromium over a whole rig: built, served, pressed and photographed. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Test } from 'tap';
import { servePages } from '../../../cloud-bridge/pages/host.ts';
import { freePort } from '../../support/free-port.ts';
import { openRig, type Rig, type RigOptions } from '../../support/rig.ts';
import { barriersIn } from './axe.ts';
import { launch } from './browser.ts';
import { pagesBuiltOnce } from './built-once.ts';

/** Where pictures of the pages go, to be looked at; in no folder unless one is named. */
const shots = process.env.DOORWARD_SCREENSHOTS;
const heldMs = 1_100;

export interface PagesStage {
  readonly rig: Rig;
  readonly browser: Browser;
  /** Where the pages are, no path. */
  readonly url: string;
}

type StageOptions = Omit<RigOptions, 'pagesOrigin'>;

/**
 * @param host  `localhost` where passkeys are used: they belong to a name
 * @param options  or, where they depend on it, what they are once it is known where the pages will be
 */
export async function openPages(
  t: Test,
  host: 'localhost' | '127.0.0.1',
  options: StageOptions | ((url: string) => StageOptions) = {},
): Promise<PagesStage> {
  const folder = t.testdir();
  await pagesBuiltOnce(folder);
  const port = await freePort();
  const url = `http://${host}:${port}`;
  const rig = await openRig(t, { ...(typeof options === 'function' ? options(url) : options), pagesOrigin: url });
  const pages = await servePages({ folder, api: rig.world.base, host, port });
  t.teardown(() => pages.stop());
  const browser = await launch();
  t.teardown(() => browser.close());
  return { rig, browser, url };
}

/** A picture of the page, where pictures are wanted. */
export async function photograph(page: Page, name: string, fullPage = false): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage });
}

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** For every screen: nothing stands in the way of anybody, nothing sticks out of it, and a picture of it. @param prefix  of the pictures' names */
export const lookerAt =
  (t: Test, prefix: string, fullPage = false) =>
  async (page: Page, name: string): Promise<void> => {
    t.same(await barriersIn(page), [], `${name}: axe-core finds nothing`);
    t.equal(await page.evaluate(overflow), 0, `${name}: nothing sticks out`);
    await photograph(page, `${prefix}${name}`, fullPage);
  };

/** The deliberate press of a finger. The button is brought to the middle first: what stands at an edge may lie under a bar. */
export async function holdDown(page: Page, button: Locator): Promise<void> {
  await button.evaluate((element: unknown) =>
    (element as { scrollIntoView(how: object): void }).scrollIntoView({ block: 'center' }),
  );
  const box = (await button.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.waitForTimeout(heldMs);
  await page.mouse.up();
}

/** The same by keyboard alone: two presses. */
export async function pressKeys(page: Page, button: Locator): Promise<void> {
  await button.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
}
