/** Deliveries and standing wishes in the owner's app, against a whole home. */
import type { Page } from 'playwright-core';
import t from 'tap';
import { changeWords } from '../../cloud-bridge/pages/owner/deliveries/change-words.ts';
import { deliveryWords } from '../../cloud-bridge/pages/owner/deliveries/words.ts';
import { wishWords } from '../../cloud-bridge/pages/owner/wishes/words.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { PlanView, photoKeepDays, WishBook } from '../../wire/plan.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { holdDown, lookerAt, openPages, pressKeys } from '../cloud-bridge/pages/pages-stage.ts';
import { until } from '../support/until.ts';

const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 860 };
const patient = { timeout: 60_000 };
/** A device that is not signed in yet finds nothing. */
const isAmiss = (complaint: string): boolean => !/status of 404/.test(complaint);

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const { rig, browser, url } = await openPages(t, 'localhost');
  const { owner, carrier } = rig;
  const home = `/v1/homes/${owner.pinned.home}`;
  const can = ['inside', 'box', 'in-person', 'neighbour', 'drop', 'pick-up', 'tomorrow'];
  const announce = async (parcel: object) => {
    const nowS = Math.floor(rig.time.now() / 1000);
    const window = { from: nowS + 1_800, until: nowS + 9_000 };
    const wish = { door: rig.door().id, ...window, parcels: 1, reference: 'r-1', can, parcel };
    return mustHave(await carrier.dispatch.announce(wish)).delivery;
  };
  const get = async <S extends Parameters<typeof owner.http.call>[1]>(path: string, schema: S) =>
    mustHave(await owner.http.call({ method: 'GET', path: `${home}${path}`, proof: owner.keys.sign }, schema));
  const planOf = (delivery: string) => get(`/deliveries/${delivery}/plan`, PlanView) as Promise<PlanView>;
  const wishBook = () => get('/wishes', WishBook) as Promise<WishBook>;

  const newDevice = async (locale: string, colorScheme: 'light' | 'dark', viewport: typeof phone) => {
    const context = await browser.newContext({ viewport, locale, colorScheme, timezoneId: 'Europe/Berlin' });
    t.teardown(() => context.close());
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${url}/app/${owner.invite()}`);
    await page.click('[data-choice="without"]', patient);
    await page.waitForSelector('.frame', patient);
    return { page, complaints };
  };
  const show = (page: Page, name: string) => page.evaluate(`location.hash = '#/${name}'`);
  const shoot = lookerAt(t, 'owner-', true);
  const de = { ...deliveryWords.de, ...changeWords.de, wishes: wishWords.de };
  const { page, complaints } = await newDevice('de-DE', 'light', phone);
  const row = (place: string) => page.locator(`[data-row="${place}"]`);

  t.test(
    'S029, S031, S043, S045, S055: the standing wishes are set with buttons alone, and say what is missing',
    async (t) => {
      await show(page, 'wishes');
      await row('inside').waitFor(patient);
      for (const place of ['in-person', 'drop', 'neighbour', 'pick-up', 'tomorrow']) {
        await page.locator(`[data-never="${place}"] button`).click();
      }
      const order = () =>
        page.locator('[data-row]').evaluateAll((rows) => rows.map((one) => one.getAttribute('data-row')));
      t.same(await order(), ['inside', 'in-person', 'drop', 'neighbour', 'pick-up', 'tomorrow']);
      // By keyboard: the row keeps the focus and goes on.
      await row('neighbour').locator('[data-by="-1"]').focus();
      await page.keyboard.press('Enter');
      await until('it has moved', async () => (await order()).indexOf('neighbour') === 2);
      await page.keyboard.press('Enter');
      await until('it has moved on', async () => (await order()).indexOf('neighbour') === 1);
      t.same(await order(), ['inside', 'neighbour', 'in-person', 'drop', 'pick-up', 'tomorrow']);
      t.ok(await row('pick-up').locator('[data-by="-1"]').isDisabled(), 'S050: pick-up stays behind the home');

      await page.check('input[name="code"][value="by-value"]');
      const save = page.locator('button[type=submit]');
      await save.click();
      const missing = () =>
        page.locator('[data-missing]').evaluateAll((all) => all.map((one) => one.getAttribute('data-missing')));
      await page.waitForSelector('[data-missing="code"]');
      t.same(new Set(await missing()), new Set(['neighbour', 'drop', 'pick-up', 'code']), 'all at once');
      await shoot(page, 'wishes-missing');
      await page.fill('#drop', 'Gartenhütte hinten links');
      await page.fill('#drop-up-to', '80');
      await page.fill('#point', 'Kiosk am Eck');
      await page.fill('#metres', '350');
      await page.fill('#code-from', '100,50');
      t.equal(await page.inputValue('#photo-days'), String(photoKeepDays), 'what holds where nothing is said');
      await page.selectOption('#photo-days', '7');
      await page.fill('#n-name', 'Müller');
      await page.fill('#n-flat', 'Erdgeschoss');
      await page.getByRole('button', { name: de.wishes.addNeighbour }).click();
      await page.locator('.choice input[type=checkbox]:checked').first().waitFor(patient);
      await save.click();
      await page.locator('[role=status]').filter({ hasText: de.wishes.saved }).waitFor(patient);
      const { wishes, version } = await wishBook();
      t.equal(version, 1);
      t.match(wishes, {
        order: ['inside', 'neighbour', 'in-person', 'drop', 'pick-up', 'tomorrow'],
        ...{ drop: 'Gartenhütte hinten links', dropUpTo: { amount: 8_000, currency: 'EUR' } },
        ...{ codeFrom: { amount: 10_050, currency: 'EUR' }, pickUp: { point: 'Kiosk am Eck', metres: 350 } },
        photoDays: 7,
      });
      t.equal(wishes?.neighbours.length, 1);
      await shoot(page, 'wishes');
      await page.reload();
      await page.waitForSelector('#code-from', patient);
      t.equal(await page.inputValue('#code-from'), '100.5', 'S029: the threshold is there to be seen');
    },
  );

  t.test(
    'S030, S038, S060, S063, S069, S073: one delivery is seen, changed for this once, and moved to another day',
    async (t) => {
      const value = { amount: 129_900, currency: 'EUR' };
      const parcel = { value, goods: 'Mobiltelefon', sender: 'Beispielladen', note: 'Zwei Kartons' };
      const delivery = await announce(parcel);
      await show(page, 'deliveries');
      await page.locator('[data-delivery]').first().waitFor(patient);
      await shoot(page, 'deliveries');
      await page.locator('[data-delivery]').first().click();
      await page.waitForSelector('[data-plan]', patient);
      const text = (await page.textContent('main')) ?? '';
      for (const said of [
        'Mobiltelefon',
        'Beispielladen',
        'Zwei Kartons',
        'Hermes',
        de.toHandWithCode,
        'Müller',
        de.codes.value,
      ]) {
        t.ok(text.includes(said), said);
      }
      t.equal(await page.locator('.progress [aria-current]').textContent(), de.steps.announced);
      await page.locator('summary', { hasText: de.whyNot }).click();
      t.equal(await page.locator('[data-without="drop code-demanded"]').count(), 1, 'why it is not put down');
      await shoot(page, 'delivery');

      await page.selectOption('#plan-where', 'pick-up');
      await page.selectOption('#plan-code', 'false');
      await page.fill('#plan-note', 'Bitte laut klingeln');
      const days = await page
        .locator('#plan-day option')
        .evaluateAll((all) => all.map((one) => one.getAttribute('value')));
      await page.selectOption('#plan-day', days[3]!);
      await page.locator('form:has(#plan-where) button[type=submit]').click();
      await page.locator('[role=status]').filter({ hasText: de.saved }).waitFor(patient);
      const changed = await planOf(delivery);
      t.match(changed, {
        day: days[3],
        forThisOne: { order: ['pick-up', 'tomorrow'], code: false, note: 'Bitte laut klingeln' },
      });
      t.match(changed.plan, [{ place: 'pick-up', metres: 350 }, { place: 'tomorrow' }]);
      await page.waitForSelector('[data-plan="pick-up tomorrow"]', patient);
      t.match(await page.textContent('[data-plan]'), /Kiosk am Eck, 350 m/, 'S050: how far it is');
    },
  );

  t.test('T31: not mine is a deliberate press, and blocks', async (t) => {
    const delivery = await announce({ goods: 'Etwas', sender: 'Unbekannt' });
    await show(page, 'deliveries');
    await page.locator('[data-delivery="announced"]').first().waitFor(patient);
    await until('it is listed', async () => (await page.locator('[data-delivery="announced"]').count()) === 2, 30_000);
    await page.locator('[data-delivery="announced"]').first().click();
    const button = page.getByRole('button', { name: de.notMine });
    await button.waitFor(patient);
    await button.click();
    t.equal((await planOf(delivery)).isFixed, false, 'a tap does nothing');
    await holdDown(page, button);
    await page.waitForSelector('[data-end="blocked"]', patient);
    t.equal((await planOf(delivery)).isFixed, true);
    t.equal(await page.locator('form').count(), 0, 'nothing is left to be changed');
    await shoot(page, 'delivery-blocked');
    t.same(complaints.filter(isAmiss), []);
  });

  t.test('in Bulgarian and dark, on a desk, by keyboard alone', async (t) => {
    const delivery = await announce({ goods: 'Книга' });
    const device = await newDevice('bg-BG', 'dark', desktop);
    await show(device.page, 'wishes');
    await device.page.waitForSelector('[data-row="inside"]', patient);
    await shoot(device.page, 'wishes-bg');
    await device.page.setViewportSize(phone);
    await shoot(device.page, 'wishes-bg-phone');
    await show(device.page, 'deliveries');
    const first = device.page.locator('[data-delivery="announced"]').first();
    await first.waitFor(patient);
    await device.page.setViewportSize(desktop);
    await first.focus();
    await device.page.keyboard.press('Enter');
    await device.page.waitForSelector('[data-plan]', patient);
    await shoot(device.page, 'delivery-bg');
    await device.page.setViewportSize(phone);
    await shoot(device.page, 'delivery-bg-phone');
    await pressKeys(device.page, device.page.getByRole('button', { name: deliveryWords.bg.notMine }));
    await device.page.waitForSelector('[data-end="blocked"]', patient);
    t.equal((await planOf(delivery)).isFixed, true);
    t.same(device.complaints.filter(isAmiss), []);
  });
}
