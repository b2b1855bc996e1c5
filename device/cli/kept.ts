/** The journal of this hub, opened to be read beside the hub that runs. */
import { join } from 'node:path';
import { Fault } from '../../wire/faults.ts';
import type { HubConfig } from '../config/schema.ts';
import { journalFile } from '../enrol/enrol.ts';
import { type HubKeys, readEnrolment, readKeys } from '../enrol/identity.ts';
import type { HubStore } from '../journal/journal.ts';
import { openHubStore } from '../journal/sqlite.ts';
import { openSecrets } from '../secrets/open.ts';
import type { CommandContext } from './command.ts';
import { settingOf } from './setting.ts';

/**
 * Opens the store to read, lends it, closes it.
 * @throws Fault ENROLMENT_MISSING, JOURNAL_UNAVAILABLE
 */
export async function withKept<T>(
  context: CommandContext,
  use: (store: HubStore, config: HubConfig) => Promise<T>,
): Promise<T> {
  const config = settingOf(context);
  const enrolment = readEnrolment(config.dataDir);
  if (enrolment === undefined) throw new Fault('ENROLMENT_MISSING');
  const store = openHubStore(join(config.dataDir, journalFile), enrolment.hub, { readonly: true });
  try {
    return await use(store, config);
  } finally {
    store.close();
  }
}

export const keysOf = (config: HubConfig): Promise<HubKeys> => readKeys(openSecrets(config.dataDir));
