/** Which tests photograph their page: those that name the variable, or that lean on a stage which does. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const variable = 'DOORWARD_SCREENSHOTS';

/** @param root  of the source tree @returns paths from there */
export function photographers(root: string): string[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  const textOf = new Map(
    files
      .filter((name) => name.endsWith('.ts') && !name.startsWith('screenshots'))
      .map((name) => [join(root, 'test', name), readFileSync(join(root, 'test', name), 'utf8')]),
  );
  const leansOn = (file: string): string[] =>
    [...(textOf.get(file) ?? '').matchAll(/from '(\.[^']+)'/g)].map((found) => resolve(dirname(file), found[1]!));
  const photographs = (file: string, seen: ReadonlySet<string>): boolean => {
    if (seen.has(file)) return false;
    if (textOf.get(file)?.includes(variable)) return true;
    return leansOn(file).some((other) => photographs(other, new Set([...seen, file])));
  };
  return [...textOf.keys()]
    .filter((file) => file.endsWith('.test.ts') && photographs(file, new Set()))
    .map((file) => file.slice(root.length + 1))
    .sort();
}
