/** What else happens at a stop, on the courier's own phone: S049, S050, S051, S052, S054, S070, S103. */
import t from 'tap';
import * as v from 'valibot';
import { evidenceWords } from '../../cloud-bridge/pages/common/evidence/words.ts';
import { deliveryWords } from '../../cloud-bridge/pages/owner/deliveries/words.ts';
import { firstWords } from '../../cloud-bridge/pages/visitor/first-words.ts';
import { Access } from '../../hardware-sim/people/access.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { newId } from '../../wire/jws.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import {
  atStop,
  buttonOf,
  finger,
  inPerson,
  keys,
  openCourierStage,
  showDelivery,
} from '../cloud-bridge/pages/courier-stage.ts';
import { readsIn } from '../cloud-bridge/pages/refusals.ts';
import { holdDown, reloadAt, untilAt } from '../cloud-bridge/pages/visitor-stage.ts';
import { until } from '../support/until.ts';

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openCourierStage(t);
  const { rig, ask, announce, stateOf } = stage;
  const { owner, carrier } = rig;
  const { says } = keys.words;

  t.test('S049, S051: a wrong address, then the right one; nobody opens; through the door of the plan', async (t) => {
    await rig.untilCalm();
    const at = { lat: 52.52, lon: 13.405 };
    mustHave(await ask('PUT', '/position', { position: { ...at, accuracy: 10 } }));
    await stage.wish({ order: ['in-person', 'inside'], codeFrom: { amount: 0, currency: 'EUR' } });
    const { delivery, url } = await announce(['in-person', 'inside']);
    const elsewhere = { latitude: 52.6, longitude: 13.405, accuracy: 20 };
    const courier = await stage.take(url, keys, { permissions: ['geolocation'], geolocation: elsewhere });
    const { page, context, press } = courier;
    await press(says.arrive);
    await page.getByText(says.wrongDoor).waitFor();
    await stage.shoot(page, 'stop-elsewhere');
    await context.setGeolocation({ latitude: at.lat, longitude: at.lon, accuracy: 15 });
    await press(says.arrive);
    await untilAt(page, 'stop-ring');
    await press(says.ring);
    await untilAt(page, 'stop-wait');
    t.equal(await buttonOf(page, says.openInside).count(), 0, 'not before the time is over');
    await stage.wind(21_000, [courier]);
    await press(says.openInside);
    const task = await until('the dispatch knows the phone', async () => {
      const digits = ((await page.locator('.digits').first().textContent()) ?? '').replace(' ', '');
      return digits.length === 6 ? digits : undefined;
    });
    const before = rig.pulses();
    mustHave(await carrier.dispatch.confirm(delivery, task));
    await untilAt(page, 'idle');
    await holdDown(page);
    await page.getByText('At the door?').waitFor();
    await holdDown(page);
    await untilAt(page, 'ready');
    await holdDown(page);
    await untilAt(page, 'unlocked');
    t.equal(rig.pulses(), before + 1);
    await until('the door gives way', () => rig.sim.door('front').openLeaf().moved);
    await untilAt(page, 'open');
    await stage.closeDoor();
    await untilAt(page, 'ended');
    await until('it is delivered', async () => (await stateOf(delivery)).state === 'delivered');
    mustHave(await ask('PUT', '/position', { position: null }));
  });

  t.test('S070: whoever has to leave says why, and it counts as nothing', async (t) => {
    const { says } = finger.words;
    await stage.wish(inPerson);
    const { delivery, url } = await announce(['in-person', 'tomorrow']);
    const { page, press } = await stage.take(url, finger);
    await page.getByRole('button', { name: says.leave }).click();
    await untilAt(page, 'stop-leave');
    t.match(await page.textContent('.screen'), says.leaveText);
    t.equal(await buttonOf(page, says.nobody).count(), 0, 'that nobody opens can be said after ring and wait');
    await stage.shoot(page, 'stop-leave');
    await press(says.unsafe);
    await untilAt(page, 'stop-end');
    t.match(await page.textContent('.screen'), says.leftText);
    t.match(await stateOf(delivery), { attempt: 2, state: 'announced', outcome: 'left' });
  });

  t.test(
    'S050, S103: where nobody is, the pick-up point comes last, with its distance; it is not called delivered',
    async (t) => {
      await stage.wish({
        ...inPerson,
        order: ['in-person', 'pick-up'],
        pickUp: { point: 'Kiosk am Eck', metres: 350 },
      });
      const app = await stage.newPhone({ locale: 'de-DE' });
      await app.page.goto(`${stage.url}/app/${owner.invite()}`);
      await app.page.waitForSelector('.frame', { timeout: 60_000 });
      const { delivery, url } = await announce(['in-person', 'pick-up']);
      await showDelivery(app, delivery);
      await app.page
        .locator('[data-plan="in-person pick-up"] li', { hasText: /Kiosk am Eck, 350/ })
        .waitFor({ timeout: 60_000 });
      const courier = await stage.take(url, keys);
      const { page, press } = courier;
      await press(says.arrive);
      await untilAt(page, 'stop-ring');
      await press(says.ring);
      await untilAt(page, 'stop-wait');
      t.notMatch(await page.textContent('.screen'), 'Kiosk', 'first somebody has the time to come');
      await stage.wind(21_000, [courier, app]);
      await readsIn(t, page, 'pick-up', (_, words) => ({ h1: words.waitedTitle, '.note': words.pickUp }));
      t.match(await page.textContent('.note'), /Kiosk am Eck, 350/);
      const access = new Access(carrier.dispatch.http, { carrier: carrier.id, clientSecret: carrier.clientSecret });
      const path = `/v1/deliveries/${delivery}/collectable`;
      mustHave(await access.call({ method: 'POST', path, body: {}, once: newId() }, v.unknown()));
      await untilAt(page, 'stop-end');
      await readsIn(t, page, 'at-point', (_, words) => ({ h1: words.atPoint }));
      t.match(await stateOf(delivery), { state: 'failed', outcome: 'picked-up-later' });
      const { ends } = evidenceWords.de;
      await app.page.locator('[data-attempt] h3', { hasText: ends['picked-up-later'] }).waitFor({ timeout: 60_000 });
      t.match(await app.page.textContent('.progress'), deliveryWords.de.ends.collectable);
    },
  );

  t.test('S052, S054: a door that is described is found first', async (t) => {
    await stage.wish(inPerson);
    mustHave(await ask('PUT', `/doors/${rig.door().id}/hint`, { place: '1C', instruction: 'Behind the gate' }));
    const { url } = await announce(['in-person', 'tomorrow']);
    const { page, press } = atStop(await stage.newPhone(keys.options), keys);
    await page.goto(url);
    await press(firstWords.en.take);
    await untilAt(page, 'stop-find');
    t.match(await page.textContent('.screen'), /1C.*Behind the gate/);
    await stage.shoot(page, 'stop-find');
    await press('This is the door');
    await reloadAt(page, 'stop-arrive');
  });
}
