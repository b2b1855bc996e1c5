/**
 * Makes docs/transcripts/: what an installer sees, from the real commands in a real terminal.
 *
 * `DOORWARD_CASES` names chapters or cases of the second page, with commas between: only these are told. The first argument names another folder.
 *
 * Wants Debian's `tmux` and `faketime`, and root: it mounts small disks and runs commands as another user.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tellDoctor } from './doctor.ts';
import { page } from './page.ts';
import { tellSetup } from './setup.ts';
import { openWorld } from './world.ts';

const folder = resolve(process.argv[2] ?? resolve(import.meta.dirname, '../../docs/transcripts'));
mkdirSync(folder, { recursive: true });
const world = await openWorld();
let current: (() => void) | undefined;
process.once('SIGINT', async () => {
  current?.();
  await world.close();
  process.exit(130);
});
try {
  for (const [name, tell] of [
    ['setup.md', tellSetup],
    ['doctor.md', tellDoctor],
  ] as const) {
    const told = page(world.shown);
    current = () => told.save(join(folder, name));
    try {
      await tell(world, told);
    } finally {
      current();
    }
  }
} finally {
  await world.close();
}
