import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import t from 'tap';
import { buildPages } from '../../cloud-bridge/pages/build.ts';
import { servePages } from '../../cloud-bridge/pages/host.ts';
import { diaryWords } from '../../cloud-bridge/pages/owner/diary/words.ts';
import { nowWords } from '../../cloud-bridge/pages/owner/now/words.ts';
import { settingsWords } from '../../cloud-bridge/pages/owner/settings/words.ts';
import { todayWords } from '../../cloud-bridge/pages/owner/today/words.ts';
import { passkeyWords } from '../../cloud-bridge/pages/owner/welcome/passkey-words.ts';
import { welcomeWords } from '../../cloud-bridge/pages/owner/welcome/words.ts';
import { Courier } from '../../hardware-sim/people/courier.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { addAuthenticator } from '../cloud-bridge/pages/authenticator.ts';
import { barriersIn } from '../cloud-bridge/pages/axe.ts';
import { complaintsOf, launch, noChromium } from '../cloud-bridge/pages/browser.ts';
import { freePort } from '../support/free-port.ts';
import { openRig } from '../support/rig.ts';
import { until } from '../support/until.ts';

/** Where pictures of the app go, to be looked at; in no folder unless one is named. */
const shots = process.env.DOORWARD_SCREENSHOTS;
const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const folder = t.testdir();
  await buildPages(resolve(import.meta.dirname, '../../cloud-bridge/pages'), folder);
  const port = await freePort();
  const rig = await openRig(t, {
    doors: [{ name: 'front', camera: 'h264' }],
    ...{ camera: 'recorded', consent: 'ask', pagesOrigin: `http://localhost:${port}` },
  });
  const pages = await servePages({ folder, api: rig.world.base, host: 'localhost', port });
  t.teardown(() => pages.stop());
  const browser = await launch();
  t.teardown(() => browser.close());
  const app = `http://localhost:${port}/app/`;
  const door = rig.sim.door('front');

  const newDevice = async (locale: string, colorScheme: 'light' | 'dark' = 'light', viewport = phone) => {
    const context = await browser.newContext({ viewport, locale, colorScheme });
    t.teardown(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const complaints = complaintsOf(page);
    return { context, page, complaints, authenticator: await addAuthenticator(context, page) };
  };
  /** Every screen: nothing stands in the way of anybody, and a picture of it where they are wanted. */
  const shoot = async (page: Page, name: string) => {
    t.same(await barriersIn(page), [], `${name}: axe-core finds nothing`);
    await picture(page, name);
  };
  const picture = async (page: Page, name: string) => {
    if (shots === undefined) return;
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `owner-${name}.png`) });
  };
  const show = async (page: Page, name: string): Promise<void> => {
    await page.evaluate(`location.hash = '#/${name}'`);
    await page.waitForSelector('main h1');
  };
  const hold = async (page: Page, name: string) => {
    const button = page.getByRole('button', { name, exact: true });
    // In the middle: below, the bar would be in front of it.
    await button.focus();
    await page.evaluate('document.activeElement.scrollIntoView({ block: "center" })');
    const box = (await button.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.waitForTimeout(1_100);
    await page.mouse.up();
  };
  /** By keyboard alone. */
  const pressTwice = async (page: Page, name: string) => {
    const button = page.getByRole('button', { name, exact: true });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
  };
  /** A courier whom the owner is asked about. */
  const newCourier = async () => {
    const from = Math.floor(rig.world.clock.now() / 1000) - 5;
    const asked = { door: rig.door().id, from, until: from + 7_200, parcels: 2, reference: 'HER-7' };
    const { dispatch } = rig.carrier;
    const { delivery } = mustHave(await dispatch.announce(asked));
    const { token } = mustHave(await dispatch.taskLink(delivery));
    const courier = new Courier({ ...rig.world, token });
    t.teardown(() => courier.http.close());
    const { check } = mustHave(await courier.press());
    mustHave(await dispatch.confirm(delivery, check));
    return { delivery, courier };
  };

  const first = await newDevice('de-DE');
  const { page } = first;
  const de = {
    now: nowWords.de,
    today: todayWords.de,
    diary: diaryWords.de,
    settings: settingsWords.de,
    welcome: welcomeWords.de,
  };

  t.test('a device joins by an invitation, sees the door, and opens again without a network', async (t) => {
    await page.goto(app);
    await page.waitForSelector('[data-stage="alone"]');
    await shoot(page, 'alone');
    await page.goto(`${app}#invite=cut-off`);
    await page.getByText(de.welcome.link).waitFor();
    await page.goto('about:blank');
    await page.goto(`${app}${rig.owner.invite()}`);
    await page.waitForSelector('[data-stage="invited"]');
    await shoot(page, 'invited');
    await first.authenticator.verifies(false);
    await page.click('[data-choice="make"]');
    await page.getByText(passkeyWords.de.cancelled).waitFor();
    await first.authenticator.verifies(true);
    await page.click('[data-choice="make"]');
    await page.waitForSelector('[data-door="locked"]:not([data-old])');
    t.notMatch(page.url(), /invite/, 'the secret is out of the address bar');
    await page.getByText(de.now.allGood).waitFor();
    await shoot(page, 'now');
    await until('the worker is there', () => page.evaluate<boolean>('navigator.serviceWorker.controller !== null'));
    await first.context.setOffline(true);
    await page.reload();
    await page.waitForSelector('[data-door="locked"][data-old]');
    await page.getByText(/Der Stand ist von/).waitFor();
    await shoot(page, 'offline');
    await first.context.setOffline(false);
    await page.waitForSelector('[data-door="locked"]:not([data-old])');
    t.equal(await page.locator('.line').count(), 0, 'and it is heard again');
  });

  t.test('approves a courier, and reads of the visit in the diary: checked here, with clip and receipt', async (t) => {
    const before = rig.pulses();
    await show(page, 'today');
    const { courier } = await newCourier();
    await page.getByText('Hermes möchte hinein').waitFor();
    await page.getByText(de.today.recorded).waitFor();
    await shoot(page, 'asked');
    await page.getByRole('button', { name: de.today.allow }).click();
    await page.getByText('Noch einmal drücken').waitFor();
    t.equal(await page.locator('[data-answer="open"]').count(), 1, 'a touch signs nothing');
    await hold(page, de.today.allow);
    await page.getByText(de.today.allowed).waitFor();
    const task = mustHave(await courier.takeGrant());
    const visit = mustHave(await courier.prepare(task));
    mustHave(await visit.arrive());
    await show(page, 'now');
    await page.waitForSelector('[data-visit="ready"]');
    await page.getByRole('button', { name: de.now.watch, exact: true }).click();
    await page.waitForSelector('[data-live="live"]');
    await shoot(page, 'visit-live');
    mustHave(await visit.open());
    await until('the door gives way', () => door.openLeaf().moved);
    await page.waitForSelector('[data-visit="open"]');
    await shoot(page, 'visit-open');
    await until('the leaf stands open', () => door.truth().leaf === 'open');
    door.closeLeaf();
    const said = await visit.finish();
    t.ok(said.ok || said.code === 'VISIT_ENDED');
    mustHave(await visit.until(['ended']));
    await page.waitForSelector('[data-visit]', { state: 'detached' });
    t.equal(rig.pulses(), before + 1);

    await show(page, 'diary');
    const story = page.locator('[data-outcome="completed"]').first();
    await story.waitFor();
    t.match(await story.textContent(), /Hermes.*Hineingebracht · Nachweislich abgeschlossen/);
    await page.waitForSelector('[data-signed]');
    await story.getByRole('button', { name: de.diary.clip }).click();
    await page.waitForSelector('[data-verdict]');
    await until('the recording is whole', async () => {
      if ((await page.locator('[data-verdict="genuine"]').count()) > 0) return true;
      // Its last pictures may be on their way.
      await story.getByRole('button', { name: de.diary.hideClip }).click();
      await story.getByRole('button', { name: de.diary.clip }).click();
      await page.waitForSelector('[data-verdict]');
      return false;
    });
    await shoot(page, 'diary');
    const saving = page.waitForEvent('download');
    await story.getByRole('button', { name: de.diary.receipt }).click();
    const receipt = (await (await (await saving).createReadStream()).toArray()).join('').trim();
    t.equal(receipt.split('.').length, 3, 'the receipt is a signed document');
  });

  t.test('R8: stops a visit at each step, by finger and by keyboard', async (t) => {
    await show(page, 'now');
    for (const step of ['ready', 'unlocked', 'open'] as const) {
      await rig.untilCalm();
      const before = rig.pulses();
      const errand = await rig.deliver(step);
      await page.waitForSelector('[data-visit]');
      if (step === 'ready') await hold(page, de.now.stop);
      else await pressTwice(page, de.now.stop);
      await until('the hub has it', () =>
        rig.owner.journal.records.some(({ kind, visit }) => kind === 'visit.stopped' && visit === errand.id),
      );
      if (step === 'open') {
        await until('the leaf stands open', () => door.truth().leaf === 'open');
        door.closeLeaf();
      }
      const end = await errand.end();
      t.match(end, { outcome: 'stopped' }, step);
      t.equal(rig.pulses(), before + (step === 'ready' ? 0 : 1), `${step}: nothing opens any more`);
      await page.waitForSelector('[data-visit]', { state: 'detached' });
    }
    await show(page, 'diary');
    await until('the diary has them', async () => (await page.locator('[data-outcome="stopped"]').count()) === 3);
  });

  t.test('T35: an alarm says what to do, and is cleared by who signs for having looked', async () => {
    await rig.untilCalm();
    await show(page, 'now');
    await until('it is forced', () => door.openLeaf('force').moved);
    await page.getByText(de.now.forced).waitFor();
    await page.waitForSelector('[data-door="open"]');
    await shoot(page, 'alarm');
    await until('the leaf stands open', () => door.truth().leaf === 'open');
    door.closeLeaf();
    await hold(page, de.now.looked);
    await page.waitForSelector('[data-alarm]', { state: 'detached' });
    await rig.untilCalm();
    await page.waitForSelector('[data-door="locked"]:not([data-old])');
  });

  t.test('another device by QR code and a deliberate yes, at a desk; names for all; and removed', async (t) => {
    await show(page, 'devices');
    await page.getByRole('button', { name: 'Einladung zeigen' }).click();
    await page.waitForSelector('svg.qr');
    await shoot(page, 'invite');
    const link = (await page.getAttribute('[data-link]', 'data-link'))!;
    const second = await newDevice('en-GB', 'dark', desktop);
    await first.authenticator.syncTo(second.authenticator);
    await second.page.goto(link);
    await second.page.click('[data-choice="use"]');
    await second.page.waitForSelector('[data-stage="asking"]');
    await shoot(second.page, 'asking-desktop-dark');
    const letters = await second.page.textContent('.letters');
    await page.getByText('Ein Gerät bittet um Aufnahme').waitFor();
    t.equal(await page.textContent('.letters'), letters, 'both show the same');
    await shoot(page, 'newcomer');
    await first.authenticator.verifies(false);
    await pressTwice(page, 'Aufnehmen');
    await page.getByText('PASSKEY_CANCELLED').waitFor();
    await first.authenticator.verifies(true);
    await pressTwice(page, 'Aufnehmen');
    await second.page.waitForSelector('[data-door="locked"]:not([data-old])');
    await shoot(second.page, 'now-desktop-dark');

    await show(page, 'account');
    const there = page.locator('li', { hasText: letters! });
    await shoot(page, 'account');
    await there.getByRole('button').click();
    await second.page.waitForSelector('[data-stage="out"]');
    await shoot(second.page, 'logged-out-desktop-dark');
    await second.page.click('[data-choice="use"]');
    await second.page.waitForSelector('[data-door="locked"]:not([data-old])');

    await show(page, 'settings');
    await page.locator('.field input').first().fill('Haustür');
    await page.getByRole('button', { name: de.settings.save, exact: true }).click();
    await page.getByText(de.settings.saved).waitFor();
    await hold(page, de.settings.sign);
    await page.getByText(de.settings.signed).waitFor();
    await shoot(page, 'settings');
    await second.page.reload();
    await second.page.getByText('Haustür').waitFor();
    await show(second.page, 'diary');
    await until(
      'the diary is read again after a start',
      async () => (await second.page.locator('[data-outcome]').count()) === 4,
    );
    for (const name of ['today', 'diary', 'devices', 'settings'] as const) {
      await show(second.page, name);
      await second.page.waitForSelector('main > :not(header)', { state: 'attached' });
      await picture(second.page, `${name}-desktop-dark`);
    }

    await show(page, 'devices');
    await until('three devices', async () => (await page.locator('li.device').count()) === 3);
    const other = page.locator('li.device', { hasText: letters! });
    await other.getByRole('button', { name: 'Mehr …' }).click();
    await other.getByRole('button', { name: 'Frühere Aufnahmen teilen' }).click();
    await other.getByText('4 von 4 Aufnahmen').waitFor();
    await shoot(page, 'devices');
    await other.locator('.hold button').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await until('two devices', async () => (await page.locator('li.device').count()) === 2);
    await second.page.reload();
    await second.page.getByText(welcomeWords.en.home).waitFor();
  });

  t.test('every screen fits on a small phone, in German and Bulgarian, light and dark', async (t) => {
    await page.setViewportSize({ width: 320, height: 568 });
    await newCourier();
    for (const [code, colorScheme] of [
      ['de', 'light'],
      ['bg', 'dark'],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await show(page, 'settings');
      await page.selectOption('.language select', code);
      for (const name of ['now', 'today', 'diary', 'more', 'devices', 'settings', 'account'] as const) {
        await show(page, name);
        await page.waitForSelector('main > :not(header)', { state: 'attached' });
        const [is, has] = (await page.evaluate(
          '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
        )) as [number, number];
        t.ok(is <= has, `${name} in ${code} is ${is} of ${has} wide`);
        await shoot(page, `small-${name}-${code}`);
      }
    }
    t.same(
      first.complaints.filter(
        (one) => !/status of 40[14]|ERR_INTERNET_DISCONNECTED|ERR_FAILED|pubKeyCredParams/.test(one),
      ),
      [],
    );
  });
}
