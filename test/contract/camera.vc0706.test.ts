import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { vc0706Camera } from '../../device/camera/vc0706/driver.ts';
import { systemClock } from '../../device/clock/clock.ts';
import { serialLink } from '../../device/link/serial.ts';
import { startSimHome } from '../../hardware-sim/home.ts';
import { noCanvas } from '../hardware-sim/camera/pictures.ts';
import { type CameraRig, cameraContract } from './camera.ts';

const makeCamera = (path: string, baudRate: number, compression = 200) =>
  vc0706Camera({
    openLink: serialLink({ path, baudRate }),
    clock: systemClock,
    size: '160x120',
    compression,
    random: Math.random,
    onEvent: () => undefined,
  });

/** Descriptors of this process on that terminal; the simulator's own are among them. */
function descriptorsOn(terminal: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === terminal;
    } catch {
      return false;
    }
  }).length;
}

async function simulated(paced: boolean): Promise<CameraRig> {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-camera-'));
  const path = join(folder, 'port');
  const doors = [{ id: 'front', output: 0, contactInput: 0 }];
  const home = startSimHome({
    lines: [{ id: 'line', peripherals: [{ address: 0, doors }] }],
    cameras: [{ id: 'front', door: 'front', vc0706: { path, baudRate: 115200, paced } }],
  });
  const terminal = realpathSync(path);
  const own = descriptorsOn(terminal);
  return {
    camera: makeCamera(path, 115200),
    world: {
      unplug: (active) => home.cameraFault('front', { fault: 'unplug', active }),
      held: () => descriptorsOn(terminal) - own,
    },
    close: async () => {
      home.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

if (noCanvas) t.test('VC0706 of the simulator', { skip: noCanvas }, async () => undefined);
else cameraContract(t, 'VC0706 of the simulator at 115200 baud', () => simulated(true));

// A camera on a bench: DOORWARD_STILLS=/dev/serial/by-id/..., DOORWARD_STILLS_BAUD=38400 if it is not 115200.
const { DOORWARD_STILLS, DOORWARD_STILLS_BAUD = '115200' } = process.env;
if (DOORWARD_STILLS === undefined) {
  t.test('VC0706 on a bench', { skip: 'DOORWARD_STILLS names no serial port' }, async () => undefined);
} else {
  cameraContract(t, `VC0706 on ${DOORWARD_STILLS}`, async () => ({
    camera: makeCamera(DOORWARD_STILLS, Number(DOORWARD_STILLS_BAUD), 54),
    close: async () => undefined,
  }));
}
