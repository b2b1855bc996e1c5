import type { Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { newId } from '../../wire/jws.ts';
import { sealFor } from '../../wire/seal.ts';
import { OwnerCase, SharedPicture } from '../../wire/support.ts';
import { addAuthenticator } from '../cloud-bridge/pages/authenticator.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { lookerAt, openPages, pressKeys } from '../cloud-bridge/pages/pages-stage.ts';

/** A grey square: the smallest picture that a browser draws. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
);

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const { rig, browser, url: origin } = await openPages(t, 'localhost');
  const shoot = lookerAt(t, 'support-', true);

  t.test('S078, S028: support reads a case, and sees the one picture that its owner shares', async (t) => {
    const { http, keys, pinned } = rig.owner;
    const errand = await rig.deliver('ended');
    const cases = `/v1/homes/${pinned.home}/cases`;
    const sign = { proof: keys.sign, once: newId() } as const;
    const wish = { delivery: errand.delivery, reason: 'missing' };
    const opened = mustHave(await http.call({ method: 'POST', path: cases, body: wish, ...sign }, OwnerCase));
    const Added = v.object({ staff: v.string(), url: v.string() });
    const hired = mustHave(
      await rig.operator.http.call(
        { method: 'POST', path: '/v1/support-staff', body: { name: 'Eva' }, bearer: rig.operatorToken, once: newId() },
        Added,
      ),
    );

    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'de-DE' });
    t.teardown(() => context.close());
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${origin}/support/`);
    await page.waitForSelector('[data-view="alone"]');
    await shoot(page, 'alone');
    await page.goto(hired.url);
    await page.waitForSelector('[data-view="cases"]');
    t.notMatch(page.url(), /dws_/, 'the token is out of the address bar');
    await page.getByText('Etwas fehlt').waitFor();
    await shoot(page, 'cases');
    const digits = (await page.locator('.digits').textContent())?.replace(' ', '');

    await page.locator('.cases button').press('Enter');
    await page.waitForSelector('[data-view="case"]');
    await page.getByText('die Tür war nachweislich verriegelt').waitFor();
    await shoot(page, 'case');
    const text = (await page.textContent('body')) ?? '';
    for (const secret of [rig.hubId, rig.door().id, pinned.home, errand.delivery, errand.id])
      t.notOk(text.includes(secret), 'nothing of the home');

    const List = v.object({ cases: v.array(OwnerCase) });
    const seen = mustHave(await http.call({ method: 'GET', path: cases, proof: keys.sign }, List)).cases[0]!;
    t.match(seen, { looks: [{ name: 'Eva', what: 'history' }], staff: [{ name: 'Eva', check: digits }] });
    const sealed = await sealFor([seen.staff[0]!.seal!], png);
    const share = { staff: hired.staff, until: rig.time.now() + 3_600_000, sealed };
    const shared = { method: 'POST', path: `${cases}/${opened.case}/pictures`, body: share } as const;
    mustHave(await http.call({ ...shared, proof: keys.sign, once: newId() }, SharedPicture));

    await page.getByRole('button', { name: 'Zurück' }).click();
    await page.locator('.cases button').click();
    await page.getByRole('button', { name: 'Bild zeigen' }).click();
    await page.waitForSelector('img.shared');
    t.equal(await page.evaluate('document.querySelector("img.shared").decode().then(() => true)'), true);
    await shoot(page, 'picture');
    const looks = mustHave(await http.call({ method: 'GET', path: cases, proof: keys.sign }, List)).cases[0]!.looks;
    t.same(looks.map(({ what }) => what).sort(), ['history', 'history', 'picture'], 'each look is listed');

    const Wished = v.object({ wishes: v.nullish(v.object({ alwaysCode: v.optional(v.boolean()) })) });
    const wished = () =>
      http.call({ method: 'GET', path: `/v1/homes/${pinned.home}/wishes`, proof: keys.sign }, Wished).then(mustHave);
    t.not((await wished()).wishes?.alwaysCode, true);
    await pressKeys(page, page.getByRole('button', { name: 'Ab jetzt nach einem Code fragen' }));
    await page.getByText('Ab jetzt wird nach einem Code gefragt.').waitFor();
    t.equal((await wished()).wishes?.alwaysCode, true, 'S033: every hand-over there asks for one');
    await shoot(page, 'always-code');

    await page.reload();
    await page.getByText('Etwas fehlt').waitFor();
    await page.getByRole('button', { name: 'Abmelden' }).click();
    await page.waitForSelector('[data-view="alone"]');
    t.same(complaints, []);
  });

  t.test('at a desk, in the dark, in Bulgarian: nothing stands in the way', async (t) => {
    const hired = mustHave(
      await rig.operator.http.call(
        { method: 'POST', path: '/v1/support-staff', body: { name: 'Max' }, bearer: rig.operatorToken, once: newId() },
        v.object({ url: v.string() }),
      ),
    );
    const viewport = { width: 1280, height: 800 };
    const context = await browser.newContext({ viewport, locale: 'bg-BG', colorScheme: 'dark' });
    t.teardown(() => context.close());
    const page = await context.newPage();
    await page.goto(hired.url);
    await page.locator('.cases button').click();
    await page.waitForSelector('[data-view="case"]');
    await shoot(page, 'case-dark');
    t.notMatch(await page.textContent('ol'), /visit\.|door\.|camera\./, 'every step has words');
  });

  t.test('the owner opens a case in the app, sees who looked, shares one picture, and ends it', async (t) => {
    const hired = mustHave(
      await rig.operator.http.call(
        { method: 'POST', path: '/v1/support-staff', body: { name: 'Ida' }, bearer: rig.operatorToken, once: newId() },
        v.object({ url: v.string() }),
      ),
    );
    const newPage = async (): Promise<Page> => {
      const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
      t.teardown(() => context.close());
      const page = await context.newPage();
      await addAuthenticator(context, page);
      return page;
    };
    const [app, desk] = [await newPage(), await newPage()];
    rig.owner.follow();
    await app.goto(`${origin}/app/${rig.owner.invite()}`);
    await app.click('[data-choice="make"]');
    await app.waitForSelector('.frame');
    await app.goto(`${origin}/app/#/cases`);
    await app.getByRole('button', { name: 'End the case' }).click();
    await app.getByText('No case is open.').waitFor();
    await app.getByLabel('What it is about').selectOption('damaged');
    await app.getByRole('button', { name: 'Open a case' }).click();
    await app.getByText('Nobody has looked yet.').waitFor();

    await desk.goto(hired.url);
    await desk.locator('.cases button').click();
    await desk.getByText('The owner has shared no picture with you.').waitFor();
    await desk.getByRole('button', { name: 'Back' }).click();
    const digits = (await desk.locator('.digits').textContent())?.replace(' ', '');
    await app.reload();
    await app.getByText(`If Ida calls, these digits are read to you: ${digits}`).waitFor();
    await app
      .getByLabel('Choose a photo: Ida')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: png.subarray(3) });
    await app.getByText('That is no picture').waitFor();
    await app.getByLabel('Choose a photo: Ida').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png });
    await app.getByText('The picture is shared.').waitFor();
    await shoot(app, 'owner-case');

    await desk.locator('.cases button').click();
    await desk.getByRole('button', { name: 'Show the picture' }).click();
    await desk.waitForSelector('img.shared');
    await app.reload();
    await app.getByText(/Ida · a picture/).waitFor();
    await app.getByRole('button', { name: 'Take back' }).click();
    await app.getByRole('button', { name: 'Take back' }).waitFor({ state: 'detached' });
    await app.getByRole('button', { name: 'End the case' }).click();
    await app.getByText('No case is open.').waitFor();
    await desk.getByRole('button', { name: 'Back' }).click();
    await desk.getByText('No case is open.').waitFor();
  });
}
