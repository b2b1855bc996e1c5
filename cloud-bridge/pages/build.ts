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
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { Fault } from '../../wire/faults.ts';
import { bundle, type Script } from './bundle.ts';
import { aloneOf } from './headers.ts';

/** File name -> SHA-256, base64, as in `integrity`. */
export type Hashes = Readonly<Record<string, string>>;

const digest = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
const named = (name: string, bytes: Uint8Array): string => {
  const [base, extension] = name.split('.');
  return `${base}-${digest(bytes).toString('hex').slice(0, 16)}.${extension}`;
};

interface PageSource {
  /** The script it begins with. */
  readonly entry: string;
  /** Served beside it as they are, under their own names. */
  readonly files?: readonly string[];
  /** Script of its service worker. */
  readonly worker?: string;
  /** The style stands in the index, so that the first screen is there with it. */
  readonly isStyleInside?: boolean;
  /** All of it is one file, which is kept and opened from the disk: it may hold its code, pinned by a policy of its own. */
  readonly isAlone?: boolean;
}

/** The pages: folder of the sources -> what it is made of. */
export const pageSources = {
  visitor: { entry: 'first.ts', isStyleInside: true },
  support: { entry: 'main.tsx' },
  receive: { entry: 'main.tsx' },
  evidence: { entry: 'main.ts', isAlone: true },
  owner: {
    entry: 'main.tsx',
    files: ['app.webmanifest', 'icon-192.png', 'icon-512.png', 'icon-maskable.png'],
    worker: 'worker.ts',
  },
} as const satisfies Record<string, PageSource>;
export type PageName = keyof typeof pageSources;

/**
 * Builds every page, each into a folder of its name, which is emptied first.
 * @param sources  folder of all pages
 * @returns the hashes, as they stand in each `hashes.json`
 */
export async function buildPages(sources: string, into: string): Promise<Readonly<Record<PageName, Hashes>>> {
  const names = Object.keys(pageSources) as PageName[];
  const build = (name: PageName) => ('isAlone' in pageSources[name] ? buildAlone : buildPage)(name, sources, into);
  const built = await Promise.all(names.map(async (name) => [name, await build(name)] as const));
  return Object.fromEntries(built) as Record<PageName, Hashes>;
}

/** Without the blanks between elements: they would be in the way of the script that goes on from what stands there. */
export const readIndex = async (source: string): Promise<string> =>
  (await readFile(join(source, 'index.html'), 'utf8')).replaceAll('>\n<', '><');

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
  const { entry, files = [], worker, isStyleInside = false }: PageSource = pageSources[page];
  const source = join(sources, page);
  const out = join(into, page);
  const scripts = await bundle(join(source, entry));
  const main = scripts.find(({ isEntry }) => isEntry)!;
  const parts = scripts.filter((one) => one !== main);
  const read = (...path: readonly string[]) => readFile(join(sources, ...path));
  const style = Buffer.concat([await read('common', 'tokens.css'), await read(page, 'style.css')]);
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

  let html = await readIndex(source);
  /** Writes a file; where the index names it, it stands with its name and hash. */
  const pin = async (plain: string, hashed: string, bytes: Uint8Array | string): Promise<void> => {
    const integrity = await put(hashed, bytes);
    const pinned = plain === 'icon.svg' ? '' : ` integrity="sha256-${integrity}"`;
    html = html.replace(new RegExp(`(src|href)="${plain.replace('.', '\\.')}"`), `$1="${hashed}"${pinned}`);
  };
  const icon = await read('icon.svg');
  await pin(entry.replace(/\.tsx?$/, '.js'), main.name, main.code);
  await pin('icon.svg', named('icon.svg', icon), icon);
  if (isStyleInside) html = html.replace('<link rel="stylesheet" href="style.css">', () => `<style>${style}</style>`);
  else await pin('style.css', named('style.css', style), style);
  for (const { name, code } of parts) await put(name, code);
  for (const name of files) await put(name, await readFile(join(source, name)));
  if (parts.length > 0) html = html.replace(/<script|<\/head>/, (first) => `${mapOf(main, parts, hashes)}${first}`);
  const version = digest(JSON.stringify(hashes)).toString('hex').slice(0, 12);
  html = html.replace('<title>', `<meta name="build" content="${version}"><title>`);
  await put('index.html', html);
  if (worker !== undefined) {
    const [script] = await bundle(join(source, worker), { BUILD: JSON.stringify({ version, hashes }) });
    await put(script!.name, script!.code);
  }
  await writeFile(join(out, 'hashes.json'), `${JSON.stringify(hashes, undefined, 2)}\n`);
  return hashes;
}

/** A page as one file: script and style stand in it, and its own policy lets nothing else run and nothing be asked for. */
async function buildAlone(page: PageName, sources: string, into: string): Promise<Hashes> {
  const source = join(sources, page);
  const out = join(into, page);
  const [script, ...more] = await bundle(join(source, pageSources[page].entry));
  if (script === undefined || more.length > 0)
    throw new Fault('INTERNAL', { why: 'a page of one file has one script' });
  const code = script.code.replaceAll('</script', '<\\/script');
  const tokens = await readFile(join(sources, 'common', 'tokens.css'), 'utf8');
  const style = tokens + (await readFile(join(source, 'style.css'), 'utf8'));
  const hashOf = (text: string): string => `'sha256-${digest(text).toString('base64')}'`;
  const policy = aloneOf(hashOf(code), hashOf(style));
  const html = (await readFile(join(source, 'index.html'), 'utf8'))
    .replace('<title>', () => `<meta http-equiv="content-security-policy" content="${policy}">\n<title>`)
    .replace('<link rel="stylesheet" href="style.css">', () => `<style>${style}</style>`)
    .replace('<script type="module" src="main.js"></script>', () => `<script type="module">${code}</script>`);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'index.html'), html);
  await writeFile(join(out, 'index.html.br'), await promisify(brotliCompress)(html));
  const hashes = { 'index.html': digest(html).toString('base64') };
  await writeFile(join(out, 'hashes.json'), `${JSON.stringify(hashes, undefined, 2)}\n`);
  return hashes;
}

/** The import map that pins the parts, which goes before the first script, and the parts that are needed at once. */
function mapOf(main: Script, parts: readonly Script[], hashes: Hashes): string {
  const integrity = Object.fromEntries(parts.map(({ name }) => [`./${name}`, `sha256-${hashes[name]}`]));
  const now = neededBy(main, parts).map(
    ({ name }) => `<link rel="modulepreload" href="${name}" integrity="sha256-${hashes[name]}">`,
  );
  return `<script type="importmap">${JSON.stringify({ integrity })}</script>${now.join('')}`;
}

/** `node dist/cloud-bridge/pages/build.js` in the root of the source tree. */
async function main(): Promise<void> {
  const built = await buildPages(resolve('cloud-bridge/pages'), resolve('dist/cloud-bridge/pages'));
  for (const [page, hashes] of Object.entries(built)) {
    for (const [name, hash] of Object.entries(hashes)) process.stdout.write(`sha256-${hash}  ${page}/${name}\n`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) void main();
