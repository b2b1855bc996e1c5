/** Answers a hub's hello: time, witness, how far its journal has come, and the documents that it lacks. */
import { genesisOf } from '../../wire/journal.ts';
import { type AskBody, maxPayloadBytes, type Versions, writeMessage } from '../../wire/messages.ts';
import { recoveryCodeForm, recoveryForm } from '../../wire/recovery.ts';
import { retentionForm } from '../../wire/video.ts';
import { newestRuleBook } from '../delivery/rules.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { lackingBooks } from './lacking-books.ts';
import { fetchOwnerList } from './owner-list.ts';

type HelloParts = Pick<
  Parts,
  'store' | 'bus' | 'line' | 'signer' | 'sets' | 'keys' | 'mailbox' | 'evidence' | 'log' | 'now'
>;

/** What a hub says when it connects. */
export type Hello = Extract<AskBody, { op: 'hello' }>;

const maxDocuments = 32;
/** Of the answer's payload, what documents may take; the rest is for its envelope. */
const documentBytes = maxPayloadBytes.answer - 4_096;

/** Keeps what the hub says of itself. A door that another hub announced first stays that hub's (T33). */
async function keepFacts(parts: HelloParts, tables: Tables, hub: Row<'hub'>, hello: Hello, at: number): Promise<void> {
  const { versions, software, doors, head } = hello;
  await tables.hubs.change(hub.id, { versions: JSON.stringify(versions), software });
  const mine: string[] = [];
  for (const door of doors) {
    if (await tables.hubs.doors.announce(door.id, hub.id, JSON.stringify(door))) mine.push(door.id);
  }
  await tables.hubs.doors.keepOnly(hub.id, mine);
  const ruleBook = await newestRuleBook(tables, hub, parts.keys);
  if (ruleBook?.settled === null && ruleBook.version === versions.ruleBook) {
    await tables.documents.settle(hub.id, ruleBook.seq, 'taken');
  }
  await tellIfBehind(tables, hub, head, at);
}

/** An old disk, or another history: the owner is told once, the hub finds out by its witness. */
async function tellIfBehind(tables: Tables, hub: Row<'hub'>, head: Hello['head'], at: number): Promise<void> {
  if (head.seq > hub.acked_seq) return;
  const same = head.seq === 0 ? genesisOf(hub.id) : await tables.journals.hashAt(hub.id, head.seq);
  const code = same !== head.hash ? 'JOURNAL_FORKED' : head.seq < hub.acked_seq ? 'JOURNAL_BEHIND' : undefined;
  if (code === undefined) return;
  if (await tables.journals.refuse({ hub: hub.id, code, seq: head.seq, hash: head.hash, at })) {
    const data = { code, seq: head.seq, hash: head.hash };
    await tables.events.add([{ party: `home:${hub.home}`, type: 'journal.refused', data, at }]);
  }
}

/** Takes what fits into one answer, the first ones first. @param room  bytes, as JSON */
export function chooseDocuments(texts: readonly string[], room: number): ReadonlySet<string> {
  const chosen = new Set<string>();
  let left = room;
  for (const text of texts) {
    const bytes = Buffer.byteLength(JSON.stringify(text)) + 1;
    if (bytes > left || chosen.size >= maxDocuments) continue;
    left -= bytes;
    chosen.add(text);
  }
  return chosen;
}

/** What the hub lacks: what narrows is chosen first, and everything is sent in the order in which it applies. */
async function missing(parts: HelloParts, hub: Row<'hub'>, has: Versions): Promise<string[]> {
  const nowS = Math.floor(parts.now() / 1000);
  const pending = await parts.store.read.documents.pending(hub.id, nowS, maxDocuments);
  const book = await newestRuleBook(parts.store.read, hub, parts.keys);
  const sets = [...parts.sets.rootSets.filter((one) => one.version > has.rootSet).map((one) => one.text)];
  if (parts.sets.issuerSet.version > has.issuerSet) sets.push(parts.sets.issuerSet.text);
  const owners = await parts.keys.owners(hub);
  const books = lackingBooks(book, pending, has.ruleBook, owners.keys).map(({ text }) => text);
  const textsOf = (typ: string): string[] => pending.filter((one) => one.typ === typ).map((one) => one.text);
  const revocations = textsOf('revocation+jwt');
  const others = [...textsOf('ownerchange+jwt'), ...textsOf('approval+jwt'), ...textsOf(retentionForm.typ)];
  const recoveries = [...textsOf(recoveryCodeForm.typ), ...textsOf(recoveryForm.typ)];

  const chosen = chooseDocuments([...sets, ...revocations, ...books, ...others, ...recoveries], documentBytes);
  return [...sets, ...books, ...revocations, ...others, ...recoveries].filter((text) => chosen.has(text));
}

/** Answers one hello. @param id  of the ask */
export async function answerHello(parts: HelloParts, hubId: string, id: string, body: Hello): Promise<void> {
  const hub = await parts.store.write(async (tables) => {
    const found = await tables.hubs.find(hubId);
    if (found !== undefined) await keepFacts(parts, tables, found, body, parts.now());
    return found;
  });
  if (hub === undefined) {
    parts.log.messageRefused({ hub: hubId, code: 'NOT_FOUND' });
    return;
  }
  const now = parts.now();
  const [time, witness, documents] = await Promise.all([
    parts.signer.time({ aud: hubId, nonce: body.nonce, now }),
    parts.signer.witness({ aud: hubId, iat: Math.floor(now / 1000), seq: hub.acked_seq, hash: hub.acked_hash }),
    missing(parts, hub, body.versions),
  ]);
  const answer = { time, witness, acked: hub.acked_seq, documents };
  parts.bus.publish(hubId, 'answer', writeMessage({ v: 1, id, ok: true, body: answer }));
  // All wait for the hub, so neither may hold up what comes from it meanwhile.
  if (body.versions.ownerList > hub.owner_version) void fetchOwnerList(parts, hub).catch(() => undefined);
  void parts.mailbox.bring(hubId);
  void parts.evidence.bring(hubId);
}
