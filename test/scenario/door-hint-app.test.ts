/** The owner tells visitors how to find the door: on a phone, by hand, with a photo as a camera writes it. */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { resolve } from 'node:path';
import t from 'tap';
import * as v from 'valibot';
import { readPhoto } from '../../cloud-bridge/hint/photo.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { DoorHint } from '../../wire/door-hint.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { lookerAt, openPages } from '../cloud-bridge/pages/pages-stage.ts';

t.test(
  'S052, S054: the owner takes a photo, marks the door and says where the parcel goes',
  { skip: noChromium },
  async (t) => {
    const { rig, browser, url } = await openPages(t, 'localhost');
    const shoot = lookerAt(t, 'owner-', true);
    const { owner } = rig;
    const path = `/v1/homes/${owner.pinned.home}/doors/${rig.door().id}/hint`;
    const read = () => owner.http.call({ method: 'GET', path, proof: owner.keys.sign }, DoorHint);

    const context = await browser.newContext({
      ...{ viewport: { width: 360, height: 740 }, locale: 'bg-BG', colorScheme: 'dark' as const },
      ...{ permissions: ['geolocation'], geolocation: { latitude: 52.52, longitude: 13.405, accuracy: 900 } },
    });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const preflights: string[] = [];
    subscribe('http.server.request.start', (message) => {
      const { method, url = '' } = (message as { readonly request: IncomingMessage }).request;
      if (method === 'OPTIONS') preflights.push(url);
    });
    const save = () => page.locator('form.hint button[type=submit]').click();
    const status = page.locator('form.hint [role=status]');
    await page.goto(`${url}/app/${owner.invite()}`);
    await page.click('[data-choice="without"]');
    await page.waitForSelector('.frame');
    await page.goto(`${url}/app/#/doors`);
    await page.waitForSelector('form.hint');
    await shoot(page, 'doors-empty');

    // With a colour profile, and with where it was taken.
    const jpeg = readFileSync(resolve(import.meta.dirname, '../vectors/photo/chromium.jpg'));
    const exif = Buffer.from('\xff\xe1\x00\x10Exif\0\0secrets', 'latin1');
    exif.writeUInt16BE(exif.length - 2, 2);
    const buffer = Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
    await page.setInputFiles('input[type=file]', { name: 'door.jpg', mimeType: 'image/jpeg', buffer });
    await page.waitForSelector('.hint img');
    await page.selectOption('form.hint select', '1D');
    await page.fill('form.hint input[type=text]', '  Зад вратата,  вляво ');
    await save();
    await status.filter({ hasText: 'Запазено' }).waitFor();
    await shoot(page, 'doors');
    const kept = mustHave(await read());
    t.match(kept, { place: '1D', instruction: 'Зад вратата, вляво' });
    const photo = Buffer.from(kept.photo ?? '', 'base64');
    t.same(readPhoto(photo), { ok: true, value: { type: 'image/jpeg', width: 96, height: 64 } });
    t.notOk(photo.includes('Exif') || photo.includes('ICC_PROFILE'), 'nothing but the picture');

    await page.setInputFiles('input[type=file]', {
      name: 'x.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('no picture'),
    });
    await status.filter({ hasText: 'не може да прочете' }).waitFor();
    await page.reload();
    await page.waitForSelector('.hint img');
    t.equal(await page.inputValue('form.hint input[type=text]'), 'Зад вратата, вляво', 'it is there again');
    await page.locator('form.hint .row button').click();
    await page.selectOption('form.hint select', '');
    await page.fill('form.hint input[type=text]', '');
    await save();
    await status.filter({ hasText: 'не виждат' }).waitFor();
    t.match(await read(), { ok: false, code: 'NOT_FOUND' });
    t.ok(v.is(DoorHint, kept));
    const asked = preflights.filter((one) => one === path);
    t.equal(asked.length, 1, 'read, written, read again and deleted, after one preflight');

    const where = () =>
      owner.http.call(
        { method: 'GET', path: `/v1/homes/${owner.pinned.home}/position`, proof: owner.keys.sign },
        v.any(),
      );
    const here = page.locator('.position');
    const told = here.locator('[role=status]');
    t.same(mustHave(await where()), { position: null }, 'S051: nothing by looking');
    await here.locator('button').click();
    await told.filter({ hasText: 'Твърде неточно' }).waitFor();
    t.same(mustHave(await where()), { position: null });
    await context.setGeolocation({ latitude: 52.52, longitude: 13.405, accuracy: 14.5 });
    await here.locator('button').click();
    await told.filter({ hasText: 'Запазено' }).waitFor();
    await here.getByText(/точност до 15\s/).waitFor();
    t.same(mustHave(await where()), { position: { lat: 52.52, lon: 13.405, accuracy: 14.5 } });
    await shoot(page, 'doors-position');
    await here.getByText('Премахни').click();
    await told.filter({ hasText: 'Премахнато' }).waitFor();
    t.same(mustHave(await where()), { position: null }, 'and taken back');
    t.same(
      complaints.filter((one) => !/status of 404/.test(one)),
      [],
    );
  },
);
