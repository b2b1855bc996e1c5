/** The scripts of a page, by Vite: one to begin with, and the parts that are loaded later, each named after its content. */
import { dirname, resolve } from 'node:path';
import type { InlineConfig, Rolldown } from 'vite';
import { Fault } from '../../wire/faults.ts';

export interface Script {
  /** Name and hash; that of a worker has none. */
  readonly name: string;
  readonly code: string;
  /** The one that the page begins with. */
  readonly isEntry: boolean;
  /** Parts that it needs before it runs. */
  readonly needs: readonly string[];
}

/** Browsers that are a year or two behind. */
export const target = ['es2023', 'chrome120', 'safari17', 'firefox130'];

/** What building and developing have in common: nothing is read from a file of settings or from the environment. */
export const shared = {
  configFile: false,
  envDir: false,
  publicDir: false,
  logLevel: 'silent',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
} as const satisfies InlineConfig;

/** `[hash]` is of the content of a part and of all that it names. */
const hashed = '[name]-[hash:16].js';

/**
 * @param define  constants of a worker: it is one script, and keeps its name
 * @throws Fault INTERNAL where the page would import a module of Node. The wire files share a folder with what only runs there.
 */
export async function bundle(entry: string, define?: Readonly<Record<string, string>>): Promise<readonly Script[]> {
  const isWorker = define !== undefined;
  // Whoever serves what was built before does without.
  const { build } = await import('vite');
  const [made] = (await build({
    ...shared,
    root: dirname(resolve(entry)),
    ...(isWorker && { define }),
    build: {
      write: false,
      target,
      // As a library: an application would carry Vite's own loader of parts, 2 kB. The index asks for what is needed at once (`build.ts`).
      lib: { entry: resolve(entry), formats: ['es'] },
      rolldownOptions: {
        // What a later part shares with the first stays in the first.
        preserveEntrySignatures: false,
        external: /^node:/,
        treeshake: { moduleSideEffects: (id) => !id.startsWith('node:') },
        output: {
          entryFileNames: isWorker ? '[name].js' : hashed,
          chunkFileNames: hashed,
          hashCharacters: 'hex',
          comments: { legal: true },
          minify: true,
          ...(isWorker && { codeSplitting: false }),
        },
      },
    },
  })) as Rolldown.RolldownOutput[];
  return made!.output.map((one) => {
    if (one.type !== 'chunk')
      throw new Fault('INTERNAL', { why: 'a page is made of scripts alone', found: one.fileName });
    // The list of imports names those, too, of which nothing is left.
    const [left] = /\b(?:from|import)\s*\(?["'`]node:[a-z/]+/.exec(one.code) ?? [];
    if (left !== undefined) throw new Fault('INTERNAL', { why: 'the page would import a module of Node', found: left });
    return { name: one.fileName, code: one.code, isEntry: one.isEntry, needs: one.imports };
  });
}
