import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { typescript } from '../../support/node.ts';
import type { DaysPlayed } from './days.ts';

const wanted = process.env.DOORWARD_LONG === '1' ? 200_000 : 10_000;

t.test(
  'S022 S024: 10,000 delivery days: never a moment too late, never of another attempt, right until the last moment',
  async (t) => {
    // What watches over tests takes twice the time of what is tested: in a process of its own it does not.
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [typescript, join(import.meta.dirname, 'days.ts'), String(wanted)]);
    const { days, seen, wrong } = JSON.parse(stdout) as DaysPlayed;
    t.same(wrong.slice(0, 10), []);
    t.ok(days >= wanted, `${days} days`);
    const { right = 0, CODE_EXPIRED = 0, CODE_WRONG = 0 } = seen;
    t.ok(right >= wanted && CODE_EXPIRED > wanted && CODE_WRONG > wanted / 10, JSON.stringify(seen));
  },
);
