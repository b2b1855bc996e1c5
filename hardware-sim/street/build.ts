/** Builds the page of the street: one script, one style. Part of `npm run build`; the program itself never runs it. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** @param source  folder of the page @param into  emptied first */
export async function buildStreetPage(source: string, into: string): Promise<void> {
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  await build({
    entryPoints: [join(source, 'main.tsx')],
    outfile: join(into, 'main.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2023', 'chrome120', 'safari17', 'firefox130'],
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  });
  for (const name of ['index.html', 'style.css', 'icon.svg']) await copyFile(join(source, name), join(into, name));
}

// `node dist/hardware-sim/street/build.js` in the root of the source tree
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  void buildStreetPage(resolve('hardware-sim/street/page'), resolve('dist/hardware-sim/street/page'));
}
