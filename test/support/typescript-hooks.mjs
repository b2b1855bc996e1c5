/** The loader's hooks, on a thread of their own: `.ts` of this tree only, imported by relative names with their ending. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kept = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'typescript');

/** Changes whenever the same source would be compiled into something else. */
const how = { loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'inline', sourcesContent: false };

/** A relative name means the file beside; everything else is Node's to find. */
export function resolve(specifier, context, next) {
  if (!specifier.startsWith('.') || !specifier.endsWith('.ts')) return next(specifier, context);
  return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
}

/** @returns the compiled text of a `.ts` file, with its map in its last line */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(url);
  const text = readFileSync(path, 'utf8');
  const key = createHash('sha1').update(JSON.stringify([how, path])).update(text).digest('hex');
  const file = join(kept, `${key}.mjs`);
  let source = read(file);
  if (source === undefined) {
    const { transform } = await import('esbuild');
    source = (await transform(text, { ...how, sourcefile: path })).code;
    keep(file, source);
  }
  return { format: 'module', source, shortCircuit: true };
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whole or not at all: several processes compile the same file at the same time. */
function keep(file, source) {
  const draft = `${file}.${process.pid}`;
  mkdirSync(kept, { recursive: true });
  writeFileSync(draft, source);
  renameSync(draft, file);
}
