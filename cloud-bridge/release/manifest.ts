/** Signs what the built pages are: every file with its hash, and the headers that it has to come with. */
import { anyApi } from '../../wire/api-names.ts';
import { type SignKey, signDocument } from '../../wire/jws.ts';
import { type PageFile, type PagesManifestClaims, pagesManifestForm } from '../../wire/pages-manifest.ts';
import { type BuiltFile, readBuilt } from '../pages/built.ts';
import { headersFor, moved } from '../pages/headers.ts';

export interface ReleaseWish {
  /** That `npm run build` made. */
  readonly folder: string;
  /** Has to be above that of every release before. */
  readonly version: number;
  readonly product: string;
  /** Seconds since 1970. */
  readonly nowS: number;
  /** How long it counts, days. */
  readonly days: number;
}

const daySeconds = 86_400;

type Headers = Readonly<Record<string, string>>;

/** What all of them have, with the value that most of them have. */
function common(all: readonly Headers[]): Headers {
  const names = Object.keys(all[0] ?? {}).filter((name) => all.every((one) => one[name] !== undefined));
  return Object.fromEntries(names.map((name) => [name, mostFrequent(all.map((one) => one[name]!))]));
}

function mostFrequent(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

function entryOf({ bytes, sha256 }: BuiltFile, headers: Headers, shared: Headers): PageFile {
  const more = Object.entries(headers).filter(([name, value]) => shared[name] !== value);
  return { sha256, bytes: bytes.length, ...(more.length > 0 && { headers: Object.fromEntries(more) }) };
}

/** @throws Fault CONFIG_INVALID for a folder that is not as it was built */
export async function signRelease(wish: ReleaseWish, key: SignKey): Promise<string> {
  const files = (await readBuilt(wish.folder)).map((file) => ({
    file,
    headers: headersFor(anyApi, file.name, file.allowed),
  }));
  const headers = common(files.map((one) => one.headers));
  const claims: PagesManifestClaims = {
    version: wish.version,
    product: wish.product,
    iat: wish.nowS,
    exp: wish.nowS + wish.days * daySeconds,
    headers,
    files: Object.fromEntries(files.map(({ file, headers: own }) => [file.path, entryOf(file, own, headers)])),
    moved,
  };
  return signDocument(pagesManifestForm, claims, key);
}
