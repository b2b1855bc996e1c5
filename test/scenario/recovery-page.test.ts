import type { Page } from 'playwright-core';
import t from 'tap';
import { recoveryWords } from '../../cloud-bridge/pages/owner/recovery/words.ts';
import { addAuthenticator } from '../cloud-bridge/pages/authenticator.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { lookerAt, openPages } from '../cloud-bridge/pages/pages-stage.ts';
import { until } from '../support/until.ts';

const hourMs = 3_600_000;
const { de, en } = recoveryWords;
/** The page's time of day goes with the rig's: `ahead` outlives a reload. */
const windable = `{
  const Real = Date;
  const ahead = () => Number(localStorage.getItem('ahead') ?? 0);
  globalThis.Date = class extends Real {
    constructor(...args) { if (args.length === 0) super(Real.now() + ahead()); else super(...args); }
    static now() { return Real.now() + ahead(); }
  };
}`;

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const { rig, browser, url } = await openPages(t, 'localhost');
  const app = `${url}/app/`;

  const newDevice = async (locale: string, viewport: { width: number; height: number }) => {
    const context = await browser.newContext({ viewport, locale, colorScheme: locale === 'de-DE' ? 'dark' : 'light' });
    t.teardown(() => context.close());
    await context.addInitScript(windable);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await addAuthenticator(context, page);
    return { page, complaints: complaintsOf(page) };
  };
  const shoot = lookerAt(t, 'owner-recovery-', true);
  /** By keyboard alone. */
  const pressTwice = async (page: Page, name: string) => {
    const button = page.getByRole('button', { name, exact: true });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
  };
  const left = (): number => rig.hub.status().recovery?.leftMs ?? Number.NaN;
  let ahead = 0;
  const wind = async (ms: number, ...open: readonly Page[]) => {
    ahead += ms;
    for (const page of open) await page.evaluate(`localStorage.setItem('ahead', '${ahead}')`);
    rig.time.wind(ms);
  };
  const ask = async (page: Page, typed: string) => {
    await page.getByLabel(de.type).fill(typed);
    await page.keyboard.press('Enter');
  };

  t.test('a code is printed, a new device asks with it, is vetoed, asks again and is in after a day', async (t) => {
    const { page: first, complaints } = await newDevice('en-GB', { width: 390, height: 844 });
    await first.goto(`${app}${rig.owner.invite()}`);
    await first.click('[data-choice="make"]');
    await first.waitForSelector('.frame');
    await first.goto(`${app}#/recovery`);
    await first.getByText(en.hasNone).waitFor();
    await pressTwice(first, en.make);
    const printed = (await first.locator('[data-code]').textContent()) ?? '';
    t.match(printed.trim(), /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
    await shoot(first, 'print');
    const link = await first.getByText('#recover=').textContent();
    t.notOk(link?.includes(printed.trim()), 'the code is not in the link');
    await first.getByRole('button', { name: en.onPaper }).click();
    await first.getByText(en.hasCode).waitFor();
    t.notOk((await first.content()).includes(printed.trim()), 'it is shown once');

    const { page: second, complaints: others } = await newDevice('de-DE', { width: 1280, height: 800 });
    await second.goto(link ?? '');
    await second.getByLabel(de.type).waitFor();
    await ask(
      second,
      printed.trim().replace(/.$/, (sign) => (sign === '0' ? '1' : '0')),
    );
    await second.getByText(de.mistyped).waitFor();
    await shoot(second, 'type');
    await ask(second, printed.toLowerCase().replaceAll('-', ' '));
    await second.getByText(de.needsPasskey).waitFor();
    await shoot(second, 'passkey');
    await second.getByRole('button', { name: de.askWithPasskey }).click();
    await second.waitForSelector('[data-recovery-at="waiting"]');
    await shoot(second, 'waits');

    await first.getByRole('button', { name: en.veto, exact: true }).waitFor();
    await shoot(first, 'veto');
    await pressTwice(first, en.veto);
    await first.getByText(en.vetoed).waitFor();
    await second.waitForSelector('[data-recovery-at="vetoed"]');
    await shoot(second, 'vetoed');
    await second.getByRole('button', { name: de.tryAgain }).click();
    await ask(second, printed);
    await second.waitForSelector('[data-recovery-at="waiting"]');
    await until('the hub counts', async () => {
      await wind(200, first, second);
      return left() < 24 * hourMs;
    });
    const before = rig.hub.status().owners;
    await wind(12 * hourMs, first, second);
    await second.reload();
    await second.waitForSelector('[data-recovery-at="waiting"]');
    t.equal(rig.hub.status().owners, before, 'half a day is no day');
    await wind(12.1 * hourMs, first, second);
    // The phones' clocks go along: a proof that is dated a minute off is refused.
    await until('it is added', async () => {
      await wind(200, first, second);
      return rig.hub.status().owners === before + 1;
    });
    await second.waitForSelector('[data-recovery-at="done"]');
    await shoot(second, 'done');
    await second.goto(`${app}#/devices`);
    await second.waitForSelector(`[data-devices="${before + 1}"]`);
    // Who is nobody yet asks and is told so, and while time is wound a proof is dated by another clock.
    t.same(
      [...complaints, ...others].filter((one) => !/status of (401|403|404)|pubKeyCredParams/.test(one)),
      [],
    );
  });
}
