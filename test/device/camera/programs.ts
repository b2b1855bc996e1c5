/** Programs that stand for a camera in tests: real child processes, each a few lines for Node. */
import { grayJpeg } from './jpegs.ts';

type Command = [string, ...string[]];

/** @returns a command that runs `code`, in which `jpeg(n)` gives 64 different JPEGs and `out`, `raw` write to descriptors 1 and 3 */
export function program(code: string): Command {
  // Its two bytes of picture data are the last ones before FF D9; a command line has no room for 64 pictures.
  const first = Buffer.from(grayJpeg(0)).toString('base64');
  const prelude = `
    const fs = require('node:fs');
    const first = Buffer.from('${first}', 'base64');
    const jpeg = (n) => {
      const one = Buffer.from(first);
      one.writeUInt16BE(((1024 + (n % 64)) << 4) | 7, one.length - 4);
      return one;
    };
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
