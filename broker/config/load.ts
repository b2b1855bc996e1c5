/** Reads and checks a broker's configuration: file, then flags, then defaults. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { BrokerConfig } from './schema.ts';

/**
 * Checks a configuration and fills in what is left out. Unknown keys are refused.
 * @returns the frozen configuration
 * @throws Fault CONFIG_INVALID with the first key that does not fit
 */
export function parseConfig(input: unknown): BrokerConfig {
  const result = v.safeParse(BrokerConfig, input);
  if (result.success) return Object.freeze(result.output);
  const issue = result.issues[0];
  throw new Fault('CONFIG_INVALID', { key: v.getDotPath(issue) ?? '', reason: issue.message });
}

/**
 * @param path  JSON file, or undefined for none
 * @param flags  what was named on the command line: it wins over the file
 * @throws Fault CONFIG_MISSING, CONFIG_INVALID
 */
export async function loadConfig(
  path: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Promise<BrokerConfig> {
  if (path === undefined) return parseConfig(flags);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new Fault('CONFIG_MISSING', { file: path }, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { file: path, reason: 'no JSON' }, { cause });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Fault('CONFIG_INVALID', { file: path, reason: 'no object' });
  }
  return parseConfig({ ...json, ...flags });
}
