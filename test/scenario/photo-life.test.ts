/**
 * The whole life of a photo, from the carrier's call to its deletion, in German by finger and in English by keyboard; and a photo that is shared, that
 * waits for the network, that is refused: S054, S076, S077, S078, S080, S081, S082, S084, S086.
 */
import { readdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import * as v from 'valibot';
import { layoutOf } from '../../cloud-bridge/config/layout.ts';
import { evidenceWords } from '../../cloud-bridge/pages/common/evidence/words.ts';
import { disputeWords } from '../../cloud-bridge/pages/owner/deliveries/dispute-words.ts';
import { photoWords as ownerWords } from '../../cloud-bridge/pages/owner/deliveries/photo-words.ts';
import { recordingWords } from '../../cloud-bridge/pages/owner/recordings/words.ts';
import { photoWords } from '../../cloud-bridge/pages/visitor/photo/words.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { makeDeviceKeys } from '../../hardware-sim/people/keys.ts';
import { unpackPhoto } from '../../wire/delivery-photo.ts';
import { newId } from '../../wire/jws.ts';
import type { Place } from '../../wire/plan.ts';
import { openSealed } from '../../wire/seal.ts';
import { verifyEvidence } from '../../wire/verify-evidence.ts';
import { launchWhole, noChromium } from '../cloud-bridge/pages/browser.ts';
import {
  buttonOf,
  finger,
  type Hand,
  keys,
  openCourierStage,
  showDelivery,
} from '../cloud-bridge/pages/courier-stage.ts';
import { savedBy } from '../cloud-bridge/pages/owner-stage.ts';
import { holdDown } from '../cloud-bridge/pages/pages-stage.ts';
import { type Phone, untilAt } from '../cloud-bridge/pages/visitor-stage.ts';
import { until } from '../support/until.ts';

const patient = { timeout: 60_000 };
const dayMs = 86_400_000;

/** How much of a picture differs in a square of 40 pixels: nothing, where it is one block. @param at  its upper left corner, 0 to 1 of each side */
const unrest = (page: Page, selector: string, at: number): Promise<number> =>
  page.evaluate(`(() => {
    const shown = document.querySelector(${JSON.stringify(selector)});
    const [width, height] = [shown.naturalWidth ?? shown.width, shown.naturalHeight ?? shown.height];
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    context.drawImage(shown, 0, 0);
    const { data } = context.getImageData(${at} * width + 5, ${at} * height + 5, 40, 40);
    const greens = data.filter((_, index) => index % 4 === 1);
    return Math.max(...greens) - Math.min(...greens);
  })()`);

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openCourierStage(t);
  const { rig, ask, stateOf } = stage;
  const { owner } = rig;
  const home = `/v1/homes/${owner.pinned.home}`;
  const wish = (more: object = {}): Promise<void> =>
    stage.wish({ order: ['drop'], drop: 'Hinter dem Schuppen', photoDays: 1, ...more });
  const announce = (can: readonly Place[] = ['drop']) => stage.announce(can);
  const near = { permissions: ['geolocation'], geolocation: { latitude: 52.52, longitude: 13.405, accuracy: 9 } };

  /** A device of the household, which belongs to it before anything is photographed. */
  const newApp = async ({ options }: Hand): Promise<Phone> => {
    const app = await stage.newPhone(options);
    await app.page.goto(`${stage.url}/app/${owner.invite()}`);
    await app.page.waitForSelector('[data-door="locked"]', patient);
    return app;
  };
  const apps = { de: await newApp(finger), en: await newApp(keys) };
  const wind = (ms: number, phones: readonly Phone[] = []): Promise<void> =>
    stage.wind(ms, [...Object.values(apps), ...phones]);

  /** A courier who has rung and waited. */
  const atDrop = async (url: string, hand: Hand, more = {}) => {
    const { says } = hand.words;
    const courier = await stage.take(url, hand, more);
    await courier.press(says.arrive);
    await untilAt(courier.page, 'stop-ring');
    await courier.press(says.ring);
    await untilAt(courier.page, 'stop-wait');
    t.equal(await courier.page.locator('.shot').count(), 0, 'first somebody has the time to come');
    await wind(21_000, [courier]);
    await courier.page.locator('h1', { hasText: says.waitedTitle }).waitFor();
    return courier;
  };

  const phone = await launchWhole();
  t.teardown(() => phone.close());
  const camera = await (await phone.newContext({ permissions: ['camera'] })).newPage();
  await camera.goto(`${stage.url}/visit/`);
  /** What the camera of a phone gives: a JPEG with its own number in it; a name plate in a corner, and another on the parcel. @param light  1: day; 0: night */
  const shot = async (light = 1): Promise<Buffer> => {
    const text = (await camera.evaluate(`(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1600, height: 1200 } });
      const video = Object.assign(document.createElement('video'), { muted: true, srcObject: stream });
      await video.play();
      const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 1200 });
      const context = canvas.getContext('2d');
      context.filter = 'brightness(${light})';
      context.drawImage(video, 0, 0, 1600, 1200);
      for (const track of stream.getTracks()) track.stop();
      for (const [left, top] of [[0, 0], [740, 550]]) {
        for (let at = 0; at < 144; at += 1) {
          context.fillStyle = at % 2 === Math.floor(at / 12) % 2 ? '#000' : '#fff';
          context.fillRect(left + 10 * (at % 12), top + 10 * Math.floor(at / 12), 10, 10);
        }
      }
      return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
    })()`)) as string;
    const jpeg = Buffer.from(text, 'base64');
    const about = Buffer.from('Exif\0\0 taken by camera 4711 in front of number 12');
    const head = Buffer.from([0xff, 0xe1, 0, about.length + 2]);
    return Buffer.concat([jpeg.subarray(0, 2), head, about, jpeg.subarray(2)]);
  };
  const choose = ({ page }: Phone, buffer: Buffer): Promise<void> =>
    page.setInputFiles('input[type=file]', { name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
  const photosOf = async (delivery: string) => mustHave(await ask('GET', `/deliveries/${delivery}/photos`)).photos;
  const sealedOf = (delivery: string, photo: string) => ask('GET', `/deliveries/${delivery}/photos/${photo}`);
  const openPhoto = async (delivery: string, photo: string) =>
    unpackPhoto(await openSealed(mustHave(await sealedOf(delivery, photo)).sealed, owner.keys.seal.privateKey))!;
  const files = (): readonly string[] =>
    readdirSync(layoutOf(rig.folders.cloud).photos, { recursive: true }).map(String);

  async function life(t: Test, hand: Hand): Promise<void> {
    const [says, own] = [photoWords[hand.code], ownerWords[hand.code]];
    await wish();
    const { delivery, url } = await announce();
    const courier = await atDrop(url, hand, hand === keys ? near : {});
    const { page } = courier;
    await buttonOf(page, says.take).waitFor();
    t.match(await page.textContent('.screen'), says.guide, 'S082');
    t.equal(await buttonOf(page, hand.words.says.put).count(), 0, 'S081: no way around the photo where one is wanted');
    await stage.shoot(page, `photo-take-${hand.at}`);
    await choose(courier, await shot(0.05));
    await page.getByText(says.dark).waitFor();
    t.equal(await buttonOf(page, says.send).count(), 0);
    await choose(courier, await shot());
    await buttonOf(page, says.send).waitFor();
    await stage.shoot(page, `photo-taken-${hand.at}`);
    t.ok((await unrest(page, '.shot canvas', 0)) < 4, 'S082: around the parcel nothing can be read');
    t.ok((await unrest(page, '.shot canvas', 0.47)) > 100, 'in the middle it can');
    const box = (await page.locator('.shot canvas').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.49, box.y + box.height * 0.49);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.51, box.y + box.height * 0.49, { steps: 5 });
    await page.mouse.up();
    t.ok((await unrest(page, '.shot canvas', 0.47)) < 4, 'until the courier draws over it');
    await stage.shoot(page, `photo-drawn-over-${hand.at}`);
    await buttonOf(page, says.send).click();
    await untilAt(page, 'stop-end');
    t.match(await page.textContent('h1'), hand.words.says.putDown);
    t.match(await stateOf(delivery), { state: 'delivered', outcome: 'put' }, 'S084');

    const [photo, ...others] = await photosOf(delivery);
    t.match(photo, { isProof: true, attempt: 1 });
    t.same(others, []);
    const { facts, picture } = await openPhoto(delivery, photo.photo);
    t.match(facts, { delivery, attempt: 1, blurred: 'frame', flaws: [] });
    if (hand === keys) t.match(facts.position, { lat: 52.52, accuracy: 9 });
    else t.equal(facts.position, undefined, 'who says no to the position is not asked for a picture');
    const bytes = Buffer.from(picture);
    t.same([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    t.notOk(bytes.includes('4711') || bytes.includes('Exif'), 'encoded afresh');

    // At once in the owner's app, opened there, and part of the evidence.
    const app = apps[hand.code];
    await showDelivery(app, delivery);
    await app.page.getByText(own.isProof).waitFor(patient);
    await stage.shoot(app.page, `photo-owner-closed-${hand.at}`);
    await buttonOf(app.page, own.look).click();
    await app.page.locator('[data-photos="1"]').getByRole('img', { name: own.shown }).waitFor();
    await app.page.evaluate(`document.querySelector('.still img').decode()`);
    const sides = `(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight])(document.querySelector('.still img'))`;
    t.same(await app.page.evaluate(sides), [1280, 960]);
    for (const at of [0, 0.47]) t.ok((await unrest(app.page, '.still img', at)) < 12, 'it came as it was sent');
    await stage.shoot(app.page, `photo-owner-${hand.at}`);
    await app.page.locator('[data-fact="how"]', { hasText: evidenceWords[hand.code].photo }).waitFor(patient);
    await app.page.locator('[data-whole]').waitFor();
    const saved = await savedBy(app.page, () => buttonOf(app.page, disputeWords[hand.code].save).click());
    const receipt = { delivery, end: 'put', place: 'drop', handover: { photo: photo.photo } };
    t.match(await verifyEvidence(saved, { root: rig.rootHash }), { ok: true, value: { receipt } }, 'S086: by its hash');

    // In the diary it stands with what is told of its delivery.
    await app.page.evaluate(`location.hash = '#/diary'`);
    const told = app.page.locator('.day [data-photos="1"]').first();
    await told.getByRole('button', { name: own.look, exact: true }).click(patient);
    await told.getByRole('img', { name: own.shown }).waitFor(patient);
    await stage.shoot(app.page, `photo-diary-${hand.at}`);
    await app.page.evaluate('history.back()');
    await app.page.locator('[data-standing]').waitFor(patient);

    // Its days are over.
    t.ok(
      files().some((name) => name.includes(photo.photo)),
      'the cloud has it, sealed',
    );
    await wind(dayMs - 600_000);
    await rig.sweepCloud();
    t.equal((await photosOf(delivery)).length, 1, 'not before');
    await wind(660_000);
    await rig.sweepCloud();
    t.same(await photosOf(delivery), []);
    t.equal((await sealedOf(delivery, photo.photo)).ok, false);
    t.notOk(
      files().some((name) => name.includes(photo.photo)),
      'nothing of it is left',
    );
    await app.page.reload();
    await app.page.locator('[data-whole]').waitFor(patient);
    await app.page.locator('[data-photos]').waitFor({ state: 'detached', ...patient });
    t.match(await verifyEvidence(saved, { root: rig.rootHash }), { ok: true }, 'and the evidence of it still holds');
    await courier.context.close();
    // A device that is not signed in yet finds nothing; and a request on its way may be overtaken by the day that passes at once.
    t.same(
      app.complaints.filter((one) => !/status of 4(01|04|10)/.test(one)),
      [],
    );
  }

  t.test('on phones in German, by finger: taken again, drawn over, sealed, seen, proven, deleted at the end', (t) =>
    life(t, finger),
  );
  t.test('on desks in English, by keyboard, with the position', (t) => life(t, keys));

  t.test(
    'cut off, it waits sealed and is sent later; three refusals let it pass; shared for one case; deleted',
    async (t) => {
      const [says, own] = [photoWords.en, ownerWords.de];
      await wish();
      const { delivery, url } = await announce();
      const courier = await atDrop(url, keys, near);
      const { page, context } = courier;
      for (let n = 0; n < 3; n += 1) {
        t.equal(await buttonOf(page, says.anyway).count(), 0);
        await choose(courier, await shot(0.05 + n / 100));
        await page.getByText(says.dark).waitFor();
        await until('it was judged', async () => n < 2 || (await buttonOf(page, says.anyway).count()) === 1);
      }
      await context.setOffline(true);
      await buttonOf(page, says.anyway).click();
      await page.getByText(says.waits).waitFor();
      await stage.shoot(page, 'photo-waits');
      t.same(await photosOf(delivery), []);
      await context.setOffline(false);
      await page.reload();
      await buttonOf(page, says.retry).click();
      await untilAt(page, 'stop-end');
      const [photo] = await photosOf(delivery);
      const { facts } = await openPhoto(delivery, photo.photo);
      t.match(facts, { flaws: ['dark'], position: { lat: 52.52, accuracy: 9 } });

      const app = apps.de;
      const before = app.complaints.length;
      await showDelivery(app, delivery);
      await buttonOf(app.page, own.look).click(patient);
      await buttonOf(app.page, own.share).click();
      await app.page.getByText(recordingWords.de.noCase).waitFor();
      const wanted = { method: 'POST', path: `${home}/cases`, body: { delivery, reason: 'missing' } } as const;
      mustHave(await owner.http.call({ ...wanted, proof: owner.keys.sign, once: newId() }, v.any()));
      const hire = { method: 'POST', path: '/v1/support-staff', body: { name: 'Eva' } } as const;
      const Hired = v.object({ url: v.string() });
      const hired = mustHave(
        await rig.operator.http.call({ ...hire, bearer: rig.operatorToken, once: newId() }, Hired),
      );
      const desk = (await stage.newPhone(keys.options)).page;
      await desk.goto(hired.url);
      await desk.locator('.cases button').click();
      await app.page.getByRole('button', { name: recordingWords.de.cancel }).click();
      await buttonOf(app.page, own.share).click();
      await app.page.getByRole('button', { name: recordingWords.de.shareNow.replace('{name}', 'Eva') }).click();
      await app.page.getByText(/^Eva sieht es bis /).waitFor();
      await stage.shoot(app.page, 'photo-owner-shared');
      await desk.getByRole('button', { name: 'Back' }).click();
      await desk.locator('.cases button').click();
      await desk.getByRole('button', { name: 'Show the picture' }).click();
      await desk.waitForSelector('img.shared');
      const { cases } = mustHave(await ask('GET', '/cases'));
      t.match(cases[0].looks[0], { name: 'Eva', what: 'picture' }, 'S078: each look is listed');

      // The same for its carrier, which has said by then what it can open.
      const theirs = (await makeDeviceKeys()).seal;
      const { dispatch } = rig.carrier;
      mustHave(await dispatch.setSealKey(theirs.jwk));
      await buttonOf(app.page, own.share).click();
      await app.page.getByRole('button', { name: recordingWords.de.shareNow.replace('{name}', 'Hermes') }).click();
      await app.page.getByText(/^Hermes sieht es bis /).waitFor();
      await stage.shoot(app.page, 'photo-owner-shared-carrier');
      const inCase = mustHave(await ask('GET', '/cases')).cases[0].pictures.at(-1);
      const { sealed } = mustHave(await dispatch.picture(delivery, inCase.picture));
      t.same([...(await openSealed(String(sealed), theirs.privateKey)).subarray(0, 3)], [0xff, 0xd8, 0xff]);

      await holdDown(app.page, buttonOf(app.page, own.remove));
      await app.page.getByText(own.removed).waitFor();
      t.same(await photosOf(delivery), []);
      t.equal((await sealedOf(delivery, photo.photo)).ok, false);
      // Whoever asks for what was deleted finds nothing.
      t.same(
        app.complaints.slice(before).filter((one) => !/status of 404/.test(one)),
        [],
      );
    },
  );

  t.test('handed over without a code: where nobody confirms it, a photo closes it, and the plan says so', async (t) => {
    const { says } = finger.words;
    await wish({ order: ['in-person'], drop: undefined });
    const { delivery, url } = await announce(['in-person']);
    const courier = await atDrop(url, finger);
    await courier.page.getByText(says.orPhoto).waitFor();
    await choose(courier, await shot());
    await buttonOf(courier.page, photoWords.de.send).click();
    await untilAt(courier.page, 'stop-end');
    t.match(await stateOf(delivery), { state: 'delivered', outcome: 'put', proof: 'photo' });
    t.match(await photosOf(delivery), [{ by: 'courier', isProof: true }]);
    await wish({ photos: false, order: ['in-person'], drop: undefined });
    const second = await announce(['in-person']);
    const { page } = await atDrop(second.url, finger);
    await page.getByText(says.confirm).waitFor();
    t.equal(await page.getByText(says.orPhoto).count(), 0, 'S080: no photo, and the recipient alone can say it');
    await wish();
  });

  t.test('S080: switched off while the courier stands there, what is sent is refused and forgotten', async (t) => {
    const says = photoWords.de;
    const { delivery, url } = await announce();
    const courier = await atDrop(url, finger);
    const { page } = courier;
    await choose(courier, await shot());
    await buttonOf(page, says.send).waitFor();
    await wish({ isConfidential: true });
    await until('it is refused, or not offered any more', async () => {
      if ((await buttonOf(page, says.send).count()) > 0)
        await buttonOf(page, says.send)
          .click({ timeout: 1_000 })
          .catch(() => undefined);
      return (await page.locator('.shot').count()) === 0 || (await page.getByText(says.refused).count()) > 0;
    });
    await buttonOf(page, finger.words.says.put).waitFor();
    t.same(await photosOf(delivery), []);
  });
}
