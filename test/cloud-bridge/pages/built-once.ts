/** The pages as the build makes them, made once for all tests that run from the same sources. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildPages, type Hashes, type PageName } from '../../../cloud-bridge/pages/build.ts';

const root = resolve(import.meta.dirname, '../../..');
const kept = join(root, 'node_modules', '.cache');
/** What a page is made of: its sources, what crosses the wire, and the libraries. */
const sources = ['cloud-bridge/pages', 'wire', 'package-lock.json'];

async function keyOf(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    const below = source.includes('.') ? [''] : await readdir(join(root, source), { recursive: true });
    for (const name of below.filter((one) => /^$|\.\w+$/.test(one)).sort()) {
      hash.update(`\0${source}/${name}\0`).update(await readFile(join(root, source, name)));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

type Built = Readonly<Record<PageName, Hashes>>;

async function hashesIn(folder: string): Promise<Built | undefined> {
  const list = await readFile(join(folder, 'hashes.json'), 'utf8').catch(() => undefined);
  return list === undefined ? undefined : (JSON.parse(list) as Built);
}

/** As `buildPages`. @param into  a folder of the test's own */
export async function pagesBuiltOnce(into: string): Promise<Built> {
  const folder = join(kept, `pages-${await keyOf()}`);
  if ((await hashesIn(folder)) === undefined) {
    const draft = await mkdtemp(`${folder}-`);
    const built = await buildPages(join(root, 'cloud-bridge/pages'), draft);
    await writeFile(join(draft, 'hashes.json'), JSON.stringify(built));
    // Somebody else was first, with the same.
    await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
  }
  await cp(folder, into, { recursive: true });
  return (await hashesIn(into))!;
}
