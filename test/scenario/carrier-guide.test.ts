import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';
import { pathsOf, prepareStreet } from '../../hardware-sim/start/settings.ts';
import { typescript } from '../support/node.ts';
import { until } from '../support/until.ts';

t.setTimeout(240_000);

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/api-for-carriers.md'), 'utf8');

interface Block {
  readonly language: string;
  readonly name: string | undefined;
  readonly text: string;
}

/** Blocks of code that say in which language they are. */
const blocks: readonly Block[] = [...guide.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(
  ([, language, name, text]) => ({ language: language!, name, text: text! }),
);
const named = (language: string, name: string): Block | undefined =>
  blocks.find((one) => one.language === language && one.name === name);

/** Runs a program of the guide, which imports the client as a carrier's would: by its name. */
const run = (
  file: string,
  cwd: string,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> =>
  new Promise((done) => {
    const child = execFile(
      process.execPath,
      ['-C', 'source', typescript, file],
      { cwd, timeout: 60_000 },
      (_, out, err) => done({ code: child.exitCode ?? -1, out, err }),
    );
  });

const words = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '));

t.test("the carrier's guide: every command and program in it runs, and prints what it says", async (t) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  t.same(
    blocks.filter(({ language }) => language === 'sh').map(({ text }) => text.trim()),
    ['npm start'],
  );
  const program = scripts.start?.replace(/^node dist\//, '').replace(/\.js$/, '.ts') ?? '';
  t.ok(existsSync(join(root, program)), 'it starts what is there');

  // In the tree, so that the programs find the client by the name of this package.
  mkdirSync(join(root, '.tap'), { recursive: true });
  const folder = mkdtempSync(join(root, '.tap', 'guide-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  // A quick door; all else as a first start finds it.
  await prepareStreet(pathsOf(join(folder, 'data')), {
    camera: false,
    strike: {
      door: { unlockForMs: 700, stillMs: 50 },
      simDoor: { leafMs: 40, latchMs: 20 },
      pollMs: 20,
      baudRate: 115_200,
    },
  });
  const street: ChildProcess = spawn(process.execPath, [typescript, join(root, program), '--no-page'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  street.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise<void>((done) => street.once('exit', () => done()));
  t.teardown(async () => {
    street.kill('SIGTERM');
    await ended;
  });
  await until('the street stays up', () => said.includes('The street stays up') || street.exitCode !== null, 120_000);
  t.match(said, /client of the sandbox for its developers, in \S+\/data\/people\/sandbox\.json/);

  const programs = blocks.filter(({ language }) => language === 'js');
  t.equal(programs.length, 3);
  for (const { name = '', text } of programs) {
    writeFileSync(join(folder, name), text);
    const ran = await run(name, folder);
    t.equal(ran.code, 0, `${name} ends well`) || t.comment(ran.err);
    // Messages of a webhook come in no promised order.
    t.same(words(ran.out).sort(), words(named('text', name)?.text ?? '').sort(), `${name} prints what the guide says`);
  }
});
