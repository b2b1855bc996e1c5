import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import t from 'tap';
import { pathsOf, prepareStreet } from '../../hardware-sim/start/settings.ts';
import { typescript } from '../support/node.ts';

t.setTimeout(240_000);

const program = resolve(import.meta.dirname, '../../hardware-sim/cli/start.ts');

interface Ended {
  readonly code: number;
  readonly lines: readonly Record<string, unknown>[];
  readonly stderr: string;
}

/** `npm start -- --once` on this folder, to its end. */
const startOnce = (data: string): Promise<Ended> =>
  new Promise((done) => {
    const args = [typescript, program, '--once', '--json', '--data', data];
    const child = execFile(process.execPath, args, { maxBuffer: 16 << 20 }, (_, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      done({ code: child.exitCode ?? -1, lines: lines.map((line) => JSON.parse(line)), stderr });
    });
  });

t.test('a street that was set up before comes up again, and plays the next delivery', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'doorward-start-'));
  t.teardown(() => rmSync(data, { recursive: true, force: true }));
  // A quick door on a quick line; all else as a first start finds it.
  await prepareStreet(pathsOf(data), {
    usual: { door: { unlockForMs: 5_000, stillMs: 50 }, nuki: { leafMs: 40, boltMs: 100 } },
  });
  const enrolments = ({ lines }: Ended): number => lines.filter(({ who }) => who === 'installer').length;
  for (const [turn, steps] of [2, 0].entries()) {
    const ended = await startOnce(data);
    t.equal(ended.code, 0, `run ${turn + 1} ends 0`) || t.comment(ended.stderr);
    t.match(ended.lines.at(-1), { line: 'end', outcome: 'completed', proof: 'secured' });
    const told = ended.lines.filter(({ what }) =>
      /mailbox of the street is at http:\/\/127\.0\.0\.1:\d+\//.test(`${what}`),
    );
    t.equal(told.length, 1, 'it says where mail is read');
    t.equal(enrolments(ended), steps, 'what an installer does is done on the first run only');
  }
});
