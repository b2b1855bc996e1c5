/** After a delivery, in the owner's app and against a whole home: what is proven, and what is said when something is wrong. */
import t, { type Test } from 'tap';
import * as v from 'valibot';
import { evidenceWords } from '../../cloud-bridge/pages/common/evidence/words.ts';
import { type Code, words } from '../../cloud-bridge/pages/evidence/words.ts';
import { disputeWords } from '../../cloud-bridge/pages/owner/deliveries/dispute-words.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { peek } from '../../wire/jws.ts';
import { verifyEvidence } from '../../wire/verify-evidence.ts';
import { retentionForm } from '../../wire/video.ts';
import { complaintsOf, noChromium } from '../cloud-bridge/pages/browser.ts';
import { buttonOf, desk, openDevice, phone, type Seat, savedBy } from '../cloud-bridge/pages/owner-stage.ts';
import { lookerAt, openPages } from '../cloud-bridge/pages/pages-stage.ts';

const Documents = v.object({ retention: v.optional(v.object({ document: v.string() })) });

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openPages(t, 'localhost');
  const { rig, url } = stage;
  const { owner } = rig;
  const home = `/v1/homes/${owner.pinned.home}`;
  /** Visits whose recordings the owner keeps. */
  const kept = async (): Promise<readonly string[]> => {
    const path = `${home}/documents`;
    const { retention } = mustHave(await owner.http.call({ method: 'GET', path, proof: owner.keys.sign }, Documents));
    const read = peek(retentionForm, retention?.document ?? '');
    return read.ok ? read.value.claims.keep : [];
  };

  interface Files {
    readonly saved: string;
    readonly altered: string;
  }
  /** The page of one file, in a browser that reaches nothing. */
  async function checkAlone(t: Test, page: string, seat: Seat, { saved, altered }: Files): Promise<void> {
    const context = await stage.browser.newContext({ ...seat.options, offline: true });
    t.teardown(() => context.close());
    const alone = await context.newPage();
    const complaints = complaintsOf(alone);
    const asked: string[] = [];
    alone.on('request', (request) => asked.push(request.url()));
    await alone.goto(page);
    const says = words[seat.code as Code];
    t.equal(await alone.textContent('h1'), says.title);
    const choose = (text: string) =>
      alone.setInputFiles('#file', { name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    const isTold = (className: string, text: string) =>
      alone.locator(`#result .${className}`, { hasText: text }).waitFor();
    const look = lookerAt(t, `evidence-page-${seat.at}-`, true);

    await choose(saved);
    await isTold('good', says.evidence.whole);
    const told = (await alone.textContent('#result')) ?? '';
    for (const one of [rig.rootHash, says.evidence.hubVisit, says.evidence.contents]) t.ok(told.includes(one), one);
    await look(alone, 'whole');
    await alone.fill('#root', 'A'.repeat(43));
    await isTold('trouble', 'EVIDENCE_OTHER_ROOT');
    await alone.fill('#root', rig.rootHash);
    await isTold('good', says.evidence.whole);
    await choose(altered);
    await isTold('trouble', 'RECEIPT_NOT_GENUINE');
    t.equal(await alone.locator('#result .good').count(), 0, 'an altered file shows nothing as proven');
    await look(alone, 'altered');
    const dropped = await alone.evaluateHandle(`(() => {
      const files = new DataTransfer();
      files.items.add(new File([${JSON.stringify(saved)}], 'b.json'));
      return files;
    })()`);
    await alone.dispatchEvent('#drop', 'drop', { dataTransfer: dropped });
    await isTold('good', says.evidence.whole);
    await alone.selectOption('#language', 'it');
    await isTold('good', words.it.evidence.whole);
    await choose('no pack');
    await isTold('trouble', 'EVIDENCE_MALFORMED');
    t.same(
      asked.filter((one) => !one.startsWith('file:')),
      [],
      'nothing is asked for',
    );
    t.same(complaints, []);
  }

  for (const seat of [phone, desk]) {
    t.test(`${seat.at}: S009, S040, S071, S085, S086, S087, S102: disputed, proven, saved and checked`, async (t) => {
      const says = evidenceWords[seat.code];
      const own = disputeWords[seat.code];
      const errand = await rig.deliver('closed');
      await errand.end();
      const { page } = await openDevice(t, stage, seat.options);
      const look = lookerAt(t, `dispute-${seat.at}-`, true);
      await page.goto(`${url}/app/${owner.invite()}`);
      await page.click('[data-choice="without"]');
      await page.waitForSelector('.frame');
      await page.evaluate("location.hash = '#/deliveries'");
      await page.locator('[data-delivery="delivered"]').first().click();

      await page.locator('[data-fact="how"]', { hasText: says.hubVisit }).waitFor();
      t.match(await page.textContent('[data-fact="who"]'), says.nobody, 'S009: who received is a fact of its own');
      t.match(await page.textContent('[data-fact="how"]'), says.proofs.secured);
      t.match(await page.textContent('[data-fact="how"]'), says.noRing, 'S071: what is not recorded is said');
      t.match(await page.textContent('[data-fact="not"]'), says.lacks.contents);
      t.equal(await page.textContent('[data-liability]'), says.contents, 'S040');
      t.equal(await page.locator('[data-whole]').count(), 1, 'checked on this device');
      await look(page, 'proven');

      await page.click('[data-what="not-there"]');
      await page.locator('[data-dispute="not-there"] [data-next="prove"]').waitFor();
      await page.locator('[role=status]', { hasText: own.kept }).waitFor();
      t.ok((await kept()).includes(errand.id), 'its recordings stay');
      t.equal(await page.locator('[data-evidence="1"]').count(), 1, 'S085: the evidence is open below');
      await look(page, 'disputed');

      const saved = await savedBy(page, () => buttonOf(page, own.save).click());
      t.match(await verifyEvidence(saved, { root: rig.rootHash }), {
        ok: true,
        value: { receipt: { delivery: errand.delivery, end: 'inside' }, visit: { visit: errand.id } },
      });
      const { receipt } = JSON.parse(saved) as { readonly receipt: string };
      const altered = saved.replace(receipt, `${receipt.slice(0, -6)}AAAAAA`);
      t.match(await verifyEvidence(altered), { ok: false, code: 'RECEIPT_NOT_GENUINE' });

      const file = t.testdir({});
      const saving = page.waitForEvent('download');
      await page.getByRole('link', { name: own.page }).click();
      const download = await saving;
      t.equal(download.suggestedFilename(), 'doorward-evidence.html');
      await download.saveAs(`${file}/page.html`);
      await t.test('S086: the page that checks it runs from the disk, and without a network', (t) =>
        checkAlone(t, `file://${file}/page.html`, seat, { saved, altered }),
      );

      await buttonOf(page, own.toCase).click();
      await page.waitForSelector('[aria-labelledby^="case-"]');
      await page.goBack();
      const text = 'It lies at your neighbour. <b>We fetch it.</b>';
      mustHave(await rig.carrier.dispatch.answerDispute(errand.delivery, text));
      await page.locator('[data-answer]', { hasText: text }).waitFor();
      await look(page, 'answered');
      await page.click('[data-settle]');
      await page.locator('[role=status]', { hasText: own.settled }).waitFor();
      t.notOk((await kept()).includes(errand.id), 'settled, nothing is kept for it any more');

      await page.click('[data-what="damaged"]');
      await page.locator('[data-dispute="damaged"] [data-withdraw]').waitFor();
      await page.click('[data-withdraw]');
      await page.locator('[role=status]', { hasText: own.withdrawn }).waitFor();
      await page.locator('[data-what="lost"]').waitFor();
      t.notOk((await kept()).includes(errand.id), 'taken back, they go when their time is over');
    });
  }
}
