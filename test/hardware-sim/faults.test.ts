import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { airFaultSchema } from '../../hardware-sim/air/faults.ts';
import { cameraFaultSchema, doorFaultSchema, lineFaultSchema } from '../../hardware-sim/faults.ts';
import { nukiFaultSchema } from '../../hardware-sim/nuki/faults.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
type Schema =
  | typeof doorFaultSchema
  | typeof lineFaultSchema
  | typeof cameraFaultSchema
  | typeof nukiFaultSchema
  | typeof airFaultSchema;
const names = (schema: Schema): string[] => schema.options.map((option) => option.entries.fault.literal);

const cameraTests = ['exposures', 'damage', 'process', 'vc0706/serial'].map(
  (one) => `test/hardware-sim/camera/${one}.test.ts`,
);

t.test('every fault is explained, and turned by a test that names it', async (t) => {
  const readme = read('hardware-sim/README.md');
  const tests = {
    door: read('test/hardware-sim/door/door.test.ts') + read('test/hardware-sim/door/bolt.test.ts'),
    line: read('test/hardware-sim/osdp/line-faults.test.ts'),
    camera: cameraTests.map(read).join(''),
    nuki: read('test/hardware-sim/nuki/faults.test.ts'),
    air: read('test/hardware-sim/home-air.test.ts'),
  };
  for (const name of names(doorFaultSchema)) {
    t.ok(readme.includes(`| \`${name}\` |`), `${name} is in the table`);
    t.ok(tests.door.includes(`fault: '${name}'`), `${name} is turned`);
  }
  for (const name of names(lineFaultSchema)) {
    t.ok(readme.includes(`| \`${name}\` |`), `${name} is in the table`);
    t.ok(tests.line.includes(`fault: '${name}'`), `${name} is turned`);
  }
  for (const name of names(cameraFaultSchema)) {
    t.ok(readme.includes(`| \`${name}\` |`), `${name} is in the table`);
    t.ok(tests.camera.includes(`fault: '${name}'`), `${name} is turned`);
  }
  for (const name of names(nukiFaultSchema)) {
    t.ok(readme.includes(`| \`${name}\` |`), `${name} is in the table`);
    t.ok(tests.nuki.includes(`fault: '${name}'`), `${name} is turned`);
  }
  for (const name of names(airFaultSchema)) {
    t.ok(readme.includes(`| \`${name}\` |`), `${name} is in the table`);
    t.ok(tests.air.includes(`fault: '${name}'`), `${name} is turned`);
  }
});

t.test('the table explains no fault that does not exist', async (t) => {
  const section = read('hardware-sim/README.md').split('## What can go wrong')[1]!.split('\n## ')[0]!;
  const told = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]!);
  const schemas = [doorFaultSchema, lineFaultSchema, cameraFaultSchema, nukiFaultSchema, airFaultSchema];
  const all = schemas.flatMap(names);
  t.strictSame(told.sort(), all.sort());
});
