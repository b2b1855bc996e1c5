/** Appends until it is killed; after each commit it says how far it is. Arguments: file, hub. */
import { writeSync } from 'node:fs';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { door, startMs } from './made.ts';

const [, , path = '', hub = ''] = process.argv;
const store = openHubStore(path, hub);
for (;;) {
  const seq = store.journal.head().seq + 1;
  const drafts = Array.from({ length: 1 + (seq % 3) }, (_, index) => ({
    at: startMs,
    door,
    kind: 'visit.unlock' as const,
    body: { n: seq + index },
  }));
  const use = { grant: 'g', grantExp: 10, rule: 'r', firstOfVisit: true };
  const written = store.journal.append(drafts, use);
  writeSync(1, `${written.at(-1)?.entry.seq} ${store.grants.usesOf('g')}\n`);
}
