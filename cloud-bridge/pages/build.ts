/**
 * Builds the pages: one script, one style and one icon, each named after its content, and an index that pins them by hash. Part of
 * `npm run build`; the service itself never runs it.
 *
 * `hashes.json` names the SHA-256 of every file that is served, the index included: what a server hands out can be held against
 * what this source makes.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { Fault } from '../../wire/faults.ts';

/** File name -> SHA-256, base64, as in `integrity`. */
export type Hashes = Readonly<Record<string, string>>;

const digest = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
const named = (name: string, bytes: Uint8Array): string => {
  const [base, extension] = name.split('.');
  return `${base}-${digest(bytes).toString('hex').slice(0, 16)}.${extension}`;
};

/** The wire files share a folder with what only runs in Node; of those, nothing may be left in the bundle. */
async function bundle(source: string, entry: string): Promise<Uint8Array> {
  const made = await build({
    entryPoints: [join(source, entry)],
    bundle: true,
    write: false,
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
  });
  const { contents, text } = made.outputFiles[0]!;
  const left = /\bfrom\s*"node:[a-z/]+"|\bimport\s*"node:[a-z/]+"/.exec(text);
  if (left !== null) throw new Fault('INTERNAL', { why: 'the page would import a module of Node', found: left[0] });
  return contents;
}

/** The pages: folder of the sources -> the script it begins with. */
const entries = { viewer: 'main.ts', visitor: 'main.tsx' } as const;
export type PageName = keyof typeof entries;

/**
 * Builds every page, each into a folder of its name, which is emptied first.
 * @param sources  folder of all pages
 * @returns the hashes, as they stand in each `hashes.json`
 */
export async function buildPages(sources: string, into: string): Promise<Readonly<Record<PageName, Hashes>>> {
  const names = Object.keys(entries) as PageName[];
  const built = await Promise.all(names.map(async (name) => [name, await buildPage(name, sources, into)] as const));
  return Object.fromEntries(built) as Record<PageName, Hashes>;
}

async function buildPage(name: PageName, sources: string, into: string): Promise<Hashes> {
  const source = join(sources, name);
  const out = join(into, name);
  const page = await readFile(join(source, 'index.html'), 'utf8');
  const files: readonly (readonly [string, Uint8Array])[] = [
    ['main.js', await bundle(source, entries[name])],
    ['style.css', await readFile(join(source, 'style.css'))],
    ['icon.svg', await readFile(join(sources, 'icon.svg'))],
  ];
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const hashes: Record<string, string> = {};
  let html = page;
  const put = async (file: string, bytes: Uint8Array | string): Promise<string> => {
    await writeFile(join(out, file), bytes);
    hashes[file] = digest(bytes).toString('base64');
    return hashes[file];
  };
  for (const [plain, bytes] of files) {
    const hashed = named(plain, bytes);
    const integrity = await put(hashed, bytes);
    const pinned = plain === 'icon.svg' ? '' : ` integrity="sha256-${integrity}"`;
    html = html.replace(new RegExp(`(src|href)="${plain.replace('.', '\\.')}"`), `$1="${hashed}"${pinned}`);
  }
  const version = digest(JSON.stringify(hashes)).toString('hex').slice(0, 12);
  html = html.replace('<title>', `<meta name="build" content="${version}">\n<title>`);
  await put('index.html', html);
  await writeFile(join(out, 'hashes.json'), `${JSON.stringify(hashes, undefined, 2)}\n`);
  return hashes;
}

// `node dist/cloud-bridge/pages/build.js` in the root of the source tree
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const built = await buildPages(resolve('cloud-bridge/pages'), resolve('dist/cloud-bridge/pages'));
  for (const [page, hashes] of Object.entries(built)) {
    for (const [name, hash] of Object.entries(hashes)) process.stdout.write(`sha256-${hash}  ${page}/${name}\n`);
  }
}
