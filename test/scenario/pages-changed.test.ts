/** A cloud changes its pages: the hub finds it, the owner is told, the hub's own page shows it, and a changed script runs in no browser. */
import { get } from 'node:http';
import t from 'tap';
import { barriersIn } from '../cloud-bridge/pages/axe.ts';
import { launch, noChromium } from '../cloud-bridge/pages/browser.ts';
import { at, openSite } from '../device/pages/site.ts';
import { openRig } from '../support/rig.ts';
import { until } from '../support/until.ts';

t.test(
  'R10: other pages than were released are an alarm, and the hub shows it in the home',
  { skip: noChromium },
  async (t) => {
    const site = await openSite(t);
    const script = site.script('/visit/');
    site.tamper(at(script, ({ body }) => ({ body: Buffer.concat([Buffer.from('globalThis.evil=1;'), body]) })));
    const rig = await openRig(t, {
      pages: {
        url: site.origin,
        releaseKeys: [site.key.jwk.x],
        api: 'https://api.doorward.example',
        page: { address: '127.0.0.1', port: 0 },
      },
    });
    await site.release(2, { nowS: Math.floor(rig.time.now() / 1000) });
    rig.owner.follow();
    const address = rig.hub.pages()?.page ?? '';
    await rig.until('the hub has looked', () => rig.hub.pages()?.report);
    t.equal(rig.hub.pages()?.report?.outcome, 'different');
    const told = await until('the owner is told', () =>
      rig.owner.journal.alarms.find(({ code }) => code === 'PAGES_CHANGED'),
    );
    t.equal(told.door, undefined);

    const browser = await launch();
    t.teardown(() => browser.close());
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const locale of ['en', 'de']) {
        const page = await browser.newPage({ colorScheme, locale, viewport: { width: 360, height: 740 } });
        await page.goto(address);
        const text = await page.innerText('main');
        t.match(text, locale === 'de' ? /^Sind die Seiten/ : /^Are the pages/);
        t.match(text, `${script} is larger than what was released`);
        t.notMatch(text, /door-|hub-|home-/, 'S048: nothing of the home');
        t.same(await barriersIn(page), [], `${colorScheme} ${locale}`);
        const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        t.notOk(wide, 'nothing is wider than a phone');
        await page.close();
      }
    }

    // The index is as it was released, so its pin holds: what was changed does not run.
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${site.origin}/visit/`);
    t.equal(await page.evaluate(() => 'evil' in globalThis), false);
    t.match(complaints.join('\n'), /integrity/);
    t.equal(await page.locator('.hold:visible').count(), 0, 'nothing can be pressed');
    // Nor does a part that is loaded later: its pin is in the index.
    site.tamper(
      at(site.script('/visit/main'), ({ body }) => ({ body: Buffer.concat([body, Buffer.from(';evil=1')]) })),
    );
    const later = await (await browser.newContext()).newPage();
    const reasons: string[] = [];
    later.on('console', (message) => reasons.push(message.text()));
    await later.goto(`${site.origin}/visit/`);
    await until('it is refused', () => reasons.some((one) => /integrity/.test(one)));
    t.equal(await later.evaluate(() => 'evil' in globalThis), false);
    await later.close();
    site.tamper(undefined);
    // A browser of its own: the first one keeps the changed script, and its index refuses it.
    const other = await browser.newPage();
    await other.goto(`${site.origin}/visit/`);
    await other.waitForSelector('.broken');
    t.match(await other.innerText('#root'), /link/, 'what was released runs, and says that this is no whole link');

    const status = (headers: Record<string, string>, path = ''): Promise<number> =>
      new Promise((done, fail) => {
        get(`${address}${path}`, { headers }, (response) => done(response.resume().statusCode ?? 0)).on('error', fail);
      });
    t.equal(await status({ host: 'rebound.example' }), 421, 'a page of the internet under this address is turned away');
    t.equal(await status({ host: 'doorward.local' }), 200);
    t.equal(await status({}, 'status'), 404);
    t.equal((await fetch(address, { method: 'POST' })).status, 405);
  },
);
