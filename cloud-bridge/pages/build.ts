/**
 * Builds the pages: scripts, one style and one icon, each named after its content, and an index that pins them by hash. Part of
 * `npm run build`; the service itself never runs it.
 *
 * `hashes.json` names the SHA-256 of every file that is served, the index included: what a server hands out can be held against
 * what this source makes. Parts of a page that are loaded later are pinned, too: by an import map with their hashes in the index, which
 * the browser holds each against before it runs, and by the service worker, which carries the hashes of all files of its page.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { Fault } from '../../wire/faults.ts';

/** File name -> SHA-256, base64, as in `integrity`. */
export type Hashes = Readonly<Record<string, string>>;

const digest = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
const named = (name: string, bytes: Uint8Array): string => {
  const [base, extension] = name.split('.');
  return `${base}-${digest(bytes).toString('hex').slice(0, 16)}.${extension}`;
};

interface Script {
  /** `main.js`, or the name of a part after its content. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Parts that it needs before it runs. */
  readonly needs: readonly string[];
}

/**
 * The script of a page, and the parts of it that are loaded later. The wire files share a folder with what only runs in Node; of those,
 * nothing may be left in the bundle.
 */
async function bundle(entry: string, more: BuildOptions = {}): Promise<readonly Script[]> {
  const made = await build({
    entryPoints: [entry],
    bundle: true,
    outdir: '/',
    splitting: true,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2023', 'chrome120', 'safari17', 'firefox130'],
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'inline',
    logLevel: 'silent',
    plugins: [
      {
        name: 'no-node',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
        },
      },
    ],
    ...more,
    write: false,
    metafile: true,
  });
  const outputs = Object.entries(made.metafile.outputs).map(([path, output]) => ({ name: basename(path), ...output }));
  return made.outputFiles.map(({ path, contents, text }) => {
    const left = /\bfrom\s*"node:[a-z/]+"|\bimport\s*"node:[a-z/]+"/.exec(text);
    if (left !== null) throw new Fault('INTERNAL', { why: 'the page would import a module of Node', found: left[0] });
    const name = basename(path);
    const imports = outputs.find((one) => one.name === name)?.imports ?? [];
    const needs = imports.filter(({ kind }) => kind === 'import-statement').map((one) => basename(one.path));
    return { name, bytes: contents, needs };
  });
}

interface PageSource {
  /** The script it begins with. */
  readonly entry: string;
  /** Served beside it as they are, under their own names. */
  readonly files?: readonly string[];
  /** Script of its service worker. */
  readonly worker?: string;
}

/** The pages: folder of the sources -> what it is made of. */
const pages = {
  visitor: { entry: 'main.tsx' },
  support: { entry: 'main.tsx' },
  owner: {
    entry: 'main.tsx',
    files: ['app.webmanifest', 'icon-192.png', 'icon-512.png', 'icon-maskable.png'],
    worker: 'worker.ts',
  },
} as const satisfies Record<string, PageSource>;
export type PageName = keyof typeof pages;

/**
 * Builds every page, each into a folder of its name, which is emptied first.
 * @param sources  folder of all pages
 * @returns the hashes, as they stand in each `hashes.json`
 */
export async function buildPages(sources: string, into: string): Promise<Readonly<Record<PageName, Hashes>>> {
  const names = Object.keys(pages) as PageName[];
  const built = await Promise.all(names.map(async (name) => [name, await buildPage(name, sources, into)] as const));
  return Object.fromEntries(built) as Record<PageName, Hashes>;
}

/** Everything that the script needs at once, wherever it stands in the chain of imports. */
function neededBy(script: Script, all: readonly Script[]): readonly Script[] {
  const found = new Set<Script>();
  const add = ({ needs }: Script): void => {
    for (const one of all.filter(({ name }) => needs.includes(name))) {
      if (found.has(one)) continue;
      found.add(one);
      add(one);
    }
  };
  add(script);
  return [...found];
}

async function buildPage(page: PageName, sources: string, into: string): Promise<Hashes> {
  const { entry, files = [], worker }: PageSource = pages[page];
  const source = join(sources, page);
  const out = join(into, page);
  const scripts = await bundle(join(source, entry));
  const main = scripts.find(({ name }) => name === 'main.js')!;
  const parts = scripts.filter((one) => one !== main);
  const style = await Promise.all(
    [join(sources, 'common', 'tokens.css'), join(source, 'style.css')].map((one) => readFile(one)),
  );
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const hashes: Record<string, string> = {};
  const put = async (file: string, bytes: Uint8Array | string): Promise<string> => {
    await writeFile(join(out, file), bytes);
    // As tightly as it goes, here and not where it is served: phones come over bad lines.
    await writeFile(join(out, `${file}.br`), await promisify(brotliCompress)(bytes));
    hashes[file] = digest(bytes).toString('base64');
    return hashes[file];
  };

  let html = await readFile(join(source, 'index.html'), 'utf8');
  const pinned: readonly (readonly [string, Uint8Array])[] = [
    ['main.js', main.bytes],
    ['style.css', Buffer.concat(style)],
    ['icon.svg', await readFile(join(sources, 'icon.svg'))],
  ];
  for (const [plain, bytes] of pinned) {
    const hashed = named(plain, bytes);
    const integrity = await put(hashed, bytes);
    const pin = plain === 'icon.svg' ? '' : ` integrity="sha256-${integrity}"`;
    html = html.replace(new RegExp(`(src|href)="${plain.replace('.', '\\.')}"`), `$1="${hashed}"${pin}`);
  }
  for (const { name, bytes } of parts) await put(name, bytes);
  for (const name of files) await put(name, await readFile(join(source, name)));
  if (parts.length > 0) {
    const integrity = Object.fromEntries(parts.map(({ name }) => [`./${name}`, `sha256-${hashes[name]}`]));
    const now = neededBy(main, parts).map(
      ({ name }) => `<link rel="modulepreload" href="${name}" integrity="sha256-${hashes[name]}">\n`,
    );
    const map = `<script type="importmap">${JSON.stringify({ integrity })}</script>\n`;
    html = html.replace('</head>', () => `${map}${now.join('')}</head>`);
  }
  const version = digest(JSON.stringify(hashes)).toString('hex').slice(0, 12);
  html = html.replace('<title>', `<meta name="build" content="${version}">\n<title>`);
  await put('index.html', html);
  if (worker !== undefined) {
    const define = { BUILD: JSON.stringify({ version, hashes }) };
    const [script] = await bundle(join(source, worker), { define, splitting: false });
    await put(script!.name, script!.bytes);
  }
  await writeFile(join(out, 'hashes.json'), `${JSON.stringify(hashes, undefined, 2)}\n`);
  return hashes;
}

/** `node dist/cloud-bridge/pages/build.js` in the root of the source tree. */
async function main(): Promise<void> {
  const built = await buildPages(resolve('cloud-bridge/pages'), resolve('dist/cloud-bridge/pages'));
  for (const [page, hashes] of Object.entries(built)) {
    for (const [name, hash] of Object.entries(hashes)) process.stdout.write(`sha256-${hash}  ${page}/${name}\n`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) void main();
