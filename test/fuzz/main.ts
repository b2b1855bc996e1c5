/**
 * `npm run fuzz`: sends changed messages at every surface, each in a process of its own, two at a time, and judges what came of it.
 *
 *     npm run fuzz -- [--count 100000] [--seed N] [--only SURFACE] [--json]
 *
 * Ends with 1 when anything failed: a crash, an output on the serial line, memory that grew, a refusal that was hardly reached.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { typescript } from '../support/node.ts';
import type { ChildAnswer } from './child.ts';
import { judge, leastIn, warmCount } from './report.ts';
import { type SurfaceName, surfaceNames, surfaces } from './surfaces.ts';

const { values: flags } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  },
});
const count = Number(flags.count);
const chosen = surfaceNames.filter((name) => flags.only.length === 0 || flags.only.includes(name));
const atOnce = 2;
/** Stores on a disk of their own in memory: what is fuzzed is the hub, not this machine's disk. */
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

interface Judged {
  readonly name: SurfaceName;
  readonly answer: ChildAnswer | undefined;
  readonly wrong: readonly string[];
}

/** Runs one surface to its end in a process of its own. A process that dies is what we are looking for. */
function fuzz(name: SurfaceName): Promise<Judged> {
  const program = fileURLToPath(new URL('./child.ts', import.meta.url));
  // A young generation of one size: what it takes is no growth.
  const young = ['--min-semi-space-size=16', '--max-semi-space-size=16'];
  const args = ['--expose-gc', ...young, typescript, program, name, flags.seed, String(count)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      if (code !== 0) return resolve({ name, answer: undefined, wrong: [`the process ended with ${signal ?? code}`] });
      const answer = JSON.parse(said) as ChildAnswer;
      resolve({ name, answer, wrong: [...judge(answer.report, count, answer.memory), ...rare(answer)] });
    });
  });
}

function rare({ report, codes }: ChildAnswer): string[] {
  const least = leastIn(count);
  const often = (code: string): number => report.refused[code] ?? 0;
  return codes.filter((code) => often(code) < least).map((code) => `${code} only ${often(code)} times, not ${least}`);
}

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function print({ name, answer, wrong }: Judged): void {
  if (flags.json) return void process.stdout.write(`${JSON.stringify({ name, ...answer, wrong })}\n`);
  const lines = [`\n${name} - ${surfaces[name].says}`];
  if (answer !== undefined) {
    const { report, memory, tookMs, codes } = answer;
    const { sent, accepted, signedAgain, changed = sent, outputs } = report;
    lines.push(`  ${sent} messages in ${(tookMs / 1000).toFixed(0)} s`);
    if (signedAgain !== undefined) lines.push(`  ${signedAgain} of ${changed} signed again with good keys`);
    if (accepted !== undefined) lines.push(`  ${accepted} accepted: the change did no harm`);
    if (outputs !== undefined) lines.push(`  ${outputs} output commands on the serial line`);
    const early = memory.early === undefined ? '' : `${mib(memory.early)} after ${warmCount} messages, `;
    lines.push(`  resident ${early}${mib(memory.late)} at the end`);
    lines.push(`  ${codes.length} codes have to come up ${leastIn(count)} times each`);
    for (const [code, often] of Object.entries(report.refused).sort(([, a], [, b]) => b - a)) {
      lines.push(`    ${String(often).padStart(7)}  ${code}`);
    }
  }
  for (const what of wrong) lines.push(`  FAILED: ${what}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

const waiting = [...chosen];
const results: Judged[] = [];
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const result = await fuzz(name);
      results.push(result);
      print(result);
    }
  }),
);
const failed = results.filter(({ wrong }) => wrong.length > 0).map(({ name }) => name);
if (!flags.json) {
  const verdict = failed.length === 0 ? 'all held' : `FAILED: ${failed.join(', ')}`;
  process.stdout.write(`\nseed ${flags.seed}, ${count} messages each: ${verdict}\n`);
}
process.exitCode = failed.length > 0 || results.length === 0 ? 1 : 0;
