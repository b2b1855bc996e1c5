/** The newest manifest that this hub has taken for genuine: kept, so that an older release is noticed after a restart too. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { PagesMark } from '../../wire/pages-manifest.ts';
import { keepWhole } from '../enrol/keep.ts';

const fileIn = (dataDir: string): string => join(dataDir, 'pages-mark.json');

/** @returns undefined before the first. @throws Fault CONFIG_INVALID for a file that is damaged or may not be read */
export async function readMark(dataDir: string): Promise<PagesMark | undefined> {
  const path = fileIn(dataDir);
  try {
    return v.parse(PagesMark, JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Fault('CONFIG_INVALID', { path, why: 'damaged, or not to be read' }, { cause });
  }
}

export const keepMark = (dataDir: string, mark: PagesMark): Promise<void> =>
  keepWhole(fileIn(dataDir), JSON.stringify(mark));
