/** What follows from a journal entry for visits and deliveries. A hub speaks only for deliveries to itself (T33). */
import * as v from 'valibot';
import type { Entry } from '../../wire/journal.ts';
import { Hash, Id } from '../../wire/shapes.ts';
import type { Parts } from '../parts.ts';
import { deriveRecovery } from '../recovery/derive.ts';
import { followVisit } from '../stop/follow-visit.ts';
import { followNotice } from '../stop/notice.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** The part of `visit.prepared` that is read here. */
const Prepared = v.object({ grant: v.optional(Id), jkt: Hash, delivery: v.optional(v.nullable(Id)) });

export type DeriveParts = Pick<Parts, 'config' | 'signer' | 'keys'>;

async function noteVisit(tables: Tables, hub: Row<'hub'>, visit: string, entry: Entry): Promise<void> {
  const prepared = v.safeParse(Prepared, entry.body);
  if (!prepared.success) return;
  const { jkt, delivery: named, grant: jti } = prepared.output;
  const grant = jti === undefined ? undefined : await tables.grants.find(jti);
  const delivery = named ? await tables.deliveries.find(named) : undefined;
  await tables.visits.add({
    id: visit,
    hub: hub.id,
    home: hub.home,
    delivery: delivery?.hub === hub.id ? delivery.id : null,
    jkt,
    jti: grant?.hub === hub.id ? grant.jti : null,
  });
}

export async function deriveFrom(
  parts: DeriveParts,
  tables: Tables,
  hub: Row<'hub'>,
  entry: Entry,
  at: number,
): Promise<void> {
  const inTime = { ...parts, now: () => at };
  if (entry.kind === 'stop.someone') return followNotice(inTime, tables, hub, entry, 'someone');
  if (entry.kind === 'stop.felt') return followNotice(inTime, tables, hub, entry, 'felt');
  if (entry.kind === 'stop.heard') return followNotice(inTime, tables, hub, entry, 'heard');
  if (entry.visit === undefined) return deriveRecovery(tables, hub, entry, at);
  if (entry.kind === 'visit.prepared') return noteVisit(tables, hub, entry.visit, entry);
  if (entry.kind !== 'visit.arrived' && entry.kind !== 'visit.unlock' && entry.kind !== 'visit.ended') return;
  const visit = await tables.visits.find(entry.visit);
  if (visit?.hub !== hub.id || visit.delivery === null) return;
  // A visit has a delivery only when both are at this hub.
  const delivery = await tables.deliveries.find(visit.delivery);
  if (delivery !== undefined) await followVisit(inTime, tables, delivery, entry);
}
