/**
 * The tables, as rows. Portable: text and whole numbers only, no generated ids, flags as 0 and 1, JSON as text.
 * Times end in `_at` (ms) or `_s` (seconds). Tokens and keys of callers are stored as hashes.
 */
import type { Insertable, Selectable } from 'kysely';
import type { CarrierTables } from './tables/carriers.ts';
import type { DeliveryTables } from './tables/deliveries.ts';
import type { HomeTables } from './tables/homes.ts';
import type { JournalTables } from './tables/journals.ts';
import type { NoticeTables } from './tables/notices.ts';
import type { PeopleTables } from './tables/people.ts';
import type { RequestTables } from './tables/requests.ts';
import type { StopTables } from './tables/stops.ts';
import type { SupportTables } from './tables/support.ts';
import type { VisitTables } from './tables/visits.ts';

export interface Schema
  extends HomeTables,
    CarrierTables,
    DeliveryTables,
    StopTables,
    VisitTables,
    JournalTables,
    RequestTables,
    NoticeTables,
    PeopleTables,
    SupportTables {}

export type Row<T extends keyof Schema> = Readonly<Selectable<Schema[T]>>;
export type NewRow<T extends keyof Schema> = Readonly<Insertable<Schema[T]>>;
