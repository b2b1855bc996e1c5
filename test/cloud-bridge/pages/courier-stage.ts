/** Stops of a home, and couriers who come to them with their phones in Chromium: the real page, over a whole rig. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Test } from 'tap';
import * as v from 'valibot';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import type { CloudConfigInput } from '../../../cloud-bridge/config/schema.ts';
import { firstWords } from '../../../cloud-bridge/pages/visitor/first-words.ts';
import { de } from '../../../cloud-bridge/pages/visitor/stop/words/de.ts';
import { en } from '../../../cloud-bridge/pages/visitor/stop/words/en.ts';
import type { StopLanguage } from '../../../cloud-bridge/pages/visitor/stop/words.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import { mustHave, type Reply } from '../../../hardware-sim/people/http.ts';
import { CodesView } from '../../../wire/holder.ts';
import { newId } from '../../../wire/jws.ts';
import type { Place } from '../../../wire/plan.ts';
import { until } from '../../support/until.ts';
import { holdDown, openVisitorStage, type Phone, untilAt, type VisitorStage, windPhone } from './visitor-stage.ts';

/** Somebody comes with this: a phone in German that is touched, or a screen in English with nothing but a keyboard. */
export interface Hand {
  readonly at: 'phone' | 'desk';
  readonly code: 'de' | 'en';
  readonly options: BrowserContextOptions;
  readonly words: StopLanguage;
}
export const finger: Hand = { at: 'phone', code: 'de', options: { locale: 'de-DE', permissions: [] }, words: de };
export const keys: Hand = {
  ...{ at: 'desk', code: 'en', words: en },
  options: { locale: 'en-GB', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
};

/** A phone at a stop. */
export interface AtStop extends Phone {
  readonly hand: Hand;
  /** The deliberate press, as soon as it can be pressed. */
  press(name: string): Promise<void>;
  type(digits: string): Promise<void>;
}

const anything = v.any();

export interface CourierStage extends VisitorStage {
  /** As the owner, below the home. */
  ask(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<Reply<v.InferOutput<typeof anything>>>;
  /** Puts the wishes in force. @param hour  that it is there now: in the morning no test runs into a midnight */
  wish(wishes: object, hour?: number): Promise<void>;
  announce(can: readonly Place[], parcel?: object): Promise<{ readonly delivery: string; readonly url: string }>;
  /** A new link for its courier. */
  linkOf(delivery: string): Promise<string>;
  codesOf(delivery: string): Promise<CodesView>;
  /** The code of whoever lives there. */
  codeOf(delivery: string): Promise<string>;
  stateOf(delivery: string): Promise<{ readonly state: string; readonly attempt: number; readonly outcome?: string }>;
  /** What is stored of one attempt, and of what was done in it. */
  stored(delivery: string, attempt?: number): Promise<Stored>;
  /** Opens a link and presses: the courier is on the way. */
  take(url: string, hand: Hand, more?: BrowserContextOptions): Promise<AtStop>;
  /** `ms` pass for everybody. */
  wind(ms: number, phones: readonly Phone[]): Promise<void>;
}

interface Stored {
  readonly how: string | null;
  readonly tries: number;
  /** Kinds of what was done, in order; with the refusal where one is noted. */
  readonly acts: readonly string[];
  /** Everything of it, as text: to be searched. */
  readonly text: string;
}

export const wrongOf = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, '0');
export const inPerson = { order: ['in-person', 'tomorrow'], codeFrom: { amount: 0, currency: 'EUR' } };
export const buttonOf = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Leads the owner's app to one delivery, as a tap on it does. */
export const showDelivery = ({ page }: Phone, delivery: string): Promise<unknown> =>
  page.evaluate(
    `history.pushState({ about: '${delivery}' }, '', '#/delivery'), dispatchEvent(new PopStateEvent('popstate'))`,
  );

export function atStop(phone: Phone, hand: Hand): AtStop {
  const { page } = phone;
  return {
    ...phone,
    hand,
    press: async (name) => {
      const button = buttonOf(page, name);
      await button.waitFor();
      await until(`${name} can be pressed`, () => button.isEnabled());
      if (hand.at === 'phone') return holdDown(page, button);
      await button.focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
    },
    type: async (digits) => {
      // While an answer is waited for no key counts.
      await page.locator('.stop[aria-busy="false"]').waitFor();
      if (hand.at === 'desk') return page.keyboard.type(digits);
      for (const digit of digits) await buttonOf(page, digit).click();
    },
  };
}

export async function openCourierStage(t: Test, cloud: Partial<CloudConfigInput> = {}): Promise<CourierStage> {
  const stage = await openVisitorStage(t, cloud);
  const { rig } = stage;
  const { owner, carrier } = rig;
  const store = await openSqliteStore(layoutOf(rig.folders.cloud).database);
  t.teardown(() => store.close());
  const home = `/v1/homes/${owner.pinned.home}`;
  let version = 0;
  const ask: CourierStage['ask'] = (method, path, body) =>
    owner.http.call(
      {
        method,
        path: `${home}${path}`,
        proof: owner.keys.sign,
        ...(body && { body }),
        ...(method === 'POST' && { once: newId() }),
      },
      anything,
    );
  const linkOf = async (delivery: string): Promise<string> => mustHave(await carrier.dispatch.taskLink(delivery)).url;
  const codesOf = async (delivery: string): Promise<CodesView> =>
    v.parse(CodesView, mustHave(await ask('GET', `/deliveries/${delivery}/codes`)));
  return {
    ...stage,
    ask,
    linkOf,
    codesOf,
    wish: async (wishes, hour = 5) => {
      version += 1;
      const ahead = ((hour - new Date(rig.time.now()).getUTCHours() + 36) % 24) - 12;
      const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
      mustHave(await ask('PUT', '/wishes', { version, wishes: { zone, waitSeconds: 20, ...wishes } }));
    },
    announce: async (can, parcel) => {
      const from = Math.floor(rig.time.now() / 1000) - 5;
      const asked = { door: rig.door().id, from, until: from + 7_200, parcels: 1, reference: 'HER-9', can };
      const { delivery } = mustHave(await carrier.dispatch.announce({ ...asked, ...(parcel && { parcel }) }));
      return { delivery, url: await linkOf(delivery) };
    },
    codeOf: async (delivery) => (await codesOf(delivery)).codes.find(({ kind }) => kind === 'account')!.digits!,
    stateOf: async (delivery) => {
      const { deliveries } = mustHave(await ask('GET', '/deliveries'));
      return deliveries.find((one: { delivery: string }) => one.delivery === delivery);
    },
    stored: async (delivery, number = 1) => {
      const attempt = (await store.read.attempts.find(delivery, number))!;
      const acts = await store.read.stops.acts(delivery, number);
      const said = ({ kind, refused }: (typeof acts)[number]): string =>
        refused === null ? kind : `${kind} ${JSON.parse(refused).code}`;
      return { how: attempt.how, tries: attempt.tries, acts: acts.map(said), text: JSON.stringify([attempt, acts]) };
    },
    take: async (url, hand, more = {}) => {
      const courier = atStop(await stage.newPhone({ ...hand.options, ...more }), hand);
      await courier.page.goto(url);
      await courier.press(firstWords[hand.code].take);
      await untilAt(courier.page, 'stop-arrive');
      return courier;
    },
    wind: async (ms, phones) => {
      rig.time.wind(ms);
      for (const phone of phones) await windPhone(phone, rig);
    },
  };
}
