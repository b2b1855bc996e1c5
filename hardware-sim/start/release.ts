/** The release of a street's pages: a key of its own, a manifest signed afresh at each start, and a hub that checks what is served. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { builtPages, run } from './process.ts';
import { freePort, type StreetPaths, type StreetSettings } from './settings.ts';

const HubFile = v.looseObject({ pages: v.optional(v.looseObject({ page: v.object({ port: v.number() }) })) });

/** @returns the address of the hub's own page */
export async function releasePages(paths: StreetPaths, { pagesPort }: StreetSettings, log: string): Promise<string> {
  const key = join(paths.people, 'release.jwk');
  const release = (act: string, ...more: string[]): Promise<Record<string, unknown>> =>
    run('doorward-release', [act, '--key', key, ...more, '--json'], log);
  const made = existsSync(key) ? undefined : await release('key');
  await release('sign', '--folder', builtPages, '--out', paths.manifest);
  const file = v.parse(HubFile, JSON.parse(readFileSync(paths.hubConfig, 'utf8')));
  if (file.pages !== undefined || made === undefined) return pageAt(file.pages?.page.port);
  const page = { address: '127.0.0.1', port: await freePort() };
  const pages = { url: `http://127.0.0.1:${pagesPort}`, releaseKeys: [made.key], page };
  writeFileSync(paths.hubConfig, JSON.stringify({ ...file, pages }, null, 2), { mode: 0o600 });
  return pageAt(page.port);
}

const pageAt = (port = 8095): string => `http://127.0.0.1:${port}/`;
