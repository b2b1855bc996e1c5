/** Where commissioning reports lie. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keepWhole } from '../enrol/keep.ts';

/** @returns the path, on the disk when it resolves @throws where the disk refuses it */
export async function keepReport(dataDir: string, name: string, report: string): Promise<string> {
  const folder = join(dataDir, 'reports');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.jws`);
  await keepWhole(path, `${report}\n`);
  return path;
}
