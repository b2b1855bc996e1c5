import t from 'tap';
import { faults } from '../../wire/faults.ts';
import { surfaceNames, surfaces, unreached } from './surfaces.ts';

t.test('every refusal is reached by a surface, or it is said why no message can', async (t) => {
  const reached = new Set<string>();
  for (const name of surfaceNames) for (const code of (await surfaces[name].load()).codes) reached.add(code);
  for (const code of Object.keys(faults)) {
    const isNamed = code in unreached;
    t.ok(reached.has(code) !== isNamed, `${code} is ${isNamed ? 'both' : 'neither'} reached and excused`);
  }
  const unknown = [...reached, ...Object.keys(unreached)].filter((code) => !(code in faults));
  t.same(unknown, []);
});
