/** Devices of an owner in Chromium: a phone in German that is touched, a desk in English with nothing but a keyboard, or what a test wants. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Test } from 'tap';
import type { LanguageCode } from '../../../cloud-bridge/pages/common/language.ts';
import type { Rig } from '../../support/rig.ts';
import { type Authenticator, addAuthenticator } from './authenticator.ts';
import { complaintsOf } from './browser.ts';
import { aheadOf, setAhead } from './page-clock.ts';
import { holdDown, lookerAt, photograph, pressKeys } from './pages-stage.ts';

const timeoutMs = 60_000;

/** Where somebody sits with a page: what size it has, what it says, and how it is pressed. */
export interface Seat {
  readonly at: string;
  readonly code: LanguageCode;
  readonly options: BrowserContextOptions;
  /** The deliberate press. */
  readonly press: (page: Page, button: Locator) => Promise<void>;
}

export const phone: Seat = {
  at: 'phone',
  code: 'de',
  options: { viewport: { width: 390, height: 844 }, locale: 'de-DE', timezoneId: 'Europe/Berlin', hasTouch: true },
  press: holdDown,
};

export const desk: Seat = {
  at: 'desk',
  code: 'en',
  options: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    colorScheme: 'dark',
  },
  press: pressKeys,
};

export interface Device {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained about. */
  readonly complaints: readonly string[];
  readonly authenticator: Authenticator;
}

/** A browser of its own, whose clock is the rig's. */
export async function openDevice(
  t: Test,
  { rig, browser }: { readonly rig: Rig; readonly browser: Browser },
  options: BrowserContextOptions,
): Promise<Device> {
  const context = await browser.newContext(options);
  t.teardown(() => context.close());
  await setAhead(context, aheadOf(rig));
  const page = await context.newPage();
  page.setDefaultTimeout(timeoutMs);
  const complaints = complaintsOf(page);
  return { context, page, complaints, authenticator: await addAuthenticator(context, page) };
}

/** Until the app shows the door as it is now: locked. */
export const untilLocked = (page: Page) => page.waitForSelector('[data-door="locked"]:not([data-old])');

/** Pictures of the flows: of a visitor's page on a phone only that, for it is looked at by tests of its own. */
export function lookersAt(t: Test) {
  const shoot = lookerAt(t, 'flow-', true);
  const shootVisitor = (page: Page, name: string, { at }: Seat): Promise<void> =>
    at === 'phone' ? photograph(page, `flow-${name}-phone`) : shoot(page, `${name}-${at}`);
  return { shoot, shootVisitor };
}

/** Goes to a screen of the app. @param name  as `screens.ts` has it */
export async function showScreen(page: Page, name: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${name}'`);
  await page.waitForSelector('main h1');
}

export const buttonOf = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

/** What a press saves to the disk, as text. */
export async function savedBy(page: Page, press: () => Promise<void>): Promise<string> {
  const saving = page.waitForEvent('download');
  await press();
  return (await (await (await saving).createReadStream()).toArray()).join('').trim();
}
