/** Brings the tables up to date, once, in order. */
import { type Kysely, Migrator } from 'kysely';
import { Fault } from '../../wire/faults.ts';
import { first } from './migrations/0001-first.ts';
import { recordings } from './migrations/0002-recordings.ts';
import { accounts } from './migrations/0003-accounts.ts';
import { recovery } from './migrations/0004-recovery.ts';
import { guests } from './migrations/0005-guests.ts';
import { notifications } from './migrations/0006-notifications.ts';
import { support } from './migrations/0007-support.ts';
import { hints } from './migrations/0008-hints.ts';
import { homeNotes } from './migrations/0009-home-notes.ts';
import { carrierApi } from './migrations/0010-carrier-api.ts';
import { stops } from './migrations/0011-stops.ts';
import { plans } from './migrations/0012-plans.ts';
import { stopAnswers } from './migrations/0013-stop-answers.ts';
import { codes } from './migrations/0014-codes.ts';
import { photos } from './migrations/0015-photos.ts';
import { evidence } from './migrations/0016-evidence.ts';
import { disputes } from './migrations/0017-disputes.ts';
import { doorPhotos } from './migrations/0018-door-photos.ts';
import { disputeAnswers } from './migrations/0020-dispute-answers.ts';
import { actAges } from './migrations/0021-act-ages.ts';
import { carrierSeals } from './migrations/0022-carrier-seals.ts';
import type { Schema } from './schema.ts';

/** @throws Fault STORE_UNAVAILABLE when a migration fails; nothing of it stays */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const all = {
    '0001-first': first,
    '0002-recordings': recordings,
    '0003-accounts': accounts,
    '0004-recovery': recovery,
    '0005-guests': guests,
    '0006-notifications': notifications,
    '0007-support': support,
    '0008-hints': hints,
    '0009-home-notes': homeNotes,
    '0010-carrier-api': carrierApi,
    '0011-stops': stops,
    '0012-plans': plans,
    '0013-stop-answers': stopAnswers,
    '0014-codes': codes,
    '0015-photos': photos,
    '0016-evidence': evidence,
    '0017-disputes': disputes,
    '0018-door-photos': doorPhotos,
    '0020-dispute-answers': disputeAnswers,
    '0021-act-ages': actAges,
    '0022-carrier-seals': carrierSeals,
  };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => all } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Fault('STORE_UNAVAILABLE', { what: 'migration' }, { cause: error });
}
