/** From drawn frames to bytes: the canvas' own JPEG encoder, or H.264 of an ffmpeg child. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Fault } from '../../wire/faults.ts';
import type { Scene } from './scene.ts';
import { picture } from './strip.ts';

/** Takes one frame after another. */
export interface Encoder {
  /** False while it cannot take a frame: the sensor's next one is lost then, as on a camera. */
  ready(): boolean;
  /** Encodes the frame that the scene has drawn last. */
  encode(scene: Scene): void;
  /** Resolves when what was encoded has been given out and nothing runs. */
  close(): Promise<void>;
  /** Rejects when the encoder fails. @throws Fault TOOL_MISSING, INTERNAL */
  readonly failed: Promise<never>;
}

/** Gives encoded bytes out. @returns false: wait for `drained` before more */
export interface Outlet {
  write(bytes: Uint8Array): boolean;
  onDrained(listener: () => void): void;
  full(): boolean;
}

/** One JPEG a frame, one after another. */
export function mjpegEncoder(outlet: Outlet): Encoder {
  return {
    ready: () => !outlet.full(),
    encode: (scene) => void outlet.write(scene.jpeg()),
    close: async () => {},
    failed: new Promise(() => {}),
  };
}

/** About 800 kbit/s, baseline, a key picture a second, no picture held back, two slices as low-latency encoders have. */
const ffmpegArguments = (fps: number): string[] =>
  [
    '-hide_banner -loglevel error -nostdin -f rawvideo -pix_fmt rgba',
    `-video_size ${picture.width}x${picture.height} -framerate ${fps} -i pipe:0 -an -fps_mode passthrough`,
    '-c:v libx264 -profile:v baseline -preset superfast -tune zerolatency -pix_fmt yuv420p',
    `-b:v 800k -maxrate 800k -bufsize 400k -g ${fps} -keyint_min ${fps} -threads 1`,
    '-x264-params aud=1:repeat-headers=1:slices=2:scenecut=0 -flush_packets 1 -f h264 pipe:1',
  ]
    .join(' ')
    .split(' ');

/** What is kept of what ffmpeg complains about. */
const maxSaid = 2_000;
const killAfterMs = 10_000;

/**
 * H.264 Annex B with access unit delimiters.
 * @param command  the ffmpeg to run
 */
export function h264Encoder(outlet: Outlet, fps: number, command = 'ffmpeg'): Encoder {
  const child = spawn(command, ffmpegArguments(fps), { stdio: ['pipe', 'pipe', 'pipe'] });
  let isClosing = false;
  let said = '';
  child.stdin.on('error', () => {});
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-maxSaid);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (!outlet.write(chunk)) child.stdout.pause();
  });
  outlet.onDrained(() => child.stdout.resume());
  const failed = new Promise<never>((_, reject) => {
    child.on('error', (cause) =>
      reject(new Fault('TOOL_MISSING', { tool: command, install: 'apt-get install ffmpeg' }, { cause })),
    );
    child.on('close', (code) => {
      if (!isClosing) reject(new Fault('INTERNAL', { tool: command, code: String(code), said }));
    });
  });
  failed.catch(() => {});
  return {
    ready: () => !child.stdin.writableNeedDrain,
    encode: (scene) => void child.stdin.write(scene.rgba()),
    close: () => {
      isClosing = true;
      return end(child);
    },
    failed,
  };
}

/** Lets it finish, and makes it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  // Not `exit`: what it wrote last is read by then.
  const ended = once(child, 'close');
  child.stdin?.end();
  child.stdout?.resume();
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  await ended;
  clearTimeout(timer);
}
