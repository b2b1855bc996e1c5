/** Is the journal whole, and how far does the cloud have it? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../wire/faults.ts';
import { journalFile } from '../enrol/enrol.ts';
import { openHubStore } from '../journal/sqlite.ts';
import { verifyStore } from '../journal/verify.ts';
import { witnessKeysOf } from '../journal/witness-keys.ts';
import { type Facts, given } from './facts.ts';
import { type Finding, fail, failBy, ok, warn } from './finding.ts';

/** So many entries may wait for a moment. */
const mostWaiting = 500;

export async function checkJournal({ config, enrolment, status }: Facts): Promise<Finding> {
  const check = 'journal';
  const enrolled = given(enrolment);
  if (enrolled === undefined) return ok(check, 'none before enrolment');
  const path = join(config.dataDir, journalFile);
  if (!existsSync(path)) {
    return fail(
      check,
      'JOURNAL_UNAVAILABLE',
      `${path} is not there`,
      'Put the disk back, or enrol afresh in an empty data folder.',
    );
  }
  const store = openHubStore(path, enrolled.hub, { readonly: true });
  try {
    const verdict = await verifyStore(store, { witnessKeys: await witnessKeysOf(store) });
    if (!verdict.ok) return failBy(check, new Fault(verdict.code, verdict.detail ?? {}));
    const { from, to, witness } = verdict.value;
    const acked = store.trust.number('acked');
    const says = `entries ${from} to ${to} are whole and in order; countersigned head: ${witness}; the cloud has ${acked}`;
    if (to - acked > mostWaiting && given(status)?.online !== false) {
      return warn(check, says, 'Look again in a minute; when it does not go up, ask the operator.');
    }
    return ok(check, says);
  } catch (error) {
    return failBy(check, error);
  } finally {
    store.close();
  }
}
