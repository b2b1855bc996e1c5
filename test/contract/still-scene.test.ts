import { createHash } from 'node:crypto';
import t from 'tap';
import { type Sameness, SamenessJudge } from '../../device/camera/sameness.ts';
import { makeScene, type Sight } from '../../hardware-sim/camera/scene.ts';

// The whole measurement takes a minute: DOORWARD_LONG=1 plays the 10,000 frames, else a part of them.
const frames = process.env.DOORWARD_LONG === '1' ? 10_000 : 400;
const frameMs = 1000 / 15;
t.setTimeout(1_200_000);

const still: Sight['of'] = { name: 'FRONT', leaf: 0, led: 'locked', courier: undefined, parcel: 'none', putDown: 0 };

const skip = ((): string | false => {
  try {
    import.meta.resolve('@napi-rs/canvas');
    return false;
  } catch {
    return 'the drawn scene needs @napi-rs/canvas';
  }
})();

t.test(
  `a still scene whose noise alone changes is never taken for a frozen or looped one: ${frames}`,
  { skip },
  (t) => {
    const scene = makeScene(7);
    const judge = new SamenessJudge();
    const said: Record<Sameness, number> = { unknown: 0, fresh: 0, frozen: 0, looped: 0 };
    for (let grain = 0; grain < frames; grain += 1) {
      // Clock and strip stand still: only the sensor's noise is left to tell two frames apart.
      scene.draw({ timeMs: 1_790_000_000_000, grain, of: still });
      const hash = createHash('sha256').update(scene.gray()).digest('hex').slice(0, 32);
      said[judge.take(hash, grain * frameMs)] += 1;
    }
    t.equal(said.frozen, 0);
    t.equal(said.looped, 0);
    t.ok(said.fresh > frames - 20, JSON.stringify(said));
    t.end();
  },
);
