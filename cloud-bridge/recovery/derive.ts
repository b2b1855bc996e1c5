/** What follows from a journal entry for recoveries. A hub speaks only for its own. */
import * as v from 'valibot';
import type { Entry } from '../../wire/journal.ts';
import { Hash, Id } from '../../wire/shapes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

const Asked = v.object({ recovery: Id, device: Hash, waitMs: v.number() });
const Over = v.object({ recovery: Id, why: v.optional(v.string()) });

/** @param at  the cloud's time, ms */
export async function deriveRecovery(tables: Tables, hub: Row<'hub'>, entry: Entry, at: number): Promise<void> {
  if (entry.kind === 'recovery.asked') {
    const asked = v.safeParse(Asked, entry.body);
    if (!asked.success) return;
    const { recovery, device, waitMs } = asked.output;
    // By the earlier of two clocks: nobody is told of more time for a veto than there is.
    const until = Math.min(at, entry.at) + waitMs;
    await tables.recoveries.add({ id: recovery, hub: hub.id, device, state: 'asked', asked_at: at, until_at: until });
    await tables.recoveries.change(hub.id, recovery, { state: 'waiting', until_at: until });
  }
  if (entry.kind !== 'recovery.done' && entry.kind !== 'recovery.ended') return;
  const over = v.safeParse(Over, entry.body);
  if (!over.success) return;
  const how = over.output.why === 'vetoed' ? 'vetoed' : 'ended';
  await tables.recoveries.change(hub.id, over.output.recovery, {
    state: entry.kind === 'recovery.done' ? 'done' : how,
  });
}
