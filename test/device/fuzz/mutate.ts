/** What is done to a document: to its claims before it is signed again, and to its text afterwards. */
import type { Random } from './random.ts';

type Json = Record<string, unknown>;

/** Values that sit at an edge of something, or are of another type than expected. */
const extremes: readonly unknown[] = [
  0,
  -1,
  1,
  0.5,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  2 ** 40 + 1,
  2 ** 53,
  1e308,
  -1e308,
  '',
  ' ',
  '0',
  'a'.repeat(22),
  'A'.repeat(43),
  'x'.repeat(5000),
  '\u0000',
  '\ud800',
  '../../etc',
  '__proto__',
  'constructor',
  null,
  true,
  false,
  [],
  [[[[[[]]]]]],
  {},
  { toString: 1 },
];

/** @returns the path of every member, nested ones included */
function pathsOf(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsOf(inner, [...path, key])]);
}

const parentOf = (root: Json, path: readonly (string | number)[]): Json =>
  path.slice(0, -1).reduce<Json>((at, key) => at[key] as Json, root);

/**
 * Changes one thing about claims: drops, renames, doubles, swaps or replaces a member.
 * @returns JSON text, since a member that comes twice exists in text only
 */
export function mutateClaims(claims: object, random: Random): string {
  const root = structuredClone(claims) as Json;
  const paths = pathsOf(root);
  const path = random.pick(paths);
  const parent = parentOf(root, path);
  const key = String(path.at(-1));
  switch (random.int(7)) {
    case 0:
      delete parent[key];
      break;
    case 1:
      parent[`${key}2`] = parent[key];
      break;
    case 2: {
      const other = random.pick(paths);
      const [otherParent, otherKey] = [parentOf(root, other), String(other.at(-1))];
      const [mine, theirs] = [structuredClone(parent[key]), structuredClone(otherParent[otherKey])];
      parent[key] = theirs;
      otherParent[otherKey] = mine;
      break;
    }
    case 3: {
      const value = parent[key];
      if (typeof value === 'number') parent[key] = value + random.pick([-1, 1, -86_400, 86_400, -3600, 3600, 0.1]);
      else if (typeof value === 'string') parent[key] = flipCharacter(value, random);
      else parent[key] = random.pick(extremes);
      break;
    }
    case 4: {
      const text = JSON.stringify(root);
      return `${text.slice(0, -1)},${JSON.stringify(key)}:${JSON.stringify(random.pick(extremes))}}`;
    }
    case 5:
      parent[random.pick(['role', 'admin', 'crit', '__proto__x', 'entries', 'exp'])] = random.pick(extremes);
      break;
    default:
      parent[key] = random.pick(extremes);
  }
  return JSON.stringify(root);
}

function flipCharacter(text: string, random: Random): string {
  if (text === '') return 'x';
  const at = random.int(text.length);
  return text.slice(0, at) + random.pick([...'abcXYZ019-_']) + text.slice(at + 1);
}

/** Changes the text of a signed document without any key: bits, cuts, swapped parts, another header. */
export function mutateText(jws: string, random: Random): string {
  const parts = jws.split('.');
  switch (random.int(8)) {
    case 0:
    case 1: {
      const index = random.int(parts.length);
      const bytes = Buffer.from(parts[index]!, 'base64url');
      if (bytes.length > 0) bytes[random.int(bytes.length)]! ^= 1 << random.int(8);
      parts[index] = bytes.toString('base64url');
      return parts.join('.');
    }
    case 2:
      return jws.slice(0, random.int(jws.length));
    case 3:
      return random.pick([`${jws}.`, `.${jws}`, `${jws}.${parts[2]}`, jws.replaceAll('.', ''), `${jws}=`, ` ${jws}`]);
    case 4:
      return [parts[1], parts[0], parts[2]].join('.');
    case 5: {
      const header = JSON.parse(Buffer.from(parts[0]!, 'base64url').toString('utf8')) as Json;
      const change = random.pick<Json>([
        { alg: 'none' },
        { alg: 'HS256' },
        { alg: 'ES256' },
        { alg: 'EdDSA' },
        { typ: 'jwt' },
        { crit: ['b64'], b64: false },
        { kid: 'A'.repeat(43) },
        { jku: 'https://example.org/' },
      ]);
      return [Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url'), parts[1], parts[2]].join(
        '.',
      );
    }
    case 6:
      return [parts[0], parts[1], ''].join('.');
    default:
      return flipCharacter(jws, random);
  }
}
