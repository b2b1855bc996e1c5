/**
 * Lets Node run the TypeScript of this tree: `node --import=./test/support/typescript.mjs FILE.ts`. What was compiled once is kept by
 * its content, so that a process starts in half the time that a general loader takes; the tests start more than six hundred.
 */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);

// Without coverage (.taprc), the programs that a test starts have no use for what tap would load into each of them.
if (process.env._TAPJS_PROCESSINFO_COVERAGE_ === '0') {
  const { default: onSpawn } = await import('process-on-spawn');
  onSpawn.removeAllListeners();
}
