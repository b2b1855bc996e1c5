/** Reads the journal over the API: what is new since this device last looked, and what is older when somebody wants to see it. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import { Jws, SeenHead } from '../../../../wire/shapes.ts';
import type { Api } from '../device/api.ts';
import type { Journal } from './journal.ts';

const Page = v.object({ entries: v.array(v.string()), head: SeenHead, signed: v.nullish(Jws) });
const pageSize = 200;

const readPage = (api: Api, path: string, after: number, limit: number) =>
  api.call({ method: 'GET', path: `${path}/journal?after=${after}&limit=${limit}` }, Page);

/**
 * Reads on from this device's own end; at its first start, the newest of it.
 * @returns CLOUD_SILENT and the like when it did not come; what does not hold together is noted in the journal
 */
export async function catchUp(api: Api, path: string, journal: Journal): Promise<Verdict<undefined>> {
  if (journal.head === undefined) {
    const newest = await readPage(api, path, 0, 1);
    if (!newest.ok) return newest;
    const first = await readPage(api, path, Math.max(0, newest.value.head.seq - pageSize), pageSize);
    if (!first.ok) return first;
    await journal.take(first.value.entries);
  }
  for (;;) {
    const after = journal.head?.seq ?? 0;
    const page = await readPage(api, path, after, pageSize);
    if (!page.ok) return page;
    const { entries, head, signed } = page.value;
    if (head.seq < after) journal.broke(refuse('JOURNAL_BEHIND', { seq: head.seq }));
    if (!(await journal.take(entries)).ok) return accept(undefined);
    if (entries.length === pageSize) continue;
    if (signed) await journal.confirm(signed);
    return accept(undefined);
  }
}

/** Reads what is before the first entry that is shown. */
export async function readOlder(api: Api, path: string, journal: Journal): Promise<Verdict<undefined>> {
  const first = journal.diary.entries[0]?.seq ?? (journal.head?.seq ?? 0) + 1;
  if (first <= 1) return accept(undefined);
  const after = Math.max(0, first - 1 - pageSize);
  const page = await readPage(api, path, after, first - 1 - after);
  if (!page.ok) return page;
  await journal.takeBefore(page.value.entries);
  return accept(undefined);
}
