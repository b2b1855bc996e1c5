/** The evidence of a delivery, as everybody reads it who may: one pack for each attempt that is over. */
import * as v from 'valibot';
import { EvidencePack } from '../../wire/evidence.ts';
import { packsOf } from '../evidence/pack.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export const EvidenceView = v.strictObject({ packs: v.array(EvidencePack) });

export const toEvidenceView = async (tables: Tables, delivery: Row<'delivery'>) => ({
  packs: await packsOf(tables, delivery),
});
