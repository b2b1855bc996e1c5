/**
 * The whole life of a hand-over code, from the carrier's call to the receipt, in German by finger and in English by keyboard: S002, S007, S009, S016,
 * S017, S018, S019, S026, S041, S043, S060 to S062, S065, S066, S067, S068, S071, S074, S086, T29.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import * as v from 'valibot';
import { codeWords as mailWords } from '../../cloud-bridge/notify/code-words.ts';
import { codeWords } from '../../cloud-bridge/pages/common/code-words.ts';
import { evidenceWords } from '../../cloud-bridge/pages/common/evidence/words.ts';
import { disputeWords } from '../../cloud-bridge/pages/owner/deliveries/dispute-words.ts';
import { handOverWords } from '../../cloud-bridge/pages/owner/deliveries/hand-over-words.ts';
import { receiveWords } from '../../cloud-bridge/pages/receive/words.ts';
import { openMailbox } from '../../hardware-sim/mail/mailbox.ts';
import { Access } from '../../hardware-sim/people/access.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { giveAddress } from '../../hardware-sim/start/mailbox.ts';
import { newId } from '../../wire/jws.ts';
import { verifyEvidence } from '../../wire/verify-evidence.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import {
  buttonOf,
  finger,
  type Hand,
  inPerson,
  keys,
  openCourierStage,
  wrongOf,
} from '../cloud-bridge/pages/courier-stage.ts';
import { savedBy } from '../cloud-bridge/pages/owner-stage.ts';
import { holdDown, lookerAt } from '../cloud-bridge/pages/pages-stage.ts';
import { type Phone, reloadAt, untilAt } from '../cloud-bridge/pages/visitor-stage.ts';
import { openReceiver, signedBy } from '../cloud-bridge/webhook/receiver.ts';
import { doorward } from '../support/program.ts';
import { until } from '../support/until.ts';

const patient = { timeout: 60_000 };
/** A device that is not signed in yet finds nothing; a link that was taken back is gone. */
const isAmiss = (complaint: string): boolean => !/status of (404|410)/.test(complaint);
const parcel = { value: { amount: 129_900, currency: 'EUR' }, goods: 'Telephone', sender: 'Beispielladen' };
const digitsOn = async ({ page }: Phone): Promise<string | null> => {
  const shown = page.locator('[data-code]').first();
  await shown.waitFor(patient);
  return shown.getAttribute('data-code');
};

/** What differs between the plays. */
interface Play {
  readonly hand: Hand;
  /** Language of a neighbour's browser. */
  readonly neighbour: 'tr' | 'it';
  /** Who receives: whoever lives there, or the neighbour. */
  readonly to: 'account' | 'neighbour';
}

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const [mailbox, receiver] = [await openMailbox(), await openReceiver()];
  t.teardown(() => Promise.all([mailbox.close(), receiver.close()]));
  const stage = await openCourierStage(t, {
    smtp: { host: '127.0.0.1', port: mailbox.smtpPort, tls: 'none', from: 'door@street.example' },
    webhookReach: 'loopback',
  });
  const { rig, ask, announce, stateOf, stored } = stage;
  const { owner, carrier } = rig;
  await giveAddress(owner, mailbox);
  const access = new Access(carrier.dispatch.http, { carrier: carrier.id, clientSecret: carrier.clientSecret });
  const wanted = { method: 'POST', path: '/v1/webhooks', body: { url: receiver.url }, once: newId() } as const;
  const { secret } = mustHave(await access.call(wanted, v.object({ secret: v.string() })));

  async function life(t: Test, { hand, neighbour, to }: Play): Promise<void> {
    const { says, tries } = hand.words;
    const own = { ...codeWords[hand.code], ...handOverWords[hand.code] };
    const look = lookerAt(t, `code-life-${hand.at}-`, true);
    const before = rig.pulses();
    await stage.wish(inPerson);
    mustHave(await ask('PUT', '/notifications', { language: hand.code }));
    const app = await stage.newPhone({ ...hand.options, permissions: ['clipboard-read', 'clipboard-write'] });
    await app.page.goto(`${stage.url}/app/${owner.invite()}`);
    await app.page.waitForSelector('.frame', patient);

    // The carrier calls; the code is in the mail, and in the app.
    const { delivery, url } = await announce(['in-person', 'neighbour', 'tomorrow'], parcel);
    const { subject, code: line } = mailWords[hand.code];
    const isSent = () => mailbox.mails.some(({ headers }) => headers.subject === subject);
    await until('the code is mailed', isSent, patient.timeout);
    const inbox = await stage.newPhone({});
    await inbox.page.goto(mailbox.url);
    const mail = inbox.page.locator('article', { hasText: subject }).first();
    const text = (await mail.textContent()) ?? '';
    const [, code = ''] = new RegExp(line.replace('{code}', '(\\d{6})')).exec(text) ?? [];
    for (const said of [parcel.goods, parcel.sender, 'owner@street.example'])
      t.ok(text.includes(said), `S018: ${said}`);
    // Its link opens this delivery, and leaves nothing of it in the address bar; one that is none leads to all of them.
    await app.page.goto(`${stage.url}/app/#delivery=../wishes`);
    await app.page.locator('[data-delivery="announced"]').waitFor(patient);
    const [linked = ''] = /http\S+#delivery=\S+/.exec(text) ?? [];
    await app.page.goto(linked);
    await app.page.waitForSelector('.hand-over', patient);
    t.equal(await app.page.evaluate('location.hash'), '#/delivery');
    t.equal(await digitsOn(app), code, 'S017, S019: the same is in the app');
    t.equal(await app.page.locator('.hand-over .qr').count(), 1, 'S065');
    const card = (await app.page.textContent('.hand-over')) ?? '';
    for (const said of [own.nobody, own.never, own.how]) t.ok(card.includes(said), said);
    t.equal(await app.page.locator('[data-door]').first().getAttribute('data-door'), 'nobody', 'S026');
    await look(app.page, 'owner-nobody');

    // A neighbour is named for this one, and has a code and a page of their own.
    await app.page.locator('[data-name-holder] summary').click();
    await app.page.fill('#holder-name', 'Müller');
    await app.page.fill('#holder-flat', 'Erdgeschoss');
    await app.page.fill('#holder-sender', 'Weber');
    await app.page.getByRole('button', { name: own.add }).click();
    const passOn = app.page.locator('[data-link]');
    await passOn.waitFor(patient);
    await look(app.page, 'owner-named');
    await passOn.click();
    const link = (await app.page.evaluate('navigator.clipboard.readText()')) as string;
    t.equal(link, await passOn.getAttribute('data-link'));
    const mueller = await stage.newPhone({ locale: neighbour, colorScheme: 'dark' });
    await mueller.page.goto(link);
    const theirs = (await digitsOn(mueller))!;
    t.not(theirs, code);
    const page = (await mueller.page.textContent('main')) ?? '';
    const theirWords = codeWords[neighbour];
    for (const said of [theirWords.nobody, theirWords.never, 'Weber', 'Hermes']) t.ok(page.includes(said), said);
    t.notMatch(page, /Telephone|Beispielladen/, 'not what is in it');
    await look(mueller.page, 'neighbour');

    // The courier comes; a phone is reloaded after every step, a desk loses its network.
    const isAt = hand.at === 'phone' ? reloadAt : untilAt;
    const courier = await stage.take(url, hand);
    t.match(await courier.page.textContent('.screen'), says.hereText);
    await stage.shoot(courier.page, `stop-arrive-${hand.at}`);
    await isAt(courier.page, 'stop-arrive');
    t.not((await stateOf(delivery)).state, 'at-door', 'nothing by loading');
    await courier.press(says.arrive);
    await isAt(courier.page, 'stop-ring');
    t.equal((await stateOf(delivery)).state, 'at-door', 'S061: whoever said no to the position is there all the same');
    await app.page.locator('.hand-over [data-door="says"]').waitFor(patient);
    await look(app.page, 'owner-here');
    await stage.shoot(courier.page, `stop-ring-${hand.at}`);
    if (hand.at === 'desk') {
      await courier.context.setOffline(true);
      await courier.page.getByText('No network').waitFor();
      await courier.context.setOffline(false);
      await courier.page.getByText('No network').waitFor({ state: 'hidden' });
    }
    await courier.press(says.ring);
    await isAt(courier.page, 'stop-wait');
    await stage.shoot(courier.page, `stop-wait-${hand.at}`);
    t.notMatch(await courier.page.textContent('.screen'), /1.?299|Telephone/, 'S016');
    await stage.wind(21_000, [courier, app, mueller]);
    await courier.page.locator('h1', { hasText: says.waitedTitle }).waitFor();
    await courier.press(says.handOver);
    await untilAt(courier.page, 'stop-who');
    await stage.shoot(courier.page, `stop-who-${hand.at}`);
    await courier.page.getByRole('button', { name: to === 'account' ? says.home : 'Müller' }).click();
    await isAt(courier.page, 'stop-code');
    t.match(await courier.page.textContent('.screen'), says.codeText, 'S026');
    await stage.shoot(courier.page, `stop-code-${hand.at}`);
    if (to === 'account') {
      await holdDown(app.page, app.page.locator('[data-holder] .hold button'));
      await app.page.locator('[data-holder]').waitFor({ state: 'detached', ...patient });
      const { nothing, gone } = receiveWords[neighbour];
      await mueller.page.getByText(nothing).or(mueller.page.getByText(gone)).waitFor(patient);
      await look(mueller.page, 'neighbour-gone');
    }
    const right = to === 'account' ? code : theirs;
    await courier.type(wrongOf(right));
    await courier.press(says.check);
    await courier.page.getByText(says.wrong).waitFor();
    await courier.page.getByText(tries.other.replace('{n}', '2')).waitFor();
    await courier.type(right);
    if (to === 'account') await courier.page.getByText(says.theyType).click();
    await courier.press(says.check);
    await isAt(courier.page, 'stop-end');
    t.match(await courier.page.textContent('h1'), says.handedOver);
    await stage.shoot(courier.page, `stop-end-${hand.at}`);
    t.match(await stateOf(delivery), { state: 'delivered', outcome: 'handed-over' });
    t.equal(rig.pulses(), before, 'no door moved for it');

    // The receipt, in the app and as a file that anybody can check.
    await app.page.locator('.hand-over').waitFor({ state: 'detached', ...patient });
    const proven = evidenceWords[hand.code];
    const who = app.page.locator('[data-fact="who"]', { hasText: proven.codeHolder });
    await who.waitFor(patient);
    t.match(await who.textContent(), to === 'account' ? proven.byRecipient : proven.byCourier);
    t.match(await app.page.textContent('[data-fact="not"]'), proven.lacks.contents);
    await app.page.locator('[data-fact="how"]', { hasText: proven.hubNothing }).waitFor(patient);
    t.equal(await app.page.locator('[data-whole]').count(), 1, 'checked on this device');
    await look(app.page, 'owner-proven');
    const saved = await savedBy(app.page, () => buttonOf(app.page, disputeWords[hand.code].save).click());
    const receipt = { delivery, end: 'handed-over', receiver: { proven: 'code-holder', holder: to, wrongEntries: 1 } };
    t.match(await verifyEvidence(saved, { root: rig.rootHash }), { ok: true, value: { receipt, seal: Object } });
    const file = join(t.testdir({}), 'evidence.json');
    writeFileSync(file, saved);
    const ran = await doorward('evidence', 'verify', file, '--root', rig.rootHash);
    t.equal(ran.exit, 0, ran.said);
    t.match(ran.out, /somebody who had the code; 1 wrong codes/);
    t.ok(ran.out.includes(delivery));

    // The carrier's server hears of it, and nobody hears the code.
    const news = await until('it is posted', () =>
      receiver.got.find(({ body: { data } }) => data.delivery === delivery && data.state === 'delivered'),
    );
    t.match(news.body, { type: 'delivery.state', data: { outcome: 'handed-over', proof: 'code' } });
    t.same(signedBy(news, [secret]), [secret]);
    const everywhere = [(await stored(delivery)).text, saved, ...receiver.got.map((one) => one.text)].join('\n');
    for (const one of [code, theirs]) t.notMatch(everywhere, new RegExp(`\\b${one}\\b`), 'S006');
    for (const one of [app, mueller]) t.same(one.complaints.filter(isAmiss), []);
    await Promise.all([app, mueller, inbox, courier].map(({ context }) => context.close()));
  }

  t.test('on phones in German, by finger, reloaded after every step: to whoever lives there', (t) =>
    life(t, { hand: finger, neighbour: 'tr', to: 'account' }),
  );
  t.test('on desks in English, by keyboard, with the network cut: to a neighbour', (t) =>
    life(t, { hand: keys, neighbour: 'it', to: 'neighbour' }),
  );
  t.test('a link that was cut off on its way says so', async (t) => {
    const { page } = await stage.newPhone({ locale: 'en-GB' });
    await page.goto(`${stage.url}/receive/#nothing`);
    await page.getByText(receiveWords.en.broken).waitFor(patient);
    await lookerAt(t, 'code-life-')(page, 'broken');
  });
}
