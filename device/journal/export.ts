/** `journal export`: a part of the journal as lines of text that can be checked without the hub. */
import { Fault } from '../../wire/faults.ts';
import type { ExportHeader } from '../../wire/journal.ts';
import { type Signer, signHead } from './batch.ts';
import type { HubStore } from './journal.ts';

const pageLength = 256;

/** Both ends included; what is not given is the first kept entry, and the last. */
export interface ExportRange {
  readonly from?: number;
  readonly to?: number;
}

/**
 * Writes an export: the header as JSON, then one entry text a line, without line ends. Reads page by page.
 * @param signer  the hub's Ed25519 key and time, for the head over the last line
 * @throws Fault JOURNAL_GAP when `from` was pruned, USAGE when the range is empty the wrong way round; as `Journal.read`
 */
export async function* exportJournal(
  store: HubStore,
  signer: Omit<Signer, 'hubId'>,
  range: ExportRange = {},
): AsyncGenerator<string, void, undefined> {
  const { journal, hubId } = store;
  const first = store.rows.floor().seq + 1;
  const from = range.from ?? first;
  const to = Math.min(range.to ?? Number.MAX_SAFE_INTEGER, journal.head().seq);
  if (from < first) throw new Fault('JOURNAL_GAP', { from, to: first - 1 });
  const before = journal.hashAt(from - 1);
  const hash = journal.hashAt(to);
  if (before === undefined || hash === undefined || to < from - 1) throw new Fault('USAGE', { from, to });

  const { kty, crv, x } = signer.key.jwk as ExportHeader['hubKey'];
  const witness = store.trust.document('witness');
  const header: ExportHeader = {
    doorward: 'journal-export-1',
    hub: hubId,
    hubKey: { kty, crv, x },
    from,
    to,
    before,
    head: await signHead({ seq: to, hash }, { ...signer, hubId, now: () => signer.now() }),
    ...(witness === undefined ? {} : { witness }),
  };
  yield JSON.stringify(header);
  for (let next = from; next <= to; ) {
    const texts = journal.read(next, Math.min(pageLength, to - next + 1));
    if (texts.length === 0) throw new Fault('JOURNAL_GAP', { from: next, to });
    yield* texts;
    next += texts.length;
  }
}
