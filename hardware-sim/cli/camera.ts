/** `doorward-sim camera`: a camera of a running home, as the hub starts one: pictures on standard output. */
import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { Fault } from '../../wire/faults.ts';
import { runCamera } from '../camera/process.ts';
import type { Command, Flags } from './command.ts';

const outDescriptor = 1;
const rawDescriptor = 3;
const codecs = ['mjpeg', 'h264'] as const;

/**
 * Opens a descriptor that was handed in. Not `process.stdout`: what a reader leaves unread would keep the process alive.
 * @throws Fault USAGE when it is not open, or a terminal
 */
function openDescriptor(fd: number): Writable {
  try {
    const stat = fstatSync(fd);
    if (isatty(fd)) throw new Fault('USAGE', { why: `descriptor ${fd} is a terminal` });
    // A pipe takes what fits and says when there is room again; anything else takes all.
    if (stat.isFIFO() || stat.isSocket()) return new Socket({ fd, readable: false, writable: true });
    return createWriteStream('', { fd });
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('USAGE', { why: `descriptor ${fd} is not open` }, { cause });
  }
}

function need(flags: Flags, name: 'control' | 'camera'): string {
  const value = flags[name];
  if (value === undefined) throw new Fault('USAGE', { why: `--${name} is missing` });
  return value;
}

export const camera: Command = {
  name: 'camera',
  says: 'Be a camera of a running home: MJPEG or H.264 on standard output, until it is ended or nobody reads.',
  flags: (jack) =>
    jack
      .opt({
        control: { hint: 'socket', description: 'Control socket of `doorward-sim run`.' },
        camera: { hint: 'id', description: 'Which camera of its configuration.' },
        codec: { validOptions: codecs, default: 'mjpeg', description: 'H.264 needs ffmpeg.' },
      })
      .num({ fps: { default: 15, description: 'Pictures a second, 1 to 60.' } })
      .flag({ raw: { description: 'Raw gray frames, 160x120 bytes each, on descriptor 3.' } }),
  run: async (flags, { onStop }) => {
    const fps = flags.fps ?? 15;
    if (!Number.isInteger(fps) || fps < 1 || fps > 60) throw new Fault('USAGE', { why: '--fps is 1 to 60' });
    const control = need(flags, 'control');
    const id = need(flags, 'camera');
    const out = openDescriptor(outDescriptor);
    const raw = flags.raw ? openDescriptor(rawDescriptor) : undefined;
    try {
      await runCamera({
        control,
        camera: id,
        codec: flags.codec === 'h264' ? 'h264' : 'mjpeg',
        fps,
        out,
        ...(raw ? { raw } : {}),
        onStop,
      });
    } finally {
      out.destroy();
      raw?.destroy();
    }
  },
};
