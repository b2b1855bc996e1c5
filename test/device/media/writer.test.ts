import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { maxWaitingBytes, openWriter } from '../../../device/media/writer.ts';
import { hubPublic, makeShelf, phone, picture, start, time } from './made.ts';
import { play, split } from './opener.ts';

t.test('a disk that fails is told once; live goes on, and what was written stays playable', async (t) => {
  for (const code of ['EIO', 'EROFS', 'ENOSPC']) {
    const { recordings, fate, folder } = await makeShelf(t);
    const failures: unknown[] = [];
    const stream = await start(recordings, {}, { onDiskFailed: (error) => failures.push(error) });
    stream.add({ key: true, data: picture() }, time.ms);
    await stream.checkpoint(0);
    fate.fails = code;
    for (let n = 0; n < 5; n += 1) {
      stream.add({ key: true, data: picture() }, time.ms);
      t.equal((await stream.checkpoint(0)).length > 32, true, 'signed all the same');
    }
    const end = await stream.end('stopped', 0);
    t.equal(end.frames, 6);
    t.match(failures, [{ code }], 'once');
    fate.fails = undefined;
    t.match(recordings.list(), [{ running: false, ended: undefined }]);
    await recordings.tidy();
    t.match(recordings.list(), [{ frames: 1, ended: { how: 'lost' } }], 'ended as soon as the disk is back');
    const played = await play(split(readFileSync(join(folder, `${stream.id}.rec`))), hubPublic, phone.open);
    t.same([played.pictures.length, played.vouched], [1, 1]);
  }
});

t.test('a disk that cannot make the file leaves a stream that is live alone', async (t) => {
  const { recordings, fate, disk } = await makeShelf(t);
  const failures: unknown[] = [];
  fate.fails = 'EACCES';
  const stream = await start(recordings, {}, { onDiskFailed: (error) => failures.push(error) });
  t.equal(stream.add({ key: true, data: picture() }, time.ms).seq, 1);
  await stream.end('stopped', 0);
  fate.fails = undefined;
  await recordings.tidy();
  t.match(failures, [{ code: 'EACCES' }]);
  t.same(await disk.names(), []);
});

t.test('what was half written when the disk was full is written again in its place', async (t) => {
  let fate: { room?: number | undefined };
  let made = 0;
  const shelf = await makeShelf(t, {
    makeRoom: async () => {
      made += 1;
      fate.room = 900;
      return made <= 30;
    },
  });
  fate = shelf.fate;
  fate.room = 1100;
  const stream = await start(shelf.recordings);
  for (let n = 0; n < 20; n += 1) {
    stream.add({ key: true, data: picture(500) }, time.ms);
    await stream.checkpoint(0);
  }
  await stream.end('stopped', 0);
  t.ok(made > 10, `made room ${made} times`);
  const played = await play(split(readFileSync(join(shelf.folder, `${stream.id}.rec`))), hubPublic, phone.open);
  t.same([played.pictures.length, played.vouched, played.end], [20, 20, 'stopped']);
});

t.test('a disk that stands still fills no memory', async (t) => {
  const { disk } = await makeShelf(t);
  const failures: unknown[] = [];
  const stuck = { ...disk, make: () => new Promise<never>(() => undefined) };
  const writer = openWriter({
    disk: stuck,
    name: 'a.rec',
    makeRoom: async () => false,
    onFailed: (error) => failures.push(error),
  });
  const message = picture(100_000);
  for (let bytes = 0; bytes < 2 * maxWaitingBytes; bytes += message.length) {
    writer.append(message);
    await undefined;
  }
  t.equal(failures.length, 1);
  t.equal(writer.bytes, 0);
});

t.test('a checkpoint resolves after the disk has everything up to it, the name of the file included', async (t) => {
  const { recordings, fate } = await makeShelf(t);
  const stream = await start(recordings);
  stream.add({ key: true, data: picture() }, time.ms);
  await stream.checkpoint(0);
  const name = `${stream.id}.rec`;
  t.same(
    fate.calls.filter((call) => !call.startsWith('write')),
    [`make ${name}`, `sync ${name}`, 'sync folder'],
  );
  t.equal(fate.calls.findLastIndex((call) => call.startsWith('write')) < fate.calls.indexOf(`sync ${name}`), true);
  fate.calls.length = 0;
  await stream.checkpoint(0);
  t.same(fate.calls, [`write ${name}`, `sync ${name}`]);
  await stream.end('stopped', 0);
});
