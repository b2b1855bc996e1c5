import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import t from 'tap';
import { accept, Fault, type FaultCode, faults, refuse, unreachable } from '../wire/faults.ts';
import { errorsPage } from './print-errors.ts';

const root = resolve(import.meta.dirname, '..');
const codes = Object.keys(faults) as FaultCode[];

t.test('docs/errors.md says what the table says', async (t) => {
  t.equal(
    readFileSync(resolve(root, 'docs/errors.md'), 'utf8'),
    errorsPage(),
    'print it again: node --import=tsx test/print-errors.ts > docs/errors.md',
  );
});

t.test('each code stands once in the table and has a text of its own', async (t) => {
  const source = readFileSync(resolve(root, 'wire/faults.ts'), 'utf8');
  const texts = new Map<string, string>();
  for (const code of codes) {
    t.equal(source.split(`\n  ${code}: `).length - 1, 1, `${code} stands once`);
    const { says } = faults[code];
    t.equal(texts.get(says), undefined, `${code} says something of its own`);
    texts.set(says, code);
  }
});

t.test('each row is fit to be shown', async (t) => {
  for (const code of codes) {
    const { says, http, exit, retry, blame } = faults[code];
    t.match(code, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    t.match(says, /^[A-Z].{8,158}[.?]$/, `${code} is a sentence or two`);
    t.ok(http >= 400 && http <= 599 && exit >= 64 && exit <= 78, `${code} has a status and an exit code`);
    t.ok(['never', 'later', 'fresh'].includes(retry) && blame.length > 0);
  }
});

t.test('"not genuine" and "not allowed" are told apart: only the first has to do with form and key', async (t) => {
  for (const code of codes.filter((code) => code.endsWith('_NOT_GENUINE'))) t.equal(faults[code].http, 401, code);
  for (const code of codes.filter((code) => code.endsWith('_MALFORMED'))) t.equal(faults[code].http, 400, code);
});

t.test('a refusal is a value, a failure is a throw', async (t) => {
  t.same(accept(7), { ok: true, value: 7 });
  t.same(refuse('NOT_FOUND'), { ok: false, code: 'NOT_FOUND' });
  t.same(refuse('NOT_FOUND', { a: 1 }), { ok: false, code: 'NOT_FOUND', detail: { a: 1 } });
  const cause = new Fault('LINK_CLOSED');
  const fault = new Fault('LOCK_UNAVAILABLE', { door: 'd' }, { cause });
  t.match(fault, { code: 'LOCK_UNAVAILABLE', detail: { door: 'd' }, cause, name: 'Fault' });
  t.throws(() => unreachable('x' as never), { code: 'INTERNAL' });
});
