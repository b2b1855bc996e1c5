import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import t from 'tap';
import { type ProcessCameraOptions, processCamera } from '../../device/camera/process/process.ts';
import { systemClock } from '../../device/clock/clock.ts';
import { serveControl } from '../../hardware-sim/control/server.ts';
import { startSimHome } from '../../hardware-sim/home.ts';
import { livingCamera } from '../device/camera/programs.ts';
import { noCanvas, noFfmpeg } from '../hardware-sim/camera/pictures.ts';
import { typescript } from '../support/node.ts';
import { type CameraRig, cameraContract } from './camera.ts';

type Setting = Pick<ProcessCameraOptions, 'command' | 'codec' | 'raw'>;

const makeCamera = (setting: Setting) =>
  processCamera({ ...setting, startMs: 60_000, clock: systemClock, random: Math.random, onEvent: () => undefined });

/** Our children, by the mark that each command carries. */
function childrenWith(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
        return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

let marks = 0;

/** A camera of any program: to pull its cable is to kill it, again and again, until it is put back. */
async function ofProgram(setting: (mark: string) => Setting): Promise<CameraRig> {
  marks += 1;
  const mark = `doorward-test-${process.pid}-${marks}`;
  let killing: NodeJS.Timeout | undefined;
  const kill = (): void => {
    for (const pid of childrenWith(mark)) process.kill(pid, 'SIGKILL');
  };
  return {
    camera: makeCamera(setting(mark)),
    world: {
      unplug: (unplugged) => {
        clearInterval(killing);
        if (unplugged) killing = setInterval(kill, 20);
      },
      held: () => childrenWith(mark).length,
    },
    close: async () => clearInterval(killing),
  };
}

const source = (mark: string): string[] => [
  ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=15,noise=alls=8:allf=t'],
  ...['-metadata', `comment=${mark}`],
];
const gray = ['-map', '0:v', '-s', '160x120', '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:3'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '15'];

cameraContract(t, 'MJPEG of a program', () =>
  ofProgram((mark) => ({ command: [...livingCamera(), mark], codec: 'jpeg' })),
);

const hasFfmpeg = ((): boolean => {
  try {
    return execFileSync('ffmpeg', ['-hide_banner', '-encoders'], { stdio: 'pipe' }).includes('libx264');
  } catch {
    return false;
  }
})();
if (hasFfmpeg) {
  cameraContract(t, 'MJPEG of ffmpeg', () =>
    ofProgram((mark) => ({
      command: ['ffmpeg', ...source(mark), '-map', '0:v', '-c:v', 'mjpeg', '-q:v', '7', '-f', 'mjpeg', 'pipe:1'],
      codec: 'jpeg',
    })),
  );
  cameraContract(t, 'H.264 and raw frames of ffmpeg', () =>
    ofProgram((mark) => ({
      command: ['ffmpeg', ...source(mark), '-map', '0:v', ...x264, '-f', 'h264', 'pipe:1', ...gray],
      codec: 'h264',
      raw: { width: 160, height: 120 },
    })),
  );
} else {
  t.test('MJPEG and H.264 of ffmpeg', { skip: 'there is no ffmpeg with libx264 here' }, async () => undefined);
}

const simulator = resolve(import.meta.dirname, '../../hardware-sim/cli/main.ts');

async function simulated(codec: 'mjpeg' | 'h264'): Promise<CameraRig> {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-camera-'));
  const control = join(folder, 'sim.sock');
  const doors = [{ id: 'front', output: 0, contactInput: 0 }];
  const home = startSimHome({
    lines: [{ id: 'line', peripherals: [{ address: 0, doors }] }],
    cameras: [{ id: 'front', door: 'front', startMs: 0 }],
  });
  const server = await serveControl(home, control);
  const what = ['camera', '--control', control, '--camera', 'front', '--codec', codec, '--raw'];
  return {
    camera: makeCamera({
      command: [process.execPath, typescript, simulator, ...what],
      codec: codec === 'mjpeg' ? 'jpeg' : 'h264',
      raw: { width: 160, height: 120 },
    }),
    world: {
      unplug: (active) => home.cameraFault('front', { fault: 'unplug', active }),
      freeze: (active) => home.cameraFault('front', { fault: 'freeze', active }),
      held: () => childrenWith(control).length,
    },
    close: async () => {
      home.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

if (noCanvas) t.test('the simulator', { skip: noCanvas }, async () => undefined);
else {
  cameraContract(t, 'MJPEG of the simulator', () => simulated('mjpeg'));
  if (noFfmpeg) t.test('H.264 of the simulator', { skip: noFfmpeg }, async () => undefined);
  else cameraContract(t, 'H.264 of the simulator', () => simulated('h264'));
}

// A camera on a bench: DOORWARD_CAMERA='["rpicam-vid", …]', DOORWARD_CAMERA_CODEC=h264 or jpeg.
const { DOORWARD_CAMERA, DOORWARD_CAMERA_CODEC = 'jpeg' } = process.env;
if (DOORWARD_CAMERA === undefined) {
  t.test('a camera on a bench', { skip: 'DOORWARD_CAMERA names no command' }, async () => undefined);
} else {
  cameraContract(t, 'a camera on a bench', async () => ({
    camera: makeCamera({
      command: JSON.parse(DOORWARD_CAMERA) as [string, ...string[]],
      codec: DOORWARD_CAMERA_CODEC === 'h264' ? 'h264' : 'jpeg',
    }),
    close: async () => undefined,
  }));
}
