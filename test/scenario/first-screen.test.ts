/** The first screen, over pages as they are served and a line that brings their parts one by one. */
import type { Page, Route } from 'playwright-core';
import t from 'tap';
import { servePages } from '../../cloud-bridge/pages/host.ts';
import { complaintsOf, launch, noChromium } from '../cloud-bridge/pages/browser.ts';
import { pagesBuiltOnce } from '../cloud-bridge/pages/built-once.ts';
import { holdDown } from '../cloud-bridge/pages/pages-stage.ts';
import { languages } from '../cloud-bridge/pages/visitor/languages.ts';

const api = 'https://api.doorward.example';
const courier = `#${'t'.repeat(43)}@${api}`;
const guest = `#guest=${'s'.repeat(43)}@${api}`;
const nowS = Math.floor(Date.now() / 1000);
const preview = { state: 'open', carrier: 'Hermes', parcels: 2, from: nowS, until: nowS + 60, camera: 'recorded' };

/** Lets answers through when it is opened. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((done) => {
    open = done;
  });
  return { open, opened };
}

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const folder = t.testdir();
  await pagesBuiltOnce(folder);
  const pages = await servePages({ folder, api, host: '127.0.0.1', port: 0 });
  t.teardown(() => pages.stop());
  const browser = await launch();
  t.teardown(() => browser.close());

  /** A phone that was never there, whose line brings neither the rest of the page nor the cloud's answer until it is let. */
  async function opened(fragment: string, locale = 'en') {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale, hasTouch: true });
    t.teardown(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const [rest, answer] = [gate(), gate()];
    const asked: string[] = [];
    await page.route('**/visit/main-*.js', async (route) => {
      await rest.opened;
      await route.continue();
    });
    const cloud = async (route: Route): Promise<void> => {
      const { pathname } = new URL(route.request().url());
      asked.push(`${route.request().method()} ${pathname.replace(/[\w-]{43}/, '…')}`);
      await answer.opened;
      const body = pathname.startsWith('/v1/guests') ? { state: 'open' } : preview;
      const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
      await route.fulfill({ json: body, headers });
    };
    await page.route(`${api}/**`, cloud);
    const complaints = complaintsOf(page);
    await page.goto(`${pages.url}/visit/${fragment}`);
    return { page, rest, answer, asked, complaints };
  }
  const button = (page: Page) => page.locator('.hold.main button');
  const shown = async (page: Page): Promise<string> =>
    (await page.locator('#root').innerHTML()).replace(/>\s+</g, '><').replaceAll(' disabled=""', '').trim();
  const press = async (page: Page) => {
    const box = (await button(page).boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
  };

  for (const [who, fragment] of Object.entries({ courier, guest })) {
    t.test(`${who}: the first screen is the one that the whole page shows until the cloud has answered`, async (t) => {
      const { page, rest, asked, complaints } = await opened(fragment, 'bg-BG');
      await page.waitForSelector('.hold.main button:enabled');
      const { says, guest: invited } = languages.bg;
      t.equal(await page.textContent('h1'), who === 'guest' ? invited.says.invitedTitle : says.task);
      const first = await shown(page);
      await page.evaluate("document.querySelector('.hold.main button').isTheFirst = true");
      rest.open();
      await page.waitForSelector('select:enabled');
      t.equal(await shown(page), first);
      t.ok(await page.evaluate("document.querySelector('.hold.main button').isTheFirst"), 'the same button');
      t.same(
        asked.filter((one) => !one.startsWith('GET')),
        [],
        'nothing is done by opening it',
      );
      t.same(complaints, []);
    });
  }

  t.test(
    'held before the rest is there: it is taken when the page is, after the cloud has said what it is',
    async (t) => {
      const { page, rest, answer, asked } = await opened(courier);
      await page.waitForSelector('.hold.main button:enabled');
      await holdDown(page, button(page));
      t.equal(await button(page).isEnabled(), false, 'it was heard');
      rest.open();
      await page.waitForSelector('select:enabled');
      t.equal(await button(page).isEnabled(), false, 'and is not asked for again');
      t.same(asked, ['GET /v1/tasks/…'], 'nothing is sent for what is not on the screen');
      answer.open();
      await page.waitForRequest(/claim$/);
      t.match(await page.textContent('h1'), /Hermes/);
    },
  );

  t.test('the rest comes while a finger is on the button: it stays held', async (t) => {
    const { page, rest, answer } = await opened(courier);
    await page.waitForSelector('.hold.main button:enabled');
    const claimed = page.waitForRequest(/claim$/);
    await press(page);
    await page.waitForSelector('.hold.main button[data-holding]');
    rest.open();
    answer.open();
    t.ok(await claimed, 'it was held through it');
    await page.mouse.up();
  });

  t.test(
    'let go too soon, or pressed once by a key, it does nothing, before and after the rest is there',
    async (t) => {
      const { page, rest, answer, asked } = await opened(courier);
      await page.waitForSelector('.hold.main button:enabled');
      await button(page).focus();
      await page.keyboard.press('Enter');
      await page.getByText(languages.en.says.again).waitFor();
      rest.open();
      answer.open();
      await page.waitForSelector('.window');
      t.ok(
        await page.evaluate("document.activeElement === document.querySelector('.hold.main button')"),
        'focus stays',
      );
      await page.getByText(languages.en.says.hold).waitFor();
      t.same(new Set(asked), new Set(['GET /v1/tasks/…']));
      const claimed = page.waitForRequest(/claim$/);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await claimed;
    },
  );

  t.test('a phone that keeps something is offered nothing before that was looked up', async (t) => {
    const { page, rest, answer } = await opened(courier);
    await page.evaluate("localStorage.setItem('doorward-visits', '1')");
    await page.reload();
    await page.getByText(languages.en.says.loading).waitFor();
    t.equal(await button(page).isVisible(), false);
    rest.open();
    answer.open();
    await page.waitForSelector('.hold.main button:enabled');
    t.match(await page.textContent('h1'), /Hermes/);
  });

  t.test('a part that does not come is asked for again, and a press that came to nothing too', async (t) => {
    const { page, rest } = await opened(courier);
    await page.waitForSelector('.hold.main button:enabled');
    await page.unroute('**/visit/main-*.js');
    await page.route('**/visit/main-*.js', (route) => route.abort(), { times: 1 });
    rest.open();
    await page.reload();
    await page.waitForSelector('select:enabled');
    t.ok(await button(page).isEnabled());
  });

  t.test('a link that was cut off offers nothing', async (t) => {
    const { page, rest } = await opened(courier.slice(0, 30));
    t.equal(await button(page).isVisible(), false);
    rest.open();
    await page.getByText(languages.en.says.brokenLink).waitFor();
  });
}
