/** Every product rule has a row that says how it is met and names a test that cites it, or says why it is not built. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';

const root = resolve(import.meta.dirname, '..');
const rules = 103;
const table = readFileSync(join(root, 'docs/product-rules.md'), 'utf8');
const rows = [...table.matchAll(/^\| (S\d{3}) \| (.+) \| (.+) \|$/gm)].map(([, id, how, shown]) => ({
  ...{ id: id!, how: how!, shown: shown! },
}));

t.same(
  rows.map(({ id }) => id),
  Array.from({ length: rules }, (_, index) => `S${String(index + 1).padStart(3, '0')}`),
  'each rule once, in order',
);

const texts = new Map<string, string>();
const textOf = (path: string): string => {
  const text = texts.get(path) ?? readFileSync(join(root, path), 'utf8');
  texts.set(path, text);
  return text;
};

for (const { id, how, shown } of rows) {
  const tests = [...shown.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path!);
  t.ok(
    tests.length > 0 || how.startsWith('Not built: ') || how.startsWith('Nothing to test: '),
    `${id} is shown, or says why not`,
  );
  for (const path of tests) t.match(textOf(path), new RegExp(`\\b${id}\\b`), `${id}: ${path} cites it`);
}
