/** Watches a camera for a while and says what it is worth: what the installer reads from `doorward camera test`. */
import type { FaultCode } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';
import type { Camera, Picture } from './camera.ts';
import { type Sameness, SamenessJudge } from './sameness.ts';

export interface Trial {
  /** From the start to the first picture that can be decoded alone, ms. */
  readonly firstMs: number;
  readonly frames: number;
  readonly keyFrames: number;
  /** Over the pictures that came; 0 for fewer than two. */
  readonly framesPerSecond: number;
  /** Between two pictures, ms: what half, 95 in 100, and all of them keep to. */
  readonly gapMs: { readonly p50: number; readonly p95: number; readonly longest: number };
  readonly bytes: { readonly mean: number; readonly largest: number };
  /** Age of the last picture at the end, ms. */
  readonly ageMs: number;
  /** `told`: whether it can tell; `seen`: what it told, the worst of it. */
  readonly repeats: { readonly told: boolean; readonly raws: number; readonly seen: Sameness };
  readonly restarts: number;
  readonly troubles: readonly FaultCode[];
  /** The first picture that can be decoded alone. */
  readonly picture: Uint8Array;
}

const worst: readonly Sameness[] = ['unknown', 'fresh', 'looped', 'frozen'];

/**
 * Starts the camera, watches it, stops it.
 * @param forMs  how long, from the first picture on; a camera of stills takes one after another
 * @param ended  ends it early
 * @throws Fault what `snapshot` says when no first picture comes
 */
export async function tryCamera(camera: Camera, clock: Clock, forMs: number, ended: Promise<void>): Promise<Trial> {
  const pictures: Pick<Picture, 'atMs' | 'key'>[] = [];
  const sizes: number[] = [];
  const troubles: FaultCode[] = [];
  const judge = new SamenessJudge();
  let raws = 0;
  let seen: Sameness = 'unknown';
  camera.onPicture(({ atMs, key, data }) => {
    pictures.push({ atMs, key });
    sizes.push(data.length);
  });
  camera.onTrouble((code) => void troubles.push(code));
  camera.onRaw(({ hash, atMs }) => {
    raws += 1;
    const says = judge.take(hash, atMs);
    if (worst.indexOf(says) > worst.indexOf(seen)) seen = says;
  });
  const startedAtMs = clock.monotonic();
  camera.start();
  try {
    const picture = await camera.snapshot();
    const firstMs = clock.monotonic() - startedAtMs;
    let isOver = false;
    const over = new Promise<void>((resolve) => {
      const cancel = clock.after(forMs, resolve);
      void ended.then(() => {
        cancel();
        resolve();
      });
    }).then(() => {
      isOver = true;
    });
    // A still that fails is a trouble and told as one; what cannot be had at all ends the trial below.
    while (!camera.capabilities.live && !isOver) await Promise.race([over, camera.snapshot().catch(() => over)]);
    await over;
    const { restarts } = camera.health();
    const lastAtMs = pictures.at(-1)?.atMs ?? startedAtMs;
    const times = pictures.map(({ atMs }) => atMs);
    const spanMs = lastAtMs - (times[0] ?? lastAtMs);
    return {
      firstMs,
      frames: pictures.length,
      keyFrames: pictures.filter(({ key }) => key).length,
      framesPerSecond: spanMs > 0 ? ((pictures.length - 1) * 1000) / spanMs : 0,
      gapMs: gapsOf(times),
      bytes: {
        mean: sizes.reduce((sum, one) => sum + one, 0) / Math.max(1, sizes.length),
        largest: Math.max(0, ...sizes),
      },
      ageMs: clock.monotonic() - lastAtMs,
      repeats: { told: camera.capabilities.seesRepeats, raws, seen },
      restarts,
      troubles,
      picture,
    };
  } finally {
    await camera.stop();
  }
}

function gapsOf(times: readonly number[]): Trial['gapMs'] {
  const gaps = times.slice(1).map((atMs, at) => atMs - times[at]!);
  gaps.sort((a, b) => a - b);
  const at = (share: number): number => gaps[Math.min(gaps.length - 1, Math.floor(share * gaps.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), longest: gaps.at(-1) ?? 0 };
}
