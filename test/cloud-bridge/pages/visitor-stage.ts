/** The visitor's page on phones in Chromium, over a whole rig: built, served, and looked at. */
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Test } from 'tap';
import type { CloudConfigInput } from '../../../cloud-bridge/config/schema.ts';
import type { Door } from '../../../hardware-sim/door/door.ts';
import type { Rig } from '../../support/rig.ts';
import type { DoorWish } from '../../support/rig-doors.ts';
import { until } from '../../support/until.ts';
import { complaintsOf } from './browser.ts';
import { aheadOf, setAhead } from './page-clock.ts';
import { holdDown as hold, lookerAt, openPages, photograph } from './pages-stage.ts';

const smallPhone = { width: 360, height: 740 };
/** A phone that is reloaded and looked at takes its time, and so does the strike. */
export const patientDoors = [{ name: 'front', hub: { unlockForMs: 60_000 } }];

export interface Phone {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained about. */
  readonly complaints: readonly string[];
}

export interface VisitorStage {
  readonly rig: Rig;
  /** Where the pages are, no path. */
  readonly url: string;
  newPhone(options: BrowserContextOptions): Promise<Phone>;
  /** Every screen: nothing stands in the way of anybody, and a picture of it where they are wanted. */
  shoot(page: Page, name: string): Promise<void>;
  /** Only the picture. */
  picture(page: Page, name: string): Promise<void>;
  /** The leaf that a visitor has opened is shut. */
  closeDoor(): Promise<void>;
}

/** @param cloud  what the cloud is told otherwise */
export async function openVisitorStage(
  t: Test,
  cloud: Partial<CloudConfigInput> = {},
  doors: readonly DoorWish[] = patientDoors,
): Promise<VisitorStage> {
  const { rig, browser, url } = await openPages(t, '127.0.0.1', { doors, cloud });
  const door = rig.sim.door('front');
  return {
    rig,
    url,
    newPhone: async (options) => {
      const context = await browser.newContext({ viewport: smallPhone, hasTouch: true, ...options });
      t.teardown(() => context.close());
      await setAhead(context, aheadOf(rig));
      const page = await context.newPage();
      return { context, page, complaints: complaintsOf(page) };
    },
    shoot: lookerAt(t, ''),
    picture: photograph,
    closeDoor: () => closeBehind(door),
  };
}

/** The leaf that somebody has opened falls shut. */
export async function closeBehind(door: Door): Promise<void> {
  await until('the leaf stands open', () => door.truth().leaf === 'open');
  door.closeLeaf();
}

/** The phone's clock goes by the rig's time, once time was wound. */
export const windPhone = ({ context }: Phone, rig: Rig): Promise<void> => setAhead(context, aheadOf(rig));

export const untilAt = (page: Page, state: string) => page.waitForSelector(`[data-at="${state}"]`, { timeout: 30_000 });

/** Loads it anew, and it is where it was. */
export async function reloadAt(page: Page, state: string): Promise<void> {
  await untilAt(page, state);
  await page.reload();
  await untilAt(page, state);
}

export const mainPress = (page: Page) => page.locator('.hold.main button');

/** The deliberate press of a finger. */
export const holdDown = (page: Page, which = mainPress(page)): Promise<void> => hold(page, which);

/** The same by keys. @param again  what it says after the first */
export async function pressKeys(page: Page, name: string, again: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByText(again).waitFor();
  await page.keyboard.press('Enter');
}
