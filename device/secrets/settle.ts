/** What a starting hub does with its secrets before it reads them. */
import { Fault } from '../../wire/faults.ts';
import type { Log } from '../log.ts';
import type { KeptBy, Secrets } from './secrets.ts';

/**
 * Seals what is not sealed yet, or not as well as it could be. A disk that refuses it keeps nobody from starting: the doors are locked
 * all the same (R7), and the log and the status say how the secrets lie.
 * @returns undefined for a store without a key of its own
 * @throws Fault SECRETS_KEY_MISSING, SECRETS_KEY_WRONG, SECRETS_DAMAGED
 */
export async function settleSecrets(secrets: Secrets, log: Pick<Log, 'secretsUnsettled'>): Promise<KeptBy | undefined> {
  try {
    await secrets.takeOver?.();
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'SECRET_MISSING') throw error;
    const { why = '' } = error.detail;
    log.secretsUnsettled({ code: error.code, why });
  }
  return secrets.keptBy?.();
}
