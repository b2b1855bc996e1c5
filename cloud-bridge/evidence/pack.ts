/** The evidence of a stop as one file. */
import * as v from 'valibot';
import { assignmentForm } from '../../wire/assignment.ts';
import type { EvidencePack } from '../../wire/evidence.ts';
import { hashOf, peek } from '../../wire/jws.ts';
import { SignJwk } from '../../wire/shapes.ts';
import { stopReceiptForm } from '../../wire/stop-receipt.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { hubKeyOf, visitOf } from './sign.ts';

const Sets = v.object({ roots: v.array(v.string()), issuers: v.string() });

/** The carrier's word for the device that was there, where a door was to be opened. */
async function assignmentOf(
  tables: Tables,
  delivery: Row<'delivery'>,
  jkt: string | undefined,
): Promise<EvidencePack['assignment']> {
  const grants = await tables.grants.ofDelivery(delivery.id);
  const text = grants.findLast((grant) => grant.jkt === jkt && grant.assignment !== null)?.assignment;
  const carrier = await tables.parties.find(delivery.carrier);
  if (text === null || text === undefined || carrier === undefined) return undefined;
  const key = v.parse(SignJwk, JSON.parse(carrier.jwk));
  // A carrier that has taken another key since cannot be asked for the old one.
  return peek(assignmentForm, text).ok ? { text, key } : undefined;
}

/** @returns undefined while the stop is not over, or its receipt is not signed yet */
export async function packOf(
  tables: Tables,
  delivery: Row<'delivery'>,
  attempt: Row<'attempt'>,
): Promise<EvidencePack | undefined> {
  const hub = await tables.hubs.find(delivery.hub);
  const keptSets = attempt.sets === null ? undefined : await tables.evidence.sets(attempt.sets);
  if (hub === undefined || keptSets === undefined || attempt.receipt === null) return undefined;
  const sets = v.parse(Sets, JSON.parse(keptSets));
  const signed = peek(stopReceiptForm, attempt.receipt);
  if (!signed.ok) return undefined;
  const { acts, handover } = signed.value.claims;
  const kept = await tables.stops.acts(delivery.id, attempt.number);
  const texts = new Map(kept.map(({ text }) => [hashOf(text), text]));
  const visit = visitOf(delivery, attempt);
  const assignment = await assignmentOf(tables, delivery, handover.jkt);
  return {
    doorward: 'evidence-1',
    roots: sets.roots,
    issuers: sets.issuers,
    receipt: attempt.receipt,
    hubKey: hubKeyOf(hub),
    ...(attempt.seal === null ? {} : { seal: attempt.seal }),
    ...(visit === undefined ? {} : { visit: visit.text }),
    acts: acts.map((hash) => texts.get(hash) ?? hash),
    ...(assignment === undefined ? {} : { assignment }),
  };
}

/** Of every attempt that is over, first to last. */
export async function packsOf(tables: Tables, delivery: Row<'delivery'>): Promise<EvidencePack[]> {
  const packs = await Promise.all(
    (await tables.attempts.ofDelivery(delivery.id)).map((attempt) => packOf(tables, delivery, attempt)),
  );
  return packs.filter((pack) => pack !== undefined);
}
