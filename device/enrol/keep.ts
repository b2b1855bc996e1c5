/** Files of the data folder that are written once and whole. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file, whole or not at all, for the hub's user alone; on the disk when it resolves. */
export async function keepWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  // A rename is durable only when its folder is.
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
