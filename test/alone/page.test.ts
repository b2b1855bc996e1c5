import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import t from 'tap';
import { servePages } from '../../cloud-bridge/pages/host.ts';
import { picture, readStrip, strip } from '../../hardware-sim/camera/strip.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { complaintsOf, launch, noChromium } from '../cloud-bridge/pages/browser.ts';
import { pagesBuiltOnce } from '../cloud-bridge/pages/built-once.ts';
import { pressKeys } from '../cloud-bridge/pages/pages-stage.ts';
import { freePort } from '../support/free-port.ts';
import { openRig } from '../support/rig.ts';
import { streamOf, untilRelayed } from '../support/rig-film.ts';
import { until } from '../support/until.ts';

/** Where pictures of the page go, to be looked at; in no folder unless one is named. */
const shots = process.env.DOORWARD_SCREENSHOTS;

async function shoot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `system-${name}.png`) });
}

/** In the page, before anything of it runs: keeps the strip with the time of every picture that is drawn. */
function keepStrips({ y, cellHeight }: { y: number; cellHeight: number }): void {
  const kept: number[][] = [];
  const page = Object.assign(globalThis, { kept }) as unknown as { CanvasRenderingContext2D: { prototype: Canvas } };
  const canvas = page.CanvasRenderingContext2D.prototype;
  const draw = canvas.drawImage;
  canvas.drawImage = function (...args) {
    draw.apply(this, args);
    const { data } = this.getImageData(0, y + cellHeight / 2, this.canvas.width, 1);
    kept.push([...data]);
  };
}

/** As much of a canvas' context as is needed; the types of the browser are not those of this process. */
interface Canvas {
  readonly canvas: { readonly width: number };
  drawImage(...args: unknown[]): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Iterable<number> };
}

/** When a picture was taken, as one row of its strip says; 0 where it cannot be read. */
function timeIn(row: readonly number[]): number {
  const rgba = new Uint8Array(picture.width * picture.height * 4);
  for (let line = strip.y; line < strip.y + strip.cellHeight; line += 1) rgba.set(row, line * picture.width * 4);
  return readStrip(rgba, picture.width, picture.height) ?? 0;
}

/** When each drawn picture was taken, as its pixels say; and of the newest its number, its time as the hub signed it, and how many were left out. */
async function drawnPictures(
  page: Page,
): Promise<{ takenMs: number[]; seq: number; signedMs: number; leftOut: number }> {
  const { kept, capturedMs, seq, leftOut } = await page.evaluate(() => {
    const { kept, document } = globalThis as unknown as {
      kept: number[][];
      document: { querySelector(of: string): { dataset: Record<string, string> } };
    };
    return { kept, ...document.querySelector('.stage canvas').dataset } as { kept: number[][] } & Record<
      string,
      string
    >;
  });
  return { takenMs: kept.map(timeIn), seq: Number(seq), signedMs: Number(capturedMs), leftOut: Number(leftOut) };
}

t.test(
  'the owner sees the visit in a browser, each picture of it, and stops it there',
  { skip: noChromium },
  async (t) => {
    const folder = t.testdir();
    await pagesBuiltOnce(folder);
    const port = await freePort();
    const pagesOrigin = `http://127.0.0.1:${port}`;
    const rig = await openRig(t, { doors: [{ name: 'front', camera: 'h264' }], camera: 'watched', pagesOrigin });
    const pages = await servePages({ folder, api: rig.world.base, host: '127.0.0.1', port });
    t.teardown(() => pages.stop());
    const browser = await launch();
    t.teardown(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    const complaints = complaintsOf(page);
    await page.addInitScript(keepStrips, strip);

    await page.goto(`${pages.url}/app/${rig.owner.invite()}`);
    await page.waitForSelector('[data-door="locked"]');
    t.notMatch(page.url(), /invite/, 'the secret is out of the address bar');

    rig.sim.scene('front', { courier: 'coming' });
    const delivering = rig.deliver('ready');
    await page.click('.card.visit [aria-expanded]', { timeout: 60_000 });
    const errand = await delivering;
    t.pass('a watched visit is ready because the page signs for what it draws (R5)');
    await page.waitForSelector('.stage[data-live="live"]', { timeout: 60_000 });
    const first = await drawnPictures(page);
    await until('two seconds of it', async () => (await drawnPictures(page)).takenMs.length > 30);
    await shoot(page, 'live');
    const last = await drawnPictures(page);
    const { takenMs, signedMs } = last;
    t.notOk(takenMs.includes(0), 'the time can be read in every picture');
    const apart = signedMs - takenMs.at(-1)!;
    t.ok(apart >= 0 && apart < 5_000, 'the clock in the pixels and the one that the hub signed tell the same time');
    t.ok(
      takenMs.every((ms, index) => index === 0 || ms > takenMs[index - 1]!),
      'in order, each once',
    );
    const missing = last.seq - first.seq - (takenMs.length - first.takenMs.length);
    const isSlow = (await page.locator('.noticed [data-code="slow"]').count()) > 0;
    t.ok(missing <= last.leftOut || isSlow, `${missing} were not drawn: each that was filmed is, or the page says so`);

    // By keyboard, twice: how the button takes a finger is tested where the app is tested.
    await pressKeys(page, page.locator('.card.visit .hold.stop button'));
    t.match(await errand.end(), { outcome: 'stopped', proof: 'untouched' });
    t.equal(rig.pulses(), 0, 'R8: and nothing opened');
    await page.waitForSelector('[data-visit]', { state: 'detached' });
    await shoot(page, 'stopped');

    await untilRelayed(rig, streamOf(rig, errand.id)!);
    await page.evaluate("location.hash = '#/diary'");
    await page.click('[data-outcome="stopped"] [aria-expanded]');
    await page.waitForSelector('.clip[data-verdict="genuine"]');
    await shoot(page, 'recording');
    t.same(
      complaints.filter((one) => !/status of 404|willReadFrequently/.test(one)),
      [],
      'nothing on the console but the wait for being signed in, and what this test itself reads back',
    );
    mustHave(await rig.owner.look());
  },
);
