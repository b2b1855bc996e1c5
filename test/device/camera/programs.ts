/** Programs that stand for a camera in tests: real child processes, each a few lines for Node. */
import { grayJpeg } from './jpegs.ts';

type Command = [string, ...string[]];

/** @returns a command that runs `code`, in which `jpeg(n)` gives different JPEGs and `out`, `raw` write to descriptors 1 and 3 */
export function program(code: string): Command {
  const made = Array.from({ length: 64 }, (_, gray) => Buffer.from(grayJpeg(gray)).toString('base64'));
  const prelude = `
    const fs = require('node:fs');
    const jpegs = ${JSON.stringify(made)}.map((one) => Buffer.from(one, 'base64'));
    const jpeg = (n) => jpegs[n % 64];
    const out = (bytes) => fs.writeSync(1, bytes);
    const raw = (bytes) => fs.writeSync(3, bytes);
    for (const name of ['uncaughtException']) process.on(name, () => process.exit(7));
  `;
  return [process.execPath, '-e', `${prelude}\n${code}`];
}

/** Writes a new picture every 20 ms, and with it a raw frame of 16x16 that is as new. */
export const livingCamera = (options: { readonly raw?: boolean } = {}): Command =>
  program(`
    let n = 0;
    setInterval(() => {
      ${options.raw ? 'raw(Buffer.alloc(256, n).fill(n >> 8, 0, 1));' : ''}
      out(jpeg(n));
      n += 1;
    }, 20);
  `);
