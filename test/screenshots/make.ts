/**
 * Makes pictures of every screen: runs each test that photographs its page, puts what comes out in order, and makes the few small
 * ones that README and docs show.
 *
 * `npm run screenshots [-- FOLDER [WORD...]]`: only tests whose path has one of the words. Wants Chromium, ffmpeg and `@napi-rs/canvas`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { photographers } from './photographers.ts';
import { sheetOf } from './sheet.ts';
import { shown, shrink } from './shown.ts';

const root = resolve(import.meta.dirname, '../..');
const [folder = 'data/screenshots', ...words] = process.argv.slice(2);
const into = resolve(folder);

const files = photographers(root).filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
rmSync(into, { recursive: true, force: true });
mkdirSync(into, { recursive: true });
process.stdout.write(`${files.join('\n')}\n`);

/** One after the other: pictures are of pages that have the machine for themselves. */
const code = await new Promise<number>((done) => {
  const env = { ...process.env, DOORWARD_SCREENSHOTS: into };
  const tap = spawn('npx', ['tap', 'run', '--jobs=1', ...files], { cwd: root, env, stdio: 'inherit' });
  tap.once('exit', (ended) => done(ended ?? 1));
});

const pictures = readdirSync(into).filter((name) => name.endsWith('.png'));
writeFileSync(join(into, 'index.html'), sheetOf(pictures));
process.stdout.write(`${pictures.length} pictures in ${into}, all on one page: index.html\n`);
for (const { from, to, width } of shown) {
  const picture = join(into, from);
  if (!existsSync(picture)) process.stdout.write(`${to} stays as it was: nobody made ${from}\n`);
  else await shrink(picture, join(root, to), width);
}
process.exitCode = code;
