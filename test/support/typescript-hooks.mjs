/**
 * The loader's hooks, on a thread of their own: `.ts` of this tree, imported by relative names with their ending; and libraries that
 * are hundreds of small modules, as one.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const modules = join(import.meta.dirname, '..', '..', 'node_modules');
const kept = join(modules, '.cache', 'typescript');
/** Tap's own class is built with the plugins that are named there. */
const plugins = readFileSync(join(modules, '..', '.taprc'), 'utf8');

/** Changes whenever the same source would be compiled into something else. */
const how = { loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'inline', sourcesContent: false };

/** Libraries of hundreds of files, each of which costs a process its time: `kysely` takes 420 ms as it is, and 10 ms as one file. */
const bundled = new Map([
  ...['kysely', 'jose', '@simplewebauthn/server', '@simplewebauthn/server/helpers'].map((name) => [name, 'esm']),
  ...['mqtt', 'fastify', 'nodemailer'].map((name) => [name, 'cjs']),
  ['tap', 'default'],
]);
/** What others import too, or look up by its path: each stays one module. */
const apart = ['mqtt-packet', 'pino', 'ws'];

/** A relative name means the file beside; everything else is Node's to find. */
export async function resolve(specifier, context, next) {
  if (bundled.has(specifier)) return { url: await inOne(specifier), format: 'module', shortCircuit: true };
  if (!specifier.startsWith('.') || !specifier.endsWith('.ts')) return next(specifier, context);
  return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
}

/** What Node would read off a CommonJS module by itself. */
function withNames(library) {
  const all = Object.keys(createRequire(import.meta.url)(library));
  const names = all.filter((name) => /^(?!default$)[A-Za-z]\w*$/.test(name));
  return `import all from '${library}'; export default all; export const { ${names} } = all;`;
}

const entry = {
  esm: (library) => `export * from '${library}';`,
  default: (library) => `export * from '${library}'; export { default } from '${library}';`,
  cjs: withNames,
};

/** `@scope/name/part` is a part of `@scope/name`. */
const packageOf = (library) => library.split('/', library.startsWith('@') ? 2 : 1).join('/');

/** The same library, as it is installed, in one file. */
async function inOne(library) {
  const { version } = JSON.parse(readFileSync(join(modules, packageOf(library), 'package.json'), 'utf8'));
  const kind = bundled.get(library);
  const key = createHash('sha1').update(JSON.stringify([version, kind, apart, plugins])).digest('hex');
  const file = join(kept, `${library.replaceAll(/\W/g, '-')}-${key}.mjs`);
  if (!existsSync(file)) {
    const { build } = await import('esbuild');
    const made = await build({
      stdin: { contents: entry[kind](library), resolveDir: modules },
      ...{ bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20', external: apart },
      banner: { js: "import { createRequire as toRequire } from 'node:module';\nconst require = toRequire(import.meta.url);" },
    });
    keep(file, made.outputFiles[0].text);
  }
  return pathToFileURL(file).href;
}

/** @returns the compiled text of a `.ts` file, with its map in its last line */
export async function load(url, context, next) {
  if (!url.startsWith('file:')) return next(url, context);
  if (!url.endsWith('.ts')) return loadLibrary(url, context, next);
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

/** As Node would; but nothing that stands before this loader, like tap's for coverage, hears of each file. */
function loadLibrary(url, context, next) {
  if (context.format === 'commonjs') return { format: 'commonjs', shortCircuit: true };
  if (context.format !== 'module') return next(url, context);
  return { format: 'module', source: readFileSync(fileURLToPath(url), 'utf8'), shortCircuit: true };
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
