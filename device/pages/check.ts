/** Looks at all that a server of pages serves, as several browsers would, and holds it against the signed manifest (R10). */
import { randomBytes } from 'node:crypto';
import type { ApiNames } from '../../wire/api-names.ts';
import { accept, type Refusal, refuse, type Verdict } from '../../wire/faults.ts';
import type { VerifyKey } from '../../wire/jws.ts';
import {
  manifestPath,
  type PagesManifest,
  type PagesMark,
  pagesManifestForm,
  verifyPagesManifest,
} from '../../wire/pages-manifest.ts';
import { type Asked, type Asker, askerAt } from './ask.ts';
import { compareFile, compareMoved, compareNothing, type Difference, type Learnt, listedBeyond } from './compare.ts';
import { headersOf, type Visitor, visitors } from './visitors.ts';

export interface CheckWish {
  /** Of the pages: scheme, host, port. */
  readonly origin: string;
  /** That the pages may talk to, as the hub knows it: not as the server says it. */
  readonly api: ApiNames;
  readonly keys: readonly VerifyKey[];
  readonly seen: PagesMark | undefined;
  readonly nowS: number;
  /** A manifest from elsewhere, in place of the one that the server has. */
  readonly manifest?: string | undefined;
  /** What one answer may take, ms. */
  readonly withinMs: number;
}

/** One thing that is not as released, and which of the pretended browsers were served it. */
export interface Finding {
  readonly path: string;
  readonly difference: Difference;
  readonly visitors: readonly string[];
}

export interface PagesReport {
  readonly outcome: 'same' | 'different' | 'unread';
  /** What the pages were held against; undefined when nothing genuine was found. */
  readonly manifest?: PagesManifest;
  /** Why there is no such manifest. */
  readonly refused?: Refusal;
  readonly findings: readonly Finding[];
  /** Paths of which nothing was learnt, and why. */
  readonly unread: Readonly<Record<string, string>>;
  /** How many answers were compared. */
  readonly compared: number;
}

/** Answers at a time. */
const atOnce = 4;
/** Each browser asks twice, once with a query and once without. */
const rounds = 2;
/** The most that is read of an answer that should be empty. */
const emptyBytes = 1024;

interface Look {
  readonly path: string;
  /** How a finding names it. */
  readonly shown: string;
  readonly visitor: Visitor;
  readonly query: string;
  readonly mostBytes: number;
  readonly judge: (asked: Asked) => Learnt;
}

/** Looks. Never throws: what goes wrong on the way is in the report. */
export async function checkPages(wish: CheckWish): Promise<PagesReport> {
  const asker = askerAt(wish.origin, wish.withinMs);
  try {
    const before = await manifestFrom(asker, wish);
    if (!before.ok) return withoutManifest(before);
    const report = await lookAtAll(asker, wish, before.value);
    if (report.outcome !== 'different' || wish.manifest !== undefined) return report;
    // A release that was put up meanwhile is no difference: what is served now counts.
    const after = await manifestFrom(asker, { ...wish, seen: before.value.mark });
    if (!after.ok || after.value.mark.hash === before.value.mark.hash) return report;
    return await lookAtAll(asker, wish, after.value);
  } finally {
    asker.close();
  }
}

function withoutManifest(refused: Refusal): PagesReport {
  const outcome = refused.code === 'PAGES_UNREAD' ? 'unread' : 'different';
  return { outcome, refused, findings: [], unread: {}, compared: 0 };
}

async function manifestFrom(asker: Asker, wish: CheckWish): Promise<Verdict<PagesManifest>> {
  const text = wish.manifest === undefined ? await fetchManifest(asker) : accept(wish.manifest);
  return text.ok ? verifyPagesManifest(text.value, wish.keys, wish) : text;
}

async function fetchManifest(asker: Asker): Promise<Verdict<string>> {
  const asked = await asker.ask(manifestPath, headersOf(visitors[0]!, manifestPath), pagesManifestForm.maxBytes);
  if (asked.at === 'too big') return refuse('PAGES_MANIFEST_MALFORMED', { why: 'size' });
  if (asked.at !== 'answered')
    return refuse('PAGES_UNREAD', { why: asked.at === 'unreachable' ? asked.why : asked.at });
  const { status, body } = asked.answer;
  if (status === 200) return accept(body.toString('utf8').trim());
  return status >= 500 || status === 429
    ? refuse('PAGES_UNREAD', { why: `status ${status}` })
    : refuse('PAGES_MANIFEST_MISSING', { status });
}

/** @returns every look there is to take, so that each browser sees each path with a query and without */
function looksFor({ origin, api }: CheckWish, { claims }: PagesManifest): Look[] {
  const guess = randomBytes(8).toString('hex');
  const nothing = ['/sw.js', '/service-worker.js', `/${guess}`, `/app/${guess}.html`, `/app/${guess}.js`];
  const shownAs = (path: string): string => path.replace(guess, '(anything)');
  const paths: Omit<Look, 'visitor' | 'query' | 'shown'>[] = [
    ...Object.entries(claims.files).map(([path, file]) => ({
      path,
      mostBytes: file.bytes,
      judge: (asked: Asked) => withList(path, asked, compareFile(asked, claims, file, api), claims),
    })),
    ...Object.entries(claims.moved).map(([path, to]) => ({
      path,
      mostBytes: emptyBytes,
      judge: (asked: Asked) => compareMoved(asked, to, origin),
    })),
    ...nothing
      .filter((path) => !Object.hasOwn(claims.files, path))
      .map((path) => ({ path, mostBytes: emptyBytes, judge: compareNothing })),
  ];
  return Array.from({ length: rounds }, (_, round) =>
    visitors.flatMap((visitor, at) =>
      paths.map((one) => ({
        ...one,
        shown: shownAs(one.path),
        visitor,
        query: (round + at) % 2 === 0 ? '' : `?${guess}`,
      })),
    ),
  ).flat();
}

/** A list of hashes that was changed says by itself which files are new in it. */
function withList(path: string, asked: Asked, learnt: Learnt, claims: PagesManifest['claims']): Learnt {
  const isList = path.endsWith('/hashes.json') && asked.at === 'answered' && asked.answer.status === 200;
  if (!isList || 'unread' in learnt || learnt.differences.length === 0) return learnt;
  const names = listedBeyond(asked.answer.body, path.slice(0, path.lastIndexOf('/') + 1), claims);
  return { differences: [...learnt.differences, ...names.map((name) => ({ is: 'listed', name }) as const)] };
}

async function lookAtAll(asker: Asker, wish: CheckWish, manifest: PagesManifest): Promise<PagesReport> {
  const looks = looksFor(wish, manifest);
  const findings = new Map<string, Finding & { readonly visitors: string[] }>();
  const unread: Record<string, string> = {};
  let compared = 0;
  const take = async ({ path, shown, visitor, query, mostBytes, judge }: Look): Promise<void> => {
    const learnt = judge(await asker.ask(`${path}${query}`, headersOf(visitor, path), mostBytes));
    if ('unread' in learnt) {
      unread[shown] = learnt.unread;
      return;
    }
    compared += 1;
    for (const difference of learnt.differences) {
      const name = `${shown} ${JSON.stringify(difference)}`;
      const known = findings.get(name) ?? { path: shown, difference, visitors: [] };
      if (!known.visitors.includes(visitor.name)) known.visitors.push(visitor.name);
      findings.set(name, known);
    }
  };
  const next = looks[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const look of next) await take(look);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const outcome = findings.size > 0 ? 'different' : Object.keys(unread).length > 0 ? 'unread' : 'same';
  return { outcome, manifest, findings: [...findings.values()], unread, compared };
}
