/** `journal verify` away from the hub: an export, held against the hub's signature and the countersigned head. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { type ChainHead, ExportHeader, genesisOf, verifyJournalHead } from '../../wire/journal.ts';
import { toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import { ChainCheck } from './chain-check.ts';
import { readWitness, witnessRefusal, witnessState } from './countersigned.ts';
import type { JournalSummary } from './verify.ts';

/** What the reader knows by another way than the export itself. */
export interface KnownOfHub {
  readonly hubId?: string;
  /** Thumbprint of the hub's Ed25519 key. Without it the export proves only that one key signed all of it. */
  readonly hubKid?: string;
  /** The issuer keys that may have countersigned. Without them no witness is looked at. */
  readonly witnessKeys?: readonly VerifyKey[];
  /** A countersigned head from elsewhere; without it the one in the export, which whoever cut the export may have taken out. */
  readonly witness?: string;
  /** The export is meant to end before the countersigned head. */
  readonly isPart?: boolean;
}

const maxHeaderChars = 8_192;

/**
 * Checks an export line by line; memory does not grow with it.
 * @param lines  header and entry texts, without line ends; empty lines are skipped
 * @returns MESSAGE_MALFORMED (no export), JOURNAL_OTHER_HUB, JOURNAL_HEAD_…, WITNESS_…; JOURNAL_EDITED, JOURNAL_GAP,
 *   JOURNAL_REORDERED where the chain breaks; JOURNAL_BEHIND when it ends early, JOURNAL_FORKED when another was countersigned
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  known: KnownOfHub = {},
): Promise<Verdict<JournalSummary>> {
  let start: Start | undefined;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    if (start !== undefined) start.chain.push(line);
    else {
      const opened = await open(line, known);
      if (!opened.ok) return opened;
      start = opened.value;
    }
  }
  return start === undefined ? refuse('MESSAGE_MALFORMED', { why: 'empty' }) : judge(start, known);
}

interface Start {
  readonly header: ExportHeader;
  readonly chain: ChainCheck;
  /** What the hub signed over the last line. */
  readonly head: ChainHead;
  readonly witness: ChainHead | undefined;
}

async function open(line: string, known: KnownOfHub): Promise<Verdict<Start>> {
  const parsed = line.length <= maxHeaderChars ? v.safeParse(ExportHeader, parse(line)) : undefined;
  if (!parsed?.success) return refuse('MESSAGE_MALFORMED', { why: 'header' });
  const header = parsed.output;
  if (known.hubId !== undefined && known.hubId !== header.hub) return refuse('JOURNAL_OTHER_HUB');
  const before: ChainHead = { seq: header.from - 1, hash: header.before };
  if (before.seq === 0 && before.hash !== genesisOf(header.hub)) return refuse('JOURNAL_OTHER_HUB');

  let key: VerifyKey;
  try {
    key = await toVerifyKey(header.hubKey);
  } catch {
    return refuse('MESSAGE_MALFORMED', { why: 'hubKey' });
  }
  if (known.hubKid !== undefined && known.hubKid !== key.kid) return refuse('JOURNAL_HEAD_NOT_GENUINE');
  const head = await verifyJournalHead(header.head, key, header.hub);
  if (!head.ok) return head;
  if (head.value.seq !== header.to) return refuse('JOURNAL_HEAD_NOT_GENUINE', { seq: head.value.seq });
  const witness = await readWitness(known.witness ?? header.witness, known.witnessKeys, header.hub);
  if (!witness.ok) return witness;
  return accept({
    header,
    chain: new ChainCheck(before, witness.value?.seq),
    head: head.value,
    witness: witness.value,
  });
}

function judge({ header, chain, head, witness }: Start, known: KnownOfHub): Verdict<JournalSummary> {
  const { seq: to, hash } = chain.head;
  if (chain.broken !== undefined) return chain.broken;
  if (to < head.seq) return refuse('JOURNAL_BEHIND', { seq: to, head: head.seq });
  if (to > head.seq) return refuse('JOURNAL_REORDERED', { seq: to, after: head.seq });
  if (hash !== head.hash) return refuse('JOURNAL_EDITED', { seq: to });
  const against = witnessRefusal(witness, { from: header.from - 1, to, hash: chain.watched });
  if (against !== undefined && !(known.isPart === true && against.code === 'JOURNAL_BEHIND')) return against;
  return accept({
    hub: header.hub,
    from: header.from,
    to,
    hash,
    witness: witnessState(known.witness ?? header.witness, witness, chain.watched),
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
