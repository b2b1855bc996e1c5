import t from 'tap';
import { crc16, parseFrame } from '../../../hardware-sim/osdp/frame.ts';
import { FrameReader } from '../../../hardware-sim/osdp/frame-reader.ts';
import { hex, plain, session } from './golden.ts';

const both = (...parts: Uint8Array[]): Uint8Array => Uint8Array.of(...parts.flatMap((part) => [...part]));

t.test('a frame with any single byte changed is no frame', async (t) => {
  for (const { command } of session) {
    for (let at = 0; at < command.length; at++) {
      const spoilt = command.slice();
      spoilt[at]! ^= 0x40;
      t.equal(parseFrame(spoilt), undefined, `byte ${at}`);
    }
  }
});

t.test('frames are found in noise, behind marks and cut anywhere', async (t) => {
  const stream = both(hex('00 FF 53 00'), hex('FF FF'), plain.poll, hex('FF'), plain.out, hex('AB'));
  for (let size = 1; size <= stream.length; size++) {
    const reader = new FrameReader();
    const codes: number[] = [];
    for (let at = 0; at < stream.length; at += size) {
      for (const found of reader.push(stream.slice(at, at + size))) {
        if (found.is === 'frame') codes.push(found.frame.code);
      }
    }
    t.strictSame(codes, [0x60, 0x68], `pieces of ${size}`);
  }
});

t.test('a damaged frame is named, and the one behind it is found', async (t) => {
  const damaged = plain.out.slice();
  damaged[7] = 0x02;
  const found = new FrameReader().push(both(damaged, plain.poll));
  t.strictSame(
    found.map((one) => one.is),
    ['damaged', 'frame'],
  );
  t.match(found[0], { address: 1, sequence: 2 });
});

t.test('an outline that never ends is forgotten on reset', async (t) => {
  const reader = new FrameReader();
  t.strictSame(reader.push(hex('53 00 00 04 04 60')), []);
  reader.reset();
  t.equal(reader.push(plain.poll)[0]?.is, 'frame');
});

t.test('the time of a frame is that of its SOM', async (t) => {
  const [found] = new FrameReader().push(both(hex('FF FF'), plain.poll), 1000, 2);
  t.equal(found?.startMs, 1004);
});

t.test('a security block that reaches past the frame is refused', async (t) => {
  // The control byte announces a block, whose length is then the command code itself.
  const body = hex('53 00 08 00 0C 60');
  const crc = crc16(body);
  t.equal(parseFrame(both(body, Uint8Array.of(crc & 0xff, crc >> 8))), undefined);
  const good = hex('53 00 08 00 04 60');
  const goodCrc = crc16(good);
  t.equal(parseFrame(both(good, Uint8Array.of(goodCrc & 0xff, goodCrc >> 8)))?.code, 0x60);
});
