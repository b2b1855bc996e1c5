import t from 'tap';
import { cloudFuzzMoves, cloudFuzzReaches, fuzzCloud } from './fuzz.ts';

// Every kind of message a few times.
const count = cloudFuzzMoves * 4;

t.test('T13: mutated requests, documents and payloads are refused by their codes and break nothing', async (t) => {
  const report = await fuzzCloud({ seed: 20_261_121, count });
  t.same(report.violations, []);
  t.equal(report.sent, count);
  t.ok(report.signedAgain * 2 >= count, `${report.signedAgain} were signed again`);
  t.ok(report.accepted > 0, 'some changes are harmless');
  for (const code of cloudFuzzReaches) t.ok((report.refused[code] ?? 0) > 0, `${code}: ${report.refused[code] ?? 0}`);
});
