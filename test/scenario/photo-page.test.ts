/** The photo of a parcel that was put down, on the courier's own phone: S054, S076, S077, S080, S081, S082, S084. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { photoWords as ownerWords } from '../../cloud-bridge/pages/owner/deliveries/photo-words.ts';
import { recordingWords } from '../../cloud-bridge/pages/owner/recordings/words.ts';
import { firstWords } from '../../cloud-bridge/pages/visitor/first-words.ts';
import { photoWords } from '../../cloud-bridge/pages/visitor/photo/words.ts';
import { de } from '../../cloud-bridge/pages/visitor/stop/words/de.ts';
import { en } from '../../cloud-bridge/pages/visitor/stop/words/en.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { unpackPhoto } from '../../wire/delivery-photo.ts';
import { newId } from '../../wire/jws.ts';
import { openSealed } from '../../wire/seal.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import { holdDown, openVisitorStage, untilAt, windPhone } from '../cloud-bridge/pages/visitor-stage.ts';
import { until } from '../support/until.ts';

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openVisitorStage(t);
  const { rig } = stage;
  const { owner, carrier } = rig;
  const home = `/v1/homes/${owner.pinned.home}`;
  const ask = async (method: 'GET' | 'PUT', path: string, body?: object) =>
    owner.http.call({ method, path: `${home}${path}`, proof: owner.keys.sign, ...(body && { body }) }, v.any());
  let version = 0;
  /** It is early in the morning there: no test runs into a midnight. */
  const ahead = ((5 - new Date(rig.time.now()).getUTCHours() + 36) % 24) - 12;
  const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  const wish = async (wishes: object): Promise<void> => {
    version += 1;
    const drop = { order: ['drop'], drop: 'Hinter dem Schuppen', zone, waitSeconds: 20 };
    mustHave(await ask('PUT', '/wishes', { version, wishes: { ...drop, ...wishes } }));
  };
  const announce = async (can = ['drop']) => {
    const from = Math.floor(rig.world.clock.now() / 1000) - 5;
    const asked = { door: rig.door().id, from, until: from + 7_200, parcels: 1, reference: 'HER-9', can };
    const { delivery } = mustHave(await carrier.dispatch.announce(asked));
    const { url } = mustHave(await carrier.dispatch.taskLink(delivery));
    return { delivery, url };
  };
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const press = async (page: Page, name: string): Promise<void> => {
    await button(page, name).waitFor();
    await until(`${name} can be pressed`, () => button(page, name).isEnabled());
    await holdDown(page, button(page, name));
  };
  const stateOf = async (delivery: string) => {
    const { deliveries } = mustHave(await ask('GET', '/deliveries'));
    return deliveries.find((one: { delivery: string }) => one.delivery === delivery);
  };
  const german: BrowserContextOptions = { locale: 'de-DE', permissions: [] };
  const english: BrowserContextOptions = {
    ...{ locale: 'en-GB', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
    ...{ permissions: ['geolocation'], geolocation: { latitude: 52.52, longitude: 13.405, accuracy: 9 } },
  };
  /** A courier who has rung and waited. */
  const atDrop = async (url: string, options: BrowserContextOptions) => {
    const [first, { says }] = options.locale === 'de-DE' ? [firstWords.de, de] : [firstWords.en, en];
    const phone = await stage.newPhone(options);
    await phone.page.goto(url);
    await press(phone.page, first.take);
    await untilAt(phone.page, 'stop-arrive');
    await press(phone.page, says.arrive);
    await untilAt(phone.page, 'stop-ring');
    await press(phone.page, says.ring);
    await untilAt(phone.page, 'stop-wait');
    rig.time.wind(21_000);
    await windPhone(phone, rig);
    return phone;
  };
  /** What a camera gives: a JPEG, with its own number and place in it. @param light  1: a sunny day; 0: night */
  const shot = async (page: Page, light: number): Promise<Buffer> => {
    const text = (await page.evaluate(`(() => {
      const canvas = document.createElement('canvas');
      canvas.width = 1600; canvas.height = 1200;
      const context = canvas.getContext('2d');
      for (let y = 0; y < 1200; y += 20) for (let x = 0; x < 1600; x += 20) {
        const value = (((x / 20 + y / 20) % 2) * 120 + 80) * ${light};
        context.fillStyle = 'rgb(' + [value, value * 0.9, value * 0.7].join() + ')';
        context.fillRect(x, y, 20, 20);
      }
      return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
    })()`)) as string;
    const jpeg = Buffer.from(text, 'base64');
    const about = Buffer.from('Exif\0\0 taken by camera 4711 in front of number 12');
    const head = Buffer.from([0xff, 0xe1, 0, about.length + 2]);
    return Buffer.concat([jpeg.subarray(0, 2), head, about, jpeg.subarray(2)]);
  };
  const choose = async (page: Page, buffer: Buffer): Promise<void> =>
    page.setInputFiles('input[type=file]', { name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
  const photosOf = async (delivery: string) => mustHave(await ask('GET', `/deliveries/${delivery}/photos`)).photos;
  const openPhoto = async (delivery: string, photo: string) => {
    const { sealed } = mustHave(await ask('GET', `/deliveries/${delivery}/photos/${photo}`));
    return unpackPhoto(await openSealed(sealed, owner.keys.seal.privateKey))!;
  };

  /** A device of the household, which belongs to it before anything is photographed. */
  const newApp = async (locale: string, viewport: { width: number; height: number }) => {
    const phone = await stage.newPhone({ locale, viewport });
    const { page } = phone;
    owner.follow();
    await page.goto(`${stage.url}/app/${owner.invite()}`);
    await page.waitForSelector('[data-door="locked"]');
    return phone;
  };
  let delivered = '';
  const app = await newApp('de-DE', { width: 360, height: 740 });

  t.test('on a phone in German: too dark is taken again; what is sent has nothing but the parcel in it', async (t) => {
    const says = photoWords.de;
    await wish({});
    const { delivery, url } = await announce();
    const { page } = await atDrop(url, german);
    await button(page, says.take).waitFor();
    t.match(await page.textContent('.screen'), says.guide, 'S082');
    t.equal(await button(page, de.says.put).count(), 0, 'S081: no way around the photo where one is wanted');
    await stage.shoot(page, 'photo-take');
    await choose(page, await shot(page, 0.05));
    await page.getByText(says.dark).waitFor();
    t.equal(await button(page, says.send).count(), 0);
    await choose(page, await shot(page, 1));
    await button(page, says.send).waitFor();
    await stage.shoot(page, 'photo-taken');
    const box = (await page.locator('.shot canvas').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await stage.shoot(page, 'photo-drawn-over');
    await button(page, says.send).click();
    await untilAt(page, 'stop-end');
    t.match(await page.textContent('h1'), de.says.putDown);
    t.match(await stateOf(delivery), { state: 'delivered', outcome: 'put' });
    delivered = delivery;
    const [photo, ...others] = await photosOf(delivery);
    t.match(photo, { isProof: true, attempt: 1 });
    t.same(others, []);
    const { facts, picture } = await openPhoto(delivery, photo.photo);
    t.match(facts, { delivery, attempt: 1, blurred: 'frame', flaws: [] });
    t.equal(facts.position, undefined, 'who says no to the position is not asked for a picture');
    const bytes = Buffer.from(picture);
    t.same([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    t.notOk(bytes.includes('4711') || bytes.includes('Exif'), 'encoded afresh');
  });

  t.test('the household opens it on its own device, shares it for one case, and deletes it for good', async (t) => {
    const { page } = app;
    const says = ownerWords.de;
    await windPhone(app, rig);
    await page.evaluate(`location.hash = '#/deliveries'`);
    await page.locator('[data-delivery="delivered"]').click();
    const card = page.locator('[data-photos="1"]');
    await card.waitFor();
    await page.getByText(says.isProof).waitFor();
    await stage.shoot(page, 'photo-owner-closed');
    await button(page, says.look).click();
    const shown = card.getByRole('img', { name: says.shown });
    await shown.waitFor();
    await page.evaluate(`document.querySelector('.still img').decode()`);
    const sides = `(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight])(document.querySelector('.still img'))`;
    t.same(await page.evaluate(sides), [1280, 960]);
    await stage.shoot(page, 'photo-owner');
    await page.evaluate(`location.hash = '#/diary'`);
    const told = page.locator('.day [data-photos="1"]');
    await told.waitFor();
    await button(page, says.look).click();
    await told.getByRole('img', { name: says.shown }).waitFor();
    await stage.shoot(page, 'photo-diary');
    await page.evaluate('history.back()');
    await button(page, says.look).click();
    await shown.waitFor();
    await button(page, says.share).click();
    await page.getByText(recordingWords.de.noCase).waitFor();
    const [photo] = await photosOf(delivered);
    const wanted = { method: 'POST', path: `${home}/cases`, body: { delivery: delivered, reason: 'missing' } } as const;
    mustHave(await owner.http.call({ ...wanted, proof: owner.keys.sign, once: newId() }, v.any()));
    const hire = { method: 'POST', path: '/v1/support-staff', body: { name: 'Eva' } } as const;
    const Hired = v.object({ url: v.string() });
    const hired = mustHave(await rig.operator.http.call({ ...hire, bearer: rig.operatorToken, once: newId() }, Hired));
    const desk = (await stage.newPhone({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })).page;
    await desk.goto(hired.url);
    await desk.locator('.cases button').click();
    await page.getByRole('button', { name: recordingWords.de.cancel }).click();
    await button(page, says.share).click();
    await page.getByRole('button', { name: recordingWords.de.shareNow.replace('{name}', 'Eva') }).click();
    await page.getByText(/^Eva sieht es bis /).waitFor();
    await stage.shoot(page, 'photo-owner-shared');
    await desk.getByRole('button', { name: 'Back' }).click();
    await desk.locator('.cases button').click();
    await desk.getByRole('button', { name: 'Show the picture' }).click();
    await desk.waitForSelector('img.shared');
    const { cases } = mustHave(await ask('GET', '/cases'));
    t.match(cases[0].looks[0], { name: 'Eva', what: 'picture' }, 'S078: each look is listed');

    await holdDown(page, button(page, says.remove));
    await page.getByText(says.removed).waitFor();
    t.same(await photosOf(delivered), []);
    t.equal((await ask('GET', `/deliveries/${delivered}/photos/${photo.photo}`)).ok, false);
    // A device that is not signed in yet finds nothing, and so does whoever asks for what was deleted.
    t.same(
      app.complaints.filter((one) => !/status of 404/.test(one)),
      [],
    );
  });

  t.test('at a desk in English: cut off, it waits sealed and is sent later; three refusals let it pass', async (t) => {
    const says = photoWords.en;
    const { delivery, url } = await announce();
    const phone = await atDrop(url, english);
    const { page, context } = phone;
    await button(page, says.take).waitFor();
    for (let n = 0; n < 3; n += 1) {
      t.equal(await button(page, says.anyway).count(), 0);
      await choose(page, await shot(page, 0.05 + n / 100));
      await page.getByText(says.dark).waitFor();
      await until('it was judged', async () => n < 2 || (await button(page, says.anyway).count()) === 1);
    }
    await context.setOffline(true);
    await button(page, says.anyway).click();
    await page.getByText(says.waits).waitFor();
    await stage.shoot(page, 'photo-waits');
    t.same(await photosOf(delivery), []);
    await context.setOffline(false);
    await page.reload();
    await button(page, says.retry).click();
    await untilAt(page, 'stop-end');
    const [photo] = await photosOf(delivery);
    const { facts } = await openPhoto(delivery, photo.photo);
    t.match(facts, { flaws: ['dark'], position: { lat: 52.52, accuracy: 9 } });
  });

  t.test('handed over without a code: where nobody confirms it, a photo closes it, and the plan says so', async (t) => {
    await wish({ order: ['in-person'], drop: undefined });
    const { delivery, url } = await announce(['in-person']);
    const { page } = await atDrop(url, german);
    await page.getByText(de.says.orPhoto).waitFor();
    await choose(page, await shot(page, 1));
    await button(page, photoWords.de.send).click();
    await untilAt(page, 'stop-end');
    t.match(await stateOf(delivery), { state: 'delivered', outcome: 'put', proof: 'photo' });
    t.match(await photosOf(delivery), [{ by: 'courier', isProof: true }]);
    await wish({ photos: false, order: ['in-person'], drop: undefined });
    const second = await announce(['in-person']);
    const other = await atDrop(second.url, german);
    await other.page.getByText(de.says.confirm).waitFor();
    t.equal(
      await other.page.getByText(de.says.orPhoto).count(),
      0,
      'S080: no photo, and the recipient alone can say it',
    );
    await wish({});
  });

  t.test('S080: switched off while the courier stands there, what is sent is refused and forgotten', async (t) => {
    const says = photoWords.de;
    const { delivery, url } = await announce();
    const { page } = await atDrop(url, german);
    await button(page, says.take).waitFor();
    await choose(page, await shot(page, 1));
    await button(page, says.send).waitFor();
    await wish({ isConfidential: true });
    await until('it is refused, or not offered any more', async () => {
      if ((await button(page, says.send).count()) > 0)
        await button(page, says.send)
          .click({ timeout: 1_000 })
          .catch(() => undefined);
      return (await page.locator('.shot').count()) === 0 || (await page.getByText(says.refused).count()) > 0;
    });
    await button(page, de.says.put).waitFor();
    t.same(await photosOf(delivery), []);
  });
}
