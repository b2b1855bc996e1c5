import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import t, { type Test } from 'tap';
import { rawBytes } from '../../../hardware-sim/camera/scene.ts';
import { serveControl } from '../../../hardware-sim/control/server.ts';
import { type SimHome, startSimHome } from '../../../hardware-sim/home.ts';
import { typescript } from '../../support/node.ts';
import { until } from '../../support/until.ts';
import { brightness, decodeH264, decodeJpeg, hash, noCanvas, noFfmpeg, splitJpegs, timeOf } from './pictures.ts';

const main = join(import.meta.dirname, '../../../hardware-sim/cli/main.ts');
const doors = [{ id: 'front', output: 0, contactInput: 0, monitorInput: 1, leafMs: 50 }];

/** A home of this process with one camera, under control. */
async function controlled(t: Test, startMs = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'sim-camera-'));
  const socketPath = join(folder, 'sim.sock');
  const home = startSimHome({
    lines: [{ id: 'bus', paced: false, peripherals: [{ address: 0, doors }] }],
    cameras: [{ id: 'porch', door: 'front', startMs }],
  });
  const server = await serveControl(home, socketPath);
  t.teardown(async () => {
    home.close();
    if (server.listening) await down(server);
    rmSync(folder, { recursive: true });
  });
  return { home, server, socketPath };
}

async function down(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

interface Film {
  readonly child: ChildProcess;
  /** All that came so far. */
  readonly stream: () => Buffer;
  readonly raw: () => Buffer;
  readonly complaints: () => string;
}

/** Starts the camera as the hub does. Ends it with the test. */
function film(t: Test, socketPath: string, ...more: string[]): Film {
  const chosen = ['--control', socketPath, '--camera', 'porch', ...more];
  const child = spawn(process.execPath, [typescript, main, 'camera', ...chosen], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const gather = (from: Readable) => {
    const chunks: Buffer[] = [];
    from.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks);
  };
  const complaints = gather(child.stderr!);
  return {
    child,
    stream: gather(child.stdout!),
    raw: gather(child.stdio[3] as Readable),
    complaints: () => complaints().toString(),
  };
}

/** The pictures from now on, `count` of them. */
async function next({ stream }: Film, count: number): Promise<Buffer[]> {
  const from = splitJpegs(stream()).length;
  return until(`${count} pictures`, () => {
    const all = splitJpegs(stream());
    return all.length >= from + count ? all.slice(from, from + count) : undefined;
  });
}

const rawFrames = (raw: Buffer): Buffer[] =>
  Array.from({ length: Math.floor(raw.length / rawBytes) }, (_, i) => raw.subarray(i * rawBytes, (i + 1) * rawBytes));

async function ended({ child }: Film): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** Looks at the newest picture until it shows what is wanted. */
const shows = (film: Film, what: string, is: (picture: Awaited<ReturnType<typeof decodeJpeg>>) => boolean) =>
  until(what, async () => {
    const jpeg = splitJpegs(film.stream()).at(-1);
    return jpeg !== undefined && is(await decodeJpeg(jpeg));
  });

const leafColumn = [318, 284, 326, 294] as const;

t.test('MJPEG: frames with the time at which they were drawn, and as many raw ones', { skip: noCanvas }, async (t) => {
  const { home, socketPath } = await controlled(t);
  const beganMs = Date.now();
  const porch = film(t, socketPath, '--raw');
  const jpegs = await next(porch, 20);
  const times = await Promise.all(jpegs.map(async (jpeg) => timeOf(await decodeJpeg(jpeg))!));
  for (const [i, time] of times.entries()) t.ok(time >= (times[i - 1] ?? beganMs) && time <= Date.now());
  t.equal(new Set(jpegs.map(hash)).size, 20);
  await until('raw frames', () => rawFrames(porch.raw()).length >= 20);
  const raw = rawFrames(porch.raw());
  t.equal(new Set(raw.map(hash)).size, raw.length);

  await shows(porch, 'a closed door', (one) => brightness(one, ...leafColumn) < 110);
  home.door('front').openLeaf('key');
  await shows(porch, 'an open door', (one) => brightness(one, ...leafColumn) > 150);

  porch.child.kill('SIGTERM');
  t.equal(await ended(porch), 0, porch.complaints());
});

t.test('the faults, seen in the picture and in the raw output', { skip: noCanvas }, async (t) => {
  const { home, socketPath } = await controlled(t);
  const porch = film(t, socketPath, '--raw', '--fps', '30');
  await next(porch, 30);

  home.cameraFault('porch', { fault: 'freeze' });
  await until('ten equal frames', () => new Set(splitJpegs(porch.stream()).slice(-10).map(hash)).size === 1);
  await until('ten equal raw frames', () => new Set(rawFrames(porch.raw()).slice(-10).map(hash)).size === 1);
  home.cameraFault('porch', { fault: 'freeze', active: false });
  await until('other frames', () => new Set(splitJpegs(porch.stream()).slice(-10).map(hash)).size === 10);

  home.cameraFault('porch', { fault: 'loop', ms: 500 });
  const lag = await until('raw frames that come again', () => {
    const hashes = rawFrames(porch.raw()).map(hash);
    const again = hashes.slice(0, -1).lastIndexOf(hashes.at(-1)!);
    return again >= 0 ? hashes.length - 1 - again : undefined;
  });
  t.ok(lag >= 2 && lag <= 16, `again after ${lag} frames of 30 a second`);
  home.cameraFault('porch', { fault: 'loop', active: false });

  home.cameraFault('porch', { fault: 'blackout' });
  await shows(porch, 'black', (one) => brightness(one, 0, 40, 640, 460) < 25);
  const black = rawFrames(porch.raw()).slice(-5);
  t.equal(new Set(black.map(hash)).size, 5, 'black, and not still');
  home.cameraFault('porch', { fault: 'blackout', active: false });

  home.cameraFault('porch', { fault: 'slow', lateMs: 1_500 });
  await shows(porch, 'a late picture', (one) => Date.now() - timeOf(one)! >= 1_500);
  home.cameraFault('porch', { fault: 'slow', active: false });

  home.cameraFault('porch', { fault: 'corrupt', bytes: 400 });
  await until('a picture that is damaged', async () => {
    const tail = porch.stream().subarray(-100_000);
    const whole = await Promise.all(splitJpegs(tail).map((one) => decodeJpeg(one).then(timeOf, () => undefined)));
    return whole.length > 0 && whole.every((time) => time === undefined);
  });
  home.cameraFault('porch', { fault: 'corrupt', active: false });
  await until('a good one', async () => {
    const jpeg = splitJpegs(porch.stream().subarray(-100_000)).at(-1);
    return jpeg && (await decodeJpeg(jpeg).then(timeOf, () => undefined)) !== undefined;
  });

  home.cameraFault('porch', { fault: 'silent' });
  const stood = await until('silence', async () => {
    const before = porch.stream().length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return porch.stream().length === before ? before : undefined;
  });
  home.cameraFault('porch', { fault: 'silent', active: false });
  await until('more', () => porch.stream().length > stood);

  home.cameraFault('porch', { fault: 'unplug' });
  t.equal(await ended(porch), 69);
  t.match(porch.complaints(), /CAMERA_UNPLUGGED/);
  const again = film(t, socketPath);
  t.equal(await ended(again), 69, 'starting again fails while it is unplugged');
  t.equal(again.stream().length, 0);
});

t.test('cut: the stream stops in the middle of a frame, the process lives', { skip: noCanvas }, async (t) => {
  const { home, socketPath } = await controlled(t);
  home.cameraFault('porch', { fault: 'cut', afterBytes: 5_000 });
  const porch = film(t, socketPath);
  await until('5000 bytes', () => porch.stream().length === 5_000);
  home.cameraFault('porch', { fault: 'cut', active: false });
  await until('whole frames again', () => splitJpegs(porch.stream()).length > 1);
  t.equal(porch.child.exitCode, null);
});

t.test(
  'H.264: every frame can be decoded and has its time; ffmpeg goes with the camera',
  { skip: noFfmpeg },
  async (t) => {
    const { home, socketPath } = await controlled(t);
    const porch = film(t, socketPath, '--codec', 'h264', '--raw');
    await until('a second and a half', () => rawFrames(porch.raw()).length >= 24);
    home.cameraFault('porch', { fault: 'freeze' });
    await until('ten equal raw frames', () => new Set(rawFrames(porch.raw()).slice(-10).map(hash)).size === 1);
    porch.child.kill('SIGTERM');
    t.equal(await ended(porch), 0, porch.complaints());
    const times = decodeH264(porch.stream()).map(timeOf);
    t.ok(times.length >= 20, `${times.length} frames`);
    t.notOk(times.includes(undefined));
    t.ok(times.every((time, i) => i === 0 || time! >= times[i - 1]!));
    t.equal(new Set(times.slice(-8)).size, 1, 'a frozen clock');
  },
);

t.test('a home that goes away leaves NO HOME, with a clock that runs; it comes back', { skip: noCanvas }, async (t) => {
  const { home, server, socketPath } = await controlled(t);
  const porch = film(t, socketPath);
  const isSnow = (one: Awaited<ReturnType<typeof decodeJpeg>>) => brightness(one, 301, 228, 307, 250) > 200;
  await next(porch, 2);
  await shows(porch, 'the door', (one) => !isSnow(one));
  await down(server);
  await shows(porch, 'NO HOME', isSnow);
  const [a, b] = await next(porch, 2);
  t.ok(timeOf(await decodeJpeg(a!))! < timeOf(await decodeJpeg(b!))!);
  const back = await serveControl(home as SimHome, socketPath);
  t.teardown(() => down(back));
  await shows(porch, 'the door again', (one) => !isSnow(one));
});

t.test('nobody reads any more: it ends; a reader that is stuck does not keep it', { skip: noCanvas }, async (t) => {
  const { socketPath } = await controlled(t);
  const porch = film(t, socketPath);
  await next(porch, 1);
  porch.child.stdout!.destroy();
  t.equal(await ended(porch), 0, porch.complaints());

  const stuck = film(t, socketPath, '--fps', '60');
  await next(stuck, 1);
  stuck.child.stdout!.pause();
  const heldUp = rawFrames(stuck.raw()).length;
  await until('the pipe is full', async () => {
    const before = stuck.child.stdout!.readableLength;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return stuck.child.stdout!.readableLength === before;
  });
  t.equal(rawFrames(stuck.raw()).length, heldUp, 'no raw frame was asked for');
  stuck.child.kill('SIGTERM');
  t.equal(await ended(stuck), 0, stuck.complaints());
});

t.test('a camera takes its time to start', { skip: noCanvas }, async (t) => {
  const { socketPath } = await controlled(t, 1_500);
  const beganMs = Date.now();
  const porch = film(t, socketPath);
  const [first] = await next(porch, 1);
  t.ok(timeOf(await decodeJpeg(first!))! - beganMs >= 1_500);
});

t.test('what is wrong with the call is told by the exit code', { skip: noCanvas }, async (t) => {
  const { socketPath } = await controlled(t);
  for (const [code, fault, args] of [
    [64, 'USAGE', ['--codec', 'avi']],
    [64, 'USAGE', ['--fps', '0']],
    [66, 'NOT_FOUND', ['--camera', 'cellar']],
    [69, 'SIM_UNREACHABLE', ['--control', `${socketPath}.none`]],
  ] as const) {
    const refused = film(t, socketPath, ...args);
    t.equal(await ended(refused), code, args.join(' '));
    t.match(refused.complaints(), new RegExp(`\\[${fault}\\]`));
    t.equal(refused.stream().length, 0);
  }
});
