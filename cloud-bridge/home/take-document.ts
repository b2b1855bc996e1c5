/** Takes a document that an owner's device has signed: kept if it must reach the hub later, then handed to the hub at once. */
import { accept, Fault, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import type { Versions } from '../../wire/messages.ts';
import { cancel } from '../delivery/cancel.ts';
import { changeDelivery } from '../delivery/change.ts';
import { isOver } from '../delivery/progress.ts';
import { acceptGuests, endGuest } from '../guest/follow.ts';
import type { Parts } from '../parts.ts';
import { replanHome } from '../plan/replan.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { certainBy } from './certain.ts';
import { epochOf } from './epoch.ts';
import { type OwnerDocument, verifyOwnerDocument } from './verify-document.ts';

type TakeParts = Pick<Parts, 'store' | 'keys' | 'line' | 'mailbox' | 'signer' | 'log' | 'now' | 'config'>;

/** A document that was taken: kept in the store, or to be handed on as it is. */
export interface Taken {
  readonly document: OwnerDocument;
  readonly text: string;
  readonly kept: Row<'document'> | undefined;
}

const typOf = (document: OwnerDocument): string => `${document.is}+jwt`;

function aboutOf(document: OwnerDocument): string | null {
  if (document.is === 'approval') return document.grant.hash;
  if (document.is !== 'revocation') return null;
  const { ends } = document;
  return ends.kind === 'epoch' ? `epoch:${ends.epoch}` : `${ends.kind}:${ends.id}`;
}

/** What a revocation ends is ended here at once, whether or not the hub can be told yet. */
async function narrow(parts: TakeParts, tables: Tables, hub: Row<'hub'>, document: OwnerDocument): Promise<void> {
  if (document.is !== 'revocation') return;
  const { ends } = document;
  if (ends.kind === 'epoch' && hub.versions !== null) {
    const versions = JSON.parse(hub.versions) as Versions;
    const epoch = Math.max(versions.epoch, ends.epoch);
    await tables.hubs.change(hub.id, { versions: JSON.stringify({ ...versions, epoch }) });
  }
  if (ends.kind === 'recovery') {
    await tables.recoveries.change(hub.id, ends.id, { state: 'vetoed' });
    const data = { recovery: ends.id };
    await tables.events.add([{ party: `home:${hub.home}`, type: 'recovery.over', data, at: parts.now() }]);
  }
  if (ends.kind === 'guest') await endGuest(tables, hub, ends.id, parts.now());
  if (ends.kind !== 'grant') return;
  const grant = await tables.grants.find(ends.id);
  if (grant?.hub !== hub.id || grant.state === 'revoked') return;
  await tables.grants.revoke(grant.jti);
  const delivery = grant.delivery === null ? undefined : await tables.deliveries.find(grant.delivery);
  if (delivery !== undefined) await cancel(parts, tables, delivery, { outcome: 'ended-by-owner' });
}

async function approve(parts: TakeParts, tables: Tables, document: OwnerDocument, text: string): Promise<void> {
  if (document.is !== 'approval') return;
  const { grant } = document;
  await tables.grants.approve(grant.jti, text);
  const delivery = grant.delivery === null ? undefined : await tables.deliveries.find(grant.delivery);
  if (grant.state !== 'waiting' || delivery === undefined || isOver(delivery.state)) return;
  await changeDelivery(tables, delivery, { state: 'granted' }, parts.now());
}

/** Verifies and keeps. @returns DOCUMENT_…, or what the document's own verification says */
export async function takeDocument(
  parts: TakeParts,
  tables: Tables,
  hub: Row<'hub'>,
  text: string,
): Promise<Verdict<Taken>> {
  const nowS = Math.floor(parts.now() / 1000);
  const context = { hub, owners: await parts.keys.owners(hub), nowS, epoch: epochOf(hub) };
  const verified = await verifyOwnerDocument(text, context, tables);
  if (!verified.ok) return verified;
  const document = verified.value;
  if (document.is === 'clearance' || document.is === 'clockreset') return accept({ document, text, kept: undefined });
  const kept = await tables.documents.add({
    hub: hub.id,
    hash: hashOf(text),
    typ: typOf(document),
    kid: document.kid,
    version: 'version' in document ? document.version : null,
    about: aboutOf(document),
    text,
    exp_s: document.expS,
    at: parts.now(),
  });
  await narrow(parts, tables, hub, document);
  await approve(parts, tables, document, text);
  if (document.is === 'rulebook') await acceptGuests(tables, hub, text, parts.now());
  const isOfRules = document.is === 'rulebook' || (document.is === 'revocation' && document.ends.kind === 'rule');
  if (isOfRules) await replanHome(parts, tables, hub.home, { ends: false });
  return accept({ document, text, kept });
}

/** A stop of a visit must be known to have arrived: waiting for the next hello would be no stop (R8). */
const mayWait = (document: OwnerDocument): boolean =>
  document.is !== 'clearance' &&
  document.is !== 'clockreset' &&
  !(document.is === 'revocation' && document.ends.kind === 'visit');

/** How the cloud took a document. */
export interface Forwarded {
  readonly accepted: string;
  /** The hub has not confirmed it: it goes with the hub's next hello. */
  readonly pending: boolean;
  /** Of a pending revocation: the last moment at which what it ends could still open a door, seconds. */
  readonly certainBy?: number;
}

async function pend(parts: TakeParts, hub: Row<'hub'>, document: OwnerDocument, accepted: string): Promise<Forwarded> {
  const nowS = Math.floor(parts.now() / 1000);
  const by = document.is === 'revocation' ? await certainBy(parts.store.read, hub.id, document.ends, nowS) : undefined;
  return { accepted, pending: true, ...(by === undefined ? {} : { certainBy: by }) };
}

/**
 * Hands a taken document to its hub.
 * @returns `pending: true` when it goes with the hub's next hello; or the hub's own refusal
 * @throws Fault HUB_OFFLINE, HUB_SILENT for what cannot wait
 */
export async function forwardDocument(
  parts: TakeParts,
  hub: Row<'hub'>,
  { document, text, kept }: Taken,
): Promise<Verdict<Forwarded>> {
  const accepted = typOf(document);
  if (kept?.settled === 'taken') return accept({ accepted, pending: false });
  try {
    const answer = kept
      ? await parts.mailbox.hand(kept)
      : await parts.line.ask(hub.id, { op: 'document.put', document: text });
    if (!answer.ok) return refuse(answer.code, answer.detail);
    return accept({ accepted, pending: false });
  } catch (error) {
    const away = error instanceof Fault && (error.code === 'HUB_OFFLINE' || error.code === 'HUB_SILENT');
    if (away && mayWait(document)) return accept(await pend(parts, hub, document, accepted));
    throw error;
  }
}
