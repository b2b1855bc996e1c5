/**
 * Before tap's own: its loader that notes for the coverage what each process loads is left out where there is no coverage (.taprc). It
 * takes a process a sixth of its start, and nobody reads the notes.
 */
const Module = require('node:module');

const { register } = Module;

if (process.env._TAPJS_PROCESSINFO_COVERAGE_ === '0') {
  Module.register = (specifier, ...more) => {
    if (!String(specifier).includes('@tapjs/processinfo')) register(specifier, ...more);
  };
}
