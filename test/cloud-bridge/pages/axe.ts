/** What axe-core finds in a page as it stands: WCAG 2.2 A and AA, and its good practices. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @returns one line a finding: its rule and where; nothing when all is well */
export async function barriersIn(page: Page): Promise<readonly string[]> {
  // Evaluated by the browser's own tools: the policy of the page lets no script of others in.
  await page.evaluate(source);
  const { violations } = await page.evaluate(
    () => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run() as Promise<AxeResults>,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
