/** Rules, guests and "who could open my door?" in the owner's app, against a whole home. */
import type { Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { guestWords } from '../../cloud-bridge/pages/owner/guests/words.ts';
import { ruleWords } from '../../cloud-bridge/pages/owner/rules/words.ts';
import { todayWords } from '../../cloud-bridge/pages/owner/today/words.ts';
import { Courier } from '../../hardware-sim/people/courier.ts';
import { Guest } from '../../hardware-sim/people/guest.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { signDocument } from '../../wire/jws.ts';
import { ruleBookForm } from '../../wire/rule-book.ts';
import { addAuthenticator } from '../cloud-bridge/pages/authenticator.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { holdDown, lookerAt, openPages, pressKeys } from '../cloud-bridge/pages/pages-stage.ts';
import { begin, enter } from '../support/rig-guests.ts';
import { rulesFor } from '../support/rig-people.ts';
import { until } from '../support/until.ts';

const phone = { width: 390, height: 844 };
const patient = { timeout: 60_000 };

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const { rig, browser, url } = await openPages(t, 'localhost');
  const app = `${url}/app/`;

  /** A device of the owner, signed in. */
  const newDevice = async (
    locale: string,
    colorScheme: 'light' | 'dark' = 'light',
    viewport = phone,
    passkey: 'make' | 'without' = 'without',
  ) => {
    const context = await browser.newContext({ viewport, locale, colorScheme, timezoneId: 'Europe/Berlin' });
    t.teardown(() => context.close());
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const authenticator = await addAuthenticator(context, page);
    await page.goto(`${app}${rig.owner.invite()}`);
    await page.click(`[data-choice="${passkey}"]`, patient);
    await page.waitForSelector('.frame', patient);
    return { context, page, complaints, authenticator };
  };
  const show = (page: Page, name: string) => page.evaluate(`location.hash = '#/${name}'`);
  const shoot = lookerAt(t, 'owner-', true);
  const de = { ...ruleWords.de, guests: guestWords.de };
  const { page, complaints, authenticator } = await newDevice('de-DE', 'light', phone, 'make');
  const card = (what: string) => page.locator(what);

  t.test(
    'T06: a rule is stopped, signed for by the hub; a new one is made, and a courier delivers under it',
    async (t) => {
      await show(page, 'rules');
      const first = card('[data-rule]');
      await first.waitFor(patient);
      t.match(await first.textContent(), /Hermes darf Pakete hereinbringen, Tür/);
      await shoot(page, 'rules');
      await holdDown(page, first.locator('.hold button'));
      await page.waitForSelector('[data-certain="signed"]', patient);
      t.match(await page.textContent('[data-certain="signed"]'), /Eintrag \d+/);
      await shoot(page, 'rule-stopped');
      await t.rejects(rig.deliver('granted'), { code: 'DELIVERY_NOT_ALLOWED' });

      await page.getByRole('button', { name: de.make }).click();
      await page.waitForSelector('#party', patient);
      await page.selectOption('#party', '');
      await holdDown(page, page.locator('.hold.main button'));
      await page.waitForSelector('[data-error="party:missing"]');
      t.equal(
        await page.locator('[data-error="days:missing"]').count(),
        1,
        'everything that is missing is said at once',
      );
      await shoot(page, 'rule-errors');
      await page.selectOption('#party', { label: 'Hermes' });
      for (const box of await page.locator('.days input').all()) await box.check();
      await page.selectOption('#every', '2');
      await page.fill('#fromTime', '00:00');
      await page.fill('#untilTime', '00:00');
      await page.check('input[value="off"]');
      await page.check('input[value="auto"]');
      await page.waitForSelector('[data-widens="alone"]');
      t.match(
        await page.textContent('.sentence'),
        /Hermes darf Pakete hereinbringen, Tür 1, alle 2 Wochen, jeden Tag, den ganzen Tag, ab /,
      );
      t.match(await page.textContent('[data-widens="alone"]'), 'Das lässt Hermes herein, ohne dich zu fragen.');
      t.equal(await page.locator('[data-worst]').count(), 1, 'T38: the worst case is said before it is signed');
      await shoot(page, 'rule');
      await authenticator.verifies(false);
      await holdDown(page, page.locator('.hold.main button'));
      await page.getByText('PASSKEY_CANCELLED').waitFor(patient);
      await t.rejects(rig.deliver('granted'), { code: 'DELIVERY_NOT_ALLOWED' }, 'without the finger nothing is signed');
      await authenticator.verifies(true);
      await holdDown(page, page.locator('.hold.main button'));
      await page.waitForSelector('[data-rule][data-is="in-force"]', patient);
      t.match(await (await rig.deliver('ended')).end(), { outcome: 'completed', proof: 'secured' });
    },
  );

  const invite = async (name: string): Promise<Guest> => {
    await show(page, 'guests');
    await page.fill('#guest-name', name);
    await page.getByRole('button', { name: de.guests.invite }).click();
    await page.waitForSelector('#link', patient);
    const url = await page.inputValue('#link');
    await shoot(page, `invitation-${name}`);
    await page.getByRole('button', { name: de.guests.done }).click();
    const guest = await Guest.open({ url, clock: rig.time });
    t.teardown(() => guest.http.close());
    return guest;
  };
  const guestCard = (name: string) => page.locator('[data-guest]', { hasText: name });
  const accept = async (name: string, check: string) => {
    const claimed = page.locator('[data-guest][data-state="claimed"]', { hasText: name });
    await claimed.waitFor(patient);
    await shoot(page, `claimed-${name}`);
    await claimed.getByRole('button', { name: de.guests.accept }).click();
    await page.waitForSelector('[data-newcomer="genuine"]', patient);
    t.equal((await page.textContent('.letters'))?.replace(' ', ''), check, 'both phones show the same digits');
    await page.check('input[value="always"]');
    await page.waitForSelector('[data-widens="guest"]');
    await shoot(page, `accept-${name}`);
    await holdDown(page, page.locator('.hold.main button'));
    await page.locator('[data-guest][data-state="accepted"]', { hasText: name }).waitFor(patient);
  };
  const ruleOf = async (guest: Guest): Promise<string> => mustHave(await guest.doors()).doors[0]!.rule;
  /** Who is named on the page, as the page puts it. */
  const named = async (name: string) => {
    await show(page, 'who');
    await page.waitForSelector('[data-when="unseen"] .card', patient);
    return page.locator('[data-who]', { hasText: name });
  };

  t.test('a cleaner is invited, accepted, comes in, and is revoked: named before, and not after', async (t) => {
    const maria = await invite('Maria');
    await accept('Maria', mustHave(await maria.press()).check);
    await shoot(page, 'guests');
    await rig.untilCalm();
    const rule = await ruleOf(maria);
    t.match(await enter(rig, maria, rule), { outcome: 'completed', proof: 'secured' });
    await rig.untilCalm();

    const before = await named('Maria');
    await before.waitFor(patient);
    t.equal(await before.getAttribute('data-by'), 'guest');
    t.equal(await page.locator('[data-when="now"] [data-by="alone"]', { hasText: 'Hermes' }).count(), 1);
    await shoot(page, 'who');
    await show(page, 'guests');
    await holdDown(page, guestCard('Maria').locator('.hold button'));
    await page.locator('details.past').waitFor(patient);
    await page.locator('details.past summary').click();
    await guestCard('Maria').locator('[data-certain="signed"]').waitFor(patient);
    await shoot(page, 'revoked');
    await t.rejects(begin(maria, rule), { code: 'GUEST_REVOKED' });
    t.equal(await (await named('Maria')).count(), 0, 'T40: whoever cannot enter is not named');
  });

  t.test(
    'T39: while the hub is away a revocation is pending, with its worst case, and never called done',
    async (t) => {
      const bob = await invite('Bob');
      await accept('Bob', mustHave(await bob.press()).check);
      const rule = await ruleOf(bob);
      await rig.machine.stop();
      await holdDown(page, guestCard('Bob').locator('.hold button'));
      const pending = guestCard('Bob').locator('[data-certain="pending"]');
      await pending.waitFor(patient);
      t.match(await pending.textContent(), /Ausstehend.*spätestens/);
      t.match(await guestCard('Bob').locator('.standing').textContent(), de.guests.ending);
      await shoot(page, 'revocation-pending');
      const still = await named('Bob');
      await still.waitFor(patient);
      t.equal(await still.getAttribute('data-is'), 'ending', 'who could still enter is named');
      t.match(await still.textContent(), /spätestens/);
      await shoot(page, 'who-pending');
      await rig.machine.start();
      await rig.untilCalm();
      await show(page, 'guests');
      await page.locator('details.past').waitFor(patient);
      await until('the hub has signed for it', async () => {
        if ((await guestCard('Bob').count()) > 0)
          await page
            .locator('details.past:not([open]) summary')
            .click()
            .catch(() => undefined);
        return (await guestCard('Bob').locator('[data-certain="signed"]').count()) > 0;
      });
      await t.rejects(begin(bob, rule), { code: 'GUEST_REVOKED' });
      t.equal(await (await named('Bob')).count(), 0);
      t.same(
        complaints.filter((one) => !/status of (404|409|503)|pubKeyCredParams/.test(one)),
        [],
      );
    },
  );

  t.test('everything fits a small phone in German and Bulgarian, and goes by keyboard', async () => {
    for (const [locale, scheme] of [
      ['de-DE', 'dark'],
      ['bg-BG', 'light'],
    ] as const) {
      const small = await newDevice(locale, scheme, { width: 320, height: 640 });
      for (const name of ['rules', 'rule', 'guests', 'who']) {
        await show(small.page, name);
        await small.page.waitForSelector(`main :is(.card, .form, .list)`, patient);
        await shoot(small.page, `small-${name}-${locale.slice(0, 2)}`);
      }
    }
    await show(page, 'rules');
    const stop = page.locator('[data-rule] .hold button').first();
    await stop.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.is-over [data-certain]', patient);
  });

  /** A courier whom the owner is asked about. */
  const askForOne = async () => {
    const from = Math.floor(rig.time.now() / 1000) - 5;
    const { dispatch } = rig.carrier;
    const asked = { door: rig.door().id, from, until: from + 7_200, parcels: 1, reference: 'HER-7' };
    const { delivery } = mustHave(await dispatch.announce(asked));
    const { token } = mustHave(await dispatch.taskLink(delivery));
    const courier = new Courier({ ...rig.world, token });
    t.teardown(() => courier.http.close());
    mustHave(await dispatch.confirm(delivery, mustHave(await courier.press()).check));
  };

  t.test('opening the app renews the lease, once, on however many devices', async (t) => {
    const { hub } = rig.owner.pinned;
    const books = async () => {
      const path = `/v1/homes/${rig.owner.pinned.home}/documents`;
      const shape = v.object({ ruleBooks: v.array(v.object({ document: v.string() })) });
      const reply = mustHave(await rig.owner.http.call({ method: 'GET', path, proof: rig.owner.keys.sign }, shape));
      const [newest] = reply.ruleBooks;
      return JSON.parse(Buffer.from(newest!.document.split('.')[1]!, 'base64url').toString('utf8'));
    };
    const old = await books();
    const nowS = Math.floor(rig.time.now() / 1000);
    const stale = {
      aud: hub,
      version: old.version + 1,
      iat: nowS - 5 * 86_400,
      exp: nowS + 2 * 86_400,
      rules: [
        ...old.rules,
        ...rulesFor([rig.door().id], rig.carrier, rig.time.now(), { consent: 'ask', camera: 'off' }),
      ],
    };
    const document = await signDocument(ruleBookForm, stale, rig.owner.keys.sign);
    const path = `/v1/homes/${rig.owner.pinned.home}/documents`;
    mustHave(
      await rig.owner.http.call(
        { method: 'POST', path, body: { document }, proof: rig.owner.keys.sign, once: document.slice(-22) },
        v.unknown(),
      ),
    );
    const others = await Promise.all([newDevice('en-GB'), newDevice('en-GB')]);
    await Promise.all([page, ...others.map((one) => one.page)].map((one) => one.reload()));
    await until('the lease is renewed', async () => (await books()).exp > nowS + 6 * 86_400);
    await page.waitForTimeout(1_000);
    const renewed = await books();
    t.equal(renewed.version, stale.version + 1, 'one renewal, not one a device');
    t.same(renewed.rules, stale.rules);

    // A cloud that shows the book of before, in which somebody may still stand who was ended since.
    let puts = 0;
    let reads = 0;
    await page.route('**/documents', async (route) => {
      if (route.request().method() !== 'GET') puts += 1;
      if (route.request().method() !== 'GET') return route.continue();
      reads += 1;
      const ruleBooks = [{ document, confirmed: true }];
      const headers = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };
      return route.fulfill({ headers, json: { ruleBooks, revocations: [], approved: [] } });
    });
    await page.reload();
    await until('the app has read it', () => reads > 0);
    await page.waitForTimeout(1_000);
    t.equal(puts, 0, 'T06: what is older than this device has seen gets no new lease');
    await show(page, 'today');
    await askForOne();
    await page.locator('[data-answer="open"]').waitFor(patient);
    await pressKeys(page, page.getByRole('button', { name: todayWords.de.allow, exact: true }));
    await page.locator('[data-answer="failed"]', { hasText: 'RULE_BOOK_OLD' }).waitFor(patient);
    t.equal(puts, 0, 'nor a yes under it');
  });
}
