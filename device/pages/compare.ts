/** Holds one answer against what the release key signed for its path. Pure. */
import { createHash } from 'node:crypto';
import { type ApiNames, namedFor } from '../../wire/api-names.ts';
import type { PageFile, PagesManifestClaims } from '../../wire/pages-manifest.ts';
import type { Answer, Asked } from './ask.ts';

export type Difference =
  | { readonly is: 'changed' | 'too big' | 'missing' | 'extra' }
  /** A header that is missing, wrong, or none that the release has. */
  | { readonly is: 'header'; readonly header: string }
  /** Leads elsewhere than the release says. */
  | { readonly is: 'moved' }
  /** The server's own list names a file that the release does not have. */
  | { readonly is: 'listed'; readonly name: string };

/** What was learnt of one path: differences, or that nothing was. */
export type Learnt = { readonly unread: string } | { readonly differences: readonly Difference[] };

/** What servers and proxies add, and no browser obeys to the harm of a page. */
const harmless = new Set([
  ...['accept-ranges', 'age', 'connection', 'content-encoding', 'content-length', 'date', 'etag', 'keep-alive'],
  ...['last-modified', 'server', 'strict-transport-security', 'transfer-encoding', 'vary', 'via'],
]);

/** A server that is not well tells nothing of the pages. */
const unwell = new Set([429, 500, 502, 503, 504]);

const found = (...differences: readonly Difference[]): Learnt => ({ differences });

function judged(asked: Asked, judge: (answer: Answer) => Learnt): Learnt {
  if (asked.at === 'too big') return found({ is: 'too big' });
  if (asked.at === 'unreachable') return { unread: asked.why };
  if (asked.at !== 'answered') return { unread: asked.at };
  const { status } = asked.answer;
  return unwell.has(status) ? { unread: `status ${status}` } : judge(asked.answer);
}

/** A file of the release. @param api  that the pages may talk to, as the hub knows it */
export function compareFile(asked: Asked, claims: PagesManifestClaims, file: PageFile, api: ApiNames): Learnt {
  return judged(asked, ({ status, headers, body }) => {
    if (status >= 300 && status < 400) return found({ is: 'moved' });
    if (status !== 200) return found({ is: 'missing' });
    const expected = { ...claims.headers, ...file.headers };
    const isSame = createHash('sha256').update(body).digest('base64') === file.sha256;
    const wrong = Object.entries(expected).filter(([name, value]) => headers[name] !== namedFor(api, value));
    return found(
      ...(isSame ? [] : [{ is: 'changed' } as const]),
      ...wrong.map(([header]) => ({ is: 'header', header }) as const),
      ...addedTo(headers, expected),
    );
  });
}

/** A path that leads to another. @param origin  of the pages */
export function compareMoved(asked: Asked, to: string, origin: string): Learnt {
  return judged(asked, ({ status, headers }) => {
    const { location } = headers;
    const leads = location !== undefined && URL.canParse(location, origin) ? new URL(location, origin).href : undefined;
    const isSame = status === 308 && leads === new URL(to, origin).href;
    return found(...(isSame ? [] : [{ is: 'moved' } as const]), ...addedTo(headers, ofMoves));
  });
}

/** What an answer without a body may come with. */
const ofMoves = { location: '', 'x-content-type-options': '' };

/** A path that the release does not have: no page may hide there. */
export function compareNothing(asked: Asked): Learnt {
  return judged(asked, ({ status, body }) => (status >= 400 && body.length === 0 ? found() : found({ is: 'extra' })));
}

/** Headers that nobody released: one might bring a cookie, another page, or a service worker with a wider scope. */
const addedTo = (headers: Answer['headers'], known: object): Difference[] =>
  Object.keys(headers)
    .filter((name) => !harmless.has(name) && !Object.hasOwn(known, name))
    .map((header) => ({ is: 'header', header }));

/** Names in a server's `hashes.json` of this folder that the release does not have: what a changed list is about. */
export function listedBeyond(body: Buffer, folder: string, claims: PagesManifestClaims): string[] {
  try {
    const list: unknown = JSON.parse(body.toString('utf8'));
    const names = typeof list === 'object' && list !== null ? Object.keys(list) : [];
    return names.filter((name) => !Object.hasOwn(claims.files, `${folder}${name}`)).map((name) => name.slice(0, 64));
  } catch {
    return [];
  }
}
