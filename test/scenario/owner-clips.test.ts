import type { BrowserContext, Locator, Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { words as caseWords } from '../../cloud-bridge/pages/owner/cases/words.ts';
import { diaryWords } from '../../cloud-bridge/pages/owner/diary/words.ts';
import { recordingWords } from '../../cloud-bridge/pages/owner/recordings/words.ts';
import { picture, readStrip, strip } from '../../hardware-sim/camera/strip.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { newId } from '../../wire/jws.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { aheadOf, setAhead } from '../cloud-bridge/pages/page-clock.ts';
import { lookerAt, openPages } from '../cloud-bridge/pages/pages-stage.ts';
import { streamOf, untilRelayed } from '../support/rig-film.ts';
import { kindsOf } from '../support/rig-journals.ts';
import { until } from '../support/until.ts';

const hourMs = 3_600_000;
const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

/** When a picture was taken, as the strip in its pixels says. @param of  an expression for a canvas or an image of the page */
async function takenIn(page: Page, of: string): Promise<number | undefined> {
  const row = await page.evaluate<number[]>(`(() => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [${picture.width}, ${picture.height}];
    const context = canvas.getContext('2d');
    context.drawImage(${of}, 0, 0, canvas.width, canvas.height);
    return [...context.getImageData(0, ${strip.y + strip.cellHeight / 2}, canvas.width, 1).data];
  })()`);
  const rgba = new Uint8Array(picture.width * picture.height * 4);
  for (let line = strip.y; line < strip.y + strip.cellHeight; line += 1) rgba.set(row, line * picture.width * 4);
  return readStrip(rgba, picture.width, picture.height);
}

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const { rig, browser, url } = await openPages(t, '127.0.0.1', {
    doors: [{ name: 'front', camera: 'h264' }],
    camera: 'recorded',
  });
  const shoot = lookerAt(t, 'owner-clips-', true);
  const newContext = async (locale: string, viewport: typeof phone, dark = false): Promise<BrowserContext> => {
    const context = await browser.newContext({ viewport, locale, colorScheme: dark ? 'dark' : 'light' });
    t.teardown(() => context.close());
    await setAhead(context, aheadOf(rig));
    return context;
  };
  /** The page's time of day is the rig's: a proof that is dated a minute off is refused. */
  const keepTime = () => setAhead(page.context(), aheadOf(rig));
  const wind = async (ms: number): Promise<void> => {
    rig.time.wind(ms);
    await rig.untilCalm();
    await keepTime();
  };
  const newApp = async (locale: string, viewport: typeof phone, dark = false) => {
    const page = await (await newContext(locale, viewport, dark)).newPage();
    page.setDefaultTimeout(30_000);
    const complaints = complaintsOf(page);
    rig.owner.follow();
    await page.goto(`${url}/app/${rig.owner.invite()}`);
    await page.waitForSelector('[data-door="locked"]');
    return { page, complaints };
  };
  const show = async (page: Page, name: string): Promise<void> => {
    await page.evaluate(`location.hash = '#/${name}'`);
    await page.waitForSelector('main h1');
  };
  const placeOf = async (clip: Locator): Promise<number> =>
    Number(await clip.locator('input[type=range]').inputValue());
  const endOf = async (clip: Locator): Promise<number> =>
    Number(await clip.locator('input[type=range]').getAttribute('max'));
  const film = async (): Promise<{ visit: string; delivery: string }> => {
    const errand = await rig.deliver('ended');
    await untilRelayed(rig, streamOf(rig, errand.id)!);
    return { visit: errand.id, delivery: errand.delivery };
  };

  const { page, complaints } = await newApp('de-DE', phone);
  const de = { diary: diaryWords.de, clip: recordingWords.de, cases: caseWords.de };
  const story = page.locator('[data-outcome]').first();
  const clip = story.locator('.clip');
  const openClip = async (): Promise<void> => {
    await show(page, 'diary');
    await page.waitForSelector('[data-outcome="completed"]');
    if ((await clip.count()) === 0) await story.getByRole('button', { name: de.diary.clip }).click();
    await clip.waitFor();
  };

  t.test('a visit is watched in the diary: checked here, played, sought by keyboard, paced and saved', async (t) => {
    await film();
    await openClip();
    await page.getByText(de.clip.genuine).waitFor();
    await shoot(page, 'phone-de');
    const end = await endOf(clip);
    t.ok(end > 0, `${end} ms of it`);

    await clip.locator('.clock').waitFor();
    const slider = page.getByRole('slider', { name: de.clip.place });
    await slider.focus();
    const first = await takenIn(page, 'document.querySelector(".clip canvas")');
    await page.keyboard.press('ArrowRight');
    await until('a second on, or at the picture before that', async () => (await placeOf(clip)) > 0);
    const second = await takenIn(page, 'document.querySelector(".clip canvas")');
    t.ok(first !== undefined && second !== undefined && second > first, 'a later picture stands there');
    await page.keyboard.press('ArrowLeft');
    await until('and back', async () => (await placeOf(clip)) === 0);
    await page.keyboard.press('PageUp');
    await until('at its end: it is shorter than ten seconds', async () => (await placeOf(clip)) === end);
    await page.keyboard.press('Home');
    await until('at the beginning', async () => (await placeOf(clip)) === 0);

    await page.getByRole('button', { name: de.clip.play }).press('Enter');
    await until('it plays', async () => (await placeOf(clip)) > 0);
    await page.getByRole('button', { name: de.clip.pause }).press('Enter');
    await page.getByRole('button', { name: de.clip.play }).waitFor();
    await page.getByLabel(de.clip.speed).selectOption('4');
    await page.getByRole('button', { name: de.clip.play }).press('Enter');
    await until('it plays to its end', async () => (await placeOf(clip)) === end);
    await page.getByRole('button', { name: de.clip.play }).waitFor();

    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: de.clip.save }).click();
    const bytes = Buffer.concat(await (await (await saving).createReadStream()).toArray());
    t.equal(bytes.subarray(4, 8).toString(), 'ftyp', 'an MP4');
    await page.getByText(de.clip.saved).waitFor();
  });

  t.test('S078: a still goes to the one member of support who looked, for an hour, each look listed', async (t) => {
    await page.getByRole('button', { name: de.clip.still }).click();
    await page.getByText(de.clip.noCase).waitFor();
    await page.getByRole('button', { name: de.clip.toCases }).click();
    await page.getByRole('button', { name: de.cases.open, exact: true }).click();
    await page.getByText(de.cases.noLooks).waitFor();
    t.equal(await page.getByRole('button', { name: de.cases.fromRecording }).count(), 0, 'for nobody yet');
    await openClip();
    await page.getByRole('button', { name: de.clip.still }).click();
    await page.getByText(de.clip.nobody).waitFor();
    await page.getByRole('button', { name: de.clip.cancel }).click();

    const { http } = rig.operator;
    const wish = { method: 'POST', path: '/v1/support-staff', body: { name: 'Eva' } } as const;
    const Hired = v.object({ url: v.string() });
    const hired = mustHave(await http.call({ ...wish, bearer: rig.operatorToken, once: newId() }, Hired));
    const desk = await (await newContext('en-GB', desktop)).newPage();
    const other = await (await newContext('en-GB', desktop)).newPage();
    await desk.goto(hired.url);
    await desk.locator('.cases button').click();
    await desk.getByText('The owner has shared no picture with you.').waitFor();

    await show(page, 'cases');
    await page.getByRole('button', { name: de.cases.fromRecording }).click();
    await clip.waitFor();
    t.notMatch(page.url(), /[\w-]{20}/, 'nothing of the home in the address bar');
    await page.getByRole('slider', { name: de.clip.place }).focus();
    await page.keyboard.press('ArrowRight');
    await until('a second on', async () => (await placeOf(clip)) > 0);
    await page.getByRole('button', { name: de.clip.play }).press('Enter');
    await page.getByRole('button', { name: de.clip.still }).press('Enter');
    await page.getByRole('button', { name: de.clip.play }).waitFor();
    const share = page.getByRole('button', { name: 'Eva zeigen' });
    await share.waitFor();
    const wanted = await takenIn(page, 'document.querySelector(".still img")');
    t.ok(
      wanted !== undefined && wanted === (await takenIn(page, 'document.querySelector(".clip canvas")')),
      'it stands still',
    );
    await shoot(page, 'still-phone-de');
    await page.getByLabel(de.clip.howLong).selectOption({ label: '1 Stunde' });
    await share.press('Enter');
    await page.getByText(/^Eva sieht es bis /).waitFor();

    await desk.getByRole('button', { name: 'Back' }).click();
    await desk.locator('.cases button').click();
    await desk.getByRole('button', { name: 'Show the picture' }).click();
    await desk.waitForSelector('img.shared');
    await desk.evaluate('document.querySelector("img.shared").decode()');
    t.equal(await takenIn(desk, 'document.querySelector("img.shared")'), wanted, 'exactly this picture');
    const colleague = mustHave(
      await http.call({ ...wish, body: { name: 'Max' }, bearer: rig.operatorToken, once: newId() }, Hired),
    );
    await other.goto(colleague.url);
    await other.locator('.cases button').click();
    await other.getByText('The owner has shared no picture with you.').waitFor();

    await show(page, 'cases');
    await page.getByText(/Eva · ein Bild/).waitFor();
    await page.getByRole('button', { name: de.cases.takeBack }).waitFor();
    await shoot(page, 'case-phone-de');
    await wind(hourMs + 60_000);
    await page.reload();
    await page.getByText(/Eva · ein Bild/).waitFor();
    t.equal(await page.getByRole('button', { name: de.cases.takeBack }).count(), 0, 'after an hour it is over');
  });

  t.test('at a desk, in the dark, in English: all recordings, also those of a device that came later', async (t) => {
    const en = { clip: recordingWords.en, diary: diaryWords.en };
    const later = await newApp('en-GB', desktop, true);
    await show(later.page, 'recordings');
    await later.page.locator('.recorded button').first().click();
    await later.page.locator('[data-clip="VIDEO_KEY_NOT_FOR_YOU"]').waitFor();
    await shoot(later.page, 'later-desktop-dark');
    await film();
    await show(later.page, 'now');
    await show(later.page, 'recordings');
    await until('both are listed', async () => (await later.page.locator('.recorded').count()) === 2);
    await later.page.locator('.recorded button').first().click();
    await later.page.getByText(en.clip.genuine).waitFor();
    await later.page.getByRole('button', { name: en.clip.still }).waitFor();
    await shoot(later.page, 'list-desktop-dark');

    await show(later.page, 'now');
    await later.page.click('.card.door [aria-expanded]');
    await later.page.waitForSelector('[data-live="live"]');
    await later.page.click('.card.door [aria-expanded]');
    await until('what was only looked at is listed, too', async () => {
      await show(later.page, 'now');
      await show(later.page, 'recordings');
      await later.page.waitForSelector('.recorded');
      return (await later.page.getByText(en.clip.look).count()) === 1;
    });
    t.same(
      later.complaints.filter((one) => !/status of 404/.test(one)),
      [],
    );
  });

  t.test('what was deleted says so, and when', async (t) => {
    const { visit } = await film();
    mustHave(await rig.owner.orders.keepRecordings(1, 1));
    await wind(3 * hourMs);
    mustHave(await rig.owner.orders.keepRecordings(2, 1));
    await rig.until('the hub says so', () => kindsOf(rig.hubJournal(), visit).includes('recording.deleted'));
    await keepTime();
    await page.reload();
    await show(page, 'diary');
    await page.waitForSelector('[data-outcome="completed"]');
    await story.getByRole('button', { name: de.diary.clip }).click();
    await page.locator('[data-clip="deleted"]').first().waitFor();
    await shoot(page, 'deleted-phone-de');
    t.same(
      // What was on its way while hours passed at once came too late (410).
      complaints.filter((one) => !/status of 4(01|04|10)|ERR_/.test(one)),
      [],
    );
  });
}
