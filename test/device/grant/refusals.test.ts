import t from 'tap';
import { decideGrant } from '../../../device/grant/decide.ts';
import { faults } from '../../../wire/faults.ts';
import { newCast } from '../../support/keys.ts';
import { clockRows } from './rows/clocks.ts';
import { askCase, autoCase, decisionRows, guestCase } from './rows/decisions.ts';
import { documentRows } from './rows/documents.ts';
import { knockRows, knockScene } from './rows/knocks.ts';

const cast = await newCast();
const rows = [...decisionRows(cast), ...knockRows(cast), ...documentRows(cast), ...clockRows(cast)];

t.test('the good cases are good, so that a row changes exactly one thing', async (t) => {
  for (const make of [autoCase, askCase, guestCase]) {
    const { bundle, context } = await make(cast);
    const decided = await decideGrant(bundle, context);
    t.ok(decided.ok, make.name);
  }
  const scene = await knockScene(cast);
  t.same((await scene.decide(await scene.knock())).verdict.ok, true);
});

t.test('each wrong thing is refused with its own code', async (t) => {
  for (const { code, says, attempt } of rows) {
    const verdict = await attempt();
    t.equal(verdict.ok ? 'accepted' : verdict.code, code, `${says}: ${code}`);
  }
});

t.test('every code of a decision is reached by a row', async (t) => {
  const families = /^(GRANT|RULE|ASSIGNMENT|APPROVAL|KNOCK|GUEST|CLOCK|RETENTION)_/;
  const reached = new Set<string>(rows.map(({ code }) => code));
  for (const code of Object.keys(faults)) if (families.test(code)) t.ok(reached.has(code), code);
});
