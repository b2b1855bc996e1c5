import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { toAvi } from '../../../../../cloud-bridge/pages/owner/video/avi.ts';
import { exportRecording } from '../../../../../cloud-bridge/pages/owner/video/export.ts';
import { codecString, splitUnits, toLengthPrefixed } from '../../../../../cloud-bridge/pages/owner/video/h264.ts';
import { decodable, isWhole, openRecording } from '../../../../../cloud-bridge/pages/owner/video/recording.ts';
import type { Picture } from '../../../../../cloud-bridge/pages/owner/video/stream.ts';
import { accessUnits, jpegs, noFfmpeg, type Shot } from '../../camera.ts';
import { door, makeDevice, start } from '../../device.ts';
import { sealStream, toRec } from '../../sealer.ts';

/** Captured by a camera that is not quite regular. */
const timeOf = (index: number): number => start + index * 67 + (index % 3) * 9;

async function record(codec: 'jpeg' | 'h264', shots: readonly Shot[]) {
  const device = await makeDevice();
  const fake = await sealStream({ ...device, door, codec, startedMs: start });
  const messages = [fake.key, ...shots.map(({ data, isKey }, index) => fake.frame(data, timeOf(index), isKey))];
  const opened = await openRecording(toRec([...messages, fake.checkpoint(start, { end: 'stopped' })]), device.home);
  if (!opened.ok) throw new RangeError(opened.code);
  return opened.value;
}

interface Probed {
  readonly streams: readonly { codec_name: string; width: number; height: number; nb_read_frames: string }[];
  readonly frames: readonly { best_effort_timestamp_time: string }[];
}

function probe(path: string): Probed {
  const wanted = 'stream=codec_name,width,height,nb_read_frames:frame=best_effort_timestamp_time';
  const text = execFileSync('/usr/bin/ffprobe', [
    ...['-v', 'error', '-count_frames', '-show_entries', wanted, '-of', 'json', path],
  ]);
  return JSON.parse(text.toString()) as Probed;
}

/** Decodes all of it. @returns what a decoder complains about */
const complaints = (path: string): string =>
  execFileSync('/usr/bin/ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'], { stdio: 'pipe' }).toString();

t.test('H.264 becomes an MP4 with every picture at its time', { skip: noFfmpeg }, async (t) => {
  const recording = await record('h264', accessUnits(45));
  t.ok(isWhole(recording));
  const made = await exportRecording(recording);
  if (made === undefined) return t.fail('nothing was made');
  const path = join(t.testdir(), 'out.mp4');
  writeFileSync(path, Buffer.concat(made.parts));
  const { streams, frames } = probe(path);
  t.match(streams, [{ codec_name: 'h264', width: 640, height: 480, nb_read_frames: '45' }]);
  const off = frames.map((frame, index) =>
    Math.abs(Number(frame.best_effort_timestamp_time) * 1000 - (timeOf(index) - start)),
  );
  t.ok(Math.max(...off) <= 1, `at most ${Math.max(...off)} ms off`);
  t.equal(complaints(path), '');
});

t.test('JPEG becomes an AVI with every picture near its time', { skip: noFfmpeg }, async (t) => {
  const recording = await record('jpeg', jpegs(30));
  const made = await exportRecording(recording);
  if (made === undefined) return t.fail('nothing was made');
  const path = join(t.testdir(), 'out.avi');
  writeFileSync(path, Buffer.concat(made.parts));
  const { streams, frames } = probe(path);
  t.match(streams, [{ codec_name: 'mjpeg', width: 640, height: 480, nb_read_frames: '30' }]);
  const off = frames.map((frame, index) =>
    Math.abs(Number(frame.best_effort_timestamp_time) * 1000 - (timeOf(index) - start)),
  );
  t.ok(Math.max(...off) <= 67, `at most ${Math.max(...off)} ms off`);
  t.equal(complaints(path), '');
});

t.test('an MP4 begins with a key picture and leaves out what hangs in the air', { skip: noFfmpeg }, async (t) => {
  const recording = await record('h264', accessUnits(45));
  const pictures = recording.pictures
    .filter(({ seq }) => seq > 5 && seq !== 20)
    .map((picture) => (picture.seq === 21 ? { ...picture, afterGap: true } : picture));
  const made = await exportRecording({ ...recording, pictures });
  const path = join(t.testdir(), 'out.mp4');
  writeFileSync(path, Buffer.concat(made?.parts ?? []));
  t.equal(probe(path).streams[0]?.nb_read_frames, String(4 + 15), 'pictures 16 to 19, and 31 to 45');
  t.equal(complaints(path), '');
});

t.test('without a picture that can be decoded there is no file', async (t) => {
  const picture: Picture = {
    seq: 2,
    capturedMs: start,
    isKey: false,
    codec: 'h264',
    data: Buffer.from('x'),
    afterGap: true,
  };
  t.same(decodable([picture]), []);
  t.equal(toAvi([]), undefined);
  t.equal(toAvi([{ atMs: 0, data: Buffer.from('no JPEG') }]), undefined);
});

t.test('units are cut at start codes of three bytes and of four', async (t) => {
  // a parameter set, then a slice whose data holds what looks like a start code but for one byte
  const data = Buffer.from('00000001 6742c01e d9 000001 65 88 000003 01 02 00000001 41 9a'.replaceAll(' ', ''), 'hex');
  t.same(
    splitUnits(data).map((unit) => Buffer.from(unit).toString('hex')),
    ['6742c01ed9', '65880000030102', '419a'],
  );
  t.equal(codecString(data), 'avc1.42c01e');
  t.equal(
    Buffer.from(toLengthPrefixed(data)).toString('hex'),
    '00000007658800000301020000000 2419a'.replaceAll(' ', ''),
  );
});
