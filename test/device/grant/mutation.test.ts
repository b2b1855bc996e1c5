import t from 'tap';
import { type Check, grantChecks, ruleChecks } from '../../../device/grant/allow.ts';
import type { FaultCode } from '../../../wire/faults.ts';
import { newCast } from '../../support/keys.ts';
import { decisionRows } from './rows/decisions.ts';

const cast = await newCast();
const rows = decisionRows(cast);

/** How many of the rows with this code get another answer. */
async function wrongAnswers(code: FaultCode): Promise<number> {
  let wrong = 0;
  for (const { attempt } of rows.filter((row) => row.code === code)) {
    const verdict = await attempt();
    if (verdict.ok || verdict.code !== code) wrong++;
  }
  return wrong;
}

t.test('T40: without any one of its checks the hub lets something through that a test forbids', async (t) => {
  for (const checks of [grantChecks, ruleChecks] as unknown as Check<unknown>[][]) {
    for (const [index, check] of [...checks].entries()) {
      t.equal(await wrongAnswers(check.code), 0, `with ${check.code} (${index})`);
      checks.splice(index, 1);
      t.not(await wrongAnswers(check.code), 0, `without ${check.code} (${index})`);
      checks.splice(index, 0, check);
    }
  }
});
