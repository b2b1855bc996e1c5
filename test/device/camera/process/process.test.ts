import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Camera, CameraEvent, Picture, Raw } from '../../../../device/camera/camera.ts';
import { type ProcessCameraOptions, processCamera } from '../../../../device/camera/process/process.ts';
import { type Clock, systemClock } from '../../../../device/clock/clock.ts';
import { WoundClock } from '../../../support/clock.ts';
import { codeOf } from '../../../support/code-of.ts';
import { until } from '../../../support/until.ts';
import { livingCamera, program } from '../programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'doorward-camera-'));
t.teardown(() => rmSync(folder, { recursive: true }));

interface Bench {
  readonly camera: Camera;
  readonly pictures: Picture[];
  readonly raws: Raw[];
  readonly events: CameraEvent[];
}

/** A camera over that program, ended with the test. */
function bench(
  t: { teardown(end: () => Promise<void>): void },
  command: [string, ...string[]],
  options: Partial<ProcessCameraOptions> & { clock?: Clock } = {},
): Bench {
  const events: CameraEvent[] = [];
  const camera = processCamera({
    command,
    codec: 'jpeg',
    startMs: 30_000,
    clock: systemClock,
    random: () => 0,
    onEvent: (event) => void events.push(event),
    ...options,
  });
  const pictures: Picture[] = [];
  const raws: Raw[] = [];
  camera.onPicture((picture) => void pictures.push(picture));
  camera.onRaw((raw) => void raws.push(raw));
  t.teardown(() => camera.stop());
  return { camera, pictures, raws, events };
}

/** A clock wound by hand that notes what it was asked to wait for. */
class NotedClock extends WoundClock {
  readonly asked: number[] = [];

  override after(ms: number, callback: () => void): () => void {
    this.asked.push(ms);
    return super.after(ms, callback);
  }
}

/** Whether a process of that id is there, and be it as a zombie. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
const pidIn = (file: string): number => Number(readFileSync(file, 'utf8'));

t.test('pictures and raw frames of a program that lives', async (t) => {
  const { camera, pictures, raws } = bench(t, livingCamera({ raw: true }), { raw: { width: 16, height: 16 } });
  t.same(camera.health(), { at: 'off', framesPerSecond: 0, restarts: 0 });
  camera.start();
  t.equal(camera.health().at, 'starting');
  await until('20 pictures', () => pictures.length >= 20 && raws.length >= 20);
  t.ok(pictures.every(({ codec, key }) => codec === 'jpeg' && key));
  t.equal(new Set(raws.slice(0, 20).map(({ hash }) => hash)).size, 20, 'each raw frame is one of its own');
  t.match(camera.health(), { at: 'running', restarts: 0, frameBytes: pictures.at(-1)?.data.length });
  t.same(camera.capabilities, { live: true, seesRepeats: true, codec: 'jpeg' });
});

t.test('what a camera can tell: JPEG by itself, H.264 only with a raw output', async (t) => {
  const sees = (options: Partial<ProcessCameraOptions>): boolean =>
    bench(t, ['true'], options).camera.capabilities.seesRepeats;
  t.equal(sees({ codec: 'jpeg' }), true);
  t.equal(sees({ codec: 'h264' }), false);
  t.equal(sees({ codec: 'h264', raw: { width: 16, height: 16 } }), true);
});

t.test('JPEG without a raw output: the same picture has the same raw, whatever is written beside it', async (t) => {
  const code = `
    const comment = (n) => Buffer.concat([Buffer.from([0xff, 0xfe, 0, 3]), Buffer.from([n])]);
    for (const n of [1, 2, 3]) out(Buffer.concat([jpeg(5).subarray(0, 2), comment(n), jpeg(5).subarray(2)]));
    out(jpeg(6));
    setInterval(() => {}, 1000);`;
  const { camera, pictures, raws } = bench(t, program(code));
  camera.start();
  await until('4 pictures', () => pictures.length === 4);
  t.same(
    raws.map(({ hash }) => hash === raws[0]?.hash),
    [true, true, true, false],
  );
});

t.test('a program that is not there, or may not be run, is named with what to do', async (t) => {
  const missing = bench(t, ['doorward-no-such-camera']);
  missing.camera.start();
  await until('trouble', () => missing.events[0]);
  t.match(missing.events[0], {
    code: 'CAMERA_UNAVAILABLE',
    detail: { program: 'doorward-no-such-camera', reason: 'missing', do: /Install it/ },
  });
  t.match(missing.camera.health(), { at: 'failed', code: 'CAMERA_UNAVAILABLE' });
  const known = bench(t, [join(folder, 'rpicam-vid')]);
  known.camera.start();
  await until('trouble', () => known.events[0]);
  t.match(known.events[0]?.detail, { do: 'Install it: apt install rpicam-apps' });
  const file = join(folder, 'no-program');
  writeFileSync(file, '', { mode: 0o644 });
  const forbidden = bench(t, [file]);
  forbidden.camera.start();
  await until('trouble', () => forbidden.events[0]);
  t.match(forbidden.events[0], { code: 'CAMERA_UNAVAILABLE', detail: { reason: 'permission' } });
  const odd = bench(t, ['true', 'zero\0byte']);
  odd.camera.start();
  await until('trouble', () => odd.events[0]);
  t.match(odd.events[0], { code: 'CAMERA_UNAVAILABLE', detail: { reason: 'failed' } });
});

t.test('a program that ends is told with its last words, without passwords, and started again', async (t) => {
  const code = `
    process.stderr.write('one\\ntwo\\nthree\\nfour\\nfive\\n');
    process.stderr.write('rtsp://owner:s3cret@10.0.0.7/live?token=abc: refused\\n');
    process.exit(3);`;
  const clock = new NotedClock(0);
  const { camera, events } = bench(t, program(code), { clock });
  camera.start();
  const waits = [250, 500, 1000, 2000, 4000, 8000, 8000];
  for (const [turn, waitMs] of waits.entries()) {
    await until('trouble', () => events.length > turn);
    t.match(events[turn], { code: 'CAMERA_GONE', detail: { exit: 3 } });
    // The pause begins when the program is gone for good.
    await until('the pause', () => clock.asked.at(-1) === waitMs);
    clock.pass(waitMs - 1);
    t.equal(camera.health().restarts, turn, `not before ${waitMs} ms`);
    clock.pass(1);
    t.equal(camera.health().restarts, turn + 1);
  }
  const said = String(events[0]?.detail.said);
  t.match(said, /^two \| three \| four \| five \| rtsp:\/\/…@10\.0\.0\.7\/live\?token=… refused$/);
  t.notMatch(said, /s3cret|abc|owner/);
});

t.test('silent from the start, no picture at all, silent later: each by name', async (t) => {
  const cases = [
    ['setInterval(() => {}, 1000);', 'CAMERA_SILENT'],
    ["setInterval(() => out('no picture'), 10);", 'CAMERA_UNREADABLE'],
  ] as const;
  for (const [code, expected] of cases) {
    const { camera, events } = bench(t, program(code), { startMs: 2000 });
    camera.start();
    await until(expected, () => events[0]);
    t.equal(events[0]?.code, expected);
  }
  const clock = new WoundClock(0);
  const { camera, events, pictures } = bench(t, program('out(jpeg(1)); setInterval(() => {}, 1000);'), { clock });
  camera.start();
  await until('a picture', () => pictures.length === 1);
  clock.pass(29_000);
  t.equal(camera.health().at, 'running');
  clock.pass(1000);
  t.match(events[0], { code: 'CAMERA_SILENT' });
});

t.test('pictures that are too large are told once, and are the reason when nothing else comes', async (t) => {
  const clock = new WoundClock(0);
  const code = 'const big = Buffer.concat([jpeg(1).subarray(0, -2), Buffer.alloc(2e5), Buffer.from([255, 217])]);';
  const { camera, events } = bench(t, program(`${code} for (;;) out(big);`), { clock });
  camera.start();
  await until('trouble', () => events[0]);
  t.equal(events[0]?.code, 'MEDIA_TOO_BIG');
  t.equal(camera.health().at, 'starting');
  clock.pass(30_000);
  t.equal(camera.health().at, 'failed');
  t.equal(camera.health().code, 'MEDIA_TOO_BIG');
});

t.test('a raw output that is silent is told, and the pictures go on', async (t) => {
  const clock = new WoundClock(0);
  const { camera, events, pictures } = bench(t, livingCamera(), { clock, raw: { width: 16, height: 16 } });
  camera.start();
  await until('pictures', () => pictures.length > 3);
  clock.pass(3001);
  await until('trouble', () => events[0]);
  t.same(
    events.map(({ code }) => code),
    ['CAMERA_RAW_SILENT'],
  );
  t.equal(camera.health().at, 'running');
});

t.test('stop ends the program and all that it started; one that does not want to is killed', async (t) => {
  const [own, other] = [join(folder, 'own'), join(folder, 'other')];
  const code = `
    process.on('SIGTERM', () => {});
    fs.writeFileSync(${JSON.stringify(own)}, String(process.pid));
    const child = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit' });
    fs.writeFileSync(${JSON.stringify(other)}, String(child.pid));
    setInterval(() => out(jpeg(Date.now())), 20);`;
  const { camera, pictures } = bench(t, program(code));
  camera.start();
  await until('a picture', () => pictures.length > 0 && existsSync(other));
  const [pid, childPid] = [pidIn(own), pidIn(other)];
  t.ok(isThere(pid) && isThere(childPid));
  await camera.stop();
  t.notOk(isThere(pid), 'not even as a zombie');
  await until('the other is gone', () => !isThere(childPid));
  const before = pictures.length;
  t.match(camera.health(), { at: 'off' });
  t.equal(pictures.length, before);
});

t.test('a program that dies takes what it started with it', async (t) => {
  const other = join(folder, 'orphan');
  const code = `
    const child = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit' });
    fs.writeFileSync(${JSON.stringify(other)}, String(child.pid));
    process.exit(0);`;
  const { camera, events } = bench(t, program(code), { clock: new WoundClock(0) });
  camera.start();
  await until('trouble', () => events[0]);
  await until('the other is gone', () => !isThere(pidIn(other)));
  t.match(events[0]?.code, 'CAMERA_GONE');
});

t.test('stop and start in any order leave one program, or none', async (t) => {
  const log = join(folder, 'starts');
  const code = `
    fs.appendFileSync(${JSON.stringify(log)}, process.pid + '\\n');
    setInterval(() => out(jpeg(Date.now())), 20);`;
  const { camera, pictures } = bench(t, program(code));
  camera.start();
  camera.start();
  const stopping = camera.stop();
  camera.start();
  void camera.stop();
  camera.start();
  await stopping;
  await until('a picture', () => pictures.length > 0);
  const pids = (): number[] => readFileSync(log, 'utf8').trim().split('\n').map(Number);
  t.equal(pids().filter(isThere).length, 1);
  await camera.stop();
  t.equal(pids().filter(isThere).length, 0);
});

t.test('a listener that stops the camera hears no more', async (t) => {
  const { camera } = bench(t, program('out(Buffer.concat([jpeg(1), jpeg(2), jpeg(3)])); setInterval(() => {}, 1000);'));
  let heard = 0;
  const stopped = new Promise<void>((resolve) => {
    camera.onPicture(() => {
      heard += 1;
      camera.stop().then(resolve);
    });
  });
  camera.start();
  await stopped;
  t.equal(heard, 1);
});

t.test('a snapshot is the next picture; without a camera it fails by name', async (t) => {
  const living = bench(t, livingCamera());
  t.equal(await codeOf(living.camera.snapshot()), 'CAMERA_NOT_LIVE');
  living.camera.start();
  const picture = await living.camera.snapshot();
  t.same([...picture.subarray(0, 2), ...picture.subarray(-2)], [0xff, 0xd8, 0xff, 0xd9]);
  const waiting = bench(t, program('setInterval(() => {}, 1000);'));
  waiting.camera.start();
  const wanted = codeOf(waiting.camera.snapshot());
  await waiting.camera.stop();
  t.equal(await wanted, 'CAMERA_NOT_LIVE');
  const dying = bench(t, program('process.exit(1);'));
  dying.camera.start();
  t.equal(await codeOf(dying.camera.snapshot()), 'CAMERA_GONE');
});
