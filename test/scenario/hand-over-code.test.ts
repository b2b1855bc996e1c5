/** The hand-over code as people see it: the owner's app, the page of a neighbour, and a courier who comes and types (S017, S026, S065, T29). */
import type { Page } from 'playwright-core';
import t from 'tap';
import * as v from 'valibot';
import { codeWords } from '../../cloud-bridge/pages/common/code-words.ts';
import { handOverWords } from '../../cloud-bridge/pages/owner/deliveries/hand-over-words.ts';
import { receiveWords } from '../../cloud-bridge/pages/receive/words.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { CodesView } from '../../wire/holder.ts';
import { newId, signDocument } from '../../wire/jws.ts';
import { type StopActClaims, StopView, stopActForm } from '../../wire/stop.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { holdDown, lookerAt, openPages } from '../cloud-bridge/pages/pages-stage.ts';
import { newSignKey } from '../cloud-bridge/support/keys.ts';

const patient = { timeout: 60_000 };
/** A device that is not signed in yet finds nothing; a link that was taken back is gone. */
const isAmiss = (complaint: string): boolean => !/status of (404|410)/.test(complaint);

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const { rig, browser, url } = await openPages(t, 'localhost');
  const { owner, carrier } = rig;
  const home = `/v1/homes/${owner.pinned.home}`;
  const asOwner = owner.keys.sign;
  const http = owner.http;
  const shoot = lookerAt(t, 'hand-over-', true);
  const ahead = Math.round((5 - new Date(rig.time.now()).getUTCHours() + 36) % 24) - 12;
  const wishes = {
    ...{ order: ['in-person', 'tomorrow'], codeFrom: { amount: 0, currency: 'EUR' }, waitSeconds: 0 },
    // Early in the morning there: no test runs into a midnight.
    zone: `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`,
  };
  mustHave(
    await http.call(
      { method: 'PUT', path: `${home}/wishes`, body: { version: 1, wishes }, proof: asOwner },
      v.unknown(),
    ),
  );
  const nowS = Math.floor(rig.time.now() / 1000);
  const announced = {
    ...{ door: rig.door().id, from: nowS - 60, until: nowS + 7_200, parcels: 1, reference: 'r-1' },
    ...{ can: ['in-person', 'neighbour', 'tomorrow'], parcel: { goods: 'Lampe', sender: 'Beispielladen' } },
  };
  const { delivery } = mustHave(await carrier.dispatch.announce(announced as never));
  const codes = async () =>
    mustHave(
      await http.call({ method: 'GET', path: `${home}/deliveries/${delivery}/codes`, proof: asOwner }, CodesView),
    );

  const open = async (path: string, locale: string, colorScheme: 'light' | 'dark', width = 390) => {
    const viewport = { width, height: 844 };
    const context = await browser.newContext({
      viewport,
      locale,
      colorScheme,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    t.teardown(() => context.close());
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(path);
    return { page, complaints };
  };
  const digitsOn = async (page: Page): Promise<string | null> => {
    const shown = page.locator('[data-code]').first();
    await shown.waitFor(patient);
    return shown.getAttribute('data-code');
  };
  const says = { ...codeWords.de, ...handOverWords.de };
  const app = await open(`${url}/app/${owner.invite()}`, 'de-DE', 'light', 360);
  const { page } = app;
  await page.click('[data-choice="without"]', patient);
  await page.waitForSelector('.frame', patient);
  await page.evaluate(`location.hash = '#/deliveries'`);
  await page.locator('[data-delivery]').first().click(patient);
  await page.waitForSelector('.hand-over', patient);

  t.test('the owner sees the code, that nobody is at the door, and never to tell it by telephone', async (t) => {
    const right = (await codes()).codes[0]!.digits;
    t.equal(await digitsOn(page), right);
    t.equal(await page.locator('.hand-over .qr').count(), 1);
    const text = (await page.textContent('.hand-over')) ?? '';
    for (const said of [says.nobody, says.never, says.how]) t.ok(text.includes(said), said);
    t.equal(await page.locator('[data-door]').first().getAttribute('data-door'), 'nobody');
    await shoot(page, 'owner-nobody');
  });

  t.test('the link of the mail opens this delivery and leaves nothing of it in the address bar', async (t) => {
    await page.goto(`${url}/app/#/now`);
    await page.goto(`${url}/app/#delivery=${delivery}`);
    await page.waitForSelector('.hand-over', patient);
    t.equal(await page.evaluate('location.hash'), '#/delivery');
    await page.goto(`${url}/app/#delivery=../wishes`);
    await page.locator('[data-delivery]').first().click(patient);
    await page.waitForSelector('.hand-over', patient);
  });

  let link = '';
  t.test(
    'S041, S043: a neighbour is named for this one, and sees a code of their own on a page of their own',
    async (t) => {
      await page.locator('[data-name-holder] summary').click();
      await page.fill('#holder-name', 'Müller');
      await page.fill('#holder-flat', 'Erdgeschoss');
      await page.fill('#holder-sender', 'Weber');
      await page.getByRole('button', { name: says.add }).click();
      const passOn = page.locator('[data-link]');
      await passOn.waitFor(patient);
      await shoot(page, 'owner-named');
      await passOn.click();
      link = (await page.evaluate('navigator.clipboard.readText()')) as string;
      t.equal(link, await passOn.getAttribute('data-link'));

      const other = await open(link, 'tr-TR', 'dark');
      const theirs = await digitsOn(other.page);
      t.not(theirs, await digitsOn(page));
      const text = (await other.page.textContent('main')) ?? '';
      for (const said of [codeWords.tr.nobody, codeWords.tr.never, 'Weber', 'Hermes']) t.ok(text.includes(said), said);
      t.notMatch(text, /Lampe|Beispielladen/, 'not what is in it');
      await shoot(other.page, 'neighbour');
      await other.page.selectOption('.language select', 'en');
      await other.page.getByText(codeWords.en.nobody).waitFor(patient);
      t.same(other.complaints.filter(isAmiss), []);
      const broken = await open(`${url}/receive/#nothing`, 'en-GB', 'light');
      await broken.page.getByText(receiveWords.en.broken).waitFor(patient);
      await shoot(broken.page, 'broken');
    },
  );

  t.test('T29: the courier comes; only then it is said, and only then the code is good', async (t) => {
    const { token } = mustHave(await carrier.dispatch.taskLink(delivery));
    const key = await newSignKey('ES256');
    const path = `/v1/tasks/${token}`;
    mustHave(await http.call({ method: 'POST', path: `${path}/claim`, body: {}, proof: key }, v.unknown()));
    const look = async () => mustHave(await http.call({ method: 'GET', path: `${path}/stop`, proof: key }, StopView));
    const act = async (claims: object, digits?: string) => {
      const { nonce, attempt } = await look();
      const base = { delivery, attempt, jti: newId(), nonce, iat: Math.floor(rig.time.now() / 1000) };
      const text = await signDocument(stopActForm, { ...base, ...claims } as StopActClaims, key);
      const body = { act: text, ...(digits === undefined ? {} : { digits }) };
      return http.call({ method: 'POST', path: `${path}/stop/acts`, body, proof: key }, StopView);
    };
    const [account, mueller] = (await codes()).codes;
    const right = account!.digits!;
    const handOver = { act: 'hand-over', holder: account!.holder, typedBy: 'recipient' };
    t.match(
      await act(handOver, right),
      { ok: false, code: 'STOP_NOT_HERE' },
      'a code that was told by telephone is of no use',
    );
    mustHave(await act({ act: 'arrive' }));
    await page.locator('[data-door="says"], [data-door="here"]').first().waitFor(patient);
    await shoot(page, 'owner-here');
    const neighbour = await open(link, 'de-DE', 'light');
    await neighbour.page.locator('[data-door="says"], [data-door="here"]').waitFor(patient);
    const theirs = (await digitsOn(neighbour.page))!;

    await holdDown(page, page.locator('[data-holder] .hold button'));
    await page.locator('[data-holder]').waitFor({ state: 'detached', ...patient });
    await neighbour.page
      .getByText(receiveWords.de.nothing)
      .or(neighbour.page.getByText(receiveWords.de.gone))
      .waitFor(patient);
    await shoot(neighbour.page, 'neighbour-gone');
    t.match(await act({ act: 'name', holder: mueller!.holder }), { ok: true });
    const gone = await act({ act: 'hand-over', holder: mueller!.holder, typedBy: 'recipient' }, theirs);
    t.equal(gone.ok ? '' : gone.code, 'HOLDER_REVOKED', 'taken back at once');

    mustHave(await act({ act: 'name', holder: account!.holder }));
    t.match(await act(handOver, right), { ok: true, value: { state: 'closed', end: 'handed-over' } });
    await page.locator('.hand-over').waitFor({ state: 'detached', ...patient });
    t.same(app.complaints.filter(isAmiss), []);
    t.same(neighbour.complaints.filter(isAmiss), []);
  });
}
