import fc from 'fast-check';
import t from 'tap';
import {
  checksum,
  crc16,
  decodeFrame,
  encodeFrame,
  type Frame,
  FrameReader,
  maxFrameBytes,
} from '../../../../device/lock/osdp/frame.ts';
import type { Verdict } from '../../../../wire/faults.ts';
import { checks, golden, hex, plainFrames, toHex } from './vectors.ts';

const codesOf = (verdicts: readonly Verdict<Frame>[]): (number | string)[] =>
  verdicts.map((verdict) => (verdict.ok ? verdict.value.code : String(verdict.detail?.reason)));

t.test('CRC and checksum are those of the standard', async (t) => {
  for (const { check, over, value } of checks) {
    t.equal((check === 'crc' ? crc16 : checksum)(hex(over)), Number.parseInt(value, 16), over);
  }
});

t.test('a plain frame is encoded to the bytes of the vector, and read back from them', async (t) => {
  for (const { name, hex: text, address, reply, sequence, check, code, data } of plainFrames) {
    const parts = { address, fromPeripheral: reply, sequence, check, code, data: hex(data) };
    t.equal(toHex(encodeFrame(parts)), toHex(hex(text)), name);
    const frame = decodeFrame(hex(text));
    t.ok(frame.ok, name);
    if (frame.ok) t.match(frame.value, parts, name);
  }
});

t.test('every frame of the golden session is read with its security block and its MAC', async (t) => {
  for (const vector of golden.frames) {
    const verdict = decodeFrame(hex(vector.hex));
    t.ok(verdict.ok, vector.name);
    if (!verdict.ok) continue;
    const frame = verdict.value;
    t.equal(frame.sequence, vector.sequence, vector.name);
    t.equal(frame.code, vector.code, vector.name);
    t.equal(frame.fromPeripheral, vector.reply === true, vector.name);
    t.equal(frame.security?.type, vector.block, vector.name);
    t.equal(toHex(frame.security?.data ?? new Uint8Array()), vector.blockData, vector.name);
    t.equal(frame.mac?.length, vector.block >= 0x15 ? 4 : undefined, vector.name);
  }
});

t.test('a handshake frame of the golden session is encoded to its bytes', async (t) => {
  for (const { name, reply, sequence, block, blockData, code, plain, hex: text } of golden.frames.slice(0, 4)) {
    const security = { type: block, data: hex(blockData) };
    const head = { address: 0, fromPeripheral: reply === true, sequence, check: 'crc' as const };
    t.equal(toHex(encodeFrame({ ...head, security, code, data: hex(plain) })), toHex(hex(text)), name);
  }
});

t.test('a frame is refused for a wrong check, a wrong length, or a security block that does not fit', async (t) => {
  const poll = hex('5300080004 60 ebaa');
  t.match(decodeFrame(poll.with(5, 0x61)), { ok: false, code: 'OSDP_FRAME_BAD', detail: { reason: 'check' } });
  t.match(decodeFrame(poll.subarray(0, 7)), { ok: false, detail: { reason: 'length' } });
  t.match(decodeFrame(new Uint8Array(0)), { ok: false, detail: { reason: 'length' } });
  for (const block of ['0015', '0115', '0a15', 'ff15', '0215']) {
    // Right in all but the block: so short that block, code and MAC cannot all be there.
    const body = hex(`53 00 0b 00 0c ${block} 60 00`);
    const crc = crc16(body);
    const bytes = Uint8Array.of(...body, crc & 0xff, crc >> 8);
    t.match(decodeFrame(bytes), { ok: false, detail: { reason: 'security-block' } }, block);
  }
});

t.test('frames are found behind marks, noise and a false start', async (t) => {
  const ack = hex('5380080004 40 59ac');
  t.same(codesOf(new FrameReader().push(Uint8Array.of(0xff, 0xff, ...ack, ...ack))), [0x40, 0x40]);
  t.same(codesOf(new FrameReader().push(Uint8Array.of(0x53, 0x53, 0x53, 0x53, ...ack))), ['length', 0x40]);
  // A false start whose length is small enough to be waited for: the real frame begins inside it.
  t.same(codesOf(new FrameReader().push(Uint8Array.of(0x53, 0x80, 0x0b, 0x00, ...ack))), ['check', 0x40]);
});

t.test('a frame that hides behind a long false start is found when the line falls silent', async (t) => {
  const reader = new FrameReader();
  t.same(reader.push(Uint8Array.of(0x53, 0x80, 0xa0, 0x05, ...hex('5380080004 40 59ac'))), []);
  t.ok(reader.hasBegun);
  t.same(codesOf(reader.giveUp()), ['length', 0x40]);
  t.notOk(reader.hasBegun);
});

t.test('a frame that is cut anywhere, into any pieces, is still read', async (_t) => {
  const all = golden.frames.map((frame) => hex(frame.hex));
  const stream = Buffer.concat(all);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), (cuts) => {
      const reader = new FrameReader();
      const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const found = edges.slice(1).flatMap((to, i) => reader.push(stream.subarray(edges[i], to)));
      return found.length === all.length && found.every((verdict) => verdict.ok) && !reader.hasBegun;
    }),
    { numRuns: 300 },
  );
});

t.test('arbitrary bytes never throw, are all accounted for, and leave no more than one frame behind', async (_t) => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 5000 }),
    fc.array(fc.constantFrom(0x53, 0x80, 0x00, 0x08, 0x0c, 0x05, 0xa0, 0x15, 0x02), { maxLength: 3000 }),
  );
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 6 }), (chunks) => {
      const reader = new FrameReader();
      for (const chunk of chunks) {
        for (const verdict of reader.push(Uint8Array.from(chunk))) {
          if (verdict.ok && verdict.value.head.length > maxFrameBytes) return false;
        }
      }
      reader.giveUp();
      // Whatever came before, the next good frame is read.
      return codesOf(reader.push(hex('5380080004 40 59ac'))).at(-1) === 0x40;
    }),
    { numRuns: 200 },
  );
});

t.test('the reader of a line that never makes sense does not grow', async (t) => {
  const noise = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i % 4 === 0 ? 0x53 : [0x80, 0xa0, 0x04][(i % 4) - 1]!));
  const reader = new FrameReader();
  reader.push(noise.subarray(0, 4096));
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  let refusals = 0;
  for (let from = 0; from < noise.length; from += 4096)
    refusals += reader.push(noise.subarray(from, from + 4096)).length;
  const grown = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - before;
  t.ok(grown < 16 << 20, 'at most what the collector has not yet taken back');
  t.ok(refusals <= 1, 'one run of noise is refused once');
});
