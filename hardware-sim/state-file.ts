/** What simulated devices remember without power: one JSON file, a name each, or memory alone. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { Fault } from '../wire/faults.ts';

const fileSchema = v.pipe(
  v.unknown(),
  v.check((read) => !Array.isArray(read)),
  v.record(v.string(), v.unknown()),
);

export class StateFile {
  readonly #path: string | undefined;
  readonly #all: Record<string, unknown>;

  /** @param path  absent: nothing outlives the process @throws Fault CONFIG_INVALID when the file is not one of these */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#all = path !== undefined && existsSync(path) ? read(path) : {};
  }

  /** @returns undefined for a device that was never seen @throws Fault CONFIG_INVALID when it does not fit */
  get<S extends v.GenericSchema>(name: string, schema: S): v.InferOutput<S> | undefined {
    if (this.#all[name] === undefined) return undefined;
    const parsed = v.safeParse(schema, this.#all[name]);
    if (!parsed.success) throw damaged(parsed.issues[0].message);
    return parsed.output;
  }

  /** On disk when this returns; a process that dies meanwhile leaves the file as it was before. */
  set(name: string, remembered: unknown): void {
    this.#all[name] = remembered;
    if (this.#path === undefined) return;
    mkdirSync(dirname(this.#path), { recursive: true });
    const next = `${this.#path}.next`;
    writeFileSync(next, JSON.stringify(this.#all), { mode: 0o600 });
    chmodSync(next, 0o600);
    renameSync(next, this.#path);
  }
}

const damaged = (cause: unknown): Fault =>
  new Fault('CONFIG_INVALID', { at: 'state', problem: 'not a state file of the simulator' }, { cause });

function read(path: string): Record<string, unknown> {
  try {
    return v.parse(fileSchema, JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw damaged(cause);
  }
}
