/** The right code in the wrong place, at the wrong time or on the wrong phone, on the courier's own page: S013, S026, S027, S041, T29. */
import t from 'tap';
import { firstWords } from '../../cloud-bridge/pages/visitor/first-words.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import type { Place } from '../../wire/plan.ts';
import type { StopView } from '../../wire/stop.ts';
import { readTaskFragment } from '../../wire/visit-link.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import { atStop, buttonOf, inPerson, keys } from '../cloud-bridge/pages/courier-stage.ts';
import { meddle, openRefusalStage, putAway, readsIn } from '../cloud-bridge/pages/refusals.ts';
import { languages } from '../cloud-bridge/pages/visitor/languages.ts';
import { untilAt } from '../cloud-bridge/pages/visitor-stage.ts';
import { until } from '../support/until.ts';

const can: readonly Place[] = ['in-person', 'tomorrow'];
const tokenOf = (url: string): string => readTaskFragment(new URL(url).hash)!.token;
/** The page of a link that another device has. */
const otherPhone = (code: 'de' | 'en') => ({ '.screen > p': languages[code].says.otherPhone });

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openRefusalStage(t);
  const { rig, announce, ask, atCode, check, codeOf, ownerSees, stateOf, stored } = stage;
  const { says } = keys.words;
  await stage.wish(inPerson);

  t.test('S027, T29: nothing is typed before arrival, and whoever types all the same is told to arrive', async (t) => {
    const { delivery, url } = await announce(can);
    const courier = await stage.take(url, keys);
    const { page } = courier;
    for (const name of [says.handOver, says.check, says.ring]) t.equal(await buttonOf(page, name).count(), 0, name);
    t.equal(await page.locator('.keypad').count(), 0, 'it is not offered');
    await ownerSees(delivery, 'nobody');

    const { codes } = await stage.codesOf(delivery);
    const [{ holder, digits = '' } = { holder: '' }] = codes;
    const end = await meddle(courier, (view) => ({
      ...{ ...view, state: 'here', presence: 'heard', isSure: true, named: holder, triesLeft: 3 },
      plan: [{ place: 'in-person', holders: [{ holder, name: '' }] }],
    }));
    await untilAt(page, 'stop-ring');
    await courier.press(says.handOver);
    await untilAt(page, 'stop-code');
    await putAway(courier);
    await end();
    await check(courier, digits);
    await untilAt(page, 'stop-arrive');
    await readsIn(t, page, 'not-arrived', (_, words) => ({ h1: words.hereTitle, '.trouble': words.notHere }));
    t.match(await stored(delivery), { how: null, tries: 0, acts: [] });
    t.not((await stateOf(delivery)).state, 'delivered');
    await ownerSees(delivery, 'nobody');
  });

  t.test('S027: who only says to be there is asked to show it, and no try is counted', async (t) => {
    const home = { lat: 52.52, lon: 13.405 };
    mustHave(await ask('PUT', '/position', { position: { ...home, accuracy: 10 } }));
    const { delivery, url } = await announce(can);
    const courier = await atCode(url, { permissions: [] });
    const { page, context } = courier;
    const code = await codeOf(delivery);
    await check(courier, code);
    await readsIn(t, page, 'not-sure', (_, words) => ({ '.trouble': words.unsure, button: words.check }));
    t.match(await stored(delivery), { how: null, tries: 0 });
    await ownerSees(delivery, 'says');
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ latitude: home.lat, longitude: home.lon, accuracy: 15 });
    await page.selectOption('.language select', 'en');
    await courier.press(says.share);
    await buttonOf(page, says.share).waitFor({ state: 'hidden' });
    await check(courier, code);
    await untilAt(page, 'stop-end');
    t.match(await stateOf(delivery), { state: 'delivered', outcome: 'handed-over' });
    mustHave(await ask('PUT', '/position', { position: null }));
  });

  t.test('after the courier has left no code is taken, though it is right', async (t) => {
    const { delivery, url } = await announce(can);
    const courier = await atCode(url);
    const code = await codeOf(delivery);
    const window = atStop({ ...courier, page: await courier.context.newPage() }, keys);
    await window.page.goto(url);
    await untilAt(window.page, 'stop-code');
    await putAway(courier);
    await buttonOf(window.page, says.back).click();
    await buttonOf(window.page, says.leave).click();
    await window.press(says.damaged);
    await untilAt(window.page, 'stop-end');
    t.equal(await window.page.locator('.keypad').count(), 0, 'it is not offered');
    await check(courier, code);
    await untilAt(courier.page, 'stop-end');
    await readsIn(t, courier.page, 'left', (_, words) => ({
      ...{ h1: words.left, '.trouble': words.tooLate, '.screen > p': words.leftText },
    }));
    t.match(await stored(delivery), { how: 'left', tries: 0, acts: ['arrive', 'name', 'leave'] });
    t.match(await stateOf(delivery), { state: 'announced', attempt: 2, outcome: 'left' });
    await ownerSees(delivery, 'nobody');
  });

  t.test('a second phone on the link ends it for both: the code is good on neither', async (t) => {
    const { delivery, url } = await announce(can);
    const first = await atCode(url);
    const code = await codeOf(delivery);
    await putAway(first);
    const second = atStop(await stage.newPhone(keys.options), keys);
    await second.page.goto(url);
    await second.press(firstWords.en.take);
    await untilAt(second.page, 'over');
    t.equal(await second.page.locator('.keypad').count(), 0, 'it is not offered');
    await readsIn(t, second.page, 'second-phone', otherPhone);
    await check(first, code);
    await untilAt(first.page, 'over');
    await readsIn(t, first.page, 'first-phone', otherPhone);
    t.match(await stored(delivery), { how: null, tries: 0, acts: ['arrive', 'name'] });
    t.equal((await stateOf(delivery)).state, 'announced');
    const { told } = rig.carrier.dispatch;
    await until('its carrier is told', () =>
      told.items.some((one) => one.news === 'dead' && one.delivery === delivery),
    );
  });

  t.test(
    'another courier, with a phone that is good at this home, cannot type it; its own courier still can',
    async (t) => {
      const [one, theirs] = [await announce(can), await announce(can)];
      const own = await atCode(one.url);
      const other = await stage.take(theirs.url, keys);
      const code = await codeOf(one.delivery);
      const shown = own.page.waitForResponse(/\/stop$/);
      const view = (await (await shown).json()) as StopView;
      // Their phone takes the link for its own.
      await other.page.evaluate(
        `new Promise((done, failed) => {
        indexedDB.open('doorward-visit').onsuccess = ({ target: { result } }) => {
          const rows = result.transaction('task', 'readwrite').objectStore('task');
          rows.get('${tokenOf(theirs.url)}').onsuccess = ({ target: { result: row } }) => {
            const put = rows.put({ ...row, token: '${tokenOf(one.url)}' });
            put.onsuccess = done;
            put.onerror = failed;
          };
        };
      }).then(() => undefined)`,
      );
      const end = await meddle(other, () => view);
      await other.page.goto(one.url);
      await untilAt(other.page, 'stop-code');
      await putAway(other);
      await end();
      await check(other, code);
      await untilAt(other.page, 'over');
      await readsIn(t, other.page, 'other-courier', otherPhone);
      t.match(await stored(one.delivery), { how: null, tries: 0, acts: ['arrive', 'name'] });
      t.match(await stored(theirs.delivery), { tries: 0, acts: [] });
      await ownerSees(one.delivery, 'says');
      await check(own, code);
      await untilAt(own.page, 'stop-end');
      t.match(await stateOf(one.delivery), { state: 'delivered', outcome: 'handed-over' });
      await ownerSees(theirs.delivery, 'nobody');
    },
  );

  t.test('S041: who was taken back receives nothing, from that moment on', async (t) => {
    const { delivery, url } = await announce(can);
    const holders = [{ kind: 'household', name: 'Mara' }];
    const named = mustHave(await ask('POST', '/holders', { delivery, holders }));
    const courier = await stage.take(url, keys);
    const { page } = courier;
    await courier.press(says.arrive);
    await untilAt(page, 'stop-ring');
    await courier.press(says.handOver);
    await untilAt(page, 'stop-who');
    await page.getByRole('button', { name: 'Mara' }).click();
    await untilAt(page, 'stop-code');
    const { codes } = await stage.codesOf(delivery);
    const mara = codes.find(({ name }) => name === 'Mara')!;
    mustHave(await ask('DELETE', `/holders/${named.holders[0]}`));
    await check(courier, mara.digits!);
    await readsIn(t, page, 'taken-back', (_, words) => ({ '.trouble': words.revoked }));
    t.match(await stored(delivery), { how: null, tries: 0 });
    await ownerSees(delivery, 'says');
  });
}
