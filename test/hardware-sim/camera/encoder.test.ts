import t from 'tap';
import { h264Encoder, type Outlet } from '../../../hardware-sim/camera/encoder.ts';
import { makeScene } from '../../../hardware-sim/camera/scene.ts';
import type { View } from '../../../hardware-sim/camera/view.ts';
import { decodeH264, noCanvas, noFfmpeg, timeOf } from './pictures.ts';

function collector() {
  const chunks: Uint8Array[] = [];
  const outlet: Outlet = {
    write: (bytes) => chunks.push(bytes) > 0,
    onDrained: () => {},
    full: () => false,
  };
  return { outlet, bytes: () => Buffer.concat(chunks) };
}

/** Kinds of the NAL units of a stream, in order. */
const unitsOf = (stream: Buffer): number[] => {
  const kinds: number[] = [];
  for (let at = stream.indexOf('000001', 0, 'hex'); at >= 0; at = stream.indexOf('000001', at + 3, 'hex')) {
    kinds.push(stream[at + 3]! & 0x1f);
  }
  return kinds;
};

const view: View = { name: 'FRONT', leaf: 0, led: 'locked', courier: undefined, parcel: 'none', putDown: 1 };

t.test(
  'the time of every frame survives H.264 at 800 kbit/s, door and courier moving',
  { skip: noFfmpeg },
  async (t) => {
    const { outlet, bytes } = collector();
    const encoder = h264Encoder(outlet, 15);
    const scene = makeScene(1);
    const count = 90;
    const drawn: number[] = [];
    for (let i = 0; i < count; i++) {
      const timeMs = 1_795_251_647_281 + Math.round((i * 1_000) / 15);
      const courier = { near: i / count, steps: i / 10, leaving: false, carries: true };
      scene.draw({ timeMs, grain: i, of: { ...view, leaf: Math.max(0, (i - 45) / 45), courier } });
      encoder.encode(scene);
      drawn.push(timeMs);
    }
    await encoder.close();
    const stream = bytes();
    t.strictSame(decodeH264(stream).map(timeOf), drawn);
    t.ok(stream.length * 8 < 900_000 * (count / 15), `${Math.round((stream.length * 8 * 15) / count / 1000)} kbit/s`);

    const units = unitsOf(stream);
    t.equal(units.filter((kind) => kind === 9).length, count, 'each picture begins with a delimiter');
    t.equal(units.filter((kind) => kind === 5).length, (count / 15) * 2, 'a key picture of two slices a second');
    t.equal(units.filter((kind) => kind === 7).length, count / 15, 'which brings its parameters along');
    t.equal(units.filter((kind) => kind === 1).length, (count - count / 15) * 2);
  },
);

t.test('without ffmpeg it says what to install', { skip: noCanvas }, async (t) => {
  const encoder = h264Encoder(collector().outlet, 15, 'ffmpeg-that-nobody-has');
  await t.rejects(encoder.failed, { code: 'TOOL_MISSING', detail: { install: 'apt-get install ffmpeg' } });
  await encoder.close();
});

t.test('an ffmpeg that dies is a failure, not a silence', { skip: noFfmpeg }, async (t) => {
  const encoder = h264Encoder(collector().outlet, 15, 'false');
  await t.rejects(encoder.failed, { code: 'INTERNAL', detail: { tool: 'false', code: '1' } });
  await encoder.close();
});
