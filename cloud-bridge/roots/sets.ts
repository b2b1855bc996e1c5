/** The signed sets in force, as the service hands them to hubs. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../wire/faults.ts';
import {
  type IssuerKeys,
  type RootKeys,
  verifyFirstRootSet,
  verifyIssuerSet,
  verifyNextRootSet,
} from '../../wire/issuer-set.ts';

export interface SignedSet {
  readonly version: number;
  readonly text: string;
}

export interface SignedSets {
  /** Every root set from the first on, oldest first: a hub follows them one by one. */
  readonly rootSets: readonly SignedSet[];
  readonly issuerSet: SignedSet;
  readonly issuers: IssuerKeys;
}

export const rootSetFile = (version: number): string => `root-set.${version}.json`;
export const issuerSetFile = 'issuer-set.json';

/**
 * Reads and verifies the sets, so that a service with an expired or foreign set does not start.
 * @param folder  holds `root-set.1.json`, `root-set.2.json` …, `issuer-set.json`
 * @throws Fault CONFIG_INVALID, ROOT_SET_…, ISSUER_SET_…
 */
export async function loadSets(folder: string, nowS: number): Promise<SignedSets> {
  const read = async (name: string): Promise<string> => {
    try {
      return await readFile(join(folder, name), 'utf8');
    } catch (cause) {
      throw new Fault('CONFIG_INVALID', { file: join(folder, name), why: 'missing; run the ceremony' }, { cause });
    }
  };
  const names = await readdir(folder).catch(() => []);
  const count = Math.max(1, names.filter((name) => /^root-set\.\d+\.json$/.test(name)).length);
  const texts = await Promise.all(Array.from({ length: count }, (_, index) => read(rootSetFile(index + 1))));

  let roots: RootKeys | undefined;
  const rootSets: SignedSet[] = [];
  for (const text of texts) {
    const next: Awaited<ReturnType<typeof verifyFirstRootSet>> = roots
      ? await verifyNextRootSet(text, roots, nowS)
      : await verifyFirstRootSet(text, nowS);
    if (!next.ok) throw new Fault(next.code, { file: rootSetFile(rootSets.length + 1) });
    roots = next.value;
    rootSets.push({ version: roots.version, text });
  }
  const text = await read(issuerSetFile);
  const issuers = await verifyIssuerSet(text, roots!, 0, nowS);
  if (!issuers.ok) throw new Fault(issuers.code, { file: issuerSetFile });
  return { rootSets, issuerSet: { version: issuers.value.version, text }, issuers: issuers.value };
}
