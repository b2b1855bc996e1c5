/** What people do with their home, from beginning to end, each on a phone in German by finger and at a desk in English by keyboard. */
import type { Page } from 'playwright-core';
import t from 'tap';
import { deviceWords } from '../../cloud-bridge/pages/owner/devices/words.ts';
import { diaryWords } from '../../cloud-bridge/pages/owner/diary/words.ts';
import { guestWords } from '../../cloud-bridge/pages/owner/guests/words.ts';
import { nowWords } from '../../cloud-bridge/pages/owner/now/words.ts';
import { todayWords } from '../../cloud-bridge/pages/owner/today/words.ts';
import { welcomeWords } from '../../cloud-bridge/pages/owner/welcome/words.ts';
import { fill } from '../../cloud-bridge/pages/owner/words.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import {
  buttonOf,
  type Device,
  desk,
  openDevice,
  phone,
  type Seat,
  savedBy,
  showScreen,
} from '../cloud-bridge/pages/owner-stage.ts';
import { aheadOf, setAhead } from '../cloud-bridge/pages/page-clock.ts';
import { lookerAt, openPages, photograph } from '../cloud-bridge/pages/pages-stage.ts';
import { languages } from '../cloud-bridge/pages/visitor/languages.ts';
import { mainPress, patientDoors, untilAt } from '../cloud-bridge/pages/visitor-stage.ts';
import { nextAt, sleepUntil } from '../support/rig-guests.ts';
import { until } from '../support/until.ts';

const dayMs = 86_400_000;
const zone = 'Europe/Berlin';
/** Whoever may not yet, or not any more, is told so; a browser prints each such answer, and that a passkey of one kind is made. */
const isToBe = (text: string): boolean => /status of 40[0-9]|pubKeyCredParams/.test(text);

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openPages(t, 'localhost', {
    ...{ doors: [{ ...patientDoors[0]!, camera: 'h264' }], camera: 'recorded', consent: 'ask' },
  });
  const { rig, url } = stage;
  const app = `${url}/app/`;
  const door = rig.sim.door('front');
  const shoot = lookerAt(t, 'flow-', true);
  /** Of a visitor's page: on phones it is looked at by tests of its own. */
  const shootVisitor = (page: Page, name: string, { at }: Seat) =>
    at === 'phone' ? photograph(page, `flow-${name}-phone`) : shoot(page, `${name}-desk`);

  const isLocked = (page: Page) => page.waitForSelector('[data-door="locked"]:not([data-old])');
  const closeDoor = async () => {
    await until('the leaf stands open', () => door.truth().leaf === 'open');
    door.closeLeaf();
  };
  const wordsAt = ({ code }: Seat) => ({
    ...{ now: nowWords[code], today: todayWords[code], diary: diaryWords[code] },
    ...{ devices: deviceWords[code], guests: guestWords[code], welcome: welcomeWords[code] },
    courier: languages[code].says,
    guest: { ...languages[code].says, ...languages[code].guest.says },
  });

  const first = await openDevice(t, stage, phone.options);
  await first.page.goto(`${app}${rig.owner.invite()}`);
  await first.page.click('[data-choice="make"]');
  await isLocked(first.page);

  /** A device of the home shows an invitation, another one asks with it, and is let in. */
  const join = async ([host, at]: readonly [Device, Seat], guestSeat: Seat): Promise<Device> => {
    const { page } = host;
    const says = wordsAt(at);
    await showScreen(page, 'devices');
    await buttonOf(page, says.devices.inviteNew).click();
    await page.waitForSelector('svg.qr');
    await shoot(page, `invite-${at.at}`);
    const link = (await page.getAttribute('[data-link]', 'data-link'))!;
    const newcomer = await openDevice(t, stage, guestSeat.options);
    await host.authenticator.syncTo(newcomer.authenticator);
    await newcomer.page.goto(link);
    await newcomer.page.click('[data-choice="use"]');
    await newcomer.page.waitForSelector('[data-stage="asking"]');
    await shoot(newcomer.page, `asking-${guestSeat.at}`);
    await page.getByText(says.devices.asks).waitFor();
    t.equal(await page.textContent('.letters'), await newcomer.page.textContent('.letters'), 'both show the same');
    await shoot(page, `newcomer-${at.at}`);
    await host.authenticator.verifies(false);
    await at.press(page, buttonOf(page, says.devices.admit));
    await page.getByText('PASSKEY_CANCELLED').waitFor();
    await host.authenticator.verifies(true);
    await at.press(page, buttonOf(page, says.devices.admit));
    await isLocked(newcomer.page);
    return newcomer;
  };

  const owners: (readonly [Seat, Device])[] = [[phone, first]];

  t.test(
    'a new owner device: one at a desk is let in on the phone, one on a phone at the desk, and removed there',
    async () => {
      const second = await join([first, phone], desk);
      owners.push([desk, second]);
      const { page } = second;
      const third = await join([second, desk], phone);
      await page.reload();
      await until('three devices and the rig’s', async () => (await page.locator('li.device').count()) === 4);
      const newest = page.locator('li.device').last();
      await newest.getByRole('button').first().press('Enter');
      await desk.press(page, newest.locator('.hold button'));
      await until('it is removed', async () => (await page.locator('li.device').count()) === 3);
      await third.page.reload();
      await third.page.getByText(welcomeWords.de.home).waitFor();
      await shoot(third.page, 'removed-phone');
      await third.context.close();
    },
  );

  for (const [index, seat] of [phone, desk].entries()) {
    const says = wordsAt(seat);
    const { press } = seat;

    t.test(`a delivery from task link to receipt, and the owner’s yes: ${seat.at}`, async (t) => {
      const { page, authenticator } = owners[index]![1];
      await rig.untilCalm();
      const before = rig.pulses();
      await showScreen(page, 'today');
      const { visitor, confirm } = await newCourier(seat);
      await untilAt(visitor, 'new');
      await shootVisitor(visitor, 'courier-new', seat);
      await press(visitor, mainPress(visitor));
      await confirm();
      const asks = page.locator('[data-answer="open"]');
      await asks.getByText(fill(says.today.asksWho, { who: 'Hermes' })).waitFor();
      await page.getByText(says.today.recorded).waitFor();
      await shoot(page, `asked-${seat.at}`);
      const allow = buttonOf(page, says.today.allow);
      if (seat === phone) await allow.tap();
      else await allow.press('Enter');
      await page.getByText(seat === phone ? 'Noch einmal drücken' : 'Press once more').waitFor();
      t.equal(await asks.count(), 1, 'one touch signs nothing');
      await authenticator.verifies(false);
      await press(page, allow);
      await page.getByText('PASSKEY_CANCELLED').waitFor();
      await authenticator.verifies(true);
      await press(page, allow);
      await page.getByText(says.today.allowed).waitFor();

      await untilAt(visitor, 'idle');
      await shootVisitor(visitor, 'courier-rules', seat);
      await press(visitor, mainPress(visitor));
      await visitor.getByText(says.courier.hereTitle).waitFor();
      await press(visitor, mainPress(visitor));
      await untilAt(visitor, 'ready');
      await shootVisitor(visitor, 'courier-ready', seat);
      await showScreen(page, 'now');
      await page.waitForSelector('[data-visit="ready"]');
      await buttonOf(page, says.now.watch).press('Enter');
      await page.waitForSelector('[data-live="live"]');
      await shoot(page, `live-${seat.at}`);
      t.equal(rig.pulses(), before, 'nothing opens before the courier presses');
      await press(visitor, mainPress(visitor));
      await untilAt(visitor, 'unlocked');
      await until('the door gives way', () => door.openLeaf().moved);
      await untilAt(visitor, 'open');
      await page.waitForSelector('[data-visit="open"]');
      await shootVisitor(visitor, 'courier-open', seat);
      await closeDoor();
      await untilAt(visitor, 'ended');
      t.match(await visitor.textContent('h1'), says.courier.completed);
      t.match(await visitor.textContent('.screen'), says.courier.securedText);
      await shootVisitor(visitor, 'courier-ended', seat);
      const receipt = await savedBy(visitor, () => buttonOf(visitor, says.courier.receipt).press('Enter'));
      await page.waitForSelector('[data-visit]', { state: 'detached' });
      t.equal(rig.pulses(), before + 1, 'opened once');

      await showScreen(page, 'diary');
      const story = page.locator('[data-outcome="completed"]').first();
      await story.waitFor();
      await page.waitForSelector('[data-signed]');
      const kept = await savedBy(page, () => story.getByRole('button', { name: says.diary.receipt }).press('Enter'));
      t.equal(kept, receipt, 'owner and courier hold the same receipt');
      t.equal(kept.split('.').length, 3, 'a signed document');
      await until('the recording is whole', async () => {
        await story.getByRole('button', { name: says.diary.clip }).press('Enter');
        await page.waitForSelector('[data-verdict]');
        if ((await page.locator('[data-verdict="genuine"]').count()) > 0) return true;
        // Its last pictures may be on their way.
        await story.getByRole('button', { name: says.diary.hideClip }).press('Enter');
        return false;
      });
      await shoot(page, `diary-${seat.at}`);
    });

    t.test(`R8: the owner says no, and stops a visit at each of its steps: ${seat.at}`, async (t) => {
      const { page } = owners[index]![1];
      await rig.untilCalm();
      await showScreen(page, 'today');
      const { visitor, confirm } = await newCourier(seat);
      await untilAt(visitor, 'new');
      await press(visitor, mainPress(visitor));
      await confirm();
      await page.locator('[data-answer="open"]').waitFor();
      await press(page, buttonOf(page, says.today.refuse));
      await page.getByText(says.today.refused).waitFor();
      await untilAt(visitor, 'over');
      t.match(await visitor.textContent('.screen'), says.courier.overText);
      await shootVisitor(visitor, 'courier-refused', seat);

      const told = await page.locator('[data-outcome="stopped"]').count();
      await showScreen(page, 'now');
      const steps = ['arrived', 'ready', 'unlocked', 'open'] as const;
      for (const step of steps) {
        await rig.untilCalm();
        const before = rig.pulses();
        // A camera that shows nothing yet keeps a visit where it has arrived.
        if (step === 'arrived') rig.sim.cameraFault('front', { fault: 'silent' });
        const errand = await rig.deliver(step === 'arrived' ? 'prepared' : step);
        if (step === 'arrived') mustHave(await errand.visit.arrive());
        await page.waitForSelector(`[data-visit="${step === 'unlocked' ? 'opening' : step}"]`);
        await press(page, buttonOf(page, says.now.stop));
        await until('the hub has it', () =>
          rig.owner.journal.records.some(({ kind, visit }) => kind === 'visit.stopped' && visit === errand.id),
        );
        if (step === 'arrived') rig.sim.cameraFault('front', { fault: 'silent', active: false });
        if (step === 'open') await closeDoor();
        t.match(await errand.end(), { outcome: 'stopped' }, step);
        const opened = step === 'unlocked' || step === 'open' ? 1 : 0;
        t.equal(rig.pulses(), before + opened, `${step}: nothing opens any more`);
        await page.waitForSelector('[data-visit]', { state: 'detached' });
      }
      await showScreen(page, 'diary');
      await until(
        'the diary has them',
        async () => (await page.locator('[data-outcome="stopped"]').count()) >= told + steps.length,
      );
    });
  }

  t.test('a cleaner is invited, accepted, enters on a Tuesday, is refused on a Wednesday, and revoked', async (t) => {
    const tuesday = nextAt(rig.time.now(), 2, 9, zone);
    const sleep = async (untilMs: number) => {
      for (const [, { page }] of owners) await page.goto('about:blank');
      await sleepUntil(rig, untilMs);
      for (const [, { context, page }] of owners) {
        await setAhead(context, aheadOf(rig));
        await page.goto(app);
        await isLocked(page);
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
      await closeDoor();
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

  t.test('every screen of the app at a desk', async (t) => {
    const { page } = owners[1]![1];
    const offered = await page.locator('nav a').evaluateAll((all) => all.map((one) => String(one).split('#/')[1]!));
    for (const name of [...offered, 'rule', 'account', 'recovery']) {
      await showScreen(page, name);
      await page.waitForSelector('main > :not(header, .wait)', { state: 'attached' });
      await shoot(page, `screen-${name}`);
    }
    t.same(
      owners.flatMap(([, { complaints }]) => complaints.filter((one) => !isToBe(one))),
      [],
    );
  });

  /** A courier's page that was opened by a task link. */
  async function newCourier(seat: Seat) {
    const from = Math.floor(rig.time.now() / 1000) - 5;
    const { dispatch } = rig.carrier;
    const asked = { door: rig.door().id, from, until: from + 7_200, parcels: 2, reference: 'HER-7' };
    const { delivery } = mustHave(await dispatch.announce(asked));
    const link = mustHave(await dispatch.taskLink(delivery));
    const { page: visitor } = await openDevice(t, stage, seat.options);
    await visitor.goto(link.url);
    /** The dispatch compares the digits that the courier reads out. */
    const confirm = async () => {
      await visitor.waitForSelector('.digits');
      mustHave(await dispatch.confirm(delivery, ((await visitor.textContent('.digits')) ?? '').replace(' ', '')));
    };
    return { visitor, confirm };
  }
}
