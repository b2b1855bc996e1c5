/** Moving pictures for these tests, made by Debian's ffmpeg: JPEGs, or H.264 access units. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const ffmpeg = '/usr/bin/ffmpeg';
/** Why tests that need pictures are skipped, or false. */
export const noFfmpeg: string | false = existsSync(ffmpeg) ? false : `${ffmpeg} is not installed`;

export interface Shot {
  readonly data: Buffer;
  readonly isKey: boolean;
}

const source = (count: number, size: string): string[] => [
  ...['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=15`],
  ...['-frames:v', String(count), '-pix_fmt', 'yuvj420p', '-threads', '1'],
];
const run = (args: readonly string[]): Buffer => execFileSync(ffmpeg, args, { maxBuffer: 1 << 28, timeout: 60_000 });

/** @param size  WxH */
export function jpegs(count: number, size = '640x480'): Shot[] {
  const stream = run([...source(count, size), '-c:v', 'mjpeg', '-q:v', '6', '-f', 'mjpeg', '-']);
  const shots: Shot[] = [];
  for (let at = 0; at < stream.length; ) {
    const next = stream.indexOf(Buffer.from([0xff, 0xd8, 0xff]), at + 3);
    const end = next < 0 ? stream.length : next;
    shots.push({ data: Buffer.from(stream.subarray(at, end)), isKey: true });
    at = end;
  }
  return shots;
}

/** One unit begins at each delimiter (the encoder writes one before every picture). A key picture every 15. */
export function accessUnits(count: number, size = '640x480'): Shot[] {
  const encode = ['-c:v', 'libx264', '-profile:v', 'baseline', '-tune', 'zerolatency', '-g', '15', '-x264-params'];
  const stream = run([...source(count, size), ...encode, 'aud=1:repeat-headers=1:scenecut=0', '-f', 'h264', '-']);
  const delimiter = Buffer.from([0, 0, 0, 1, 9]);
  const shots: Shot[] = [];
  for (let at = 0; at < stream.length; ) {
    const next = stream.indexOf(delimiter, at + 5);
    const data = Buffer.from(stream.subarray(at, next < 0 ? stream.length : next));
    shots.push({ data, isKey: data.includes(Buffer.from([0, 0, 0, 1, 0x67])) });
    at = next < 0 ? stream.length : next;
  }
  return shots;
}
