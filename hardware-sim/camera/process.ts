/** The camera as a process: draws what its home tells, tick by tick, and writes it out until it is stopped. */
import type { Writable } from 'node:stream';
import { Fault } from '../../wire/faults.ts';
import { Damage } from './damage.ts';
import { h264Encoder, mjpegEncoder, type Outlet } from './encoder.ts';
import { Exposures, standing } from './exposures.ts';
import { type Following, followCamera } from './follow.ts';
import { makeScene, type Sight } from './scene.ts';
import { type Told, viewOf } from './view.ts';

export interface CameraProcessOptions {
  /** Control socket of the home. */
  readonly control: string;
  readonly camera: string;
  readonly codec: 'mjpeg' | 'h264';
  /** 1..60 */
  readonly fps: number;
  /** Takes the encoded pictures. */
  readonly out: Writable;
  /** Takes raw gray frames, 160x120 bytes each, of the same drawn frames; whole ones or none. */
  readonly raw?: Writable;
  /** Calls back once when the process is asked to end. */
  readonly onStop: (stop: () => void) => void;
}

/**
 * Resolves when it is stopped, or when nobody reads any more.
 * @throws Fault SIM_UNREACHABLE, NOT_FOUND: no such home or camera; CAMERA_UNPLUGGED; TOOL_MISSING
 */
export async function runCamera(options: CameraProcessOptions): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    options.onStop(resolve);
    for (const stream of [options.out, options.raw]) stream?.on('error', () => resolve());
  });
  const following = await followCamera(options.control, options.camera);
  try {
    await Promise.race([stopped, film(options, following, stopped)]);
  } finally {
    following.close();
  }
}

async function film(options: CameraProcessOptions, following: Following, stopped: Promise<void>): Promise<void> {
  const { told } = following.look()!;
  refuseUnplugged(told);
  const outlet = damaged(options.out, following, told.seed);
  const scene = makeScene(told.seed);
  const encoder = options.codec === 'mjpeg' ? mjpegEncoder(outlet) : h264Encoder(outlet, options.fps);
  const exposures = new Exposures();
  let drawn: Sight | undefined;
  const tick = (): void => {
    const sight = expose(exposures, following);
    if (!sight || !encoder.ready()) return;
    if (sight !== drawn) scene.draw(sight);
    drawn = sight;
    encoder.encode(scene);
    const { raw } = options;
    if (raw && !raw.writableNeedDrain && !isSilent(following)) raw.write(scene.gray());
  };
  const failed = new Promise<never>((_, reject) => {
    void every(1000 / options.fps, Math.max(0, told.startMs - performance.now()), stopped, tick).catch(reject);
  });
  try {
    await Promise.race([stopped, encoder.failed, failed]);
  } finally {
    await encoder.close();
  }
}

const isSilent = (following: Following): boolean => {
  const faults = following.look()?.told.faults ?? [];
  return (standing(faults, 'silent') ?? standing(faults, 'cut')) !== undefined;
};

/** @throws Fault CAMERA_UNPLUGGED */
function refuseUnplugged({ id, faults }: Told): void {
  if (standing(faults, 'unplug')) throw new Fault('CAMERA_UNPLUGGED', { camera: id });
}

/** @throws Fault CAMERA_UNPLUGGED */
function expose(exposures: Exposures, following: Following): Sight | undefined {
  const looked = following.look();
  if (looked) refuseUnplugged(looked.told);
  const faults = looked?.told.faults ?? [];
  const of = looked ? viewOf(looked.told, looked.ageMs) : 'no-home';
  return exposures.tick({ of, faults, nowMs: performance.now(), timeMs: Date.now() });
}

/** Calls `tick` at an even pace until stopped; a tick that is long overdue is left out. Rejects with what `tick` throws. */
async function every(ms: number, firstMs: number, stopped: Promise<void>, tick: () => void): Promise<void> {
  let isStopped = false;
  let wake = (): void => {};
  void stopped.then(() => {
    isStopped = true;
    wake();
  });
  const wait = (forMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, forMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  let dueMs = performance.now() + firstMs;
  while (!isStopped) {
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await wait(waitMs);
    if (isStopped) return;
    tick();
    dueMs = Math.max(dueMs + ms, performance.now());
  }
}

/** The way out, with the faults that come after the encoder. */
function damaged(out: Writable, following: Following, seed: number): Outlet {
  const damage = new Damage(seed);
  return {
    write: (bytes) => {
      const passed = damage.pass(bytes, following.look()?.told.faults ?? []);
      return passed.length === 0 || out.write(passed);
    },
    onDrained: (listener) => void out.on('drain', listener),
    full: () => out.writableNeedDrain,
  };
}
