/** What to do when the program of a camera is not there. */

/** Program -> where it comes from on Debian and Raspberry Pi OS. */
const packages: Readonly<Record<string, string>> = {
  ffmpeg: 'ffmpeg',
  'rpicam-vid': 'rpicam-apps',
  'libcamera-vid': 'libcamera-apps',
  'v4l2-ctl': 'v4l-utils',
  'gst-launch-1.0': 'gstreamer1.0-tools',
};

/**
 * @param program  as the command names it
 * @returns what to do, in one sentence
 */
export function howToInstall(program: string, reason: 'missing' | 'permission' | 'failed'): string {
  if (reason === 'permission') return 'Let the user of the hub run it.';
  if (reason === 'failed') return 'Correct the command.';
  const name = program.split('/').at(-1)!;
  const from = Object.hasOwn(packages, name) ? packages[name] : undefined;
  return from === undefined ? 'Install it, or name another program.' : `Install it: apt install ${from}`;
}
