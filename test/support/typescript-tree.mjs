/**
 * The compiled tree: everything but the tests in one script, the libraries in another, each under a name made of what it was made from.
 * Whether it still fits is seen by the date and size of each file, so that a process that starts reads none of them.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Of the tree; ends in a slash. */
export const root = join(import.meta.dirname, '..', '..') + sep;
export const kept = join(root, 'node_modules', '.cache', 'typescript');

/** Libraries of hundreds of small files, each of which costs a process its time. The first is asked for by others. */
export const libraries = [
  ...['reflect-metadata', '@fastify/swagger', '@fastify/websocket', '@peculiar/x509', '@simplewebauthn/server'],
  ...['@simplewebauthn/server/helpers', '@valibot/to-json-schema', 'aedes', 'fast-check', 'fastify', 'jackspeak', 'jose'],
  ...['kysely', 'mqtt', 'nodemailer', 'rrule-temporal', 'tap', 'tweetnacl', 'uqr', 'valibot', 'web-push'],
];

const howAlone = {
  ...{ target: 'node20', charset: 'ascii', logLevel: 'silent', tsconfigRaw: {} },
  ...{ format: 'esm', sourcemap: 'inline', sourcesContent: false },
};

/**
 * @returns `tree` and `libs`: files of the scripts; `names` and `libNames`: of each module in them, what it exports. Compiles what has
 * changed; of several processes, one.
 */
export async function openTree() {
  const note = join(kept, `noted-${digest(root)}.json`);
  const found = readJson(note);
  if (found !== undefined && isFresh(found)) return found;
  mkdirSync(kept, { recursive: true });
  const unlock = await lock(`${note}.lock`);
  try {
    const meanwhile = readJson(note);
    if (meanwhile !== undefined && isFresh(meanwhile)) return meanwhile;
    const { compileTree } = await import('./typescript-compile.mjs');
    const made = await compileTree(howAlone);
    keep(note, JSON.stringify(made));
    return made;
  } finally {
    unlock();
  }
}

/** @returns the compiled text of a `.ts` file, with its map in its last line */
export async function compiledAlone(path) {
  const text = readFileSync(path, 'utf8');
  const file = aloneFile(path, text);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { transform } = await import('esbuild');
  const { code } = await transform(text, { ...howAlone, loader: 'ts', sourcefile: path });
  keep(file, code);
  return code;
}

export const aloneFile = (path, text) => join(kept, `${digest(howAlone, path, text)}.mjs`);

/** A module with the names of one that is part of a script. Any word may be such a name, `enum` too. */
export function namesOf(script, name, names) {
  const list = names.map((one, n) => `const name${n} = all.${one}; export { name${n} as ${one} };`);
  return `const all = moduleOf(${JSON.stringify(script)}, ${JSON.stringify(name)});\n${list.join('\n')}`;
}

/** What tells a file from an earlier one of its name. */
export function stampOf(name) {
  const { mtimeMs = 0, size = -1 } = statSync(root + name, { throwIfNoEntry: false }) ?? {};
  return [name, mtimeMs, size];
}

function isFresh({ stamps, tree, libs }) {
  const isSame = ([name, mtimeMs, size]) => {
    const found = statSync(root + name, { throwIfNoEntry: false });
    return found?.mtimeMs === mtimeMs && found.size === size;
  };
  return stamps.every(isSame) && existsSync(tree) && existsSync(libs);
}

export function digest(...parts) {
  const hash = createHash('sha1');
  for (const one of parts) hash.update(typeof one === 'string' ? one : JSON.stringify(one)).update('\0');
  return hash.digest('hex');
}

export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whole or not at all: several processes may make the same file at the same time. */
export function keep(file, text) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

/** Waits while another process compiles; not for ever. @returns what ends it */
async function lock(file) {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(30)) {
    try {
      closeSync(openSync(file, 'wx'));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const madeMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - madeMs > 60_000) rmSync(file, { force: true });
    }
  }
  return () => rmSync(file, { force: true });
}
