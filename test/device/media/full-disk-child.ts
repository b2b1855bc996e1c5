/** Records on a small disk until it is full several times over. Arguments: folder (a disk of its own), hub. Prints what is left as JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../device/clock/clock.ts';
import { folderDisk } from '../../../device/media/disk.ts';
import { openRecordings } from '../../../device/media/recordings.ts';
import { keepRecordings } from '../../../device/media/retention.ts';
import { accept } from '../../../wire/faults.ts';
import { hubPublic, phone, picture, signKey, start, time } from './made.ts';
import { play, split } from './opener.ts';

const [, , folder = '', hubId = ''] = process.argv;
const disk = await folderDisk(folder);
const [troubles, failures]: [string[], string[]] = [[], []];
let dropped = 0;
const recordings = await openRecordings({
  disk,
  hubId,
  signKey,
  now: () => time.ms,
  makeRoom: () => keeper.makeRoom(),
  onDeleted: async () => undefined,
  onTrouble: (_, error) => troubles.push(String(error)),
});
const keeper = keepRecordings({
  recordings,
  disk,
  clock: systemClock,
  trustedNow: () => time.ms,
  setting: () => undefined,
  reserveBytes: 65_536,
  forget: async () => accept({}),
  onDropped: (count) => {
    dropped += count;
  },
  onTrouble: (error) => troubles.push(String(error)),
});
const frames = 12;
for (let n = 0; n < 15; n += 1) {
  time.ms += 1000;
  const stream = await start(recordings, {}, { hubId, onDiskFailed: (error) => failures.push(String(error)) });
  for (let frame = 1; frame <= frames; frame += 1) {
    stream.add({ key: true, data: picture(30_000) }, time.ms);
    if (frame % 4 === 0) await stream.checkpoint(0);
  }
  await stream.end('stopped', 0);
}
keeper.close();
const left = [];
for (const { stream, frames: said } of recordings.list()) {
  const { vouched, end } = await play(split(readFileSync(join(folder, `${stream}.rec`))), hubPublic, phone.open);
  left.push({ frames: said, vouched, end });
}
process.stdout.write(JSON.stringify({ troubles, failures, dropped, frames, left }));
