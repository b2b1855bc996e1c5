/** The page of the street in Chromium: somebody plays courier, owner, burglar and hands against the running programs. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import t from 'tap';
import { Courier } from '../../hardware-sim/people/courier.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { openStreet } from '../../hardware-sim/start/street.ts';
import { playAlone } from '../../hardware-sim/street/acts.ts';
import { buildStreetPage } from '../../hardware-sim/street/build.ts';
import { serveStreet } from '../../hardware-sim/street/server.ts';
import { Stage } from '../../hardware-sim/street/stage.ts';
import { readTaskFragment } from '../../wire/visit-link.ts';
import { barriersIn } from '../cloud-bridge/pages/axe.ts';
import { complaintsOf, launch, noChromium } from '../cloud-bridge/pages/browser.ts';

t.setTimeout(240_000);
/** Where pictures of the page go, to be looked at; in no folder unless one is named. */
const shots = process.env.DOORWARD_SCREENSHOTS;
const patience = { timeout: 60_000 };

async function shoot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `street-${name}.png`) });
}

t.test('the street is played in a browser', { skip: noChromium }, async (t) => {
  const [data, folder] = [mkdtempSync(join(tmpdir(), 'doorward-street-')), t.testdir()];
  t.teardown(() => rmSync(data, { recursive: true, force: true }));
  await buildStreetPage(resolve(import.meta.dirname, '../../hardware-sim/street/page'), folder);
  const stage = new Stage();
  const served = await serveStreet(stage, { folder, port: 0 });
  t.teardown(() => served.stop());
  const browser = await launch();
  t.teardown(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(served.url);

  // A quick door; all else as a newcomer finds it.
  const quick = { usual: { door: { unlockForMs: 10_000, stillMs: 50 }, nuki: { leafMs: 200, boltMs: 200 } } };
  const opening = openStreet(data, (who, what) => stage.comesUp(who, what), quick);
  t.teardown(async () => {
    stage.close();
    await opening.then((one) => one.stop()).catch(() => undefined);
  });
  await page.getByText('listens on port').waitFor(patience);
  await shoot(page, 'coming-up');
  const street = await opening;
  await stage.open(street);

  const button = (act: string) => page.locator(`.press[data-act^="${act}"][aria-disabled="false"]`).first();
  const press = (act: string): Promise<void> => button(act).click(patience);
  const courierAt = (at: string) => page.locator(`section.courier .screen[data-at="${at}"]`).waitFor(patience);
  const nextIs = (act: string) => page.locator(`.guide[data-next="${act}"]`).waitFor(patience);
  const flip = (id: string): Promise<void> => page.locator(`section.burglar [data-switch="${id}"]`).click(patience);

  /** A visit up to this press, each time by the one that the page offers next. */
  const playTo = async (last: string): Promise<void> => {
    for (const act of [
      'carrier.send',
      'courier.press',
      'owner.approve',
      'courier.arrive',
      'courier.open',
      'hands.push',
    ]) {
      await nextIs(act);
      await press(act);
      if (act === last) return;
    }
  };

  await t.test('the first delivery plays by itself, and a reload goes on where it was', async (t) => {
    const played = playAlone(stage, street);
    await page.getByText('plays by itself. Watch').waitFor(patience);
    await page.reload();
    await courierAt('ready');
    await page.locator('.live').waitFor(patience);
    await page.locator('.film img[src]').waitFor(patience);
    await shoot(page, 'plays');
    t.match((await played).end, { outcome: 'completed', proof: 'secured' });
    await courierAt('ended');
    t.match(await page.textContent('section.courier'), /Delivered/);
  });

  await t.test('whoever follows the guide brings a parcel; the burglar gets nothing, and is told why', async (t) => {
    await playTo('courier.arrive');
    await courierAt('ready');
    await press('burglar.try:replay');
    await page.getByText('KNOCK_REPLAYED').first().waitFor(patience);
    await press('burglar.try:copy');
    await page.locator('.answers .held').nth(1).waitFor(patience);
    t.equal(await page.locator('.answers .took').count(), 0, 'T18, T44: every try was refused');
    t.match(await page.textContent('.journal'), /a request at the door was refused/, 'and the owner sees it');
    await press('hands.push');
    await page.getByText('It does not give way').waitFor(patience);
    await shoot(page, 'ready');
    t.same(await barriersIn(page), [], 'axe-core finds nothing');
    await nextIs('courier.open');
    await press('courier.open');
    await nextIs('hands.push');
    await press('hands.push');
    await nextIs('hands.parcel');
    await press('hands.parcel');
    await nextIs('hands.pull');
    await page
      .locator('.scene[aria-label*="is open, its bolt drawn"][aria-label*="inside the hall"]')
      .waitFor(patience);
    await shoot(page, 'open');
    await press('hands.pull');
    await courierAt('ended');
    t.match(await page.textContent('section.courier'), /The door is proven locked/);
    const opened = (await page.locator('.journal li', { hasText: 'the door opened' }).allTextContents()).length;
    t.equal(opened, 2, 'opened once in each of the two visits');
  });

  await t.test(
    'a link that another phone pressed goes on there, once the dispatch has compared its digits',
    async (t) => {
      await nextIs('carrier.send');
      await press('carrier.send');
      await courierAt('sent');
      const link = readTaskFragment(new URL((await page.getAttribute('section.courier .real', 'href'))!).hash)!;
      const courier = new Courier({ base: link.api, token: link.token });
      const { check } = mustHave(await courier.press());
      await courierAt('elsewhere');
      t.equal((await page.textContent('.digits'))?.replace(' ', ''), check);
      await nextIs('carrier.confirm');
      await press('carrier.confirm');
      await nextIs('owner.approve');
      await press('owner.approve');
      const visit = mustHave(await courier.prepare(mustHave(await courier.takeGrant())));
      mustHave(await visit.arrive());
      mustHave(await visit.until(['ready']));
      mustHave(await visit.abort());
      await courierAt('ended');
      t.match(await page.textContent('section.courier'), /Turned round/);
      courier.http.close();
    },
  );

  await t.test(
    'a bolt that is blocked ends as an alarm on the owner’s phone, on every page that is open',
    async (t) => {
      await playTo('hands.push');
      await courierAt('open');
      await flip('door/bolt-jam');
      await press('hands.pull');
      await page.locator('.alarm.critical').waitFor(patience);
      t.match(await page.textContent('.alarm.critical'), /locked|jammed/);
      const dark = await browser.newContext({
        viewport: { width: 390, height: 844 },
        colorScheme: 'dark',
        reducedMotion: 'reduce',
      });
      const second = await dark.newPage();
      await second.goto(served.url);
      await second.locator('.alarm.critical').waitFor(patience);
      t.same(await barriersIn(second), [], 'axe-core finds nothing, dark and narrow');
      const wide = await second.evaluate(() => {
        const { scrollWidth, clientWidth } = (globalThis as unknown as { document: { documentElement: Sizes } })
          .document.documentElement;
        return scrollWidth - clientWidth;
      });
      t.equal(wide, 0, 'and nothing is wider than the phone');
      await shoot(second, 'alarm-dark-narrow');
      await dark.close();
      await page.emulateMedia({ colorScheme: 'dark' });
      await shoot(page, 'alarm-dark');
      t.same(await barriersIn(page), [], 'axe-core finds nothing in the dark');
      await flip('door/bolt-jam');
      await nextIs('owner.clear');
      await press('owner.clear');
      await page.locator('.alarm.critical').waitFor({ state: 'detached', ...patience });
    },
  );

  await t.test('a hub whose plug is pulled is missed, and put back by keyboard alone', async (t) => {
    await flip('part/hub');
    await page.locator('.down').getByText('The hub does not run.').waitFor(patience);
    await page.getByText('The hub is not heard').waitFor(patience);
    await shoot(page, 'hub-gone');
    const plug = page.locator('section.burglar [data-switch="part/hub"]');
    await plug.focus();
    await page.keyboard.press('Space');
    await page.locator('.down').waitFor({ state: 'detached', ...patience });
    await page.getByText('The hub is not heard').waitFor({ state: 'detached', ...patience });
    t.ok(street.isUp('hub'));
  });

  await t.test('the page says so when nobody answers any more', async (t) => {
    t.same(
      complaints.filter((one) => !/status of 409/.test(one)),
      [],
      'nothing was written on the console till now',
    );
    await served.stop();
    await page.getByText('The street does not answer').waitFor(patience);
  });
});

interface Sizes {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}
