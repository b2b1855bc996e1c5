/** A cleaner's Tuesday and Wednesday, with an owner in the app: on a phone in German by finger, and at a desk in English by keyboard. */
import t from 'tap';
import { guestWords } from '../../cloud-bridge/pages/owner/guests/words.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import {
  buttonOf,
  type Device,
  desk,
  lookersAt,
  openDevice,
  phone,
  type Seat,
  showScreen,
  untilLocked,
} from '../cloud-bridge/pages/owner-stage.ts';
import { aheadOf, setAhead } from '../cloud-bridge/pages/page-clock.ts';
import { openPages } from '../cloud-bridge/pages/pages-stage.ts';
import { languages } from '../cloud-bridge/pages/visitor/languages.ts';
import { closeBehind, mainPress, patientDoors, untilAt } from '../cloud-bridge/pages/visitor-stage.ts';
import { nextAt, sleepUntil } from '../support/rig-guests.ts';
import { until } from '../support/until.ts';

const dayMs = 86_400_000;
const zone = 'Europe/Berlin';

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openPages(t, 'localhost', { doors: patientDoors });
  const { rig, url } = stage;
  const app = `${url}/app/`;
  const door = rig.sim.door('front');
  const { shoot, shootVisitor } = lookersAt(t);
  const wordsAt = ({ code }: Seat) => ({
    guests: guestWords[code],
    guest: { ...languages[code].says, ...languages[code].guest.says },
  });
  const newOwner = async (seat: Seat) => {
    const device = await openDevice(t, stage, seat.options);
    await device.page.goto(`${app}${rig.owner.invite()}`);
    await device.page.click('[data-choice="make"]');
    await untilLocked(device.page);
    return [seat, device] as const;
  };
  const owners = [await newOwner(phone), await newOwner(desk)];

  t.test('a cleaner is invited, accepted, enters on a Tuesday, is refused on a Wednesday, and revoked', async (t) => {
    const tuesday = nextAt(rig.time.now(), 2, 9, zone);
    const sleep = async (untilMs: number) => {
      for (const [, { page }] of owners) await page.goto('about:blank');
      await sleepUntil(rig, untilMs);
      for (const [, { context, page }] of owners) {
        await setAhead(context, aheadOf(rig));
        await page.goto(app);
        await untilLocked(page);
      }
    };
    await sleep(tuesday + 20 * 60_000);
    const cleaners: Device[] = [];
    for (const [seat, { page, authenticator }] of owners) {
      const says = wordsAt(seat);
      const { press } = seat;
      const before = rig.pulses();
      const name = `Maria ${seat.at}`;
      await showScreen(page, 'guests');
      await page.fill('#guest-name', name);
      await page.keyboard.press('Enter');
      await page.waitForSelector('#link');
      await shoot(page, `invitation-${seat.at}`);
      const link = await page.inputValue('#link');
      await buttonOf(page, says.guests.done).press('Enter');

      const cleaner = await openDevice(t, stage, seat.options);
      cleaners.push(cleaner);
      const visitor = cleaner.page;
      await visitor.goto(link);
      await untilAt(visitor, 'new');
      await press(visitor, mainPress(visitor));
      await visitor.waitForSelector('.digits');
      await shootVisitor(visitor, 'cleaner-waits', seat);
      const card = page.locator('[data-guest]', { hasText: name });
      await page.locator('[data-guest][data-state="claimed"]', { hasText: name }).waitFor();
      await card.getByRole('button', { name: says.guests.accept }).press('Enter');
      await page.waitForSelector('[data-newcomer="genuine"]');
      t.equal(await page.textContent('.letters'), await visitor.textContent('.digits'), 'both show the same digits');
      await page.locator('.days input').nth(1).focus();
      await page.keyboard.press('Space');
      await page.waitForSelector('[data-widens="guest"]');
      await shoot(page, `accept-${seat.at}`);
      await authenticator.verifies(false);
      await press(page, page.locator('.hold.main button'));
      await page.getByText('PASSKEY_CANCELLED').waitFor();
      await authenticator.verifies(true);
      await press(page, page.locator('.hold.main button'));
      await page.locator('[data-guest][data-state="accepted"]', { hasText: name }).waitFor();
      await shoot(page, `guests-${seat.at}`);

      await untilAt(visitor, 'doors');
      t.match(await visitor.textContent('.window'), `${says.guest.now}: `);
      await shootVisitor(visitor, 'cleaner-doors', seat);
      await press(visitor, mainPress(visitor));
      await untilAt(visitor, 'idle');
      await press(visitor, mainPress(visitor));
      await untilAt(visitor, 'ready');
      await press(visitor, mainPress(visitor));
      await untilAt(visitor, 'unlocked');
      await until('the door gives way', () => door.openLeaf().moved);
      await untilAt(visitor, 'open');
      await closeBehind(door);
      await untilAt(visitor, 'ended');
      t.match(await visitor.textContent('h1'), says.guest.completed);
      t.equal(rig.pulses(), before + 1, 'she is in, once');
      await buttonOf(visitor, says.guest.back).press('Enter');
      await untilAt(visitor, 'doors');
      await rig.untilCalm();
    }

    await sleep(tuesday + dayMs);
    for (const [index, [seat, { page }]] of owners.entries()) {
      const says = wordsAt(seat);
      const { press } = seat;
      const before = rig.pulses();
      const { context, page: visitor } = cleaners[index]!;
      await setAhead(context, aheadOf(rig));
      await visitor.reload();
      await visitor.locator('.window', { hasText: `${says.guest.next}: ` }).waitFor();
      t.equal(await mainPress(visitor).count(), 0, 'nothing to press on a Wednesday');
      await shootVisitor(visitor, 'cleaner-wednesday', seat);
      // A page that offers it all the same, as whoever writes their own would.
      await visitor.route('**/doors', async (route) => {
        if (route.request().method() !== 'GET') return route.fallback();
        const response = await route.fetch();
        const view = (await response.json()) as { doors: object[] };
        const nowS = Math.floor(rig.time.now() / 1000);
        const doors = view.doors.map((one) => ({ ...one, windows: [{ from: nowS - 60, until: nowS + 3_600 }] }));
        return route.fulfill({ response, json: { ...view, doors } });
      });
      await visitor.reload();
      await mainPress(visitor).waitFor();
      await press(visitor, mainPress(visitor));
      await visitor.locator('.trouble', { hasText: says.guest.early }).waitFor();
      await shootVisitor(visitor, 'cleaner-refused', seat);
      t.equal(rig.pulses(), before, 'refused on a Wednesday');
      await visitor.unroute('**/doors');

      await showScreen(page, 'guests');
      const card = page.locator('[data-guest]', { hasText: `Maria ${seat.at}` });
      await press(page, card.locator('.hold button'));
      await page.locator('details.past summary').click();
      await card.locator('[data-certain="signed"]').waitFor();
      await shoot(page, `revoked-${seat.at}`);
      await untilAt(visitor, 'over');
      t.match(await visitor.textContent('h1'), says.guest.endTitle);
      await shootVisitor(visitor, 'cleaner-over', seat);
    }
  });
}
