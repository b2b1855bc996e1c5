/** Changes the configuration file as a whole: checked before it is written, never half of it. */
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Fault } from '../../wire/faults.ts';
import { checkConfig, loadConfig } from './load.ts';
import type { HubConfig } from './schema.ts';

/** The file as it was written: paths and what was left out stay as they are. */
export interface ConfigText {
  readonly path: string;
  readonly text: string;
  /** As written; its schema holds. */
  readonly json: { readonly doors: readonly { readonly name: string }[] };
  readonly config: HubConfig;
}

/** @throws Fault CONFIG_MISSING, CONFIG_INVALID */
export function readConfigText(path: string): ConfigText {
  const config = loadConfig(path);
  const text = readFileSync(path, 'utf8');
  return { path, text, config, json: JSON.parse(text) as ConfigText['json'] };
}

/** The same with other doors, checked against the schema. Nothing is written. @throws Fault CONFIG_INVALID */
export const checkDoors = (before: ConfigText, doors: readonly object[]): HubConfig =>
  checkConfig({ ...before.json, doors }, dirname(resolve(before.path)));

/**
 * Writes the same with other doors; owner and mode stay. On the disk when it returns.
 * @throws Fault CONFIG_INVALID when it does not fit its schema; CONFIG_UNSAVED when somebody changed the file meanwhile, or the disk refuses it
 */
export function writeDoors(before: ConfigText, doors: readonly object[]): HubConfig {
  const config = checkDoors(before, doors);
  const path = realpathSync(before.path);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const { mode, uid, gid } = statSync(path);
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(file, `${JSON.stringify({ ...before.json, doors }, null, 2)}\n`);
      fchmodSync(file, mode & 0o777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (process.geteuid?.() === 0) chownSync(draft, uid, gid);
    if (readFileSync(path, 'utf8') !== before.text)
      throw new Fault('CONFIG_UNSAVED', { path, why: 'it was changed meanwhile' });
    renameSync(draft, path);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
    return config;
  } catch (cause) {
    rmSync(draft, { force: true });
    if (cause instanceof Fault) throw cause;
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Fault('CONFIG_UNSAVED', { path, why }, { cause });
  }
}
