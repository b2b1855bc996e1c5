/** A recording on the page: checked, played, sought in, saved. */
import type { Test } from 'tap';
import { recordingWords } from '../../../cloud-bridge/pages/owner/recordings/words.ts';
import { until } from '../../support/until.ts';
import { door } from './device.ts';
import { toRec } from './sealer.ts';
import { frameMs, newStream, type Stage, says, shoot, show, visit } from './stage.ts';

export async function playAndSave(t: Test, stage: Stage): Promise<void> {
  const { cloud, page, h264 } = stage;
  await t.test('a recording is checked, played, sought in and saved', async (t) => {
    const recorded = await newStream(stage, { startedMs: Date.now() - 3_600_000 });
    const messages = [recorded.key];
    const from = Date.now() - 3_600_000;
    for (const [index, { data, isKey }] of h264.entries()) {
      messages.push(recorded.frame(data, from + index * frameMs, isKey));
      if (index % 15 === 14) messages.push(recorded.checkpoint(from, index === 44 ? { end: 'stopped', late: 3 } : {}));
    }
    const row = {
      stream: recorded.id,
      door,
      visit,
      startedAt: from,
      endedAt: from + 45 * frameMs,
      complete: true,
      late: 3,
      frames: 45,
      bytes: 250_000,
    };
    cloud.recordings.set(recorded.id, { row, file: toRec(messages) });
    const cut = await newStream(stage, { startedMs: from - 7_200_000 });
    const rest = [0, 1, 2, 3].map((index) => cut.frame(h264[index]!.data, from, index === 0));
    const file = toRec([cut.key, ...rest.slice(0, 1), ...rest.slice(3)]);
    const cutRow = {
      ...row,
      stream: cut.id,
      visit: null,
      startedAt: from - 7_200_000,
      endedAt: null,
      complete: false,
      late: 0,
    };
    cloud.recordings.set(cut.id, { row: cutRow, file });

    await show(page, 'recordings');
    await page.click(`[data-stream="${recorded.id}"] > button`);
    await page.waitForSelector('.clip[data-verdict="genuine"]');
    await says(page, '.facts', 'late, over a slow or broken line: 3');
    await page.locator('.transport input').fill('2000');
    await until('the place', async () => Number(await page.inputValue('.transport input')) > 1_900);
    await shoot(page, 'recording');
    await page.getByRole('button', { name: recordingWords.en.play }).click();
    await until(
      'it played to its end',
      async () => (await page.inputValue('.transport input')) === (await page.getAttribute('.transport input', 'max')),
    );
    await page.getByRole('button', { name: recordingWords.en.play }).waitFor();

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: recordingWords.en.save }).click();
    const saved = await download;
    t.match(saved.suggestedFilename(), /^doorward-.*\.mp4$/);
    const bytes: Buffer[] = [];
    for await (const chunk of await saved.createReadStream()) bytes.push(chunk as Buffer);
    t.equal(Buffer.concat(bytes).subarray(4, 8).toString(), 'ftyp');

    t.equal(await page.locator('.recorded').count(), 1, 'the service lists one a page');
    await page.getByRole('button', { name: recordingWords.en.older }).click();
    await page.click(`[data-stream="${cut.id}"] > button`);
    await page.waitForSelector('.clip[data-verdict="partly"]');
    await says(page, '.facts', 'missing: 2');
    await says(page, '.transport output', '0:00 / 0:00');
    t.equal(await page.getByRole('button', { name: recordingWords.en.older }).count(), 0, 'and that was all');
    await shoot(page, 'incomplete');
  });
}
