/** Records until it is killed; after each checkpoint it says how many frames that covers. Arguments: folder, hub, key (JWK), owner's seal key (JWK). */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { folderDisk } from '../../../device/media/disk.ts';
import { openRecordings } from '../../../device/media/recordings.ts';
import { openStream } from '../../../device/media/stream.ts';
import { toSignKey } from '../../../wire/jws.ts';

const [, , folder = '', hubId = '', keyText = '', ownerText = ''] = process.argv;
const signKey = await toSignKey(JSON.parse(keyText));
const owner = JSON.parse(ownerText);
const now = () => Date.now();
const fail = (...why: unknown[]): never => {
  process.stderr.write(`${why.join(' ')}\n`);
  process.exit(1);
};
const recordings = await openRecordings({
  disk: await folderDisk(folder),
  hubId,
  signKey,
  now,
  makeRoom: async () => false,
  onDeleted: fail,
  onTrouble: fail,
});
const stream = await openStream(
  { door: 'door-4k2m9x7q1w8e5r3t6y0u', codec: 'jpeg' },
  {
    hubId,
    signKey,
    owners: () => ({ version: 1, devices: [{ sign: owner, seal: owner }] }),
    now,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    recordings,
    onDiskFailed: fail,
  },
);
for (let frames = 1; ; frames += 1) {
  stream.add({ key: true, data: randomBytes(1 + (frames % 7) * 4000) }, now());
  if (frames % 5 > 0) continue;
  await stream.checkpoint(0);
  writeSync(1, `${stream.id} ${frames}\n`);
}
