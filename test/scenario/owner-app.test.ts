import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import t from 'tap';
import { buildPages } from '../../cloud-bridge/pages/build.ts';
import { servePages } from '../../cloud-bridge/pages/host.ts';
import { barriersIn } from '../cloud-bridge/pages/axe.ts';
import { complaintsOf, launch, noChromium } from '../cloud-bridge/pages/browser.ts';
import { freePort } from '../support/free-port.ts';
import { openRig } from '../support/rig.ts';

/** Where pictures of the app go, to be looked at; in no folder unless one is named. */
const shots = process.env.DOORWARD_SCREENSHOTS;
const phone = { width: 390, height: 844 };

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const folder = t.testdir();
  await buildPages(resolve(import.meta.dirname, '../../cloud-bridge/pages'), folder);
  const port = await freePort();
  const rig = await openRig(t, { pagesOrigin: `http://localhost:${port}` });
  const pages = await servePages({ folder, api: rig.world.base, host: 'localhost', port });
  t.teardown(() => pages.stop());
  const browser = await launch();
  t.teardown(() => browser.close());
  const app = `http://localhost:${port}/app/`;

  const newDevice = async (locale: string, colorScheme: 'light' | 'dark' = 'light', viewport = phone) => {
    const context = await browser.newContext({ viewport, locale, colorScheme });
    t.teardown(() => context.close());
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    return { context, page, complaints };
  };
  /** Every screen: nothing stands in the way of anybody, and a picture of it where they are wanted. */
  const shoot = async (page: Page, name: string) => {
    t.same(await barriersIn(page), [], `${name}: axe-core finds nothing`);
    if (shots === undefined) return;
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `owner-${name}.png`) });
  };

  t.test('a device joins by an invitation, sees the door, and opens again without a network', async (t) => {
    const { context, page, complaints } = await newDevice('de-DE');
    await page.goto(app);
    await page.waitForSelector('[data-stage="alone"]');
    await shoot(page, 'alone');
    await page.goto(`${app}${rig.owner.invite()}`);
    await page.waitForSelector('.frame');
    t.notMatch(page.url(), /invite/, 'the secret is out of the address bar');
    await shoot(page, 'now');
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await context.setOffline(true);
    await page.reload();
    await page.waitForSelector('.frame');
    await shoot(page, 'offline');
    await context.setOffline(false);
    t.same(
      complaints.filter((one) => !/status of 404|ERR_INTERNET_DISCONNECTED/.test(one)),
      [],
    );
  });
}
