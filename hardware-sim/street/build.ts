/** Builds the page of the street: one script, one style. Part of `npm run build`; the program itself never runs it. */
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

/** @param source  folder of the page @param into  emptied first */
export async function buildStreetPage(source: string, into: string): Promise<void> {
  await build({
    ...{ configFile: false, envDir: false, publicDir: false, logLevel: 'silent', root: resolve(source) },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      ...{ outDir: resolve(into), emptyOutDir: true },
      target: ['es2023', 'chrome120', 'safari17', 'firefox130'],
      lib: { entry: resolve(source, 'main.tsx'), formats: ['es'], fileName: () => 'main.js' },
      rolldownOptions: { output: { minify: true, codeSplitting: false } },
    },
  });
  for (const name of ['index.html', 'style.css', 'icon.svg']) await copyFile(join(source, name), join(into, name));
}

// `node dist/hardware-sim/street/build.js` in the root of the source tree
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  void buildStreetPage(resolve('hardware-sim/street/page'), resolve('dist/hardware-sim/street/page'));
}
