/** What a courier reads when something is refused, in German and English; and pages that go on from what is true no more. */
import type { BrowserContextOptions, Page, Route } from 'playwright-core';
import type { Test } from 'tap';
import { handOverWords } from '../../../cloud-bridge/pages/owner/deliveries/hand-over-words.ts';
import { de } from '../../../cloud-bridge/pages/visitor/stop/words/de.ts';
import { en } from '../../../cloud-bridge/pages/visitor/stop/words/en.ts';
import type { StopWord } from '../../../cloud-bridge/pages/visitor/stop/words.ts';
import type { StopView } from '../../../wire/stop.ts';
import { type AtStop, type CourierStage, keys, openCourierStage, showDelivery } from './courier-stage.ts';
import { lookerAt } from './pages-stage.ts';
import { untilAt, windPhone } from './visitor-stage.ts';

const seats = [
  { code: 'de', words: de, viewport: { width: 360, height: 740 } },
  { code: 'en', words: en, viewport: { width: 1280, height: 800 } },
] as const;

/** Each text where it stands, once on a phone in German and once on a desk in English. @param texts  selector -> its word */
export async function readsIn(
  t: Test,
  page: Page,
  name: string,
  texts: (code: 'de' | 'en', says: Readonly<Record<StopWord, string>>) => Readonly<Record<string, string>>,
): Promise<void> {
  const look = lookerAt(t, 'refused-');
  for (const { code, words, viewport } of seats) {
    await page.setViewportSize(viewport);
    await page.selectOption('.language select', code);
    for (const [selector, text] of Object.entries(texts(code, words.says))) {
      await page.locator(selector, { hasText: text }).waitFor();
    }
    await look(page, `${name}-${code}`);
  }
}

/** From now on it looks at nothing by itself, as in a pocket: what stands on it stays, whatever happens. */
export const putAway = ({ page }: AtStop): Promise<unknown> =>
  page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })`);

/** The cloud's answers to this page are changed on their way, as by a courier who meddles with their own browser. @returns ends it */
export async function meddle({ page }: AtStop, change: (view: StopView) => object): Promise<() => Promise<void>> {
  const handler = async (route: Route): Promise<void> => {
    const response = await route.fetch();
    await route.fulfill({ response, status: 200, json: change((await response.json()) as StopView) });
  };
  await page.route(/\/stop$/, handler);
  return () => page.unroute(/\/stop$/, handler);
}

export interface RefusalStage extends CourierStage {
  /** A courier who stands before somebody, and is asked for the code. */
  atCode(url: string, more?: BrowserContextOptions): Promise<AtStop>;
  check(courier: AtStop, digits: string): Promise<void>;
  /** What the owner's app shows at this delivery: who is at the door, and how many wrong codes are left where some were typed. */
  ownerSees(delivery: string, door: 'nobody' | 'says', triesLeft?: number): Promise<void>;
}

export async function openRefusalStage(t: Test): Promise<RefusalStage> {
  const stage = await openCourierStage(t);
  const { says } = keys.words;
  const app = await stage.newPhone({ locale: 'de-DE' });
  await app.page.goto(`${stage.url}/app/${stage.rig.owner.invite()}`);
  await app.page.waitForSelector('.frame', { timeout: 60_000 });
  return {
    ...stage,
    atCode: async (url, more) => {
      const courier = await stage.take(url, keys, more);
      await courier.press(says.arrive);
      await untilAt(courier.page, 'stop-ring');
      await courier.press(says.handOver);
      await untilAt(courier.page, 'stop-code');
      return courier;
    },
    check: async (courier, digits) => {
      await courier.type(digits);
      await courier.press(says.check);
    },
    ownerSees: async (delivery, door, triesLeft) => {
      await windPhone(app, stage.rig);
      await showDelivery(app, delivery);
      const patient = { timeout: 60_000 };
      await app.page.waitForSelector(`.hand-over [data-door="${door}"]`, patient);
      if (triesLeft === undefined) return;
      const text = handOverWords.de.tries.replace('{n}', String(triesLeft));
      await app.page.locator('.hand-over .trouble', { hasText: text }).waitFor(patient);
    },
  };
}
