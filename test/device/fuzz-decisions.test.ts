import t from 'tap';
import { faults } from '../../wire/faults.ts';
import { decisionFamilies, fuzzDecisions } from './fuzz-decisions.ts';

const count = 5000;

t.test('T13: mutated messages break no decision and open nothing that the policy forbids', async (t) => {
  const report = await fuzzDecisions({ seed: 20_261_121, count });
  t.same(report.violations, []);
  t.equal(report.sent, count);
  t.ok(report.signedAgain * 2 >= count, `${report.signedAgain} were signed again`);
  t.ok(report.accepted > 0, 'some changes are harmless');
  for (const code of Object.keys(faults).filter((code) => decisionFamilies.test(code))) {
    t.ok((report.refused[code] ?? 0) > 0, `${code}: ${report.refused[code] ?? 0}`);
  }
});
