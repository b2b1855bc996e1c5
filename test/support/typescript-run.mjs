/** Runs the scripts that hold the compiled tree and the libraries: each module of one when it is first asked for. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';
import { Script } from 'node:vm';

const require = createRequire(import.meta.url);
const opened = new Map();
/** Held, because Node holds a map of sources as long as somebody holds the module that it belongs to. */
const mapped = [];

/** What loads so much that V8's work on it serves every other process. */
const large = 'test/support/rig.ts';

/** @param file  the script @param name  of a module in it: its path in the tree, or a library's name @returns what it exports */
export function moduleOf(file, name) {
  let script = opened.get(file);
  if (script === undefined) opened.set(file, (script = open(file)));
  if (name === large) script.isLarge = true;
  return script.modules[name]();
}

function open(file) {
  const kept = `${file}.${v8.cachedDataVersionTag()}`;
  const cachedData = read(kept);
  const script = new Script(`(function (exports, require, moduleOf, scriptUrl) {${readFileSync(file, 'latin1')}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  if (process.sourceMapsEnabled !== false) mapSources(file);
  const made = { modules: undefined, isLarge: false };
  if (cachedData === undefined || script.cachedDataRejected) {
    process.on('exit', () => [...opened.values()].some(({ isLarge }) => isLarge) && keep(kept, script));
  }
  const exports = {};
  script.runInThisContext()(exports, require, moduleOf, pathToFileURL(file).href);
  made.modules = exports.modules;
  return made;
}

/** Node reads the map of a script's sources for modules only: so it is given an empty one of the same name. */
function mapSources(file) {
  const empty = new Module(file);
  empty.filename = file;
  empty.paths = [dirname(file)];
  empty._compile(`//# sourceMappingURL=${file}.map`, file);
  mapped.push(empty);
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function keep(file, script) {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, script.createCachedData());
    renameSync(draft, file);
  } catch {
    // The next process does without, too.
  }
}
