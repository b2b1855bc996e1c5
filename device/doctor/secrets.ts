/** Are the hub's keys there, and under what are they sealed? */
import { Fault } from '../../wire/faults.ts';
import { keySays } from '../secrets/secrets.ts';
import { type Facts, given } from './facts.ts';
import { type Finding, failBy, ok, warn } from './finding.ts';

export async function checkSecrets({ secrets, enrolment, keys, status }: Facts): Promise<Finding> {
  const check = 'secrets';
  try {
    const by = await secrets.keptBy();
    if (by === undefined && enrolment === undefined) return ok(check, 'none yet: enrolling makes them');
    const runs = given(status);
    const isOutside = keys instanceof Fault && keys.code === 'SECRETS_KEY_MISSING' && by === 'credential';
    if (isOutside && runs?.secrets === 'credential') {
      return ok(check, `sealed under ${keySays.credential}, which the running hub has and this command was not given`);
    }
    if (keys instanceof Fault) return failBy(check, keys);
    if (by === 'plain') {
      return warn(
        check,
        'not sealed: they are plain files of an older hub',
        'Restart the hub; its log says why when they stay.',
      );
    }
    return ok(check, by === undefined ? 'none yet' : `sealed under ${keySays[by]}`);
  } catch (error) {
    return failBy(check, error);
  }
}
