/** Codes that are none, or none any more, typed on the courier's own page: S006, S007, S022, S023, S024, S025. */
import type { Request } from 'playwright-core';
import t from 'tap';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import { atStop, inPerson, keys, wrongOf } from '../cloud-bridge/pages/courier-stage.ts';
import { openRefusalStage, putAway, readsIn } from '../cloud-bridge/pages/refusals.ts';
import { reloadAt, untilAt } from '../cloud-bridge/pages/visitor-stage.ts';
import { until } from '../support/until.ts';

const hours = (n: number): number => n * 3_600_000;
const can = ['in-person', 'tomorrow'] as const;

/** A request as somebody on the way has seen it. */
const bytesOf = async (request: Request) => ({
  ...{ method: request.method(), url: request.url() },
  ...{ headers: await request.allHeaders(), postData: request.postData() ?? '' },
});

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openRefusalStage(t);
  const { announce, atCode, check, codeOf, codesOf, ownerSees, stateOf, stored } = stage;
  const { says } = keys.words;

  t.test('S022, S023: after midnight the code of the day is refused as expired, though it is right', async (t) => {
    await stage.wish(inPerson, 22);
    const { delivery, url } = await announce(can);
    const courier = await atCode(url);
    const code = await codeOf(delivery);
    await stage.wind(hours(2), [courier]);
    await check(courier, code);
    await untilAt(courier.page, 'stop-end');
    await readsIn(t, courier.page, 'expired', (_, says) => ({
      ...{ h1: says.dayOver, '.trouble': says.codeOver, '.screen > p': says.leftAgain },
    }));
    const { how, tries, acts, text } = await stored(delivery);
    t.same({ how, tries }, { how: 'day-over', tries: 0 }, 'nothing was compared, nothing counted');
    t.same(acts, ['arrive', 'name', 'day-over', 'hand-over CODE_EXPIRED']);
    t.notMatch(text, code);
    t.match(await stateOf(delivery), { state: 'announced', attempt: 2, outcome: 'day-over' }, 'S025');
    await ownerSees(delivery, 'nobody');
  });

  t.test('S024: the code of yesterday’s attempt, and what was sent there, count for nothing today', async (t) => {
    await stage.wish(inPerson);
    const { delivery, url } = await announce(can);
    const before = await atCode(url);
    const yesterday = await codeOf(delivery);
    const sending = before.page.waitForRequest(/\/stop\/acts$/);
    await check(before, wrongOf(yesterday));
    const sent = (await sending).postDataJSON() as object;
    await before.page.locator('.trouble', { hasText: says.wrong }).waitFor();
    await before.page.getByRole('button', { name: says.back }).click();
    await before.page.getByRole('button', { name: says.leave }).click();
    await before.press(says.unsafe);
    await untilAt(before.page, 'stop-end');

    await stage.wind(hours(24), []);
    const courier = await atCode(await stage.linkOf(delivery));
    await courier.page.route(/\/stop\/acts$/, (route) => route.continue({ postData: JSON.stringify(sent) }), {
      times: 1,
    });
    await check(courier, await codeOf(delivery));
    await readsIn(t, courier.page, 'of-yesterday', (_, says) => ({ '.trouble': says.denied }));
    t.match(await stored(delivery, 2), { tries: 0, acts: ['arrive', 'name'] }, 'signed for another attempt');

    await courier.page.selectOption('.language select', 'en');
    await check(courier, yesterday);
    await readsIn(t, courier.page, 'yesterday', (code, says) => ({
      '.trouble': says.expired,
      '.quiet': code === 'de' ? 'noch 2 Versuche' : '2 tries left',
    }));
    t.match(await stored(delivery, 2), {
      ...{ how: null, tries: 1, acts: ['arrive', 'name', 'hand-over CODE_EXPIRED', 'compared'] },
    });
    t.match(await codesOf(delivery), { door: 'here', triesLeft: 2 });
    await ownerSees(delivery, 'says', 2);
    await check(courier, await codeOf(delivery));
    await untilAt(courier.page, 'stop-end');
    t.match(await stateOf(delivery), { state: 'delivered', outcome: 'handed-over' }, 'today’s is good');
  });

  t.test('S007: that of another parcel is wrong; after the third no fourth is taken, though it is right', async (t) => {
    const [one, other] = [await announce(can), await announce(can)];
    const courier = await atCode(one.url);
    const code = await codeOf(one.delivery);
    await check(courier, await codeOf(other.delivery));
    await readsIn(t, courier.page, 'other-parcel', (lang, says) => ({
      '.trouble': says.wrong,
      '.quiet': lang === 'de' ? 'noch 2 Versuche' : '2 tries left',
    }));
    t.match(await stored(one.delivery), { how: null, tries: 1 });
    t.match(await stored(other.delivery), { tries: 0, acts: [] }, 'the other parcel has nothing to do with it');

    // The same phone, looked at in a second window that does not hear what happens in the first.
    const window = atStop({ ...courier, page: await courier.context.newPage() }, keys);
    await window.page.goto(one.url);
    await untilAt(window.page, 'stop-code');
    await putAway(window);
    await courier.page.selectOption('.language select', 'en');
    for (const by of [1, 2]) {
      await check(courier, wrongOf(code, by));
      await until('it was counted', async () => (await stored(one.delivery)).tries === by + 1);
    }
    await untilAt(courier.page, 'stop-end');
    await readsIn(t, courier.page, 'third', (_, says) => ({ h1: says.triesUsed, '.screen > p': says.leftAgain }));
    t.equal(await courier.page.textContent('.trouble'), '', 'its title says it');
    await reloadAt(courier.page, 'stop-end');
    t.equal(
      await courier.page.locator('.keypad').count(),
      0,
      'its courier still sees how it ended, and nothing is offered',
    );
    await check(window, code);
    await untilAt(window.page, 'stop-end');
    await readsIn(t, window.page, 'fourth', (_, says) => ({
      ...{ h1: says.triesUsed, '.trouble': says.tooLate, '.screen > p': says.leftAgain },
    }));
    const { how, tries, acts } = await stored(one.delivery);
    t.same(
      { how, tries, acts: acts.length },
      { how: 'tries-used', tries: 3, acts: 8 },
      'of the fourth nothing stands there',
    );
    t.match(await stateOf(one.delivery), { state: 'announced', attempt: 2, outcome: 'tries-used' }, 'S025');
    await ownerSees(one.delivery, 'nobody');
    await ownerSees(other.delivery, 'nobody');
  });

  t.test('what was sent before counts once, however often it comes, and never for other digits', async (t) => {
    const { delivery, url } = await announce(can);
    const courier = await atCode(url);
    const { page, context } = courier;
    const code = await codeOf(delivery);
    const acts = /\/stop\/acts$/;
    // The answer is lost on its way: the page itself sends it again.
    const lost = page.waitForRequest(acts);
    await page.route(acts, async (route) => void (await route.fetch().then(() => route.abort())), { times: 1 });
    await check(courier, wrongOf(code));
    await readsIn(t, page, 'answer-lost', (lang, says) => ({
      '.trouble': says.wrong,
      '.quiet': lang === 'de' ? 'noch 2 Versuche' : '2 tries left',
    }));
    const once = ['arrive', 'name', 'hand-over CODE_WRONG', 'compared'];
    t.match(await stored(delivery), { tries: 1, acts: once });

    // Recorded, and sent once more with the right digits, in the place of what the page sends now.
    const recorded = await lost;
    const { act } = recorded.postDataJSON() as { readonly act: string };
    await page.route(acts, (route) => route.continue({ postData: JSON.stringify({ act, digits: code }) }), {
      times: 1,
    });
    await page.selectOption('.language select', 'en');
    const answered = page.waitForResponse((one) => acts.test(one.url()) && one.request().method() === 'POST');
    await check(courier, code);
    t.match(await (await answered).json(), { code: 'CODE_WRONG', detail: { triesLeft: 2 } });
    await readsIn(t, page, 'recorded', (_, says) => ({ '.trouble': says.wrong }));
    t.same((await stored(delivery)).acts, once, 'what was answered once is answered so again');
    const { method, url: at, headers, postData } = await bytesOf(recorded);
    const again = await context.request.fetch(at, { method, headers, data: postData });
    t.match([again.status(), (await again.json()).code], [401, 'PROOF_REPLAYED'], 'byte for byte it is not even heard');
    t.match(await stored(delivery), { how: null, tries: 1, acts: once });
    t.match(await codesOf(delivery), { triesLeft: 2 });
    await ownerSees(delivery, 'says', 2);

    await page.selectOption('.language select', 'en');
    const right = page.waitForRequest(acts);
    await check(courier, code);
    await untilAt(page, 'stop-end');
    t.match(await stateOf(delivery), { state: 'delivered', outcome: 'handed-over' });
    const handed = await bytesOf(await right);
    const { acts: all } = await stored(delivery);
    const last = await context.request.fetch(handed.url, { ...handed, data: handed.postData });
    t.equal((await last.json()).code, 'PROOF_REPLAYED');
    t.same((await stored(delivery)).acts, all);
  });
}
