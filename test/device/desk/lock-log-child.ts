/** Takes a lock's log, a few lines at a time and each batch twice, until it is killed. Arguments: journal file, hub, door, owner's seal key (JWK). */
import { writeSync } from 'node:fs';
import { lockLog } from '../../../device/desk/lock-log.ts';
import { makeRecorder } from '../../../device/journal/record.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { logLine } from './log-lines.ts';

const [, , path = '', hubId = '', door = '', sealText = ''] = process.argv;
const store = openHubStore(path, hubId);
const { record } = makeRecorder({ journal: store.journal, ownerSealKeys: () => [JSON.parse(sealText)] });
const log = lockLog({ door, record, store: store.trust, clock: { now: () => Date.now() }, ownId: () => undefined });
for (;;) {
  const from = (log.lastIndex() ?? 0) + 1;
  const lines = Array.from({ length: 5 }, (_, index) => logLine(from + index));
  await Promise.all([log.take(lines), log.take(lines)]);
  writeSync(1, `${log.lastIndex()}\n`);
}
