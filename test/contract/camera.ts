/** What any `Camera` must do, whatever drives it: run on programs and on the simulator always, on hardware when there is some. */
import type { Camera, Picture, Raw } from '../../device/camera/camera.ts';
import { SamenessJudge } from '../../device/camera/sameness.ts';
import { systemClock } from '../../device/clock/clock.ts';
import type { FaultCode } from '../../wire/faults.ts';
import { maxPictureBytes } from '../../wire/media.ts';
import { codeOf } from '../support/code-of.ts';
import { until } from '../support/until.ts';

/** The part of tap's test object that the suite needs. */
type Tap = typeof import('tap')['default'];

/** The world around a camera. Hardware has none: what needs it is skipped there. */
export interface CameraWorld {
  /** Takes the camera away in the middle of a picture, or puts it back. */
  unplug(unplugged: boolean): void;
  /** The sensor stands still, or no more. */
  freeze?(frozen: boolean): void;
  /** How many programs or open ports there are. */
  held(): number;
}

export interface CameraRig {
  readonly camera: Camera;
  readonly world?: CameraWorld;
  close(): Promise<void>;
}

/** Whether these bytes can be a picture of that codec: a JPEG from end to end, or NAL units with a slice among them. */
function isPicture({ codec, key, data }: Pick<Picture, 'codec' | 'key' | 'data'>): boolean {
  const bytes = Buffer.from(data);
  if (codec === 'jpeg') return bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) === 0xffd9;
  const types: number[] = [];
  for (let at = bytes.indexOf('000001', 0, 'hex'); at !== -1; at = bytes.indexOf('000001', at + 3, 'hex')) {
    types.push(bytes[at + 3]! & 31);
  }
  const begins = bytes.indexOf('000001', 0, 'hex') <= 1;
  return begins && (key ? [5, 7, 8].every((type) => types.includes(type)) : types.includes(1) && !types.includes(5));
}

/** @param makeRig  a fresh rig, not started */
export function cameraContract(t: Tap, name: string, makeRig: () => Promise<CameraRig>): void {
  const onRig = (sentence: string, run: (t: Tap, rig: CameraRig & Heard) => Promise<void>): void => {
    t.test(`${name}: ${sentence}`, async (t) => {
      const rig = await makeRig();
      const heard = listen(rig.camera);
      try {
        await run(t as unknown as Tap, { ...rig, ...heard });
      } finally {
        await rig.camera.stop();
        await rig.close();
      }
    });
  };

  onRig('before it is started it is off and gives nothing', async (t, { camera, world, pictures }) => {
    t.match(camera.health(), { at: 'off', framesPerSecond: 0, restarts: 0 });
    t.equal(await codeOf(camera.snapshot()), 'CAMERA_NOT_LIVE');
    await camera.stop();
    t.equal(pictures.length, 0);
    t.equal(world?.held() ?? 0, 0, 'nothing is opened');
  });

  onRig('it gives whole pictures in order, each with its time, the first one to be decoded alone', async (t, rig) => {
    const { camera, pictures } = rig;
    const startedAtMs = systemClock.monotonic();
    camera.start();
    camera.start();
    t.match(camera.health(), { at: 'starting' });
    await collect(rig, 20);
    const nowMs = systemClock.monotonic();
    t.equal(pictures[0]?.key, true);
    t.ok(pictures.every((picture) => picture.codec === camera.capabilities.codec && isPicture(picture)));
    t.ok(pictures.every(({ data }) => data.length <= maxPictureBytes));
    const times = pictures.map(({ atMs }) => atMs);
    t.same(
      [...times].sort((a, b) => a - b),
      times,
    );
    t.ok(times.every((atMs) => atMs >= startedAtMs && atMs <= nowMs));
    t.match(camera.health(), { at: 'running', restarts: 0 });
    if (camera.capabilities.live) t.ok(camera.health().framesPerSecond > 0);
  });

  onRig('it tells repeats if it says so: a living picture is fresh, a frozen one is not', async (t, rig) => {
    const { camera, raws, world } = rig;
    camera.start();
    await collect(rig, 20);
    if (!camera.capabilities.seesRepeats) return void t.equal(raws.length, 0, 'it cannot, and tells nothing');
    const judge = new SamenessJudge();
    let judged = 0;
    const says = (): string => {
      let last = 'unknown';
      for (; judged < raws.length; judged += 1) last = judge.take(raws[judged]!.hash, raws[judged]!.atMs);
      return last;
    };
    await until('it is fresh', () => says() === 'fresh');
    if (world?.freeze === undefined) return t.comment('skipped: nobody freezes it');
    world.freeze(true);
    await until('it is frozen', () => says() === 'frozen');
    world.freeze(false);
    await until('it is fresh again', () => says() === 'fresh');
  });

  onRig('a snapshot is one picture that can be decoded alone', async (t, { camera, pictures }) => {
    camera.start();
    const data = await camera.snapshot();
    t.ok(isPicture({ codec: camera.capabilities.codec, key: true, data }));
    await until('it is told too', () => pictures.some((picture) => Buffer.compare(picture.data, data) === 0));
  });

  onRig('who has left hears no more', async (t, rig) => {
    let heard = 0;
    const leave = rig.camera.onPicture(() => {
      heard += 1;
    });
    leave();
    leave();
    rig.camera.start();
    await collect(rig, 3);
    t.equal(heard, 0);
  });

  onRig('stopped, it gives nothing more and holds nothing; it can be started again', async (t, rig) => {
    const { camera, world, pictures } = rig;
    camera.start();
    await collect(rig, 3);
    await camera.stop();
    const before = pictures.length;
    t.match(camera.health(), { at: 'off' });
    t.equal(world?.held() ?? 0, 0);
    t.equal(await codeOf(camera.snapshot()), 'CAMERA_NOT_LIVE');
    t.equal(pictures.length, before);
    camera.start();
    await collect(rig, before + 3);
    t.equal(pictures[before]?.key, true, 'the first one can be decoded alone again');
  });

  onRig('taken away it says so, and it comes back by itself', async (t, rig) => {
    const { camera, world, pictures, troubles } = rig;
    if (world === undefined) return t.comment('skipped: this is hardware, nobody pulls its cable');
    camera.start();
    await collect(rig, 3);
    world.unplug(true);
    await until('trouble', async () => {
      // A line that nothing is said on may not show it.
      if (!camera.capabilities.live) await camera.snapshot().catch(() => undefined);
      return troubles.length > 0 && camera.health().at !== 'running';
    });
    t.match(troubles[0], /^(CAMERA_GONE|CAMERA_SILENT|LINK_CLOSED)$/);
    const before = pictures.length;
    world.unplug(false);
    await collect(rig, before + 3);
    t.ok(camera.health().restarts > 0);
    t.equal(pictures[before]?.key, true, 'the first one can be decoded alone again');
    t.match(camera.health(), { at: 'running', code: undefined });
  });
}

interface Heard {
  readonly pictures: Picture[];
  readonly raws: Raw[];
  readonly troubles: FaultCode[];
}

function listen(camera: Camera): Heard {
  const heard: Heard = { pictures: [], raws: [], troubles: [] };
  camera.onPicture((picture) => void heard.pictures.push(picture));
  camera.onRaw((raw) => void heard.raws.push(raw));
  camera.onTrouble((code) => void heard.troubles.push(code));
  return heard;
}

/** Waits for so many pictures; asks for them where they do not come by themselves, three at most. */
async function collect({ camera, pictures }: CameraRig & Heard, count: number): Promise<void> {
  const wanted = camera.capabilities.live ? count : Math.min(count, pictures.length + 3);
  await until(`${wanted} pictures`, async () => {
    // A camera that has just been put back may not be ready at the first time of asking.
    if (!camera.capabilities.live) await camera.snapshot().catch(() => undefined);
    return pictures.length >= wanted;
  });
}
