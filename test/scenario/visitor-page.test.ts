import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { onlyPicture } from '../../cloud-bridge/pages/owner/doors/only-picture.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { newId } from '../../wire/jws.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { holdDown, lookerAt, openPages } from '../cloud-bridge/pages/pages-stage.ts';
import { languages } from '../cloud-bridge/pages/visitor/languages.ts';
import { patientDoors } from '../cloud-bridge/pages/visitor-stage.ts';
import { until } from '../support/until.ts';

const vectors = resolve(import.meta.dirname, '../vectors/photo');
const phone = { width: 360, height: 740 };
const { de, en } = languages;

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const { rig, browser } = await openPages(t, '127.0.0.1', { doors: patientDoors });

  const newLink = async () => {
    const from = Math.floor(rig.world.clock.now() / 1000) - 5;
    const asked = { door: rig.door().id, from, until: from + 7_200, parcels: 2, reference: 'HER-7' };
    const { delivery } = mustHave(await rig.carrier.dispatch.announce(asked));
    const { url } = mustHave(await rig.carrier.dispatch.taskLink(delivery));
    return { delivery, url };
  };
  const newPhone = async (locale: string, colorScheme: 'light' | 'dark' = 'light') => {
    const context = await browser.newContext({ viewport: phone, locale, colorScheme, hasTouch: true });
    t.teardown(() => context.close());
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    return { context, page, complaints };
  };
  const at = (page: Page, state: string) => page.waitForSelector(`[data-at="${state}"]`, { timeout: 30_000 });
  const main = (page: Page) => page.locator('.hold.main button');
  const hold = (page: Page, which = main(page)) => holdDown(page, which);
  const shoot = lookerAt(t, 'visitor-');
  /** The dispatch compares the digits that the courier reads out. */
  const confirm = async (page: Page, delivery: string): Promise<void> => {
    await page.waitForSelector('.digits');
    const digits = ((await page.textContent('.digits')) ?? '').replace(' ', '');
    mustHave(await rig.carrier.dispatch.confirm(delivery, digits));
  };
  const door = rig.sim.door('front');
  const closeDoor = async () => {
    await until('the leaf stands open', () => door.truth().leaf === 'open');
    door.closeLeaf();
  };

  t.test('from the task link to the receipt, reloaded after every step', async (t) => {
    const before = rig.pulses();
    const { delivery, url } = await newLink();
    const { page, complaints } = await newPhone('de-DE');
    const again = async (state: string): Promise<void> => {
      await at(page, state);
      await page.reload();
      await at(page, state);
    };
    await page.goto(url);
    await again('new');
    t.match(await page.textContent('h1'), /Hermes · 2 Pakete/);
    t.match(await page.textContent('.camera'), de.says.unfilmed);
    await shoot(page, 'new');
    await page.waitForTimeout(500);
    t.match(
      await rig.carrier.dispatch.confirm(delivery, '000000', 200),
      { ok: false },
      'nobody has pressed: previews open links, too',
    );

    await hold(page);
    await again('taken');
    await shoot(page, 'taken');
    await confirm(page, delivery);
    await again('idle');
    await shoot(page, 'rules');
    await hold(page);
    await page.getByText(de.says.hereTitle).waitFor();
    await again('idle');
    t.match(await page.textContent('h1'), de.says.hereTitle, 'what was read is not asked again');
    await shoot(page, 'here');
    await hold(page);
    await again('ready');
    await shoot(page, 'ready');
    t.equal(rig.pulses(), before, 'nothing opens by nearness, or by loading');
    await main(page).tap();
    await page.waitForTimeout(300);
    t.equal(rig.pulses(), before, 'nor by a touch');
    t.match(await page.textContent('.hold.main small'), de.says.again);

    await hold(page);
    await at(page, 'unlocked');
    t.equal(rig.pulses(), before + 1);
    await page.reload();
    await at(page, 'unlocked');
    await shoot(page, 'unlocked');
    await until('the door gives way', () => door.openLeaf().moved);
    await again('open');
    await shoot(page, 'open');
    await closeDoor();
    await again('ended');
    t.match(await page.textContent('h1'), de.says.completed);
    t.match(await page.textContent('.screen'), de.says.securedText);
    await shoot(page, 'ended');
    const saving = page.waitForEvent('download');
    await page.getByText(de.says.receipt).click();
    const receipt = await (await saving).createReadStream();
    const text = (await receipt.toArray()).join('').trim();
    const ended = await until('the carrier is told', () =>
      rig.carrier.dispatch.told.items.find((one) => 'receipt' in one && one.receipt !== undefined),
    );
    t.ok(ended, 'the carrier has a receipt, too');
    t.equal(text.split('.').length, 3, 'the receipt is a signed document');
    t.equal(rig.pulses(), before + 1, 'opened once');
    // A grant or a word about the door that is not there is an answer, not a fault; the browser prints it all the same.
    t.same(
      complaints.filter((one) => !/status of (409|404)/.test(one)),
      [],
    );
  });

  t.test('by keyboard alone, with the network cut after each press: it goes on, and opens once', async (t) => {
    await rig.untilCalm();
    const before = rig.pulses();
    const { delivery, url } = await newLink();
    const { context, page } = await newPhone('en-GB', 'dark');
    const press = async (name: string): Promise<void> => {
      const button = page.getByRole('button', { name, exact: true });
      await button.focus();
      await page.keyboard.press('Enter');
      await page.getByText(en.says.again).waitFor();
      await page.keyboard.press('Enter');
    };
    const cut = async (): Promise<void> => {
      await context.setOffline(true);
      await page.getByText(en.says.offline).waitFor();
      await context.setOffline(false);
      await page.getByText(en.says.offline).waitFor({ state: 'hidden' });
    };
    /** What is offered still did not come through, and is pressed again. */
    const pressThrough = async (name: string, state: string): Promise<void> => {
      await press(name);
      await cut();
      const button = page.getByRole('button', { name, exact: true });
      await until(`the page is at ${state}`, async () => {
        if ((await page.locator(`[data-at="${state}"]`).count()) > 0) return true;
        if ((await button.count()) > 0 && (await button.isEnabled())) await press(name);
        await page.waitForTimeout(500);
        return false;
      });
    };
    await page.goto(url);
    await press(en.says.take);
    await cut();
    await at(page, 'taken');
    await confirm(page, delivery);
    await press(en.says.agree);
    await pressThrough(en.says.arrive, 'ready');
    await shoot(page, 'ready-dark');
    await pressThrough(en.says.enter, 'unlocked');
    await until('the door gives way', () => door.openLeaf().moved);
    await at(page, 'open');
    await cut();
    await closeDoor();
    await at(page, 'ended');
    t.match(await page.textContent('h1'), en.says.completed);
    t.equal(rig.pulses(), before + 1);
  });

  t.test(
    'T44, T34: a second phone kills the link; who turns round, or is stopped by the owner, is told that it counts as nothing',
    async (t) => {
      await rig.untilCalm();
      const before = rig.pulses();
      const { delivery, url } = await newLink();
      const { page } = await newPhone('tr');
      await page.goto(url);
      await hold(page);
      await page.waitForSelector('.digits');
      const thief = await newPhone('ru');
      await thief.page.goto(url);
      await hold(thief.page);
      await thief.page.getByText(languages.ru.says.overTitle).waitFor();
      await at(page, 'over');
      await shoot(page, 'over');
      t.match(await page.textContent('.screen'), languages.tr.says.otherPhone);
      t.match(await rig.carrier.dispatch.confirm(delivery, '000000', 200), { ok: false });

      const second = await newLink();
      const honest = await newPhone('it-IT');
      await honest.page.goto(second.url);
      await hold(honest.page);
      await confirm(honest.page, second.delivery);
      await at(honest.page, 'idle');
      await hold(honest.page);
      await honest.page.getByText(languages.it.says.hereTitle).waitFor();
      await hold(honest.page);
      await at(honest.page, 'ready');
      await hold(honest.page, honest.page.locator('.hold.small button'));
      await at(honest.page, 'ended');
      t.match(await honest.page.textContent('.screen'), languages.it.says.abortedText);
      await shoot(honest.page, 'aborted');

      const third = await newLink();
      const stopped = await newPhone('bg-BG');
      await stopped.page.goto(third.url);
      await hold(stopped.page);
      await confirm(stopped.page, third.delivery);
      await at(stopped.page, 'idle');
      await hold(stopped.page);
      await stopped.page.getByText(languages.bg.says.hereTitle).waitFor();
      await hold(stopped.page);
      await at(stopped.page, 'ready');
      const ready = rig.owner.journal.records.findLast(({ kind }) => kind === 'visit.ready');
      await rig.owner.orders.stop(ready!.visit!);
      await at(stopped.page, 'ended');
      t.match(await stopped.page.textContent('.screen'), languages.bg.says.stoppedText);
      await shoot(stopped.page, 'stopped');
      t.equal(rig.pulses(), before, 'nothing opened');
    },
  );

  t.test(
    'S052, S054, S048: the door is found first, by photo and place, and nothing of it is left behind',
    async (t) => {
      await rig.untilCalm();
      const { owner } = rig;
      const path = `/v1/homes/${owner.pinned.home}/doors/${rig.door().id}/hint`;
      const photo = Buffer.from(onlyPicture(readFileSync(join(vectors, 'chromium.jpg')))!).toString('base64');
      const body = { place: '1C', instruction: 'Hinter das Tor, nicht in den Flur', photo };
      mustHave(
        await owner.http.call({ method: 'PUT', path, body, proof: owner.keys.sign, once: newId() }, v.unknown()),
      );
      const { delivery, url } = await newLink();
      const { page, complaints } = await newPhone('ro-RO');
      const { says } = languages.ro;
      const shown = () => page.locator('.photo, .note').count();
      await page.goto(url);
      await at(page, 'new');
      await hold(page);
      await page.waitForSelector('.digits');
      t.equal(await shown(), 0, 'nothing before all have signed');
      await confirm(page, delivery);
      await page.getByText(says.findTitle).waitFor();
      await page.waitForSelector('.photo');
      t.equal(
        await page.locator('.photo').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
        96,
      );
      t.equal(await page.textContent('.digits'), '1C');
      t.equal(await page.textContent('.note'), body.instruction);
      await shoot(page, 'find');
      t.equal(await page.getByText(says.arrive).count(), 0, 'nobody is there who has not found it');
      await page.reload();
      await page.getByText(says.findTitle).waitFor();
      await hold(page);
      await page.getByText(says.rulesTitle).waitFor();
      const told = await until('the carrier is told', () =>
        rig.carrier.dispatch.told.items.find((one) => one.news === 'found'),
      );
      t.match(told, { delivery, door: rig.door().id });
      await page.reload();
      await page.getByText(says.rulesTitle).waitFor();
      t.equal(await shown(), 0, 'found is found');
      await hold(page);
      await page.getByText(says.hereTitle).waitFor();
      await hold(page);
      await at(page, 'ready');
      await hold(page);
      await at(page, 'unlocked');
      t.equal(await page.textContent('.note'), body.instruction, 'where it goes is said once more');
      await until('the door gives way', () => door.openLeaf().moved);
      await closeDoor();
      await at(page, 'ended');
      t.equal(await shown(), 0);
      await page.reload();
      await page.waitForSelector('h1');
      t.equal(await shown(), 0, 'nor after a reload');
      t.same(
        complaints.filter((one) => !/status of (409|404)/.test(one)),
        [],
      );
      mustHave(await owner.http.call({ method: 'DELETE', path, proof: owner.keys.sign, once: newId() }, v.unknown()));
    },
  );

  t.test('every language fits on a small phone, and is chosen by a pictogram', async (t) => {
    const { url } = await newLink();
    const { page } = await newPhone('sq');
    await page.setViewportSize({ width: 320, height: 568 });
    await page.goto(url);
    await at(page, 'new');
    t.equal(await page.getAttribute('html', 'lang'), 'en', 'for a language that it does not speak');
    for (const [code, { says }] of Object.entries(languages)) {
      await page.selectOption('select', code);
      await page.getByText(says.take, { exact: true }).waitFor();
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const { documentElement } = (
          globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }
        ).document;
        return { scrollWidth: documentElement.scrollWidth, clientWidth: documentElement.clientWidth };
      });
      t.ok(scrollWidth <= clientWidth, `${code} is ${scrollWidth} of ${clientWidth} wide`);
      await page.waitForSelector(`html[lang="${code}"]`);
      await shoot(page, `small-${code}`);
    }
    await page.goto(url.slice(0, -20));
    await page.getByText(languages.tr.says.brokenLink).waitFor();
  });
}
