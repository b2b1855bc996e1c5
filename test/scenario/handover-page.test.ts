import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import t from 'tap';
import { recoveryWords } from '../../cloud-bridge/pages/owner/recovery/words.ts';
import { handoverWords } from '../../cloud-bridge/pages/owner/welcome/handover-words.ts';
import { controlRoutes } from '../../device/control/routes.ts';
import { openControl } from '../../device/control/server.ts';
import { readHandoverText, toHandoverFragment } from '../../wire/handover-link.ts';
import { newId } from '../../wire/jws.ts';
import { addAuthenticator } from '../cloud-bridge/pages/authenticator.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { lookerAt, openPages, pressKeys } from '../cloud-bridge/pages/pages-stage.ts';
import { newSignKey } from '../support/keys.ts';
import { scripted } from '../support/terminal.ts';

const { de, en } = handoverWords;
const narrow = { width: 320, height: 640 };
const desktop = { width: 1280, height: 800 };
const claims = '**/v1/handover';

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stranger = await newSignKey('EdDSA');
  const releaseKeys = [(await newSignKey('EdDSA')).jwk.x];
  const { rig, browser, url: origin } = await openPages(t, 'localhost', (url) => ({ pages: { url, releaseKeys } }));

  const newDevice = async (locale: string, viewport: { width: number; height: number }) => {
    const context = await browser.newContext({ viewport, locale, colorScheme: locale === 'de-DE' ? 'dark' : 'light' });
    t.teardown(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await addAuthenticator(context, page);
    return { page, complaints: complaintsOf(page) };
  };
  const shoot = lookerAt(t, 'owner-handover-', true);
  const pressTwice = (page: Page, name: string) => pressKeys(page, page.getByRole('button', { name, exact: true }));
  const at = (page: Page, stage: string) => page.waitForSelector(`[data-stage="${stage}"]`);
  const says = (page: Page, text: string) => page.getByText(text).waitFor();
  /** As a camera opens it: in a tab that may have the app open. */
  const scan = async (page: Page, link: string) => {
    await page.goto('about:blank');
    await page.goto(link);
    await at(page, 'handover');
  };
  /** What this browser keeps of the app, as text. */
  const keptIn = (page: Page): Promise<string> =>
    page.evaluate(`new Promise((resolve) => {
      const opening = indexedDB.open('doorward');
      opening.onsuccess = () => {
        const all = opening.result.transaction('device').objectStore('device').getAll();
        all.onsuccess = () => resolve(JSON.stringify([all.result, { ...localStorage }, { ...sessionStorage }, history.state]));
      };
    })`);
  const open = () => {
    const { link = '', uri } = rig.hub.openHandover();
    const read = readHandoverText(link);
    if (!read.ok || read.value.api === undefined) throw new Error(`no link: ${link}`);
    return { link, uri, code: { ...read.value, api: read.value.api } };
  };

  t.test('the installer’s command shows the link that opens the app', async (t) => {
    const control = await openControl(join(rig.folders.hub, 'hub.sock'), controlRoutes(rig.hub));
    t.teardown(() => control.close());
    const config = join(rig.folders.hub, 'config.json');
    writeFileSync(config, JSON.stringify({ dataDir: rig.folders.hub, doors: [] }));
    const { out } = await scripted(['owner', 'handover', '--config', config, '--yes', '--no-wait']);
    t.ok(out.startsWith(`${origin}/app/#handover=`));
    t.match(readHandoverText(out), { ok: true, value: { api: rig.world.base, hub: rig.hubId } });
  });

  t.test(
    'a wrong secret is refused and said; a reload forgets the secret; the text is typed in its place',
    async (t) => {
      const { page, complaints } = await newDevice('de-DE', narrow);
      const { link, uri, code } = open();
      t.ok(link.startsWith(`${origin}/app/#handover=`));
      t.equal(code.api, rig.world.base);
      await scan(page, `${origin}/app/${toHandoverFragment({ ...code, secret: newId() })}`);
      t.notMatch(page.url(), /handover/, 'the secret is out of the address bar');
      await shoot(page, 'ask');
      await pressTwice(page, de.take);
      await page.click('[data-choice="without"]');
      await says(page, de.swapped);
      t.match(rig.hub.handover(), { at: 'open', wrongProofs: 1 });
      await shoot(page, 'swapped');

      await scan(page, link);
      t.notOk((await keptIn(page)).includes(code.secret), 'the secret is kept nowhere');
      await page.reload();
      await at(page, 'alone');
      await page.getByText(de.standing).click();
      await page.getByLabel(de.field).fill('doorward:handover?hub=');
      await page.keyboard.press('Enter');
      await says(page, de.cut);
      await page.getByLabel(de.field).fill(uri);
      await page.keyboard.press('Enter');
      await says(page, de.whichService);
      await shoot(page, 'typed');
      await page.getByLabel(de.service).fill(rig.world.base);
      await page.keyboard.press('Enter');
      await at(page, 'handover');
      await page.getByRole('button', { name: de.notNow }).click();
      await at(page, 'alone');
      t.equal(rig.hub.handover().at, 'open', 'nothing was sent');
      t.same(
        complaints.filter((one) => !/status of 401/.test(one)),
        [],
      );
    },
  );

  t.test('a cloud that swaps the hub’s key is caught; a second code takes the home over, with a passkey', async (t) => {
    const { page, complaints } = await newDevice('en-GB', desktop);
    await page.route(claims, async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      const response = await route.fetch();
      const body = (await response.json()) as object;
      await route.fulfill({ response, json: { ...body, hubKey: stranger.jwk } });
    });
    await scan(page, open().link);
    await pressTwice(page, en.take);
    await page.click('[data-choice="without"]');
    await says(page, en.swapped);
    t.equal(rig.hub.handover().at, 'claimed', 'the hub is of another opinion: the code is run again');
    t.notMatch(await keptIn(page), rig.hubId, 'nothing is pinned on the phone');

    await page.unroute(claims);
    await page.route(claims, (route) => route.abort());
    await scan(page, open().link);
    await shoot(page, 'take');
    const box = (await page.getByRole('button', { name: en.take, exact: true }).boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.click('[data-choice="make"]');
    await page.mouse.up();
    await says(page, en.silent);
    await page.unroute(claims);
    await pressTwice(page, en.take);
    await at(page, 'taken');
    await shoot(page, 'taken');
    t.match(rig.hub.handover(), { at: 'claimed' });
    t.equal(rig.hub.status().owners, 1);
    t.match(await rig.owner.look(), { ok: false }, 'who was in before is out');

    t.match(await keptIn(page), rig.hubId, 'it is pinned on the phone');
    await page.reload();
    await page.waitForSelector('[data-door="locked"]:not([data-old])');
    await page.evaluate("location.hash = '#/recovery'");
    await says(page, recoveryWords.en.hasNone);
    await pressTwice(page, recoveryWords.en.make);
    await page.waitForSelector('[data-code]');
    t.same(
      complaints.filter((one) => !/pubKeyCredParams|ERR_FAILED/.test(one)),
      [],
    );
  });

  t.test(
    'a code that was ended is refused with what to do; a home that is taken over leads to its recovery code',
    async (t) => {
      const { page } = await newDevice('de-DE', narrow);
      const { link } = open();
      rig.hub.endHandover();
      await scan(page, link);
      await pressTwice(page, de.take);
      await page.click('[data-choice="without"]');
      await says(page, de.closed);
      await shoot(page, 'closed');
      await page.getByText(de.standing).click();
      await page.getByLabel(de.field).fill(open().link);
      await page.keyboard.press('Enter');
      await at(page, 'handover');
      await pressTwice(page, de.take);
      await page.click('[data-choice="without"]');
      await at(page, 'taken');
      await shoot(page, 'taken-narrow');
      await page.getByRole('button', { name: de.print }).click();
      await says(page, recoveryWords.de.hasNone);
      t.equal(rig.hub.status().owners, 1);
    },
  );
}
