/** Compiles the tree and the libraries into a script each. What waits while it loads cannot be in one; it is compiled by itself. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { aloneFile, digest, keep, kept, libraries, namesOf, readJson, root, stampOf } from './typescript-tree.mjs';

/** Beside the sources, what the scripts depend on: versions, the plugins of tap's own class, how they are made. */
const others = ['package-lock.json', 'tsconfig.json', '.taprc', 'test/support/typescript-compile.mjs', 'test/support/typescript-tree.mjs'];
/** What others import too, or look up by its path: each stays one module. */
const apart = ['mqtt-packet', 'pino', 'ws'];

/** A script has no `import()` of its own: what is outside of it is required. */
const inOne = {
  ...{ target: 'node20', charset: 'ascii', logLevel: 'silent', logLimit: 0, tsconfigRaw: {} },
  ...{ format: 'cjs', platform: 'node', bundle: true, write: false, supported: { 'dynamic-import': false } },
};

const oldMs = 1_800_000;
const pathOf = (name) => join(root, name);
const urlOf = (name) => pathToFileURL(pathOf(name)).href;
const isTest = (name) => name.endsWith('.test.ts');
/** The folders of sources. */
const folders = () => JSON.parse(textOf('tsconfig.json')).include;
const textOf = (name) => readFileSync(pathOf(name), 'utf8');
const scriptOf = (lines) => ({ contents: `exports.modules = {\n${lines.join('\n')}\n};`, resolveDir: root });

/** @returns as `openTree`; `stamps`: of all that it depends on */
export async function compileTree(howAlone) {
  const sources = folders().flatMap((folder) =>
    readdirSync(pathOf(folder), { recursive: true })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => `${folder}/${name.replaceAll(sep, '/')}`),
  );
  const shared = sources.filter((name) => !isTest(name)).sort();
  // Dates before texts: what is written in between is seen as changed the next time.
  const stamps = [...shared, ...others].map(stampOf);
  const texts = new Map(sources.map((name) => [name, textOf(name)]));
  const how = others.map(textOf);
  const { libs, libNames } = await compileLibraries(digest(how));
  const ours = `tree-${digest(root).slice(0, 8)}-`;
  const tree = join(kept, `${ours}${digest(how, shared.map((name) => [name, texts.get(name)]))}.cjs`);
  let names = readJson(`${tree}.json`);
  if (names === undefined || !existsSync(tree)) {
    names = await compileSources(tree, texts, shared, howAlone, { libs, libNames });
    keep(`${tree}.json`, JSON.stringify(names));
    forgetOld(ours);
  }
  return { stamps, tree, names, libs, libNames };
}

/** Each state of this tree leaves 8 MB behind; nobody needs one that is older than the longest test run. */
function forgetOld(ours) {
  for (const name of readdirSync(kept).filter((one) => one.startsWith(ours))) {
    const { mtimeMs = Date.now() } = statSync(join(kept, name), { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > oldMs) rmSync(join(kept, name), { force: true });
  }
}

/** @returns of each module in the script, its names */
async function compileSources(tree, texts, shared, howAlone, libs) {
  const each = await compileEach(texts, howAlone);
  for (let names = shared; ; ) {
    const within = withoutWaiting(names, each);
    const made = await bundle(texts, within, libs);
    if (made.code !== undefined) {
      keep(`${tree}.map`, made.map);
      keep(tree, made.code);
      return Object.fromEntries([...within].map((name) => [name, each.get(name).exports]));
    }
    names = [...within].filter((name) => !made.waiting.includes(name));
  }
}

/** Statements of a module begin their line, what is inside of something does not; a guess that misses one costs a second try. */
const waiting = [
  /^(?:await|const|for|let|var|export (?:const|default|let))\b(?!.*\basync\b).*\bawait\b/m,
  /^(?:do|for|if|switch|try|while|\} (?:catch|else|finally))\b.*\n(?: .*\n)*? .*\bawait\b/m,
];

/** Each file by itself: its names, what it imports, and the text that a test is run from. */
async function compileEach(texts, howAlone) {
  const isKept = ([name, text]) => isTest(name) && existsSync(aloneFile(pathOf(name), text));
  const entryPoints = [...texts].filter((one) => !isKept(one)).map(([name]) => name);
  const made = await build({
    ...howAlone,
    ...{ entryPoints, absWorkingDir: root, outbase: root, outdir: root, write: false, metafile: true },
    plugins: [given(texts, (text) => text)],
  });
  return new Map(
    made.outputFiles.map(({ path, text }) => {
      const output = path.slice(root.length);
      const name = output.replace(/\.js$/, '.ts');
      if (isTest(name)) keep(aloneFile(pathOf(name), texts.get(name)), text);
      const imports = [...text.matchAll(/^(?:import|export|\} from)\b(?:.*? from)? ?"(\.[^"]+\.ts)";$/gm)].map(([, one]) =>
        fileURLToPath(new URL(one, urlOf(name))).slice(root.length),
      );
      const { exports } = made.metafile.outputs[output];
      return [name, { exports, imports, waits: waiting.some((one) => one.test(text)) }];
    }),
  );
}

/** A module that waits while it loads is none for a script, nor is one that imports such a module. */
function withoutWaiting(names, each) {
  const within = new Set(names.filter((name) => !each.get(name).waits));
  for (let before = -1; before !== within.size; ) {
    before = within.size;
    for (const name of within) if (!each.get(name).imports.every((one) => within.has(one))) within.delete(name);
  }
  return within;
}

/** @returns the script and its map; or the modules that wait, which cannot be in one */
async function bundle(texts, within, { libs, libNames }) {
  try {
    const { outputFiles } = await build({
      ...inOne,
      stdin: scriptOf([...within].map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(`./${name}`)}),`)),
      ...{ absWorkingDir: root, outfile: pathOf('tree.cjs') },
      ...{ sourcemap: 'external', sourcesContent: false, sourceRoot: urlOf('') },
      plugins: [ofTheTree(within), given(texts, placed), ofLibraries(libs, libNames)],
    });
    const [map, code] = ['.map', '.cjs'].map((ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text);
    return { map, code };
  } catch (error) {
    const found = (error.errors ?? []).map(({ location }) => location?.file).filter((file) => within.has(file));
    if (found.length === 0) throw error;
    return { waiting: found };
  }
}

/** What a module asks of itself: where its source lies. */
const placed = (text, path) =>
  text
    .replaceAll(/\bimport\.meta\.url\b/g, () => JSON.stringify(pathToFileURL(path).href))
    .replaceAll(/\bimport\.meta\.dirname\b/g, () => JSON.stringify(join(path, '..')))
    .replaceAll(/\bimport\.meta\.filename\b/g, () => JSON.stringify(path));

const ofTheTree = (within) => ({
  name: 'of-the-tree',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path);
      return within.has(file.slice(root.length)) ? { path: file } : { path: file, external: true };
    });
  },
});

/** The texts that were read before, and no later ones. */
const given = (texts, change) => ({
  name: 'given',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: change(texts.get(path.slice(root.length)), path), loader: 'ts' }));
  },
});

const ofLibraries = (libs, libNames) => ({
  name: 'of-libraries',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^[^./]/ }, ({ path }) => (path in libNames ? { path, namespace: 'library' } : { path, external: true }));
    onLoad({ filter: /./, namespace: 'library' }, ({ path }) => ({ contents: namesOf(libs, path, libNames[path]) }));
  },
});

/** The libraries as they are installed. What each of them exports is asked of a process that loads them. */
async function compileLibraries(key) {
  const libs = join(kept, `libraries-${key}.cjs`);
  const noted = readJson(`${libs}.json`);
  if (noted !== undefined && existsSync(libs)) return { libs, libNames: noted };
  const made = await build({
    ...inOne,
    stdin: scriptOf(libraries.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(`whole:${name}`)}).all,`)),
    ...{ external: apart, define: { 'import.meta.url': 'scriptUrl' }, plugins: [whole] },
  });
  keep(libs, made.outputFiles[0].text);
  const asking = join(import.meta.dirname, 'typescript-names.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [asking, libs], { encoding: 'utf8', env: {} });
  if (stdout === '') throw new Error(stderr);
  keep(`${libs}.json`, stdout);
  return { libs, libNames: JSON.parse(stdout) };
}

/** `whole:NAME`: what `import * as all from NAME` brings in Node. */
const whole = {
  name: 'whole',
  setup: ({ onResolve, onLoad }) => {
    const folder = join(root, 'node_modules', '.whole') + sep;
    onResolve({ filter: /^whole:/ }, ({ path }) => ({ path: `${folder}${path.slice(6)}.mjs` }));
    onLoad({ filter: /\.whole.+\.mjs$/ }, ({ path }) => ({
      contents: `import * as all from '${path.slice(folder.length, -4)}'; export { all };`,
      resolveDir: root,
    }));
  },
};
