/** The camera at the door takes the photo, in Chromium: allowed by the owner, asked for by the courier, opened by the owner. S076, S079, S080, S082. */
import type { Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { photoWords as ownerWords } from '../../cloud-bridge/pages/owner/deliveries/photo-words.ts';
import { wishWords } from '../../cloud-bridge/pages/owner/wishes/words.ts';
import { firstWords } from '../../cloud-bridge/pages/visitor/first-words.ts';
import { photoWords } from '../../cloud-bridge/pages/visitor/photo/words.ts';
import { en } from '../../cloud-bridge/pages/visitor/stop/words/en.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { peek } from '../../wire/jws.ts';
import { retentionForm } from '../../wire/video.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import { holdDown, openVisitorStage, untilAt, windPhone } from '../cloud-bridge/pages/visitor-stage.ts';
import { until } from '../support/until.ts';

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const frame = { left: 20, top: 20, width: 60, height: 60 };
  const hub = { doorstep: { from: 'camera', frame } };
  const stage = await openVisitorStage(t, {}, [{ name: 'front', camera: 'jpeg', hub }]);
  const { rig } = stage;
  const { owner, carrier } = rig;
  const home = `/v1/homes/${owner.pinned.home}`;
  const ask = async (method: 'GET' | 'PUT', path: string, body?: object) =>
    mustHave(
      await owner.http.call({ method, path: `${home}${path}`, proof: owner.keys.sign, ...(body && { body }) }, v.any()),
    );
  /** It is early in the morning there: no test runs into a midnight. */
  const ahead = ((5 - new Date(rig.time.now()).getUTCHours() + 36) % 24) - 12;
  const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  const wishes = { order: ['drop'], drop: 'Hinter dem Schuppen', zone, waitSeconds: 20 };
  await ask('PUT', '/wishes', { version: 1, wishes });
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const press = async (page: Page, name: string): Promise<void> => {
    await button(page, name).waitFor();
    await until(`${name} can be pressed`, () => button(page, name).isEnabled());
    await holdDown(page, button(page, name));
  };
  const word = async () => {
    const { retention } = await ask('GET', '/documents');
    const read = peek(retentionForm, retention?.document ?? '');
    return read.ok ? read.value.claims : undefined;
  };
  owner.follow();
  const app = await stage.newPhone({ locale: 'de-DE' });
  await app.page.goto(`${stage.url}/app/${owner.invite()}`);
  await app.page.waitForSelector('[data-door="locked"]');
  const says = wishWords.de;
  const saveWith = async (label: string): Promise<void> => {
    await app.page.evaluate(`location.hash = '#/wishes'`);
    await app.page.getByLabel(label).check();
    await button(app.page, says.save).click();
    await app.page.locator('[role=status]').filter({ hasText: says.saved }).waitFor();
  };

  const atDrop = async () => {
    const from = Math.floor(rig.world.clock.now() / 1000) - 5;
    const asked = { door: rig.door().id, from, until: from + 7_200, parcels: 1, reference: 'HER-9', can: ['drop'] };
    const { delivery } = mustHave(await carrier.dispatch.announce(asked as never));
    const { url } = mustHave(await carrier.dispatch.taskLink(delivery));
    const phone = await stage.newPhone({ locale: 'en-GB', permissions: [] });
    await phone.page.goto(url);
    await press(phone.page, firstWords.en.take);
    await untilAt(phone.page, 'stop-arrive');
    await press(phone.page, en.says.arrive);
    await untilAt(phone.page, 'stop-ring');
    await press(phone.page, en.says.ring);
    await untilAt(phone.page, 'stop-wait');
    rig.time.wind(21_000);
    await windPhone(phone, rig);
    return { delivery, ...phone };
  };

  t.test('S080: the owner switches it on beside the other wishes, by a word that the device signs', async (t) => {
    t.equal((await word())?.doorPhotos, undefined, 'off by itself');
    await saveWith(says.doorPhotos);
    t.match(await word(), { doorPhotos: true, keepHours: 72 });
    await stage.shoot(app.page, 'door-photo-wishes');
  });

  t.test('the courier lets the camera take it: too dark is said, and the next one is the proof', async (t) => {
    const { page, delivery } = await atDrop();
    await button(page, photoWords.en.atDoor).waitFor();
    await stage.shoot(page, 'door-photo-offered');
    rig.sim.cameraFault('front', { fault: 'blackout', active: true });
    await button(page, photoWords.en.atDoor).click();
    await page.getByText(photoWords.en.doorPoor).waitFor({ timeout: 60_000 });
    t.equal(await button(page, photoWords.en.take).count(), 1, 'by hand it goes on');
    await stage.shoot(page, 'door-photo-dark');
    rig.sim.cameraFault('front', { fault: 'blackout', active: false });
    await button(page, photoWords.en.atDoor).click();
    await untilAt(page, 'stop-end');
    const { photos } = await ask('GET', `/deliveries/${delivery}/photos`);
    t.match(photos, [{ by: 'hub', isProof: true }]);

    await windPhone(app, rig);
    await app.page.evaluate(`location.hash = '#/deliveries'`);
    await app.page.locator('[data-delivery="delivered"]').click();
    await button(app.page, ownerWords.de.look).click();
    await app.page.getByRole('img', { name: ownerWords.de.shown }).waitFor();
    const text = (await app.page.textContent('[data-photo="proof"]'))!;
    t.match(text, ownerWords.de.blankedAtDoor);
    t.match(text, ownerWords.de.takenAtDoor.split('{time}')[1]!);
    await stage.shoot(app.page, 'door-photo-owner');
  });

  t.test('S079: a confidential address tells the hub, too', async (t) => {
    await saveWith(says.confidential);
    t.match(await word(), { doorPhotos: false, keepHours: 72 });
  });
}
