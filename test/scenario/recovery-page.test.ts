import type { BrowserContext, Page } from 'playwright-core';
import t from 'tap';
import { recoveryWords } from '../../cloud-bridge/pages/owner/recovery/words.ts';
import { addAuthenticator } from '../cloud-bridge/pages/authenticator.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { aheadOf, setAhead } from '../cloud-bridge/pages/page-clock.ts';
import { lookerAt, openPages, pressKeys } from '../cloud-bridge/pages/pages-stage.ts';
import { until } from '../support/until.ts';

const hourMs = 3_600_000;
const phone = { code: 'de', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 390, height: 844 } } as const;
const desk = { code: 'en', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } } as const;

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const { rig, browser, url } = await openPages(t, 'localhost');
  const app = `${url}/app/`;

  const newDevice = async ({ code, ...how }: typeof phone | typeof desk) => {
    const context = await browser.newContext(how);
    t.teardown(() => context.close());
    await setAhead(context, aheadOf(rig));
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await addAuthenticator(context, page);
    const late: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 410) late.push(new URL(response.url()).pathname);
    });
    return { context, page, says: recoveryWords[code], complaints: complaintsOf(page), late };
  };
  const pressTwice = (page: Page, name: string) => pressKeys(page, page.getByRole('button', { name, exact: true }));
  const left = (): number => rig.hub.status().recovery?.leftMs ?? Number.NaN;
  /** The devices' clocks go along: a proof that is dated a minute off is refused. */
  const wind = async (ms: number, ...open: readonly { context: BrowserContext }[]) => {
    rig.time.wind(ms);
    for (const { context } of open) await setAhead(context, aheadOf(rig));
  };

  for (const [owns, lost] of [
    [phone, desk],
    [desk, phone],
  ] as const) {
    const flow = `printed in ${owns.code}, used in ${lost.code}`;
    const shoot = lookerAt(t, `owner-recovery-${owns.code}-${lost.code}-`, true);

    t.test(`a code, ${flow}: a new device asks with it, is vetoed, asks again and is in after a day`, async (t) => {
      const one = await newDevice(owns);
      const { page: first, says: own } = one;
      await first.goto(`${app}${rig.owner.invite()}`);
      await first.click('[data-choice="make"]');
      await first.waitForSelector('.frame');
      await first.goto(`${app}#/recovery`);
      await first.getByText(owns === phone ? own.hasNone : own.hasCode).waitFor();
      await pressTwice(first, own.make);
      const printed = (await first.locator('[data-code]').textContent()) ?? '';
      t.match(printed.trim(), /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
      await shoot(first, 'print');
      const link = await first.getByText('#recover=').textContent();
      t.notOk(link?.includes(printed.trim()), 'the code is not in the link');
      await first.getByRole('button', { name: own.onPaper }).click();
      await first.getByText(own.hasCode).waitFor();
      t.notOk((await first.content()).includes(printed.trim()), 'it is shown once');

      const other = await newDevice(lost);
      const { page: second, says } = other;
      const ask = async (typed: string) => {
        await second.getByLabel(says.type).fill(typed);
        await second.keyboard.press('Enter');
      };
      await second.goto(link ?? '');
      await second.getByLabel(says.type).waitFor();
      await ask(printed.trim().replace(/.$/, (sign) => (sign === '0' ? '1' : '0')));
      await second.getByText(says.mistyped).waitFor();
      await shoot(second, 'type');
      await ask(printed.toLowerCase().replaceAll('-', ' '));
      await second.getByText(says.needsPasskey).waitFor();
      await shoot(second, 'passkey');
      await second.getByRole('button', { name: says.askWithPasskey }).click();
      await second.waitForSelector('[data-recovery-at="waiting"]');
      await shoot(second, 'waits');

      await first.getByRole('button', { name: own.veto, exact: true }).waitFor();
      await shoot(first, 'veto');
      await pressTwice(first, own.veto);
      await first.getByText(own.vetoed).waitFor();
      await second.waitForSelector('[data-recovery-at="vetoed"]');
      await shoot(second, 'vetoed');
      await second.getByRole('button', { name: says.tryAgain }).click();
      await ask(printed);
      await second.waitForSelector('[data-recovery-at="waiting"]');
      await until('the hub counts', async () => {
        await wind(200, one, other);
        return left() < 24 * hourMs;
      });
      const before = rig.hub.status().owners;
      await wind(12 * hourMs, one, other);
      await second.reload();
      await second.waitForSelector('[data-recovery-at="waiting"]');
      t.equal(rig.hub.status().owners, before, 'half a day is no day');
      await wind(12.1 * hourMs, one, other);
      await until('it is added', async () => {
        await wind(200, one, other);
        return rig.hub.status().owners === before + 1;
      });
      await second.waitForSelector('[data-recovery-at="done"]');
      await shoot(second, 'done');
      await second.goto(`${app}#/devices`);
      await second.waitForSelector(`[data-devices="${before + 1}"]`);
      // Who is nobody yet asks and is told so, and while time is wound a proof is dated by another clock.
      t.same(
        [...one.complaints, ...other.complaints].filter(
          (text) => !/status of (401|403|404|410)|pubKeyCredParams/.test(text),
        ),
        [],
      );
      // How the hub stands is asked at each entry: a question that is under way while time is wound comes after its expiry.
      t.same(
        [...one.late, ...other.late].filter((path) => !/^\/v1\/homes\/[^/]+\/hub$/.test(path)),
        [],
        'no other answer says that it is too late',
      );
      for (const { context } of [one, other]) await context.close();
    });
  }
}
