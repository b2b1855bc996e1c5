/** Applies one batch to the cloud's copy of a journal: all of it, or nothing and the reason. */
import type { FaultCode } from '../../wire/faults.ts';
import { type ChainHead, type Entry, followChain, type JournalHeadClaims } from '../../wire/journal.ts';
import { hashOf } from '../../wire/jws.ts';
import type { JournalBatch } from '../../wire/messages.ts';
import { isTold } from '../notify/kinds.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { type DeriveParts, deriveFrom } from './derive.ts';

export type Applied =
  /** Committed with the transaction, or it was there already. */
  | { readonly is: 'taken'; readonly head: ChainHead; readonly added: number }
  /** Something between is missing: the hub goes on from `head`. */
  | { readonly is: 'gap'; readonly head: ChainHead }
  | { readonly is: 'refused'; readonly head: ChainHead; readonly code: FaultCode; readonly seq: number };

interface NewEntry {
  readonly entry: Entry;
  readonly text: string;
  readonly hash: string;
}

/** Are the entries that the cloud has already the same ones? @returns the first that differs */
async function firstDifference(
  tables: Tables,
  hub: Row<'hub'>,
  batch: JournalBatch,
  repeats: number,
): Promise<number | undefined> {
  if (repeats === 0) return undefined;
  const stored = await tables.journals.after(hub.id, batch.from - 1, repeats);
  const at = batch.entries.slice(0, repeats).findIndex((text, index) => stored[index]?.hash !== hashOf(text));
  return at === -1 ? undefined : batch.from + at;
}

/**
 * @param batch   read by its schema
 * @param signed  the claims of the batch's head, verified with the hub's key
 */
export async function applyBatch(
  parts: DeriveParts,
  tables: Tables,
  hub: Row<'hub'>,
  batch: JournalBatch,
  signed: JournalHeadClaims,
  at: number,
): Promise<Applied> {
  const acked: ChainHead = { seq: hub.acked_seq, hash: hub.acked_hash };
  const refused = (code: FaultCode, seq: number): Applied => ({ is: 'refused', head: acked, code, seq });
  if (batch.from > acked.seq + 1) return { is: 'gap', head: acked };

  const last = batch.from + batch.entries.length - 1;
  if (signed.seq !== last || signed.hash !== hashOf(batch.entries.at(-1)!)) return refused('JOURNAL_EDITED', last);
  const repeats = Math.min(batch.entries.length, acked.seq - batch.from + 1);
  const different = await firstDifference(tables, hub, batch, repeats);
  if (different !== undefined) return refused('JOURNAL_FORKED', different);

  let head = acked;
  const fresh: NewEntry[] = [];
  for (const text of batch.entries.slice(repeats)) {
    const next = followChain(head, text);
    if (!next.ok) return refused(next.code, head.seq + 1);
    head = next.value.head;
    fresh.push({ entry: next.value.entry, text, hash: head.hash });
  }
  if (fresh.length === 0) return { is: 'taken', head: acked, added: 0 };

  await tables.journals.append(
    fresh.map(({ entry, text, hash }) => ({
      hub: hub.id,
      seq: entry.seq,
      kind: entry.kind,
      visit: entry.visit ?? null,
      text,
      hash,
    })),
  );
  await tables.journals.keepHead(hub.id, batch.head);
  await tables.hubs.change(hub.id, { acked_seq: head.seq, acked_hash: head.hash });
  const party = `home:${hub.home}` as const;
  for (const { entry, text, hash } of fresh) {
    // Kept with no better time than the hub gave it: this copy must not tell when the household came and went (S048).
    const keptAt = entry.kind === 'household' ? entry.at : at;
    await tables.events.add([
      { party, type: 'entry', data: { seq: entry.seq, text, hash }, at: keptAt, untold: !isTold(entry.kind) },
    ]);
    await deriveFrom(parts, tables, hub, entry, at);
  }
  return { is: 'taken', head, added: fresh.length };
}
