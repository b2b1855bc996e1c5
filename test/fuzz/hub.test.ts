import t from 'tap';
import { fuzzHub } from './hub/fuzz.ts';
import { judge } from './report.ts';

const count = 900;

t.test(
  'T13: changed messages break nothing in a whole hub, move no bolt and leave few words in its journal',
  async (t) => {
    const report = await fuzzHub({ seed: 20_261_121, count });
    t.same(judge(report, count), []);
    t.equal(report.outputs, 0);
    t.ok((report.accepted ?? 0) > 0, 'some changes are harmless');
    // Rarer ones are for the long run: ids and keys are drawn anew each time.
    const often = [
      'MESSAGE_MALFORMED',
      'MESSAGE_TOO_BIG',
      'OWNER_MISSING',
      'HANDOVER_CLOSED',
      'HANDOVER_NOT_GENUINE',
      'HUB_UNWITNESSED',
      'VISIT_UNKNOWN',
      'VISIT_ENDED',
      'DOOR_BUSY',
      'GRANT_MALFORMED',
      'KNOCK_REPLAYED',
      'WITNESS_MALFORMED',
    ];
    for (const code of often) t.ok((report.refused[code] ?? 0) > 0, `${code}: ${report.refused[code] ?? 0}`);
  },
);
