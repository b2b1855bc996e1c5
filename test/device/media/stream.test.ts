import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import { maxPictureBytes } from '../../../wire/media.ts';
import { hubPublic, makeShelf, newPhone, phone, picture, record, sha, start, startMs, time } from './made.ts';
import { openFrame, parse, play, split } from './opener.ts';

t.test('R10: what was recorded is opened by an implementation that knows the text of the form alone', async (t) => {
  const { recordings, folder } = await makeShelf(t);
  const { stream, pictures } = await record(recordings, 7, { codec: 'h264', width: 640, height: 480 });
  const messages = split(readFileSync(join(folder, `${stream.id}.rec`)));
  const played = await play(messages, hubPublic, phone.open);
  t.same(
    played.pictures,
    pictures.map((data) => Buffer.from(data)),
  );
  t.match(played.key, { stream: stream.id, visit: stream.visit, codec: 'h264', width: 640, height: 480, owners: 1 });
  t.same([played.vouched, played.end], [7, 'stopped']);
  t.same(
    messages.map(({ type, flags }) => [type, flags]),
    [
      [1, 0],
      [2, 3],
      [2, 2],
      [2, 2],
      [3, 0],
      [2, 2],
      [2, 2],
      [2, 2],
      [3, 0],
      [2, 2],
      [3, 0],
    ],
    'key, frames, a checkpoint after each third, the last',
  );
});

t.test('random pictures of random sizes are sealed, chained and opened', async (t) => {
  const { recordings, folder } = await makeShelf(t);
  const film = fc.array(
    fc.record({
      data: fc.uint8Array({ minLength: 1, maxLength: 4000 }),
      key: fc.boolean(),
      ms: fc.integer({ min: -5000, max: 5000 }),
      sign: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(film, fc.constantFrom('jpeg' as const, 'h264' as const), async (shots, codec) => {
      const stream = await start(recordings, { codec });
      const sent = [];
      for (const { data, key, ms, sign } of shots) {
        const sealed = stream.add({ key, data }, startMs + ms);
        sent.push(sealed);
        t.equal(sealed.picture, sha(data).toString('base64url'));
        if (sign) await stream.checkpoint(0);
      }
      const end = await stream.end('stopped', 0);
      const messages = split(readFileSync(join(folder, `${stream.id}.rec`)));
      const played = await play(messages, hubPublic, phone.open);
      t.same(
        played.pictures,
        shots.map(({ data }) => Buffer.from(data)),
      );
      t.same([played.vouched, end.frames], [shots.length, shots.length]);
      const frames = messages.filter(({ type }) => type === 2);
      t.same(
        frames.map(({ whole }) => whole),
        sent.map(({ message }) => Buffer.from(message)),
        'the file is what is sent',
      );
      t.same(
        frames.map(({ flags }) => flags),
        shots.map(({ key }) => Number(key) + (codec === 'h264' ? 2 : 0)),
      );
      for (const [index, { ms }] of frames.entries())
        t.ok(ms >= (frames[index - 1]?.ms ?? startMs), 'time never goes back');
    }),
    { numRuns: 40 },
  );
});

t.test('no two frames of a stream share a nonce, and no two streams a key', async (t) => {
  const keys = new Set<string>();
  for (let n = 0; n < 20; n += 1) {
    const stream = await start(undefined);
    const { key } = await play([parse(stream.keyMessage)], hubPublic, phone.open);
    keys.add(Buffer.from(await phone.open(String(key.sealed))).toString('hex'));
    const same = picture();
    const sealed = Array.from({ length: 50 }, () => stream.add({ key: true, data: same }, time.ms));
    t.equal(new Set(sealed.map(({ seq }) => seq)).size, 50, 'the nonce is the sequence number');
    t.equal(new Set(sealed.map(({ message }) => Buffer.from(message).subarray(32).toString('hex'))).size, 50);
    await stream.end('stopped', 0);
  }
  t.equal(keys.size, 20);
});

t.test('a changed bit anywhere, another stream and another place are told', async (t) => {
  const stream = await start(undefined);
  const other = await start(undefined);
  const data = picture(40);
  const { message } = stream.add({ key: true, data }, time.ms);
  const jws = parse(stream.keyMessage).body;
  const { key } = await play([parse(stream.keyMessage)], hubPublic, phone.open);
  const secret = await phone.open(String(key.sealed));
  t.same(await openFrame(parse(message), secret, jws), Buffer.from(data));
  for (let bit = 0; bit < message.length * 8; bit += 1) {
    const bent = Uint8Array.from(message);
    bent[bit >> 3]! ^= 1 << (bit & 7);
    await t.rejects(async () => openFrame(parse(bent), secret, jws), `bit ${bit}`);
  }
  await t.rejects(
    openFrame(parse(message), secret, parse(other.keyMessage).body),
    'under the document of another stream',
  );
});

t.test('each device of the owner list opens the key, one that came later does not', async (t) => {
  const [second, later] = [await newPhone(), await newPhone()];
  const stream = await start(undefined, {}, { owners: () => ({ version: 4, devices: [phone.device, second.device] }) });
  const { key } = await play([parse(stream.keyMessage)], hubPublic, phone.open);
  t.equal(key.owners, 4);
  t.same(await second.open(String(key.sealed)), await phone.open(String(key.sealed)));
  await t.rejects(later.open(String(key.sealed)));
});

t.test('without an owner device there is no stream, and sixteen fit', async (t) => {
  await t.rejects(start(undefined, {}, { owners: () => undefined }), { code: 'OWNER_MISSING' });
  await t.rejects(start(undefined, {}, { owners: () => ({ version: 1, devices: [] }) }), { code: 'OWNER_MISSING' });
  const phones = await Promise.all(Array.from({ length: 16 }, newPhone));
  const stream = await start(
    undefined,
    {},
    { owners: () => ({ version: 1, devices: phones.map(({ device }) => device) }) },
  );
  const { key } = await play([parse(stream.keyMessage)], hubPublic, phones[15]!.open);
  t.equal((await phones[0]!.open(String(key.sealed))).length, 32);
});

t.test('a picture too big, or none, is refused, and the next one takes its number', async (t) => {
  const stream = await start(undefined);
  t.throws(() => stream.add({ key: true, data: picture(maxPictureBytes + 1) }, time.ms), { code: 'MEDIA_TOO_BIG' });
  t.throws(() => stream.add({ key: true, data: new Uint8Array() }, time.ms), { code: 'MEDIA_MALFORMED' });
  const data = picture(maxPictureBytes);
  t.equal(stream.add({ key: true, data }, time.ms).seq, 1);
  t.equal(stream.add({ key: false, data: picture() }, time.ms).seq, 2);
  const end = await stream.end('lost', 2);
  t.match(end, { frames: 2 });
  t.throws(() => stream.add({ key: true, data: picture() }, time.ms), { code: 'INTERNAL' });
  t.equal(await stream.end('stopped', 0), end, 'it ends once');
  t.equal(await stream.checkpoint(9), end.message);
});

t.test('the key is nothing but zeros after the end, and never on the disk', async (t) => {
  const { recordings, folder } = await makeShelf(t);
  const key = new Uint8Array(randomBytes(32));
  const copy = Buffer.from(key);
  const { stream } = await record(recordings, 4, {}, { randomBytes: () => key });
  t.same(Buffer.from(key), Buffer.alloc(32));
  const file = readFileSync(join(folder, `${stream.id}.rec`));
  t.equal(file.indexOf(copy), -1);
  for (const form of ['base64url', 'base64', 'hex'] as const) t.equal(file.indexOf(copy.toString(form)), -1, form);
});

t.test('a stream that is shown alone leaves no file, and a key that cannot be sealed is destroyed', async (t) => {
  const { recordings, folder, disk } = await makeShelf(t);
  const stream = await start(undefined, { visit: newId() });
  stream.add({ key: true, data: picture() }, time.ms);
  await stream.end('stopped', 0);
  t.same([recordings.list(), await disk.names()], [[], []], folder);
  const key = new Uint8Array(randomBytes(32));
  const seal = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } as const;
  const owners = () => ({ version: 1, devices: [{ sign: phone.device.sign, seal }] });
  await t.rejects(start(recordings, {}, { owners, randomBytes: () => key }));
  t.same(Buffer.from(key), Buffer.alloc(32));
});

t.test('checkpoints come in order, each with the chain as it was when it was asked for', async (t) => {
  const { recordings, folder } = await makeShelf(t);
  const stream = await start(recordings);
  const asked = [];
  for (let n = 1; n <= 20; n += 1) {
    stream.add({ key: true, data: picture() }, time.ms + n);
    asked.push(stream.checkpoint(n));
  }
  const end = stream.end('stopped', 20);
  const heads = (await Promise.all(asked)).map((message) => parse(message).seq);
  t.same(
    heads,
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  await end;
  const played = await play(split(readFileSync(join(folder, `${stream.id}.rec`))), hubPublic, phone.open);
  t.same(
    played.heads.map(({ seq, late }) => [seq, late]).slice(0, 20),
    heads.map((seq) => [seq, seq]),
  );
});
