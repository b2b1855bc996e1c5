/** A hand-over at the door on the courier's own phone, from the carrier's call to the end: S002, S007, S016, S026, S049, S060 to S062, S065, S066, S067, S068, S070, S071, S074, T29. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { firstWords } from '../../cloud-bridge/pages/visitor/first-words.ts';
import { de } from '../../cloud-bridge/pages/visitor/stop/words/de.ts';
import { en } from '../../cloud-bridge/pages/visitor/stop/words/en.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import type { Place } from '../../wire/plan.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import { holdDown, openVisitorStage, reloadAt, untilAt, windPhone } from '../cloud-bridge/pages/visitor-stage.ts';
import { until } from '../support/until.ts';

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openVisitorStage(t);
  const { rig } = stage;
  const { owner, carrier } = rig;
  const home = `/v1/homes/${owner.pinned.home}`;
  const ask = async (method: 'GET' | 'PUT' | 'POST', path: string, body?: object) =>
    owner.http.call({ method, path: `${home}${path}`, proof: owner.keys.sign, ...(body && { body }) }, v.any());
  let version = 0;
  /** It is early in the morning there: no test runs into a midnight. */
  const zone = (() => {
    const ahead = ((5 - new Date(rig.time.now()).getUTCHours() + 36) % 24) - 12;
    return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  })();
  const wish = async (wishes: object): Promise<void> => {
    version += 1;
    mustHave(await ask('PUT', '/wishes', { version, wishes: { zone, waitSeconds: 20, ...wishes } }));
  };
  const announce = async (can: readonly Place[]) => {
    const from = Math.floor(rig.world.clock.now() / 1000) - 5;
    const asked = { door: rig.door().id, from, until: from + 7_200, parcels: 1, reference: 'HER-9', can };
    const parcel = { value: { amount: 129_900, currency: 'EUR' }, goods: 'Telephone' };
    const { delivery } = mustHave(await carrier.dispatch.announce({ ...asked, parcel }));
    const { url } = mustHave(await carrier.dispatch.taskLink(delivery));
    return { delivery, url };
  };
  const codeOf = async (delivery: string): Promise<string> =>
    mustHave(await ask('GET', `/deliveries/${delivery}/codes`)).codes[0].digits;
  const stateOf = async (delivery: string) => {
    const { deliveries } = mustHave(await ask('GET', '/deliveries'));
    return deliveries.find((one: { delivery: string }) => one.delivery === delivery);
  };
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const press = async (page: Page, name: string): Promise<void> => {
    await button(page, name).waitFor();
    await until(`${name} can be pressed`, () => button(page, name).isEnabled());
    await holdDown(page, button(page, name));
  };
  const type = async (page: Page, digits: string): Promise<void> => {
    for (const digit of digits) await button(page, digit).click();
  };
  const wrongOf = (code: string, by: number): string => String((Number(code) + by) % 1_000_000).padStart(6, '0');
  const german: BrowserContextOptions = { locale: 'de-DE' };
  const english: BrowserContextOptions = {
    ...{ locale: 'en-GB', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  };
  const take = async (url: string, options: BrowserContextOptions) => {
    const phone = await stage.newPhone(options);
    const words = firstWords[options.locale === 'de-DE' ? 'de' : 'en'];
    await phone.page.goto(url);
    await press(phone.page, words.take);
    await untilAt(phone.page, 'stop-arrive');
    return { ...phone, words };
  };
  const inPerson = { order: ['in-person', 'tomorrow'], codeFrom: { amount: 0, currency: 'EUR' } };

  t.test(
    'on a phone in German, by finger: here, ring, a wrong code, the right one; reloaded after every step',
    async (t) => {
      const { says } = de;
      await wish(inPerson);
      const { delivery, url } = await announce(['in-person', 'tomorrow']);
      const phone = await take(url, { ...german, permissions: [] });
      const { page } = phone;
      const before = rig.pulses();
      t.match(await page.textContent('.screen'), says.hereText);
      await stage.shoot(page, 'stop-arrive');
      await reloadAt(page, 'stop-arrive');
      t.not((await stateOf(delivery)).state, 'at-door', 'nothing by loading');
      await press(page, says.arrive);
      await reloadAt(page, 'stop-ring');
      t.equal(
        (await stateOf(delivery)).state,
        'at-door',
        'S061: whoever said no to the position is there all the same',
      );
      await stage.shoot(page, 'stop-ring');
      await press(page, says.ring);
      await reloadAt(page, 'stop-wait');
      await stage.shoot(page, 'stop-wait');
      t.notMatch(await page.textContent('.screen'), /1.?299|Telephone/, 'S016');
      await press(page, says.handOver);
      await reloadAt(page, 'stop-code');
      t.match(await page.textContent('.screen'), says.codeText, 'S026');
      await stage.shoot(page, 'stop-code');
      const code = await codeOf(delivery);
      await type(page, wrongOf(code, 1));
      await press(page, says.check);
      await page.getByText(says.wrong).waitFor();
      await page.getByText('noch 2 Versuche').waitFor();
      await type(page, code);
      await page.getByText(says.theyType).click();
      await press(page, says.check);
      await reloadAt(page, 'stop-end');
      t.match(await page.textContent('h1'), says.handedOver);
      await stage.shoot(page, 'stop-end');
      t.match(await stateOf(delivery), { state: 'delivered', outcome: 'handed-over' });
      t.equal(rig.pulses(), before, 'no door moved for it');
    },
  );

  t.test(
    'at a desk in English, by keyboard, with the network cut: three wrong codes end it, the next attempt is there',
    async (t) => {
      const { says } = en;
      const { delivery, url } = await announce(['in-person', 'tomorrow']);
      const { page, context } = await take(url, english);
      const cut = async (): Promise<void> => {
        await context.setOffline(true);
        await page.getByText('No network').waitFor();
        await context.setOffline(false);
        await page.getByText('No network').waitFor({ state: 'hidden' });
      };
      await press(page, says.arrive);
      await untilAt(page, 'stop-ring');
      await cut();
      await press(page, says.handOver);
      await untilAt(page, 'stop-code');
      const code = await codeOf(delivery);
      for (const by of [1, 2, 3]) {
        await page.keyboard.type(wrongOf(code, by));
        await press(page, says.check);
        if (by < 3) await page.getByText(says.wrong).waitFor();
        await until('it was counted', async () =>
          by < 3 ? (await page.locator('.digits').textContent())?.includes('·') : true,
        );
      }
      await untilAt(page, 'stop-end');
      t.match(await page.textContent('h1'), says.triesUsed);
      await stage.shoot(page, 'stop-tries-used');
      t.match(await stateOf(delivery), { state: 'announced', attempt: 2, outcome: 'tries-used' });
      await reloadAt(page, 'stop-end');
      t.match(await page.textContent('h1'), says.triesUsed, 'its courier still sees how it ended');
    },
  );

  t.test('S049, S051: a wrong address, then the right one; nobody opens; through the door of the plan', async (t) => {
    const { says } = en;
    await rig.untilCalm();
    const at = { lat: 52.52, lon: 13.405 };
    mustHave(await ask('PUT', '/position', { position: { ...at, accuracy: 10 } }));
    await wish({ order: ['in-person', 'inside'], codeFrom: { amount: 0, currency: 'EUR' } });
    const { delivery, url } = await announce(['in-person', 'inside']);
    const elsewhere = { latitude: 52.6, longitude: 13.405, accuracy: 20 };
    const phone = await take(url, { ...english, permissions: ['geolocation'], geolocation: elsewhere });
    const { page, context } = phone;
    await press(page, says.arrive);
    await page.getByText(says.wrongDoor).waitFor();
    await stage.shoot(page, 'stop-elsewhere');
    await context.setGeolocation({ latitude: at.lat, longitude: at.lon, accuracy: 15 });
    await press(page, says.arrive);
    await untilAt(page, 'stop-ring');
    await press(page, says.ring);
    await untilAt(page, 'stop-wait');
    t.equal(await button(page, says.openInside).count(), 0, 'not before the time is over');
    rig.time.wind(21_000);
    await windPhone(phone, rig);
    await press(page, says.openInside);
    const task = await until('the dispatch knows the phone', async () => {
      const digits = ((await page.locator('.digits').first().textContent()) ?? '').replace(' ', '');
      return digits.length === 6 ? digits : undefined;
    });
    const before = rig.pulses();
    mustHave(await carrier.dispatch.confirm(delivery, task));
    await untilAt(page, 'idle');
    await holdDown(page);
    await page.getByText('At the door?').waitFor();
    await holdDown(page);
    await untilAt(page, 'ready');
    await holdDown(page);
    await untilAt(page, 'unlocked');
    t.equal(rig.pulses(), before + 1);
    await until('the door gives way', () => rig.sim.door('front').openLeaf().moved);
    await untilAt(page, 'open');
    await stage.closeDoor();
    await untilAt(page, 'ended');
    await until('it is delivered', async () => (await stateOf(delivery)).state === 'delivered');
    mustHave(await ask('PUT', '/position', { position: null }));
  });

  t.test('S070: whoever has to leave says why, and it counts as nothing', async (t) => {
    const { says } = de;
    await wish(inPerson);
    const { delivery, url } = await announce(['in-person', 'tomorrow']);
    const { page } = await take(url, german);
    await page.getByRole('button', { name: says.leave }).click();
    await untilAt(page, 'stop-leave');
    t.match(await page.textContent('.screen'), says.leaveText);
    t.equal(await button(page, says.nobody).count(), 0, 'that nobody opens can be said after ring and wait');
    await stage.shoot(page, 'stop-leave');
    await press(page, says.unsafe);
    await untilAt(page, 'stop-end');
    t.match(await page.textContent('.screen'), says.leftText);
    t.match(await stateOf(delivery), { attempt: 2, state: 'announced', outcome: 'left' });
  });

  t.test('S052, S054: a door that is described is found first', async (t) => {
    await wish(inPerson);
    mustHave(await ask('PUT', `/doors/${rig.door().id}/hint`, { place: '1C', instruction: 'Behind the gate' }));
    const { url } = await announce(['in-person', 'tomorrow']);
    const { page } = await stage.newPhone(english);
    await page.goto(url);
    await press(page, firstWords.en.take);
    await untilAt(page, 'stop-find');
    t.match(await page.textContent('.screen'), /1C.*Behind the gate/);
    await stage.shoot(page, 'stop-find');
    await press(page, 'This is the door');
    await reloadAt(page, 'stop-arrive');
  });
}
