/** A bell that a program hears: a line is a press. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { systemClock } from '../../../device/clock/clock.ts';
import { samePressMs } from '../../../device/doorbell/doorbell.ts';
import { processBell } from '../../../device/doorbell/process.ts';
import { until } from '../../support/until.ts';

/** @param script  what the program does; time passes for the bell as told */
function belled(t: Test, script: string) {
  const ends: string[] = [];
  const heard: number[] = [];
  let aheadMs = 0;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs };
  const command = [process.execPath, '-e', script] as const;
  const bell = processBell({ command, clock, random: () => 0, onEnd: ({ how }) => ends.push(how) });
  t.teardown(() => bell.close());
  bell.onPress((atMs) => heard.push(atMs));
  const pass = (ms: number): void => {
    aheadMs += ms;
  };
  return { bell, heard, ends, pass };
}

t.test('each line is a press, whatever it says; what comes with it is the same', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-bell-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const button = join(folder, 'button');
  writeFileSync(button, '');
  const script = `let n = 0; setInterval(() => {
    const size = require('fs').statSync(${JSON.stringify(button)}).size;
    if (size > n) { n = size; process.stdout.write('ring '); process.stdout.write('ring\\nring\\n'); }
  }, 5)`;
  const { bell, heard, ends, pass } = belled(t, script);
  bell.start();
  bell.start();
  for (const presses of [1, 2, 3]) {
    writeFileSync(button, `${readFileSync(button, 'utf8')}x`);
    await until('it is heard', () => heard.length >= presses);
    t.equal(heard.length, presses);
    pass(samePressMs);
  }
  t.same(ends, []);
});

t.test(
  'a program that ends is started again, one that is missing is tried again, and a closed bell starts none',
  async (t) => {
    const { bell, heard, ends, pass } = belled(t, `process.stdout.write('\\n')`);
    bell.start();
    await until('it rang', () => heard.length > 0);
    await until('it ended', () => ends.length > 0);
    pass(samePressMs);
    await until('it was started again, and rang', () => heard.length > 1);
    await bell.close();
    const missing: string[] = [];
    const none = processBell({
      command: ['/nowhere/bell'],
      clock: systemClock,
      random: () => 0,
      onEnd: (end) => missing.push(end.how === 'unstarted' ? end.reason : end.how),
    });
    none.start();
    await until('it was tried twice', () => missing.length > 1);
    await none.close();
    t.same([...new Set(missing)], ['missing']);
  },
);
