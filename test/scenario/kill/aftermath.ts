/** What must be true of a hub that was killed, once it runs again: looked up in the door, in both journals and with the people. */
import { join } from 'node:path';
import { journalFile } from '../../../device/enrol/enrol.ts';
import type { HubStore } from '../../../device/journal/journal.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { verifyStore } from '../../../device/journal/verify.ts';
import { witnessKeysOf } from '../../../device/journal/witness-keys.ts';
import { mustHave } from '../../../hardware-sim/people/http.ts';
import { JournalPage } from '../../../hardware-sim/people/owner-views.ts';
import type { Street } from '../../../hardware-sim/start/street.ts';
import { Fault } from '../../../wire/faults.ts';
import { type Entry, fromEntryText } from '../../../wire/journal.ts';
import { until } from './quick-street.ts';
import type { Ledger } from './reaper.ts';

/** Lends the hub's store, read beside the hub that runs. */
export async function withStore<T>(street: Street, work: (store: HubStore) => T | Promise<T>): Promise<T> {
  const path = join(street.paths.hub, journalFile);
  const store = openHubStore(path, street.owner.pinned.hub, { readonly: true });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** The hub's entries from `seq` on, as they lie there. */
export const textsOf = (street: Street, seq: number): Promise<readonly string[]> =>
  withStore(street, (store) => store.journal.read(seq, Number.MAX_SAFE_INTEGER));

export function toEntry(text: string): Entry {
  const read = fromEntryText(text);
  if (!read.ok) throw new Fault(read.code);
  return read.value;
}

/** @returns undefined when the chain hangs together and agrees with the cloud's countersignature; else what is wrong */
export async function chainFault(street: Street): Promise<string | undefined> {
  const verified = await withStore(street, async (store) =>
    verifyStore(store, { witnessKeys: await witnessKeysOf(store) }),
  );
  return verified.ok ? undefined : verified.code;
}

/** The cloud's journal behind entry `after`, page by page, as it serves it to the owner. */
export async function cloudTexts({ owner }: Street, after: number): Promise<string[]> {
  const texts: string[] = [];
  for (;;) {
    const path = `/v1/homes/${owner.pinned.home}/journal?after=${after + texts.length}&limit=200`;
    const page = mustHave(await owner.http.call({ method: 'GET', path, proof: owner.keys.sign }, JournalPage));
    texts.push(...page.entries);
    if (page.entries.length === 0) return texts;
  }
}

/** The cloud's journal behind `after`, once it has that many entries, or the time is over. */
export const caughtUp = (street: Street, after: number, many: number, withinMs = 20_000): Promise<readonly string[]> =>
  until(
    () => cloudTexts(street, after),
    (texts) => texts.length >= many,
    withinMs,
  );

/** What a run committed and is not there any more, or not the same. */
export const lostEntries = ({ committed }: Pick<Ledger, 'committed'>, street: Street): Promise<number[]> =>
  withStore(street, ({ journal }) =>
    committed.filter(({ seq, hash }) => journal.hashAt(seq) !== hash).map(({ seq }) => seq),
  );

/** How many entries of this visit are of this kind. */
export const count = (entries: readonly Entry[], kind: Entry['kind'], visit: string | undefined): number =>
  entries.filter((entry) => entry.kind === kind && entry.visit === visit).length;
