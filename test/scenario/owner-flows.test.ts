/** What people do with their home, from beginning to end, each on a phone in German by finger and at a desk in English by keyboard. */
import t from 'tap';
import { deviceWords } from '../../cloud-bridge/pages/owner/devices/words.ts';
import { diaryWords } from '../../cloud-bridge/pages/owner/diary/words.ts';
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
  lookersAt,
  openDevice,
  phone,
  type Seat,
  savedBy,
  showScreen,
  untilLocked,
} from '../cloud-bridge/pages/owner-stage.ts';
import { openPages } from '../cloud-bridge/pages/pages-stage.ts';
import { languages } from '../cloud-bridge/pages/visitor/languages.ts';
import { closeBehind, mainPress, patientDoors, untilAt } from '../cloud-bridge/pages/visitor-stage.ts';
import { until } from '../support/until.ts';

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
  const { shoot, shootVisitor } = lookersAt(t);
  const wordsAt = ({ code }: Seat) => ({
    ...{ now: nowWords[code], today: todayWords[code], diary: diaryWords[code] },
    ...{ devices: deviceWords[code] },
    courier: languages[code].says,
  });

  const first = await openDevice(t, stage, phone.options);
  await first.page.goto(`${app}${rig.owner.invite()}`);
  await first.page.click('[data-choice="make"]');
  await untilLocked(first.page);

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
    await untilLocked(newcomer.page);
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
      await closeBehind(door);
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
        if (step === 'open') await closeBehind(door);
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
