/** Puts the check of the cloud's pages together, with the page of the hub that shows it. */
import { randomInt } from 'node:crypto';
import { apiNames } from '../../wire/api-names.ts';
import { Fault, type Verdict } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';
import type { PagesConfig } from '../config/pages.ts';
import type { Log } from '../log.ts';
import type { Notes } from '../notes.ts';
import { checkPages } from './check.ts';
import { keepMark, readMark } from './mark.ts';
import { toReleaseKeys } from './release-keys.ts';
import { serveHubPage } from './serve.ts';
import { type PagesView, watchPages } from './watch.ts';

export interface PagesParts {
  readonly config: PagesConfig;
  readonly dataDir: string;
  /** Base URL of the cloud, as the enrolment kept it. */
  readonly cloud: string | undefined;
  readonly clock: Clock;
  readonly trustedNow: () => Verdict<number>;
  readonly notes: Pick<Notes, 'note' | 'alarm'>;
  readonly log: Log;
}

export interface InstalledPages {
  /** Of the hub's own page, where it has one. */
  readonly page?: string;
  view(): PagesView;
  close(): Promise<void>;
}

/** What one answer of a server of pages may take, ms. */
export const answerWithinMs = 20_000;

/** @throws Fault CONFIG_INVALID for settings that lead nowhere. A page that cannot listen is logged, and the check goes on without it */
export async function installPages({
  config,
  dataDir,
  cloud,
  notes,
  log,
  ...parts
}: PagesParts): Promise<InstalledPages> {
  const origin = config.url;
  const api = config.api ?? cloud;
  if (api === undefined)
    throw new Fault('CONFIG_INVALID', { setting: 'pages.api', why: 'the enrolment names no cloud' });
  const keys = await toReleaseKeys(config.releaseKeys);
  const watch = watchPages({
    ...parts,
    ...{ note: notes.note, alarm: notes.alarm },
    check: (seen, nowS) => checkPages({ origin, api: apiNames(api), keys, seen, nowS, withinMs: answerWithinMs }),
    readMark: () => readMark(dataDir),
    keepMark: (mark) => keepMark(dataDir, mark),
    failed: (error) => log.unexpected({ where: 'pages', why: error instanceof Error ? error.message : 'unknown' }),
    everyMs: config.everyHours * 3_600_000,
    random: () => randomInt(1_000_000) / 1_000_000,
  });
  const page =
    config.page && (await serveHubPage({ ...config.page, url: origin, view: watch.view }).catch(unserved(log)));
  return {
    ...(page && { page: page.url }),
    view: watch.view,
    close: async () => {
      watch.close();
      await page?.close();
    },
  };
}

const unserved = (log: Log) => (error: unknown) => {
  if (!(error instanceof Fault)) throw error;
  log.unexpected({ where: 'pages.page', code: error.code });
  return undefined;
};
