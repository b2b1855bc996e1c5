import { resolve } from 'node:path';
import t from 'tap';
import { developPages } from '../../../cloud-bridge/pages/develop.ts';
import { firstWords } from '../../../cloud-bridge/pages/visitor/first-words.ts';
import { launch, noChromium } from './browser.ts';

t.test('the pages run straight from their sources', { skip: noChromium }, async (t) => {
  const pages = await developPages(resolve(import.meta.dirname, '../../../cloud-bridge/pages'), 0);
  t.teardown(() => pages.stop());
  const browser = await launch();
  t.teardown(() => browser.close());
  const page = await browser.newPage({ locale: 'de' });
  page.setDefaultTimeout(60_000);
  await page.goto(`${pages.url}/visit/#${'t'.repeat(43)}@http://127.0.0.1:9`);
  await page.waitForSelector('select:enabled');
  t.equal(await page.textContent('h1'), firstWords.de.task);
  t.equal(
    await page.evaluate("getComputedStyle(document.querySelector('.screen')).display"),
    'flex',
    'with their style',
  );
  await page.goto(pages.url);
  await page.waitForSelector('#root h1');
  t.equal(new URL(page.url()).pathname, '/app/');
});
