/**
 * The loader's hooks, on a thread of their own. What is in the compiled tree, or among the libraries that are one script, is handed out
 * as a module that says where it lies (`typescript-run.mjs`); a test is compiled by itself; the rest is Node's to find.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiledAlone, libraries, namesOf, openTree, root } from './typescript-tree.mjs';

const runner = `import { moduleOf } from '${new URL('./typescript-run.mjs', import.meta.url).href}';\n`;
const library = 'library:';
/** These compute for long, which takes a fifth longer in the script: V8 takes nothing there for constant. */
const computing = /\/(?:explore-\w+|guards|fuzz[\w-]*)\.test\.ts$/;
let isComputing = false;
let opened;

/** A relative name means the file beside. */
export async function resolve(specifier, context, next) {
  if (context.parentURL === undefined && computing.test(specifier)) isComputing = true;
  if (libraries.includes(specifier)) return { url: `${library}${specifier}`, format: 'module', shortCircuit: true };
  if (!specifier.startsWith('.') || !specifier.endsWith('.ts')) return next(specifier, context);
  return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
}

/** @returns the text of a `.ts` file, compiled, or of a module that takes its names from the compiled ones */
export async function load(url, context, next) {
  if (url.startsWith(library)) {
    opened ??= openTree();
    const { libs, libNames } = await opened;
    const name = url.slice(library.length);
    return { format: 'module', source: runner + namesOf(libs, name, libNames[name]), shortCircuit: true };
  }
  if (!url.startsWith('file:')) return next(url, context);
  if (!url.endsWith('.ts')) return loadOther(url, context, next);
  const path = fileURLToPath(url);
  opened ??= openTree();
  const { tree, names } = await opened;
  const name = path.startsWith(root) ? path.slice(root.length) : undefined;
  const source = name in names && !isComputing ? runner + namesOf(tree, name, names[name]) : await compiledAlone(path);
  return { format: 'module', source, shortCircuit: true };
}

/** As Node would; but nothing that stands before this loader, like tap's for coverage, hears of each file. */
function loadOther(url, context, next) {
  if (context.format === 'commonjs') return { format: 'commonjs', shortCircuit: true };
  if (context.format !== 'module') return next(url, context);
  return { format: 'module', source: readFileSync(fileURLToPath(url), 'utf8'), shortCircuit: true };
}
