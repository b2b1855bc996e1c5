/** Deliveries that somebody has a question about: what tells of them is kept meanwhile, whatever its time. */
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Schema } from './schema.ts';

/** With an open case, or an open dispute. For `not in`. */
export const heldDeliveries = (
  db: Kysely<Schema>,
): SelectQueryBuilder<Schema, 'support_case' | 'dispute', { delivery: string }> =>
  db
    .selectFrom('support_case')
    .select('support_case.delivery')
    .where('closed_at', 'is', null)
    .union(
      db
        .selectFrom('dispute')
        .select('dispute.delivery')
        .where('withdrawn_at', 'is', null)
        .where('settled_at', 'is', null),
    );
