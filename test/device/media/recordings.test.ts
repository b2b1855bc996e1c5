import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Recordings } from '../../../device/media/recordings.ts';
import { newId, signDocument } from '../../../wire/jws.ts';
import { writeDocumentMessage } from '../../../wire/media.ts';
import { videoHeadForm } from '../../../wire/video.ts';
import { newHubId, newSignKey } from '../../support/keys.ts';
import { typescript } from '../../support/node.ts';
import { exportKeyOf, hubId, hubPublic, makeFolder, makeShelf, phone, picture, record, start, time } from './made.ts';
import { type Played, play, split } from './opener.ts';

const child = join(import.meta.dirname, 'record-child.ts');
const playFile = (folder: string, stream: string): Promise<Played> =>
  play(split(readFileSync(join(folder, `${stream}.rec`))), hubPublic, phone.open);
const found = async (recordings: Recordings, stream: string): Promise<string[]> => {
  const types = [];
  for await (const { message } of recordings.read(stream)) types.push(message.type);
  return types;
};

t.test('a recording is listed while it runs and after it, and again after a restart', async (t) => {
  const { recordings, again, folder } = await makeShelf(t);
  const visit = newId();
  const stream = await start(recordings, { visit });
  stream.add({ key: true, data: picture() }, time.ms);
  t.match(recordings.list(), [{ stream: stream.id, visit, frames: 1, running: true, ended: undefined }]);
  t.match(await recordings.remove(stream.id, 'owner'), { code: 'RECORDING_UNKNOWN' }, 'what runs stays');
  await stream.end('stopped', 0);
  const [after] = recordings.list();
  t.match(after, { frames: 1, running: false, ended: { how: 'stopped', atMs: time.ms } });
  t.equal(after?.bytes, readFileSync(join(folder, `${stream.id}.rec`)).length);
  t.same((await again()).list(), [after]);
  t.same(await found(recordings, stream.id), ['key', 'frame', 'checkpoint']);
  t.same(await found(recordings, newId()), []);
});

t.test('recordings are listed oldest first', async (t) => {
  const { recordings, again } = await makeShelf(t);
  const streams = [];
  for (const ms of [3, 1, 2]) {
    time.ms += ms * 1000;
    streams.push((await record(recordings, 1)).stream.id);
    time.ms -= ms * 1000;
  }
  const order = [streams[1], streams[2], streams[0]];
  t.same(
    recordings.list().map(({ stream }) => stream),
    order,
  );
  t.same(
    (await again()).list().map(({ stream }) => stream),
    order,
  );
});

t.test('torn at any byte of its last records, everything before is played and signed as lost', async (t) => {
  const { recordings, folder } = await makeShelf(t);
  const { stream, pictures } = await record(recordings, 4);
  const whole = readFileSync(join(folder, `${stream.id}.rec`));
  const messages = split(whole);
  const ends: number[] = [];
  for (const { whole: message } of messages) ends.push((ends.at(-1) ?? 0) + 4 + message.length);
  const torn = join(makeFolder(t), 'torn');
  // From behind the second frame on: a frame, a checkpoint, a frame, the last checkpoint.
  for (let bytes = ends[2]!; bytes < whole.length; bytes += 1) {
    rmSync(torn, { recursive: true, force: true });
    mkdirSync(torn);
    writeFileSync(join(torn, `${stream.id}.rec`), whole.subarray(0, bytes));
    const shelf = await makeShelf(t, {}, torn);
    const kept = messages.filter((one, index) => one.type === 2 && ends[index]! <= bytes).length;
    const played = await playFile(torn, stream.id);
    const isRight = played.pictures.length === kept && played.vouched === kept && played.end === 'lost';
    if (!isRight || shelf.recordings.list()[0]?.frames !== kept) t.fail(`cut at ${bytes}`);
    t.match(shelf.recordings.list(), [{ stream: stream.id, frames: kept, ended: { how: 'lost' } }]);
    t.ok(played.pictures.every((one, index) => one.equals(pictures[index]!)));
  }
});

t.test('garbage behind a torn end goes, and mending twice is as once', async (t) => {
  const { folder, again, recordings } = await makeShelf(t);
  const { stream } = await record(recordings, 5);
  const path = join(folder, `${stream.id}.rec`);
  const messages = split(readFileSync(path));
  const end = messages.at(-1)!.whole.length + 4;
  const unended = readFileSync(path).subarray(0, -end);
  for (const tail of [Buffer.alloc(4096), Buffer.alloc(5, 255), picture(3000), Buffer.from('0000002a', 'hex')]) {
    writeFileSync(path, Buffer.concat([unended, tail]));
    t.match((await again()).list(), [{ frames: 5, ended: { how: 'lost' } }]);
    const mended = readFileSync(path);
    t.equal((await playFile(folder, stream.id)).vouched, 5);
    await again();
    t.same(readFileSync(path), mended);
  }
});

t.test('the end says how many frames were late, and is dated no earlier than what it covers', async (t) => {
  const { folder, again, recordings } = await makeShelf(t);
  const stream = await start(recordings);
  t.teardown(() => stream.end('lost', 0));
  stream.add({ key: true, data: picture() }, time.ms + 60_000);
  await stream.checkpoint(1);
  await again();
  t.match((await playFile(folder, stream.id)).heads.at(-1), { end: 'lost', late: 1, at: time.ms + 60_000 });
});

t.test('R9: a hub signs no further than its own checkpoints agree with the file', async (t) => {
  const { folder, again, recordings } = await makeShelf(t);
  const stream = await start(recordings);
  t.teardown(() => stream.end('lost', 0));
  for (let n = 1; n <= 9; n += 1) {
    stream.add({ key: true, data: picture() }, time.ms);
    if (n % 3 === 0) await stream.checkpoint(0);
  }
  const path = join(folder, `${stream.id}.rec`);
  const whole = readFileSync(path);
  const messages = split(whole);
  const offsetOf = (seq: number) => whole.indexOf(messages.find((one) => one.type === 2 && one.seq === seq)!.whole);
  const endOf = async (bytes: Uint8Array) => {
    writeFileSync(path, bytes);
    const [facts] = (await again()).list();
    const last = split(readFileSync(path)).at(-1)!;
    t.equal(facts?.frames, last.seq);
    return last.seq;
  };
  t.equal(await endOf(whole), 9);
  const altered = Buffer.from(whole);
  altered[offsetOf(5) + 40]! ^= 1;
  t.equal(await endOf(altered), 3, 'frame 5 is altered, frame 6 was signed for');
  const lastAltered = Buffer.from(whole);
  lastAltered[offsetOf(8) + 40]! ^= 1;
  t.equal(await endOf(lastAltered), 6);
  const records = messages.map(({ whole: one }) =>
    Buffer.concat([Buffer.from([0, 0, one.length >> 8, one.length & 255]), one]),
  );
  t.equal(
    await endOf(Buffer.concat(records.filter((_, index) => messages[index]!.seq !== 5 || messages[index]!.type !== 2))),
    3,
    'frame 5 is gone',
  );
  const forged = await signDocument(
    videoHeadForm,
    { iss: hubId, stream: stream.id, seq: 9, hash: 'A'.repeat(43), at: time.ms },
    await newSignKey('EdDSA'),
  );
  const message = writeDocumentMessage(
    { type: 'checkpoint', stream: stream.id, seq: 9, capturedMs: time.ms, codec: 'jpeg' },
    forged,
  );
  t.equal(
    await endOf(Buffer.concat([whole, Buffer.from([0, 0, message.length >> 8, message.length & 255]), message])),
    9,
    "a stranger's checkpoint counts for nothing",
  );
});

t.test('a file whose key is another hub’s is kept, and nothing is signed under it', async (t) => {
  const { folder, again, recordings } = await makeShelf(t);
  const stream = await start(recordings, {}, { hubId: newHubId() });
  t.teardown(() => stream.end('lost', 0));
  stream.add({ key: true, data: picture() }, time.ms);
  await stream.checkpoint(0);
  const before = readFileSync(join(folder, `${stream.id}.rec`));
  const restarted = await again();
  t.match(restarted.list(), [{ stream: stream.id, ended: undefined }]);
  t.same(readFileSync(join(folder, `${stream.id}.rec`)), before);
  t.match(await restarted.remove(stream.id, 'owner'), { ok: true });
});

t.test('a file without a whole key can never be seen by anybody: it goes, and that is told', async (t) => {
  const { recordings, folder, again, deleted } = await makeShelf(t);
  const { stream } = await record(recordings, 2);
  const whole = readFileSync(join(folder, `${stream.id}.rec`));
  for (const bytes of [0, 3, 4, 30, split(whole)[0]!.whole.length + 3]) {
    const id = newId();
    copyFileSync(join(folder, `${stream.id}.rec`), join(folder, `${id}.rec`));
    writeFileSync(join(folder, `${id}.rec`), whole.subarray(0, bytes));
    t.same(
      (await again()).list().map((one) => one.stream),
      [stream.id],
    );
    t.same(deleted.pop(), { stream: id, why: 'disk' });
  }
  t.equal(readdirSync(folder).filter((name) => name.endsWith('.rec')).length, 1);
});

/** Lets a child record and kills it once it has said `lines` times how far it is. */
function recordUntilKilled(t: Test, folder: string, lines: number): Promise<{ stream: string; frames: number }> {
  const args = [folder, hubId, JSON.stringify(exportKeyOf()), JSON.stringify(phone.device.seal)];
  const recording = spawn(process.execPath, [typescript, child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => recording.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let said = '';
    recording.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.split('\n').length > lines) recording.kill('SIGKILL');
    });
    recording.on('close', (code, signal) => {
      const [stream = '', frames] = (said.split('\n').at(-2) ?? '').split(' ');
      if (signal !== 'SIGKILL' || frames === undefined) reject(signal ?? code);
      else resolve({ stream, frames: Number(frames) });
    });
  });
}

t.test('a hub killed in the middle of a recording leaves every frame up to the last checkpoint playable', async (t) => {
  for (const lines of [1, 2, 9, 40]) {
    const folder = makeFolder(t);
    const said = await recordUntilKilled(t, folder, lines);
    const { recordings, troubles } = await makeShelf(t, {}, folder);
    const played = await playFile(folder, said.stream);
    t.ok(played.pictures.length >= said.frames, `${played.pictures.length} of at least ${said.frames}`);
    t.same(
      played.pictures.map(({ length }) => length),
      played.pictures.map((_, index) => 1 + ((index + 1) % 7) * 4000),
    );
    t.same([played.vouched, played.end], [played.pictures.length, 'lost']);
    t.match(recordings.list(), [{ stream: said.stream, frames: played.vouched, ended: { how: 'lost' } }]);
    t.same(troubles, []);
  }
});
