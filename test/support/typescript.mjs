/**
 * Lets Node run the TypeScript of this tree: `node --import=./test/support/typescript.mjs FILE.ts`. The whole tree is compiled into one
 * script, the libraries into another; both are kept, with what V8 made of them. A process that starts takes a quarter of the time that
 * a general loader takes, and the tests start more than six hundred.
 */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);

// Without coverage (.taprc), the programs that a test starts have no use for what tap would load into each of them.
if (process.env._TAPJS_PROCESSINFO_COVERAGE_ === '0') {
  const { default: onSpawn } = await import('process-on-spawn');
  onSpawn.removeAllListeners();
}
