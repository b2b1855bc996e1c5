/** The built pages as they lie on the disk: read whole, and each held against the list that the build wrote beside it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { type Allowed, places } from './headers.ts';

export interface BuiltFile {
  /** Where it is served. */
  readonly path: string;
  /** Of the file, without its folder. */
  readonly name: string;
  readonly bytes: Buffer;
  /** The same, compressed by Brotli. */
  readonly br: Buffer;
  /** Base64. */
  readonly sha256: string;
  /** Of an index: what it may do beyond the others. */
  readonly allowed?: Allowed;
}

const Hashes = v.record(v.pipe(v.string(), v.regex(/^[\w-]+\.\w+$/)), v.string());

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

/** Nothing, where it cannot be expanded. */
function expanded(br: Buffer): Buffer {
  try {
    return brotliDecompressSync(br, { maxOutputLength: 16_000_000 });
  } catch {
    return Buffer.alloc(0);
  }
}

/**
 * An index with an import map pins the parts of its page that are loaded later; a style that stands in it is pinned by the index itself; one
 * with a manifest may be installed; one that is a file of its own says itself what it may.
 */
function allowedTo(index: Buffer): Allowed {
  const text = index.toString('utf8');
  const alone = /<meta http-equiv="content-security-policy" content="([^"]+)">/.exec(text)?.[1];
  if (alone !== undefined) return { alone };
  const map = /<script type="importmap">([^<]*)<\/script>/.exec(text)?.[1];
  const style = /<style>([^<]*)<\/style>/.exec(text)?.[1];
  const [, script, integrity] = /<script type="module"[^>]* src="([^"]+)" integrity="([^"]+)"/.exec(text) ?? [];
  return {
    isApp: text.includes('<link rel="manifest"'),
    ...(map !== undefined && { importMap: sha256(Buffer.from(map)) }),
    ...(style !== undefined && { style: sha256(Buffer.from(style)) }),
    ...(script !== undefined && integrity !== undefined && { first: { script, integrity } }),
  };
}

/**
 * Everything that is served, each file once for each of its paths: an index stands at its folder and under its name.
 * @param folder  that `npm run build` made: one folder a page, each with index, hashes and files
 * @throws Fault CONFIG_INVALID when one is missing or is not what its `hashes.json` says
 */
export async function readBuilt(folder: string): Promise<readonly BuiltFile[]> {
  const files: BuiltFile[] = [];
  for (const [page, place] of Object.entries(places)) {
    const list = await readFile(join(folder, page, 'hashes.json')).catch((cause: unknown) => {
      throw new Fault('CONFIG_INVALID', { folder, why: 'the pages are not built' }, { cause });
    });
    for (const [name, hash] of Object.entries(v.parse(Hashes, JSON.parse(list.toString('utf8'))))) {
      const bytes = await readFile(join(folder, page, name)).catch(() => Buffer.alloc(0));
      if (sha256(bytes) !== hash) {
        throw new Fault('CONFIG_INVALID', { folder, why: `${page}/${name} is not what was built` });
      }
      const kept = await readFile(join(folder, page, `${name}.br`)).catch(() => undefined);
      if (kept !== undefined && sha256(expanded(kept)) !== hash) {
        throw new Fault('CONFIG_INVALID', { folder, why: `${page}/${name}.br is not what was built` });
      }
      const br = kept ?? brotliCompressSync(bytes);
      const isIndex = name === 'index.html';
      const file = { name, bytes, br, sha256: hash, ...(isIndex && { allowed: allowedTo(bytes) }) };
      files.push({ path: `${place}${name}`, ...file });
      if (isIndex) files.push({ path: place, ...file });
    }
    files.push({
      path: `${place}hashes.json`,
      name: 'hashes.json',
      bytes: list,
      br: brotliCompressSync(list),
      sha256: sha256(list),
    });
  }
  return files;
}
