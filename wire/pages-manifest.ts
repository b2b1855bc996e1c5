/**
 * The manifest of the pages: what a release serves, file by file, signed by a release key that the cloud does not hold. With it
 * anybody can hold what a cloud serves against what the source makes (R10).
 */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, hashOf, type VerifyKey, verifyKnown } from './jws.ts';
import { Count, Hash, Seconds } from './shapes.ts';

/** Where a server of pages has its manifest. */
export const manifestPath = '/pages.jws';

/** A path of a page or of a file of it: nothing in it needs escaping. */
const Path = v.pipe(v.string(), v.regex(/^\/(?:[A-Za-z0-9_-][\w.-]*\/)*(?:[A-Za-z0-9_-][\w.-]*)?$/), v.maxLength(128));
/** Header name, in small letters -> value. `{api}` and `{socket}` stand for the API that this cloud has (`api-names.ts`). */
const Headers = v.record(
  v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,63}$/)),
  v.pipe(v.string(), v.maxLength(2048), v.regex(/^[\x20-\x7e]*$/)),
);

const PageFile = v.strictObject({
  /** Base64, as `integrity` has it. */
  sha256: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/)),
  /** Length before any compression. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 24)),
  /** What this file comes with beside what all do, or with another value. */
  headers: v.optional(Headers),
});
export type PageFile = v.InferOutput<typeof PageFile>;

/** The most files that a manifest may name. */
export const maxFiles = 500;
const few = <T>(most: number) =>
  v.check<Readonly<Record<string, T>>, string>((x) => {
    const { length } = Object.keys(x);
    return length > 0 && length <= most;
  }, 'none or too many');

export const PagesManifestClaims = v.strictObject({
  /** Rises with every release: an older one is refused by who has seen a newer. */
  version: Count,
  /** Of the software, for people. */
  product: v.pipe(v.string(), v.regex(/^[\w.+-]{1,32}$/)),
  iat: Seconds,
  exp: Seconds,
  /** What every file comes with where it names nothing else; beyond that only what is harmless. */
  headers: v.pipe(Headers, few(32)),
  /** Path -> file. All that is served; what is not here must not be there. */
  files: v.pipe(v.record(Path, PageFile), few(maxFiles)),
  /** Path -> where it leads, on the same host. */
  moved: v.pipe(v.record(Path, Path), few(32)),
});
export type PagesManifestClaims = v.InferOutput<typeof PagesManifestClaims>;

export const pagesManifestForm: DocumentForm<typeof PagesManifestClaims> = {
  typ: 'pages+jwt',
  algs: ['EdDSA'],
  maxBytes: 262_144,
  key: 'kid',
  claims: PagesManifestClaims,
  malformed: 'PAGES_MANIFEST_MALFORMED',
  notGenuine: 'PAGES_MANIFEST_NOT_GENUINE',
};

/** The newest manifest that somebody has taken for genuine. */
export const PagesMark = v.strictObject({ version: Count, hash: Hash });
export type PagesMark = v.InferOutput<typeof PagesMark>;

export interface PagesManifest {
  readonly claims: PagesManifestClaims;
  readonly key: VerifyKey;
  /** Of the whole text. */
  readonly mark: PagesMark;
}

/** How far in the future a manifest may be dated, s: clocks differ. */
const earlyS = 300;

/**
 * Verifies a manifest with the release keys that are pinned.
 * @param seen  the newest one so far: none below it is taken, nor another of the same version
 * @returns PAGES_MANIFEST_… when it is refused
 */
export async function verifyPagesManifest(
  jws: string,
  keys: readonly VerifyKey[],
  { nowS, seen }: { readonly nowS: number; readonly seen?: PagesMark | undefined },
): Promise<Verdict<PagesManifest>> {
  const verified = await verifyKnown(pagesManifestForm, jws, keys, 'PAGES_MANIFEST_KEY_UNKNOWN');
  if (!verified.ok) return verified;
  const { claims, key } = verified.value;
  const mark = { version: claims.version, hash: hashOf(jws) };
  if (seen !== undefined && mark.version < seen.version) {
    return refuse('PAGES_MANIFEST_OLD', { version: mark.version, has: seen.version });
  }
  if (mark.version === seen?.version && mark.hash !== seen.hash) {
    return refuse('PAGES_MANIFEST_FORKED', { version: mark.version });
  }
  if (claims.iat > nowS + earlyS) return refuse('PAGES_MANIFEST_EARLY');
  if (claims.exp <= nowS) return refuse('PAGES_MANIFEST_EXPIRED', { version: mark.version });
  return accept({ claims, key, mark });
}
