/** What a hub does by itself now and then: looks at its clock, forgets what it need not keep. */
import { Fault } from '../wire/faults.ts';
import type { Clock } from './clock/clock.ts';
import type { TrustedClock } from './clock/trust.ts';
import type { HubStore } from './journal/journal.ts';
import type { Log } from './log.ts';

export interface HouseParts {
  readonly clock: Clock;
  readonly time: TrustedClock;
  readonly store: HubStore;
  readonly log: Log;
  readonly keepJournalDays: number;
  /** There is no trusted time: ask the cloud for it. */
  readonly askForTime: () => void;
}

const clockEveryMs = 10_000;
const cleanUpEveryMs = 3_600_000;
const dayMs = 86_400_000;

/** Starts. @returns ends it, and writes the highest trusted time down */
export function keepHouse({ clock, time, store, log, keepJournalDays, askForTime }: HouseParts): () => void {
  const cancels: (() => void)[] = [];
  const repeat = (index: number, everyMs: number, work: () => void): void => {
    cancels[index] = clock.after(everyMs, () => {
      attempt(work);
      repeat(index, everyMs, work);
    });
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      log.journalFailed({ what: 'housekeeping', code: error.code });
    }
  };
  repeat(0, clockEveryMs, () => {
    if (!time.trustedNow().ok) askForTime();
  });
  repeat(1, cleanUpEveryMs, () => {
    // Without trusted time nothing is forgotten: a clock that runs ahead would forget what still counts.
    const now = time.trustedNow();
    if (!now.ok) return;
    store.retention.prune(now.value, keepJournalDays * dayMs);
    store.grants.prune(Math.floor(now.value / 1000));
  });
  return () => {
    for (const cancel of cancels) cancel();
    attempt(() => time.keep());
  };
}
