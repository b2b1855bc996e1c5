/** Which recordings are due to be deleted: by the newest setting that the home's owner has signed. */
import { peek } from '../../wire/jws.ts';
import { defaultKeepHours, retentionForm } from '../../wire/video.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** Rows of one sweep and hub; the next sweep takes the rest. */
const maxAtOnce = 100;
const hourMs = 3_600_000;

/** How long, and what stays. It was verified before it was kept; who signed it may be pinned no more. */
async function settingOf(tables: Tables, hub: string): Promise<{ keepHours: number; keep: readonly string[] }> {
  const newest = await tables.documents.newest(hub, retentionForm.typ);
  const read = newest === undefined ? undefined : peek(retentionForm, newest.text);
  return read?.ok ? read.value.claims : { keepHours: defaultKeepHours, keep: [] };
}

/** @returns what is past its time, and what no owner device can ever open */
export async function dueOf(tables: Tables, now: number): Promise<Row<'recording'>[]> {
  const due = await tables.recordings.ownerless(maxAtOnce);
  for (const hub of await tables.recordings.hubs()) {
    const { keepHours, keep } = await settingOf(tables, hub);
    due.push(...(await tables.recordings.quietSince(hub, now - keepHours * hourMs, keep, maxAtOnce)));
  }
  return due;
}
