import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { faults } from '../../../wire/faults.ts';
import { rootSetHash } from '../../../wire/issuer-set.ts';
import { evidenceOf } from '../../support/evidence.ts';
import { newCast } from '../../support/keys.ts';
import { doorward } from '../../support/program.ts';

const pack = await evidenceOf(await newCast());
const folder = t.testdir();
const file = join(folder, 'delivery.json');
writeFileSync(file, JSON.stringify(pack));

t.test('S086: says what is proven, what is not, and by whose signature', async (t) => {
  const root = rootSetHash(pack.roots[0]!);
  const ran = await doorward('evidence', 'verify', file, '--root', root);
  t.equal(ran.exit, 0, ran.said);
  t.match(ran.out, /every signature holds/);
  t.match(ran.out, /somebody who had the code; 1 wrong codes/);
  t.match(ran.out, /Not proven:\n {2}what was in the parcel: nobody looked/, 'T30');
  t.match(ran.out, `${root}, as you gave it`);
  const json = await doorward('evidence', 'verify', file, '--json');
  t.match(JSON.parse(json.out), { ok: true, receipt: { end: 'handed-over' }, rootHash: root });
});

t.test('says in its exit code, too, what is wrong with a file', async (t) => {
  const altered = join(folder, 'altered.json');
  writeFileSync(altered, JSON.stringify({ ...pack, acts: [] }));
  const half = join(folder, 'half.json');
  writeFileSync(half, JSON.stringify(pack).slice(0, 900));
  for (const [code, args] of [
    ['EVIDENCE_ALTERED', [altered]],
    ['EVIDENCE_MALFORMED', [half]],
    ['EVIDENCE_OTHER_ROOT', [file, '--root', rootSetHash('another')]],
    ['USAGE', [file, '--root', 'x']],
    ['USAGE', []],
    ['NOT_FOUND', [join(folder, 'none.json')]],
  ] as const) {
    const ran = await doorward('evidence', 'verify', ...args);
    t.equal(ran.exit, faults[code].exit, `${code}: ${ran.said}`);
    t.equal(ran.out, '', 'and says nothing that could be taken for a result');
  }
});
