/**
 * The hub's own look at the cloud's pages, now and then: when it turns out otherwise than before it is journaled, and an alarm when they are
 * not the released ones. A cloud that changes them again and again fills no journal.
 */
import type { AlarmCode } from '../../wire/alarms.ts';
import type { Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import type { PagesMark } from '../../wire/pages-manifest.ts';
import type { Clock } from '../clock/clock.ts';
import type { Draft } from '../journal/journal.ts';
import type { PagesReport } from './check.ts';

export interface WatchParts {
  readonly clock: Clock;
  /** The expiry of a manifest is judged by trusted time alone. */
  readonly trustedNow: () => Verdict<number>;
  readonly check: (seen: PagesMark | undefined, nowS: number) => Promise<PagesReport>;
  readonly readMark: () => Promise<PagesMark | undefined>;
  readonly keepMark: (mark: PagesMark) => Promise<void>;
  readonly note: (kind: 'pages.checked', body: Draft['body']) => void;
  readonly alarm: (code: AlarmCode, body: Draft['body']) => void;
  /** What nobody expected: the watch goes on. */
  readonly failed: (error: unknown) => void;
  readonly everyMs: number;
  /** 0 up to 1. */
  readonly random: () => number;
}

export interface PagesView {
  /** The last check that learnt anything, or the last one at all. */
  readonly report?: PagesReport;
  /** ms since the epoch. */
  readonly checkedAt?: number;
  /** When the pages were last found as released. */
  readonly sameAt?: number;
  /** Since when nothing could be learnt. */
  readonly blindSince?: number;
}

export interface PagesWatch {
  view(): PagesView;
  close(): void;
}

const firstMs = 10_000;
const firstBackOffMs = 60_000;
/** Without any knowledge for this long, it is told. */
const blindMs = 2 * 86_400_000;
/** An alarm about the same cause comes again this late at the earliest. */
const quietMs = 86_400_000;

/** Starts. The first check comes soon after. */
export function watchPages(parts: WatchParts): PagesWatch {
  const { clock, everyMs } = parts;
  let view: PagesView = {};
  let backOffMs = firstBackOffMs;
  let told: string | undefined;
  /** A change that nobody was alarmed about yet. */
  let isOwed = false;
  const alarmedAt = new Map<AlarmCode, number>();
  let knewAt = clock.monotonic();
  let isClosed = false;
  let cancel = clock.after(firstMs, () => void turn());

  /** At most once a day each, whatever happens in between. @returns whether it was raised */
  const alarm = (code: AlarmCode, body: Draft['body']): boolean => {
    const now = clock.monotonic();
    if (now - (alarmedAt.get(code) ?? Number.NEGATIVE_INFINITY) < quietMs) return false;
    alarmedAt.set(code, now);
    parts.alarm(code, body);
    return true;
  };

  const turn = async (): Promise<void> => {
    const report = await look().catch((error: unknown) => {
      parts.failed(error);
      return undefined;
    });
    if (isClosed) return;
    const isKnown = report !== undefined && report.outcome !== 'unread';
    backOffMs = isKnown ? firstBackOffMs : Math.min(backOffMs * 2, everyMs);
    // Nobody can tell when the next look comes.
    const waitMs = isKnown ? everyMs * (0.5 + parts.random() / 2) : backOffMs;
    cancel = clock.after(waitMs, () => void turn());
  };

  const look = async (): Promise<PagesReport | undefined> => {
    const now = parts.trustedNow();
    const report = now.ok ? await parts.check(await parts.readMark(), Math.floor(now.value / 1000)) : undefined;
    if (isClosed) return undefined;
    if (report?.manifest !== undefined) await parts.keepMark(report.manifest.mark);
    if (report === undefined || report.outcome === 'unread') missed(report);
    else learnt(report);
    return report;
  };

  const missed = (report: PagesReport | undefined): void => {
    const { report: before, ...rest } = view;
    const kept = before === undefined || before.outcome === 'unread' ? report : before;
    view = { ...rest, ...(kept && { report: kept }), blindSince: view.blindSince ?? clock.now() };
    if (clock.monotonic() - knewAt >= blindMs) alarm('PAGES_UNCHECKED', {});
  };

  const learnt = (report: PagesReport): void => {
    knewAt = clock.monotonic();
    const { sameAt } = view;
    const at = clock.now();
    view = { report, checkedAt: at, ...(report.outcome === 'same' ? { sameAt: at } : sameAt && { sameAt }) };
    const body = bodyOf(report);
    const now = hashOf(JSON.stringify([body, report.findings.map(({ path, difference }) => [path, difference])]));
    if (now !== told) {
      told = now;
      isOwed = true;
      parts.note('pages.checked', body);
    }
    if (report.outcome !== 'different') isOwed = false;
    else if (isOwed) isOwed = !alarm('PAGES_CHANGED', body);
  };

  return {
    view: () => view,
    close: () => {
      isClosed = true;
      cancel();
    },
  };
}

/** What the journal keeps of a check. */
const bodyOf = ({ outcome, manifest, refused, findings }: PagesReport): Draft['body'] => ({
  outcome,
  ...(manifest && { version: manifest.claims.version, product: manifest.claims.product }),
  ...(refused && { code: refused.code }),
  ...(findings[0] && { findings: findings.length, path: findings[0].path, is: findings[0].difference.is }),
});
