/** Changes to values and texts: small ones that go deep, and coarse ones. */
import type { Random } from './random.ts';

const oddities: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  '',
  ' ',
  '\u0000',
  '../../etc/passwd',
  "'; drop table hub; --",
  '\u202e\ud800',
  'x'.repeat(5_000),
  [],
  {},
  [[[[[[]]]]]],
  { __proto__: null, constructor: 1 },
];

function pathsOf(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...at]];
  const inner = Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...at, key]));
  return at.length === 0 ? inner : [[...at], ...inner];
}

/** Changes a JSON value at one place. */
export function mutateJson(random: Random, value: unknown): unknown {
  const copy = structuredClone(value);
  const paths = pathsOf(copy);
  const path = paths.length === 0 ? [] : random.pick(paths);
  const last = path.at(-1);
  if (last === undefined) return random.pick(oddities);
  let owner = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) owner = owner[step] as Record<string | number, unknown>;
  switch (random.below(5)) {
    case 0:
      delete owner[last];
      break;
    case 1:
      owner[random.pick(['admin', 'role', 'exp', 'toString', random.id(8)])] = random.pick(oddities);
      break;
    case 2:
      owner[last] = typeof owner[last] === 'string' ? mutateText(random, owner[last]) : random.pick(oddities);
      break;
    case 3:
      owner[last] =
        typeof owner[last] === 'number'
          ? owner[last] + random.pick([-1, 1, 2 ** 32, -(2 ** 32)])
          : random.pick(oddities);
      break;
    default:
      owner[last] = random.pick(oddities);
  }
  return copy;
}

/** Changes a text at one place. */
export function mutateText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + random.pick(['A', '.', '{', '"', '\u0000', 'é', '%00']) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(random.below(text.length + 1));
    case 3:
      return text + text;
    default:
      return text.slice(at) + text.slice(0, at);
  }
}
