import t from 'tap';
import { Damage } from '../../../hardware-sim/camera/damage.ts';
import type { CameraFault } from '../../../hardware-sim/faults.ts';

const frame = Uint8Array.from({ length: 1_000 }, (_, i) => i & 0xff);
const differing = (bytes: Uint8Array): number => bytes.filter((byte, i) => byte !== frame[i]).length;

t.test('without a fault bytes pass as they are', async (t) => {
  t.equal(new Damage(1).pass(frame, []), frame);
});

t.test('corrupt: some bytes of a frame are changed, the frame that was given is not', async (t) => {
  const before = frame.slice();
  const corrupt: CameraFault = { fault: 'corrupt', active: true, bytes: 8, chance: 1 };
  const damage = new Damage(1);
  for (let i = 0; i < 20; i++) {
    const spoilt = damage.pass(frame, [corrupt]);
    t.equal(spoilt.length, frame.length);
    t.ok(differing(spoilt) >= 1 && differing(spoilt) <= 8);
  }
  t.strictSame(frame, before);
});

t.test('corrupt: of each frame with a chance, the same for the same seed', async (t) => {
  const corrupt: CameraFault = { fault: 'corrupt', active: true, bytes: 1, chance: 0.25 };
  const hits = (seed: number) => {
    const damage = new Damage(seed);
    return Array.from({ length: 400 }, () => differing(damage.pass(frame, [corrupt])));
  };
  const count = hits(1).filter((one) => one > 0).length;
  t.ok(count > 60 && count < 140, `${count} of 400`);
  t.strictSame(hits(1), hits(1));
});

t.test('silent: nothing; cut: so many bytes more, then nothing; mended: all', async (t) => {
  const damage = new Damage(1);
  t.equal(damage.pass(frame, [{ fault: 'silent', active: true }]).length, 0);
  const cut: CameraFault = { fault: 'cut', active: true, afterBytes: 1_300 };
  t.strictSame(
    [1, 2, 3].map(() => damage.pass(frame, [cut]).length),
    [1_000, 300, 0],
  );
  t.equal(damage.pass(frame, []), frame);
  t.equal(damage.pass(frame, [{ ...cut, afterBytes: 0 }]).length, 0);
});
