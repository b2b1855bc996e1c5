import type { Page } from 'playwright-core';
import t from 'tap';
import { nowWords } from '../../cloud-bridge/pages/owner/now/words.ts';
import { settingsWords } from '../../cloud-bridge/pages/owner/settings/words.ts';
import { passkeyWords } from '../../cloud-bridge/pages/owner/welcome/passkey-words.ts';
import { welcomeWords } from '../../cloud-bridge/pages/owner/welcome/words.ts';
import { Courier } from '../../hardware-sim/people/courier.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import { buttonOf, desk, openDevice, phone, showScreen } from '../cloud-bridge/pages/owner-stage.ts';
import { holdDown, lookerAt, openPages, pressKeys } from '../cloud-bridge/pages/pages-stage.ts';
import { until } from '../support/until.ts';

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openPages(t, 'localhost', {
    ...{ doors: [{ name: 'front', camera: 'h264' }], camera: 'recorded', consent: 'ask' },
  });
  const { rig, url } = stage;
  const app = `${url}/app/`;
  const door = rig.sim.door('front');
  const shoot = lookerAt(t, 'owner-');
  const hold = (page: Page, name: string) => holdDown(page, buttonOf(page, name));
  const pressTwice = (page: Page, name: string) => pressKeys(page, buttonOf(page, name));
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
  };

  const first = await openDevice(t, stage, phone.options);
  const { page } = first;
  const de = {
    now: nowWords.de,
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

  t.test('T35: an alarm says what to do, and is cleared by who signs for having looked', async () => {
    mustHave(await (await rig.deliver('ended')).visit.until(['ended']));
    await rig.untilCalm();
    await showScreen(page, 'now');
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

  t.test(
    'another device is logged out, hears the names of all, is shared what was filmed before it, and removed',
    async () => {
      await showScreen(page, 'devices');
      await buttonOf(page, 'Einladung zeigen').click();
      const link = (await page.getAttribute('[data-link]', 'data-link'))!;
      const second = await openDevice(t, stage, desk.options);
      await first.authenticator.syncTo(second.authenticator);
      await second.page.goto(link);
      await second.page.click('[data-choice="use"]');
      await second.page.waitForSelector('[data-stage="asking"]');
      const letters = await second.page.textContent('.letters');
      await pressTwice(page, 'Aufnehmen');
      await second.page.waitForSelector('[data-door="locked"]:not([data-old])');

      await showScreen(page, 'account');
      const there = page.locator('li', { hasText: letters! });
      await shoot(page, 'account');
      await there.getByRole('button').click();
      await second.page.waitForSelector('[data-stage="out"]');
      await shoot(second.page, 'logged-out-desktop-dark');
      await second.page.click('[data-choice="use"]');
      await second.page.waitForSelector('[data-door="locked"]:not([data-old])');

      await showScreen(page, 'settings');
      await page.locator('.field input').first().fill('Haustür');
      await page.getByRole('button', { name: de.settings.save, exact: true }).click();
      await page.getByText(de.settings.saved).waitFor();
      await hold(page, de.settings.sign);
      await page.getByText(de.settings.signed).waitFor();
      await shoot(page, 'settings');
      await second.page.reload();
      await second.page.getByText('Haustür').waitFor();
      await showScreen(second.page, 'diary');
      await until(
        'the diary is read again after a start',
        async () => (await second.page.locator('[data-outcome]').count()) === 1,
      );
      await showScreen(page, 'devices');
      await until('three devices', async () => (await page.locator('li.device').count()) === 3);
      const other = page.locator('li.device', { hasText: letters! });
      await other.getByRole('button', { name: 'Mehr …' }).click();
      await other.getByRole('button', { name: 'Frühere Aufnahmen teilen' }).click();
      await other.getByText('1 von 1 Aufnahmen').waitFor();
      await shoot(page, 'devices');
      await other.locator('.hold button').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await until('two devices', async () => (await page.locator('li.device').count()) === 2);
      await second.page.reload();
      await second.page.getByText(welcomeWords.en.home).waitFor();
    },
  );

  t.test('every screen fits on a small phone, in German and Bulgarian, light and dark', async (t) => {
    await page.setViewportSize({ width: 320, height: 568 });
    await newCourier();
    for (const [code, colorScheme] of [
      ['de', 'light'],
      ['bg', 'dark'],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await showScreen(page, 'settings');
      await page.selectOption('.language select', code);
      for (const name of [
        'now',
        'today',
        'diary',
        'recordings',
        'cases',
        'more',
        'devices',
        'settings',
        'account',
      ] as const) {
        await showScreen(page, name);
        await page.waitForSelector('main > :not(header)', { state: 'attached' });
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
