import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import type { Verdict } from '../../wire/faults.ts';
import {
  type Ack,
  chainStart,
  documentIn,
  frameAad,
  frameHeader,
  frameNonce,
  fromBase64Url,
  headerBytes,
  joinMessage,
  maxMediaBytes,
  readAck,
  readMedia,
  tagBytes,
  toBase64Url,
  writeAck,
  writeDocumentMessage,
} from '../../wire/media.ts';

const bytes = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
const stream = toBase64Url(bytes(16));
const seqs = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const times = fc.integer({ min: 0, max: 2 ** 50 });
const streams = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toBase64Url);
const body = fc.uint8Array({ minLength: tagBytes + 1, maxLength: 300 });
const codeOf = (verdict: Verdict<unknown>) => (verdict.ok ? 'ok' : [verdict.code, verdict.detail]);

/** A good frame with bytes of it replaced. */
function frame(changes: Readonly<Record<number, number>> = {}, payload = bytes(40)): Uint8Array {
  const header = frameHeader({ stream, seq: 7, capturedMs: 1_790_000_000_000, isKey: true, codec: 'jpeg' });
  const message = joinMessage(header, payload);
  for (const [at, value] of Object.entries(changes)) message[Number(at)] = value;
  return message;
}

t.test('base64url is that of Node, there and back', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (some) => {
      const text = toBase64Url(some);
      return text === Buffer.from(some).toString('base64url') && Buffer.from(fromBase64Url(text)!).equals(some);
    }),
  );
  for (const text of ['+', '/', '=', 'AA==', 'A A', 'é', '\u0000'])
    t.equal(fromBase64Url(text), undefined, JSON.stringify(text));
});

t.test('a frame is read as it was written', async (t) => {
  fc.assert(
    fc.property(
      streams,
      seqs,
      times,
      fc.boolean(),
      fc.constantFrom('jpeg' as const, 'h264' as const),
      body,
      (id, seq, capturedMs, isKey, codec, payload) => {
        const header = frameHeader({ stream: id, seq, capturedMs, isKey, codec });
        const message = joinMessage(header, payload);
        t.match(readMedia(message), { ok: true, value: { type: 'frame', stream: id, seq, capturedMs, isKey, codec } });
        const read = readMedia(message);
        return read.ok && Buffer.from(read.value.header).equals(header) && Buffer.from(read.value.body).equals(payload);
      },
    ),
  );
});

t.test('a document is read as it was written, from the middle of a buffer too', async (t) => {
  fc.assert(
    fc.property(
      streams,
      times,
      fc.string({ minLength: 1 }),
      fc.boolean(),
      seqs,
      (id, capturedMs, text, isKey, covered) => {
        const head = {
          type: isKey ? 'key' : 'checkpoint',
          stream: id,
          seq: isKey ? 0 : covered,
          capturedMs,
          codec: 'jpeg',
        } as const;
        const message = writeDocumentMessage(head, text);
        const inside = joinMessage(bytes(5), message, bytes(3)).subarray(5, 5 + message.length);
        const read = readMedia(inside);
        return (
          read.ok && documentIn(read.value) === text && read.value.type === head.type && read.value.seq === head.seq
        );
      },
    ),
  );
  t.pass('it is');
});

t.test('a header says in each byte what the table says', async (t) => {
  const header = frameHeader({
    stream: 'AQIDBAUGBwgJCgsMDQ4PEA',
    seq: 0x01020304,
    capturedMs: 0x010203040506,
    isKey: true,
    codec: 'h264',
  });
  t.equal(Buffer.from(header).toString('hex'), '010203000102030405060708090a0b0c0d0e0f10010203040000010203040506');
  t.equal(Buffer.from(frameNonce(0x01020304)).toString('hex'), '000000000000000001020304');
  t.equal(
    Buffer.from(frameAad(header, new Uint8Array(32).fill(9))).toString('hex'),
    Buffer.from(header).toString('hex') + '09'.repeat(32),
  );
  t.equal(Buffer.from(chainStart).toString(), 'doorward-video-1');
  t.throws(() => frameHeader({ stream: 'AQID', seq: 1, capturedMs: 0, isKey: true, codec: 'jpeg' }), RangeError);
  t.throws(
    () => frameHeader({ stream: '+'.repeat(22), seq: 1, capturedMs: 0, isKey: true, codec: 'jpeg' }),
    RangeError,
  );
});

t.test('what is no message is refused by name', async (t) => {
  const key = writeDocumentMessage({ type: 'key', stream, seq: 0, capturedMs: 5, codec: 'jpeg' }, 'a.b.c');
  const at = (message: Uint8Array, changes: Record<number, number>) => {
    const copy = Uint8Array.from(message);
    for (const [index, value] of Object.entries(changes)) copy[Number(index)] = value;
    return copy;
  };
  const rows: [string, Uint8Array, string, object][] = [
    [
      'one byte too many',
      frame({}, bytes(maxMediaBytes - headerBytes + 1)),
      'MEDIA_TOO_BIG',
      { bytes: maxMediaBytes + 1 },
    ],
    ['nothing', new Uint8Array(), 'MEDIA_MALFORMED', { why: 'short' }],
    ['half a header', frame().subarray(0, 20), 'MEDIA_MALFORMED', { why: 'short' }],
    ['a header alone', frame().subarray(0, headerBytes), 'MEDIA_MALFORMED', { why: 'short' }],
    ['a frame of a tag alone', frame().subarray(0, headerBytes + tagBytes), 'MEDIA_MALFORMED', { why: 'short' }],
    ['version 0', frame({ 0: 0 }), 'MEDIA_MALFORMED', { why: 'header' }],
    ['version 2', frame({ 0: 2 }), 'MEDIA_MALFORMED', { why: 'header' }],
    ['type 0', frame({ 1: 0 }), 'MEDIA_MALFORMED', { why: 'header' }],
    ['type 5', frame({ 1: 5 }), 'MEDIA_MALFORMED', { why: 'header' }],
    ['a reserved byte', frame({ 3: 1 }), 'MEDIA_MALFORMED', { why: 'header' }],
    ['an unknown flag', frame({ 2: 4 }), 'MEDIA_MALFORMED', { why: 'flags' }],
    ['all flags', frame({ 2: 255 }), 'MEDIA_MALFORMED', { why: 'flags' }],
    ['a key with a flag', at(key, { 2: 1 }), 'MEDIA_MALFORMED', { why: 'flags' }],
    ['a checkpoint with a flag', at(key, { 1: 3, 2: 2 }), 'MEDIA_MALFORMED', { why: 'flags' }],
    ['a photo with a flag', at(key, { 1: 4, 2: 2 }), 'MEDIA_MALFORMED', { why: 'flags' }],
    ['a photo that is not alone', at(key, { 1: 4, 23: 2 }), 'MEDIA_MALFORMED', { why: 'seq' }],
    ['frame 0', frame({ 23: 0 }), 'MEDIA_MALFORMED', { why: 'seq' }],
    ['a key with a number', at(key, { 23: 1 }), 'MEDIA_MALFORMED', { why: 'seq' }],
    ['a time past 2^50', frame({ 24: 1 }), 'MEDIA_MALFORMED', { why: 'time' }],
  ];
  for (const [says, message, code, detail] of rows) t.same(codeOf(readMedia(message)), [code, detail], says);
  t.equal(codeOf(readMedia(frame())), 'ok', 'while the good ones are good');
  t.equal(codeOf(readMedia(frame({}, bytes(maxMediaBytes - headerBytes)))), 'ok', 'the largest');
  t.equal(codeOf(readMedia(frame({}, bytes(tagBytes + 1)))), 'ok', 'the smallest');
  t.equal(codeOf(readMedia(at(key, { 1: 3 }))), 'ok', 'a checkpoint before the first frame');
  t.equal(codeOf(readMedia(at(key, { 1: 4, 23: 1 }))), 'ok', 'a photo');
});

t.test('T13: no bytes at all make the reader throw, and what it takes is what would be written', async (t) => {
  const taken = (message: Uint8Array): boolean => {
    const read = readMedia(message);
    if (!read.ok) return read.code === 'MEDIA_MALFORMED' || read.code === 'MEDIA_TOO_BIG';
    const { value } = read;
    const again =
      value.type === 'frame'
        ? joinMessage(frameHeader(value), value.body)
        : joinMessage(writeDocumentMessage({ ...value, type: value.type }, 'x').subarray(0, headerBytes), value.body);
    return Buffer.from(again).equals(message);
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), taken), { numRuns: 2000 });
  const bent = fc
    .array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 })
    .map((changes) => frame(Object.fromEntries(changes)));
  fc.assert(fc.property(bent, taken), { numRuns: 5000 });
  t.pass('it did not');
});

const acks: fc.Arbitrary<Ack> = fc.oneof(
  fc.record({
    kind: fc.constant('seen' as const),
    stream: streams,
    seqs: fc.array(fc.nat(2 ** 32 - 1), { maxLength: 512 }),
  }),
  fc.record({
    kind: fc.constant('stored' as const),
    stream: streams,
    ranges: fc.array(
      fc.tuple(seqs, seqs).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
      { maxLength: 512 },
    ),
  }),
);

t.test('an acknowledgement is read as it was written', async (t) => {
  fc.assert(
    fc.property(acks, (ack) => t.same(readAck(writeAck(ack)), { ok: true, value: ack })),
    { numRuns: 60 },
  );
});

t.test('nobody writes an acknowledgement that nobody would read', async (t) => {
  const many = Array.from({ length: 513 }, (_, index) => index + 1);
  t.throws(() => writeAck({ kind: 'seen', stream, seqs: many }), RangeError);
  t.throws(() => writeAck({ kind: 'stored', stream, ranges: many.map((seq) => [seq, seq]) }), RangeError);
  t.throws(() => writeAck({ kind: 'seen', stream: 'short', seqs: [1] }), RangeError);
});

t.test('what is no acknowledgement is refused', async (t) => {
  const [seen, stored] = [
    writeAck({ kind: 'seen', stream, seqs: [1, 2] }),
    writeAck({ kind: 'stored', stream, ranges: [[3, 9]] }),
  ];
  const bent = (ack: Uint8Array, changes: Record<number, number>) => {
    const copy = Uint8Array.from(ack);
    for (const [at, value] of Object.entries(changes)) copy[Number(at)] = value;
    return copy;
  };
  const rows: [string, Uint8Array][] = [
    ['nothing', new Uint8Array()],
    ['half a header', seen.subarray(0, 19)],
    ['version 0', bent(seen, { 0: 0 })],
    ['version 2', bent(seen, { 0: 2 })],
    ['kind 0', bent(seen, { 1: 0 })],
    ['kind 3', bent(seen, { 1: 3 })],
    ['one number more than it says', bent(seen, { 3: 1 })],
    ['one number fewer', bent(seen, { 3: 3 })],
    ['a torn number', seen.subarray(0, -1)],
    ['a byte behind it', joinMessage(seen, new Uint8Array(1))],
    ['more numbers than fit', joinMessage(bent(seen.subarray(0, 20), { 2: 2, 3: 1 }), new Uint8Array(4 * 513))],
    ['numbers as ranges', bent(seen, { 1: 2 })],
    ['a range from 0', bent(stored, { 23: 0 })],
    ['a range that ends before it begins', bent(stored, { 27: 2 })],
  ];
  for (const [says, ack] of rows) t.same(codeOf(readAck(ack)), ['MEDIA_MALFORMED', { why: 'ack' }], says);
  t.equal(
    codeOf(readAck(joinMessage(bent(seen.subarray(0, 20), { 2: 2, 3: 0 }), new Uint8Array(4 * 512)))),
    'ok',
    'as many as fit',
  );
});

t.test(
  'T13: no bytes at all make the reader of acknowledgements throw, and what it takes is what would be written',
  async (t) => {
    const taken = (ack: Uint8Array): boolean => {
      const read = readAck(ack);
      return read.ok ? Buffer.from(writeAck(read.value)).equals(ack) : read.code === 'MEDIA_MALFORMED';
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), taken), { numRuns: 2000 });
    const near = fc
      .tuple(acks.map(writeAck), fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { maxLength: 3 }))
      .map(([ack, changes]) => {
        for (const [at, value] of changes) if (at < ack.length) ack[at] = value;
        return ack;
      });
    fc.assert(fc.property(near, taken), { numRuns: 500 });
    t.pass('it did not');
  },
);

t.test('it runs in a browser: nothing of Node is in it', async (t) => {
  for (const name of ['media', 'video']) {
    const source = readFileSync(resolve(import.meta.dirname, `../../wire/${name}.ts`), 'utf8');
    t.notMatch(source, /node:|Buffer|process\./, name);
  }
});
