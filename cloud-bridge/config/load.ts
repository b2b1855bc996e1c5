/** Reads and checks the configuration: file, then flags, then defaults. The only place that reads the environment. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { CloudConfig } from './schema.ts';

/** The flag, else `DOORWARD_CLOUD_CONFIG`, else none. */
export const configPath = (flag: string | undefined): string | undefined => flag ?? process.env.DOORWARD_CLOUD_CONFIG;

/**
 * Checks a configuration and fills in what is left out. Unknown keys are refused.
 * @returns the frozen configuration
 * @throws Fault CONFIG_INVALID with the first key that does not fit
 */
export function checkConfig(input: unknown): CloudConfig {
  const result = v.safeParse(CloudConfig, input);
  if (result.success) return Object.freeze(result.output);
  const issue = result.issues[0];
  throw new Fault('CONFIG_INVALID', { setting: v.getDotPath(issue) ?? '', why: issue.message });
}

/**
 * @param path   JSON file, or undefined for none
 * @param flags  what was named on the command line: it wins over the file
 * @throws Fault CONFIG_MISSING, CONFIG_INVALID
 */
export async function loadConfig(
  path: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Promise<CloudConfig> {
  if (path === undefined) return checkConfig(flags);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new Fault('CONFIG_MISSING', { path }, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { path, why: 'no JSON' }, { cause });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Fault('CONFIG_INVALID', { path, why: 'no object' });
  }
  return checkConfig({ ...json, ...flags });
}
