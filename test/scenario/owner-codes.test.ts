/** "Codes at the lock" in the owner's app, against a whole home whose doors hold two Nuki locks, one with a keypad, and a strike. */
import type { Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { codeWords } from '../../cloud-bridge/pages/owner/codes/words.ts';
import { whoWords } from '../../cloud-bridge/pages/owner/who/words.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { addAuthenticator } from '../cloud-bridge/pages/authenticator.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { holdDown, lookerAt, openPages } from '../cloud-bridge/pages/pages-stage.ts';
import { until } from '../support/until.ts';

const patient = { timeout: 60_000 };
const Online = v.object({ online: v.boolean() });

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const { rig, browser, url } = await openPages(t, 'localhost', {
    doors: [{ name: 'gate' }, { name: 'front', holds: 'nuki', sim: { keypad: true } }, { name: 'back', holds: 'nuki' }],
  });
  const nuki = rig.sim.nuki('front');
  const says = codeWords.de;

  const newDevice = async (
    locale: string,
    colorScheme: 'light' | 'dark',
    width: number,
    passkey: 'make' | 'without' = 'without',
  ) => {
    const viewport = { width, height: 844 };
    const context = await browser.newContext({ viewport, locale, colorScheme, timezoneId: 'Europe/Berlin' });
    t.teardown(() => context.close());
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const authenticator = await addAuthenticator(context, page);
    await page.goto(`${url}/app/${rig.owner.invite()}`);
    await page.click(`[data-choice="${passkey}"]`, patient);
    await page.waitForSelector('.frame', patient);
    return { context, page, complaints, authenticator };
  };
  const show = (page: Page, name: string) => page.evaluate(`location.hash = '#/${name}'`);
  const shoot = lookerAt(t, 'owner-codes-', true);
  const read = async (page: Page, door: string) => {
    await show(page, 'codes');
    await page.selectOption('#lock-door', rig.door(door).id, patient);
    await page.click('[data-read]');
  };
  /** Nothing is under way any more. */
  const rested = (page: Page) => page.locator('[data-read]:not([disabled])').waitFor(patient);

  const { page, complaints, authenticator } = await newDevice('de-DE', 'light', 390, 'make');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  const give = async ([name, digits]: readonly [string, string]) => {
    await page.fill('#code-name', name);
    await page.fill('#code-digits', digits);
    await holdDown(page, page.locator('[data-new-code] .hold button'));
  };
  const entry = (name: string) => page.locator('[data-list="codes"] [data-entry]', { hasText: name });
  const taken = async (name: string) => {
    await page.locator('[data-done]', { hasText: name }).waitFor(patient);
    await rested(page);
  };
  const comeIn = async (digits: number): Promise<boolean> => {
    const isTaken = nuki.typeCode(digits);
    if (!isTaken) return false;
    const bolt = () => rig.hub.status().doors.find(({ id }) => id === rig.door('front').id)?.bolt;
    await rig.until('the door is open', () => bolt() === 'unlocked');
    nuki.turn('locked');
    await rig.untilCalm();
    return true;
  };

  const isOnline = async (): Promise<boolean> => {
    const { http, keys, pinned } = rig.owner;
    const view = await http.call({ method: 'GET', path: `/v1/homes/${pinned.home}`, proof: keys.sign }, Online);
    return mustHave(view).online;
  };

  t.test('R1: a code is added with the passkey, opens, is removed, and opens no more', async (t) => {
    await read(page, 'front');
    await page.waitForSelector('[data-list="codes"]', patient);
    await rested(page);
    t.match(await page.textContent('[data-list="codes"]'), says.noCodes);
    const hubs = page.locator('[data-list="users"] [data-entry]', { hasText: says.isHub });
    t.equal(await hubs.count(), 1);
    t.equal(await hubs.locator('.hold').count(), 0, 'the hub does not throw itself out');
    t.match(await page.textContent('[data-new-code]'), says.forWhom);
    await give(['', '123456']);
    await page.waitForSelector('[data-error="name:missing"]');
    await page.waitForSelector('[data-error="digits:unfit"]');
    await shoot(page, 'errors');

    await authenticator.verifies(false);
    await give(['Anna', '345678']);
    await page.waitForSelector('[data-code="PASSKEY_CANCELLED"]', patient);
    t.equal(nuki.truth().codes, 0, 'without the finger nothing is sent');
    await authenticator.verifies(true);
    await rested(page);
    await holdDown(page, page.locator('[data-new-code] .hold button'));
    await taken('Anna');
    t.match(await entry('Anna').locator('.times').textContent(), says.always);
    t.equal(await page.inputValue('#code-digits'), '');
    await shoot(page, 'list');

    const kept = await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })');
    for (const one of [await page.content(), kept, ...sent, ...complaints, JSON.stringify(rig.machine.lines)])
      t.notMatch(one, /(?<!\d)345678(?!\d)/, 'the digits stay nowhere, and left this device sealed');
    t.ok(await comeIn(345678), 'the keypad opens with it');

    await holdDown(page, entry('Anna').locator('.hold button'));
    await taken('Anna');
    t.match(await page.textContent('[data-done]'), /bestätigt/);
    t.equal(await entry('Anna').count(), 0);
    t.notOk(await comeIn(345678), 'and opens no more');
  });

  t.test('days and hours of the home are kept by the clock of the lock, and shown by that of the home', async (t) => {
    await page.check('[name="code-when"][value="weekly"]');
    for (const box of (await page.locator('.days input').all()).slice(0, 2)) await box.check();
    await give(['Putzhilfe', '456789']);
    await taken('Putzhilfe');
    t.match(await entry('Putzhilfe').locator('.times').textContent(), 'Mo, Di 09:00–12:00');
    t.match(await page.inputValue('[name="code-when"]:checked'), 'always', 'the form is empty again');
    await page.check('[name="code-when"][value="always"]');
    await give(['Zweite', '456789']);
    await page.waitForSelector('[data-code="LOCK_CODE_TAKEN"]', patient);
    t.equal(await page.inputValue('#code-digits'), '', 'what was sent is forgotten, whatever came of it');
    t.equal(nuki.truth().codes, 1);
  });

  t.test('T46: a duress code needs a device that hears of it; no list tells which one it is', async (t) => {
    await page.check('[name="duress"]');
    for (const box of await page.locator('[name="not-for"]').all()) await box.check();
    await give(['Paul', '654321']);
    await page.waitForSelector('[data-error="notFor:unheard"]');
    t.equal(nuki.truth().codes, 1);
    await shoot(page, 'duress');
    const mine = page.locator('fieldset label', { hasText: whoWords.de.thisDevice }).locator('input');
    for (const box of await page.locator('[name="not-for"]').all()) await box.uncheck();
    await mine.check();
    await holdDown(page, page.locator('[data-new-code] .hold button'));
    await taken('Paul');
    t.same(
      (await entry('Paul').innerHTML()).replaceAll('Paul', 'Putzhilfe').replaceAll(says.always, ''),
      (await entry('Putzhilfe').innerHTML()).replace(/(class="times">)[^<]*/, '$1'),
      'it looks like any other',
    );
    t.ok(await comeIn(654321));
    const alarms = rig.owner.journal;
    await rig.until('the other device is told', () => alarms.alarms.some(({ code }) => code === 'DURESS'));
    await show(page, 'now');
    await page.waitForSelector('.card.door', patient);
    const shown = await page
      .locator('[data-alarm]')
      .evaluateAll((cards) => cards.map((one) => (one as unknown as { dataset: { alarm: string } }).dataset.alarm));
    t.notOk(shown.includes('DURESS'), `and this one is not: ${shown.join(' ')}`);
  });

  t.test('a lock without a keypad, a lock that keeps nothing, and a hub that is away are said plainly', async (t) => {
    await read(page, 'back');
    await page.waitForSelector('[data-list="codes"]', patient);
    t.match(await page.textContent('[data-list="codes"]'), says.noKeypad);
    t.ok((await page.locator('[data-list="users"] [data-entry]').count()) > 0, 'its phones are listed all the same');
    t.equal(await page.locator('[data-new-code]').count(), 0);
    await read(page, 'gate');
    await page.waitForSelector('[data-code="LOCK_CAPABILITY_MISSING"]', patient);
    t.equal(await page.textContent('[data-code]'), says.cannot);
    t.equal(await page.locator('[data-list]').count(), 0);

    await show(page, 'who');
    await page.waitForSelector('[data-when="unseen"] .card', patient);
    const unread = page.locator('[data-when="unseen"] .card', { hasText: whoWords.de.toCodes }).last();
    const called = await unread.locator('.chip').textContent();
    await unread.getByRole('button', { name: whoWords.de.toCodes }).click();
    await page.waitForSelector('[data-read]');
    t.equal(await page.locator('#lock-door option:checked').textContent(), called, 'T40: it leads to that very lock');

    await rig.machine.stop();
    await until('the cloud knows that the hub is away', async () => !(await isOnline()));
    await page.click('[data-read]');
    await page.waitForSelector('[data-code="HUB_OFFLINE"]', patient);
    t.equal(await page.textContent('[data-code]'), says.offline);
    await shoot(page, 'offline');
    await rig.machine.start();
    await rig.untilCalm();
    t.same(
      complaints.filter((one) => !/status of (400|404|409|503)|pubKeyCredParams/.test(one)),
      [],
    );
  });

  t.test('everything fits a small phone in German and Bulgarian, and goes by keyboard', async (t) => {
    for (const [locale, scheme] of [
      ['de-DE', 'dark'],
      ['bg-BG', 'light'],
    ] as const) {
      const { page } = await newDevice(locale, scheme, 320);
      await show(page, 'codes');
      await page.selectOption('#lock-door', rig.door('front').id, patient);
      await page.focus('[data-read]');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-new-code]', patient);
      await rested(page);
      await page.check('[name="code-when"][value="weekly"]');
      await page.check('[name="duress"]');
      const { scrollWidth, clientWidth } = (await page.evaluate(
        '({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })',
      )) as { scrollWidth: number; clientWidth: number };
      t.ok(scrollWidth <= clientWidth, `${locale}: ${scrollWidth} of ${clientWidth} wide`);
      await shoot(page, `small-${locale.slice(0, 2)}`);
      const before = nuki.truth().codes;
      await page.locator('[data-list="codes"] .hold button').first().focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-done]', patient);
      await rested(page);
      t.equal(nuki.truth().codes, before - 1);
    }
  });
}
