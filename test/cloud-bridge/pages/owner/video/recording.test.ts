import t from 'tap';
import { isWhole, openRecording, seekTo } from '../../../../../cloud-bridge/pages/owner/video/recording.ts';
import { door, makeDevice, start } from '../../device.ts';
import { sealStream, toRec } from '../../sealer.ts';

async function record() {
  const device = await makeDevice();
  const fake = await sealStream({ ...device, door, codec: 'h264', startedMs: start });
  const frames = Array.from({ length: 30 }, (_, index) => index);
  const messages: Buffer[] = [fake.key];
  for (const index of frames) {
    messages.push(fake.frame(Buffer.from(`picture ${index}`), start + index * 100, index % 10 === 0));
    if (index % 10 === 9) messages.push(fake.checkpoint(start, index === 29 ? { end: 'stopped', late: 2 } : {}));
  }
  return { ...device, fake, messages };
}

t.test('a whole recording is complete and genuine, in whatever order it arrived', async (t) => {
  const { messages, home } = await record();
  for (const order of [messages, [...messages].reverse(), [...messages, ...messages]]) {
    const opened = await openRecording(toRec(order), home);
    if (!opened.ok) return t.fail(opened.code);
    t.equal(opened.value.pictures.length, 30);
    t.match(opened.value, { signedTo: 30, ended: 'stopped', late: 2, missing: [], damaged: false });
    t.ok(isWhole(opened.value));
  }
});

t.test('what is missing is told, and the rest is played', async (t) => {
  const { messages, home } = await record();
  const opened = await openRecording(toRec(messages.filter((_, index) => index < 5 || index > 8)), home);
  if (!opened.ok) return t.fail(opened.code);
  t.match(opened.value, { missing: [[5, 8]], refused: new Map(), signedTo: 30 });
  t.equal(opened.value.pictures.length, 26);
  t.ok(opened.value.pictures.find(({ seq }) => seq === 9)?.afterGap, 'decoding starts again after the gap');
  t.notOk(isWhole(opened.value));
});

t.test('an altered picture is named and left out', async (t) => {
  const { messages, home } = await record();
  const altered = messages.map((message, index) => (index === 3 ? Buffer.from(message) : message));
  altered[3]![40]! ^= 1;
  const opened = await openRecording(toRec(altered), home);
  if (!opened.ok) return t.fail(opened.code);
  t.same([...opened.value.refused], [['VIDEO_FRAME_ALTERED', 1]]);
  t.equal(opened.value.pictures.length, 29);
  t.notOk(isWhole(opened.value));
});

t.test('a recording whose hub was cut off plays to its last picture and says where the signatures end', async (t) => {
  const { messages, home } = await record();
  const cut = toRec(messages.slice(0, 27));
  const opened = await openRecording(cut.subarray(0, cut.length - 10), home);
  if (!opened.ok) return t.fail(opened.code);
  t.match(opened.value, { signedTo: 20, ended: undefined, damaged: true, refused: new Map() });
  t.equal(opened.value.pictures.length, 23);
});

t.test('a file without a key, or with another home’s, is refused by name', async (t) => {
  const { messages, home } = await record();
  t.match(await openRecording(toRec(messages.slice(1)), home), { ok: false, code: 'RECORDING_DAMAGED' });
  t.match(await openRecording(Buffer.from('nonsense'), home), { ok: false, code: 'RECORDING_DAMAGED' });
  const { home: other } = await makeDevice();
  t.match(await openRecording(toRec(messages), other), { ok: false, code: 'VIDEO_KEY_NOT_GENUINE' });
});

t.test('seeking begins at the key picture before the place', async (t) => {
  const { messages, home } = await record();
  const opened = await openRecording(toRec(messages), home);
  if (!opened.ok) return t.fail(opened.code);
  const { pictures } = opened.value;
  t.same(seekTo(pictures, 0), { from: 0, to: 0 });
  t.same(seekTo(pictures, 1_540), { from: 10, to: 15 });
  t.same(seekTo(pictures, 99_999), { from: 20, to: 29 });
  t.same(seekTo([], 5), { from: 0, to: 0 });
});
