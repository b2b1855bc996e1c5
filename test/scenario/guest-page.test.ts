import t from 'tap';
import { mustHave } from '../../hardware-sim/people/http.ts';
import type { Recurrence } from '../../wire/recurrence.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import { languages } from '../cloud-bridge/pages/visitor/languages.ts';
import {
  holdDown,
  mainPress,
  openVisitorStage,
  pressKeys,
  reloadAt,
  untilAt,
  windPhone,
} from '../cloud-bridge/pages/visitor-stage.ts';
import { nextAt, sleepUntil, wishOf } from '../support/rig-guests.ts';
import { until } from '../support/until.ts';

const dayMs = 86_400_000;
const zone = 'Europe/Berlin';
const wordsOf = (code: keyof typeof languages) => ({ ...languages[code].says, ...languages[code].guest.says });

/** How much wider the page is than the phone, pixels. */
function overflowOf(): number {
  const { document } = globalThis as unknown as {
    document: { documentElement: Record<'scrollWidth' | 'clientWidth', number> };
  };
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openVisitorStage(t);
  const { rig, shoot } = stage;
  const door = rig.sim.door('front');
  const tuesday = nextAt(rig.time.now(), 2, 9, zone);
  await sleepUntil(rig, tuesday + 20 * 60_000);
  const invite = async () => mustHave(await rig.owner.guests.invite(stage.url));
  const newPhone = (locale: string, timezoneId: string, colorScheme: 'light' | 'dark') =>
    stage.newPhone({ locale, timezoneId, colorScheme });
  const start = `${new Intl.DateTimeFormat('sv', { timeZone: zone }).format(tuesday - 7 * dayMs)}T09:00`;
  const recurs: Recurrence = { zone, start, seconds: 3 * 3_600, freq: 'weekly', days: ['TU'] };

  t.test(
    'a cleaner on Tuesdays: invited, accepted, in, out of time on Wednesday, ended; reloaded at each step',
    async (t) => {
      const says = wordsOf('de');
      const before = rig.pulses();
      const { guest, url } = await invite();
      const phone = await newPhone('de-DE', zone, 'light');
      const { page, complaints } = phone;
      await page.goto(url);
      await reloadAt(page, 'new');
      t.match(await page.textContent('h1'), says.invitedTitle);
      await shoot(page, 'guest-invited');
      t.match(await rig.owner.guests.show(guest), { value: { state: 'open' } }, 'previews open links, too');
      await holdDown(page);
      await reloadAt(page, 'taken');
      await page.waitForSelector('.digits');
      const { device } = mustHave(await rig.owner.guests.show(guest));
      t.equal((await page.textContent('.digits'))?.replace(' ', ''), device?.check, 'both phones show the same digits');
      await shoot(page, 'guest-waiting');

      mustHave(await rig.owner.guests.accept(guest, [wishOf(rig, { recurs })]));
      await reloadAt(page, 'doors');
      t.match(await page.textContent('.window'), /^Jetzt: 09:00.*12:00/);
      t.notMatch(await page.textContent('.doors'), /Zeiten des Zuhauses/, 'the phone hangs in the same zone');
      await shoot(page, 'guest-doors');
      await holdDown(page);
      await reloadAt(page, 'idle');
      await shoot(page, 'guest-here');
      await holdDown(page);
      await reloadAt(page, 'ready');
      t.equal(rig.pulses(), before, 'nothing opens by loading');
      await shoot(page, 'guest-ready');
      await holdDown(page);
      await untilAt(page, 'unlocked');
      await page.reload();
      await untilAt(page, 'unlocked');
      await shoot(page, 'guest-unlocked');
      await until('the door gives way', () => door.openLeaf().moved);
      await reloadAt(page, 'open');
      await stage.closeDoor();
      await reloadAt(page, 'ended');
      t.match(await page.textContent('h1'), says.completed);
      t.equal(rig.pulses(), before + 1, 'opened once');
      await shoot(page, 'guest-ended');
      await page.getByText(says.back).click();
      await untilAt(page, 'doors');

      await sleepUntil(rig, tuesday + dayMs);
      await windPhone(phone, rig);
      await page.reload();
      await page.getByText(says.next).waitFor();
      t.match(await page.textContent('.window'), /Di\., \d+\. \S+, 09:00.*12:00/, 'next Tuesday');
      t.equal(await mainPress(page).count(), 0, 'nothing to press on a Wednesday');
      await shoot(page, 'guest-wednesday');
      t.notMatch(await page.textContent('body'), rig.door().id, 'nothing of the home');

      mustHave(await rig.owner.guests.revoke(guest));
      await reloadAt(page, 'over');
      t.match(await page.textContent('h1'), says.endTitle);
      await shoot(page, 'guest-over');
      t.same(
        complaints.filter((one) => !/status of (409|403|404)/.test(one)),
        [],
      );
    },
  );

  t.test('a neighbour once, far away, by keyboard, each visit asked for: the owner says no, then yes', async (t) => {
    const says = wordsOf('en');
    const { guest, url } = await invite();
    const { page, context } = await newPhone('en-GB', 'America/New_York', 'dark');
    await page.goto(url);
    await pressKeys(page, says.take, says.again);
    await untilAt(page, 'taken');
    await shoot(page, 'guest-waiting-dark');
    const nowS = Math.floor(rig.time.now() / 1000);
    const noon = new Date(rig.time.now()).toISOString().slice(0, 11);
    const daily: Recurrence = { zone, start: `${noon}00:00`, seconds: 86_400, freq: 'daily' };
    const wish = { visits: 1, consent: 'ask', recurs: daily, from: nowS - 86_400 } as const;
    mustHave(await rig.owner.guests.accept(guest, [wishOf(rig, wish)]));
    await untilAt(page, 'doors');
    t.match(await page.textContent('.doors'), /Times of the home \(Central European/);
    t.match(await page.textContent('.doors'), /1 visit left/);
    t.match(await page.textContent('.doors'), says.asksOwner);
    await shoot(page, 'guest-doors-dark');

    await pressKeys(page, says.come, says.again);
    await untilAt(page, 'asked');
    await shoot(page, 'guest-asked-dark');
    const waiting = async () => mustHave(await rig.owner.waiting()).find((one) => one.guest === guest);
    const no = await until('the owner is asked', waiting);
    const { jti } = JSON.parse(Buffer.from(no.grant.split('.')[1]!, 'base64url').toString());
    mustHave(await rig.owner.orders.revoke({ kind: 'grant', id: jti }));
    await page.getByText(says.ownerNo).waitFor();
    await shoot(page, 'guest-no-dark');

    await pressKeys(page, says.come, says.again);
    mustHave(await rig.owner.orders.approve(await until('the owner is asked again', waiting)));
    await untilAt(page, 'idle');
    await pressKeys(page, says.arrive, says.again);
    await untilAt(page, 'ready');
    await context.setOffline(true);
    await page.getByText(says.offline).waitFor();
    await context.setOffline(false);
    await page.getByText(says.offline).waitFor({ state: 'hidden' });
    await pressKeys(page, says.enter, says.again);
    await untilAt(page, 'unlocked');
    await until('the door gives way', () => door.openLeaf().moved);
    await untilAt(page, 'open');
    await shoot(page, 'guest-open-dark');
    await stage.closeDoor();
    await untilAt(page, 'ended');
    await page.getByRole('button', { name: says.back }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(says.usedUp).waitFor();
    await shoot(page, 'guest-used-up-dark');
  });

  t.test('T44: a second phone kills the link before anybody is accepted; every language fits', async (t) => {
    const { guest, url } = await invite();
    const first = await newPhone('tr', zone, 'light');
    await first.page.setViewportSize({ width: 320, height: 568 });
    await first.page.goto(url);
    await untilAt(first.page, 'new');
    const fits = async (name: string, word: 'take' | 'doorsTitle') => {
      for (const code of Object.keys(languages) as (keyof typeof languages)[]) {
        await first.page.selectOption('select', code);
        await first.page.getByText(wordsOf(code)[word], { exact: true }).waitFor();
        const wide = await first.page.evaluate(overflowOf);
        t.ok(wide <= 0, `${name} in ${code} fits`);
        await stage.picture(first.page, `guest-${name}-${code}`);
      }
    };
    await fits('invited', 'take');
    await holdDown(first.page);
    await first.page.waitForSelector('.digits');
    const thief = await newPhone('ru', zone, 'light');
    await thief.page.goto(url);
    await holdDown(thief.page);
    await untilAt(thief.page, 'over');
    await untilAt(first.page, 'over');
    await shoot(first.page, 'guest-dead');
    t.match(await rig.owner.guests.accept(guest, [wishOf(rig)]), { code: 'INVITATION_DEAD' });

    const second = await invite();
    await first.page.goto('about:blank');
    await first.page.goto(second.url);
    await untilAt(first.page, 'new');
    await holdDown(first.page);
    await first.page.waitForSelector('.digits');
    const wishes = [wishOf(rig, { recurs, visits: 5, consent: 'ask' }), wishOf(rig, { camera: 'watched' })];
    mustHave(await rig.owner.guests.accept(second.guest, wishes));
    await untilAt(first.page, 'doors');
    await fits('doors', 'doorsTitle');
  });
}
