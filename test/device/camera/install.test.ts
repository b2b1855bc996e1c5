import t from 'tap';
import type { Camera } from '../../../device/camera/camera.ts';
import { installCameras, installStills } from '../../../device/camera/install.ts';
import { systemClock } from '../../../device/clock/clock.ts';
import { checkConfig } from '../../../device/config/load.ts';
import type { LogFields } from '../../../device/log.ts';
import { Fault } from '../../../wire/faults.ts';
import { until } from '../../support/until.ts';

const lock = { kind: 'osdp', port: 'bus.tty' };
const ids = ['front', 'back', 'side'].map((_, at) => `door-${String(at).padStart(20, 'a')}`);
const command = ['doorward-no-such-camera'];
const raw = { width: 16, height: 16 };
const { doors } = checkConfig(
  {
    dataDir: 'data',
    doors: [
      {
        id: ids[0],
        name: 'front',
        lock,
        camera: { kind: 'process', command, codec: 'h264', raw },
        stills: { kind: 'vc0706', port: 'still.tty', baudRate: 38400 },
      },
      { id: ids[1], name: 'back', lock, camera: { kind: 'process', command, codec: 'h264' } },
      { id: ids[2], name: 'side', lock },
    ],
  },
  '/',
);

t.test('each door has the cameras of its configuration, and nothing is opened', async (t) => {
  const opened: string[] = [];
  const parts = {
    clock: systemClock,
    log: { camera: () => undefined },
    openLink: (port: string, baudRate: number) => async () => {
      opened.push(`${port} ${baudRate}`);
      throw new Fault('LINK_OPEN_FAILED', { path: port });
    },
  };
  const live = installCameras(doors, parts);
  t.same([...live.keys()], ids.slice(0, 2));
  t.same(live.get(ids[0]!)?.capabilities, { live: true, seesRepeats: true, codec: 'h264' });
  t.same(live.get(ids[1]!)?.capabilities, { live: true, seesRepeats: false, codec: 'h264' });
  const stills = installStills(doors, parts);
  t.same([...stills.keys()], ids.slice(0, 1));
  t.same(stills.get(ids[0]!)?.capabilities, { live: false, seesRepeats: false, codec: 'jpeg' });
  t.same(opened, []);
  const camera = stills.get(ids[0]!) as Camera;
  camera.start();
  await until('it is tried', () => opened.length > 0);
  t.equal(opened[0], '/still.tty 38400');
  await camera.stop();
});

t.test('what goes wrong is in the log, with the door and what helps', async (t) => {
  const lines: LogFields[] = [];
  const log = { camera: (fields: LogFields) => void lines.push(fields) };
  const camera = installCameras(doors, { clock: systemClock, log }).get(ids[0]!)!;
  camera.start();
  await until('a line', () => lines[0]);
  t.match(lines[0], { door: ids[0], which: 'camera', code: 'CAMERA_UNAVAILABLE', do: /Install it/ });
  await camera.stop();
});
