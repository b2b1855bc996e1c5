/** The time of day of pages in Chromium: it can go ahead of the machine's, as a rig's time does. */
import type { BrowserContext } from 'playwright-core';
import type { Rig } from '../../support/rig.ts';

/** How far a rig is ahead of this machine, ms. */
export const aheadOf = (rig: Rig): number => rig.time.now() - Date.now();

/** From now on the time of day of every page of this context is so far ahead, of the open ones at once. */
export async function setAhead(context: BrowserContext, ms: number): Promise<void> {
  await context.addInitScript(goAhead, ms);
  for (const page of context.pages()) await page.evaluate(goAhead, ms);
}

/** Runs in the page, as often as it is told to. Whoever holds on to the clock itself hears of it, too. */
function goAhead(ms: number): void {
  const page = globalThis as unknown as { aheadMs?: number };
  const isFirst = page.aheadMs === undefined;
  page.aheadMs = ms;
  if (!isFirst) return;
  const Machine = Date;
  const now = (): number => Machine.now() + (page.aheadMs ?? 0);
  globalThis.Date = class extends Machine {
    constructor(...parts: [] | [number | string | Date]) {
      super(...((parts.length === 0 ? [now()] : parts) as [number]));
    }
    static override now = now;
  } as DateConstructor;
}
