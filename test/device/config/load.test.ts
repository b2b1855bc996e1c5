import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { checkConfig, loadConfig } from '../../../device/config/load.ts';
import { Fault, type FaultCode } from '../../../wire/faults.ts';

const lock = { kind: 'osdp', port: 'bus.tty', contact: {}, monitor: {} };
const door = { id: 'door-4k2m9x7q1w8e5r3t6y0u', name: 'front', lock };
const good = { dataDir: 'data', doors: [door] };

const faultOf = (call: () => unknown): { code: FaultCode; detail: Fault['detail'] } | undefined => {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return { code: error.code, detail: error.detail };
    throw error;
  }
};

t.test('defaults are filled in and paths are taken from the folder of the file', async (t) => {
  const config = checkConfig(good, '/etc/doorward');
  t.equal(config.dataDir, '/etc/doorward/data');
  t.equal(config.recordings.reserveBytes, 256 * 1024 * 1024);
  t.match(config.doors[0], {
    acceptsClosed: false,
    unlockForMs: undefined,
    lock: { port: '/etc/doorward/bus.tty', baudRate: 9600, contact: { input: 0, closedWhen: 'inactive' } },
  });
  t.throws(() => Object.assign(config, { dataDir: '/' }), TypeError, 'it is frozen');
});

const nuki = { kind: 'nuki', address: '54:d2:72:00:00:01', doorSensor: true };
const garage = { kind: 'osdp', port: 'bus.tty', address: 2, contact: { input: 0, closedWhen: 'active' } };
const others = { id: 'door-bbbbbbbbbbbbbbbbbbbb', name: 'other' };
const { lock: _, ...held } = door;

t.test('a door is held by a strike, a Nuki lock or a barrier', async (t) => {
  const bluetooth = { socket: 'air.sock' };
  const doors = [
    { ...held, lock: nuki },
    { ...held, ...others, barrier: garage },
  ];
  const config = checkConfig({ ...good, bluetooth, doors }, '/etc/doorward');
  t.match(config.doors, [
    { lock: { address: nuki.address, pullsLatch: false }, barrier: undefined },
    { lock: undefined, barrier: { port: '/etc/doorward/bus.tty', pulseMs: 500 } },
  ]);
  t.same(config.bluetooth, { adapter: 0, socket: '/etc/doorward/air.sock' });
});

for (const [what, doors, why] of [
  ['two things hold it', [{ ...door, barrier: garage }], 'a door has either a lock or a barrier'],
  ['nothing holds it', [held], 'a door has either a lock or a barrier'],
  [
    'one lock hangs on two doors',
    [
      { ...held, lock: nuki },
      { ...held, ...others, lock: nuki },
    ],
    `${nuki.address} stands twice`,
  ],
] as const) {
  t.test(`a door is refused: ${what}`, async (t) => {
    t.match(
      faultOf(() => checkConfig({ ...good, doors }, '/etc/doorward')),
      { code: 'CONFIG_INVALID', detail: { why } },
    );
  });
}

const camera = { kind: 'process', command: ['ffmpeg', '-i', 'cam/x'], codec: 'h264' };
const stills = { kind: 'vc0706', port: 'still.tty' };

t.test(
  'cameras: a program of a folder and a port are taken from the folder of the file, arguments are not',
  async (t) => {
    const { doors } = checkConfig({ ...good, doors: [{ ...door, camera, stills }] }, '/etc/doorward');
    t.match(doors[0], {
      camera: { command: ['ffmpeg', '-i', 'cam/x'], width: 640, height: 480, startMs: 10_000 },
      stills: { port: '/etc/doorward/still.tty', baudRate: 115200, size: '320x240' },
    });
    t.equal(doors[0]?.camera?.raw, undefined, 'H.264 without a raw output is taken');
    const own = { ...camera, command: ['bin/cam'], raw: {} };
    const [placed] = checkConfig({ ...good, doors: [{ ...door, camera: own }] }, '/etc/doorward').doors;
    t.match(placed?.camera, { command: ['/etc/doorward/bin/cam'], raw: { width: 160, height: 120 } });
  },
);

t.test('a bell hangs on the peripheral of its door, or is heard by a program of a folder', async (t) => {
  const [wired, heard] = checkConfig(
    {
      ...good,
      doors: [
        { ...door, bell: { kind: 'osdp' } },
        { ...held, ...others, lock: nuki, bell: { kind: 'process', command: ['bin/bell', 'x/y'] } },
      ],
    },
    '/etc/doorward',
  ).doors;
  t.match(wired?.bell, { kind: 'osdp', input: 2, pressedWhen: 'active' });
  t.same(heard?.bell, { kind: 'process', command: ['/etc/doorward/bin/bell', 'x/y'] });
  const doors = [{ ...held, lock: nuki, bell: { kind: 'osdp' } }];
  t.match(
    faultOf(() => checkConfig({ ...good, doors }, '/etc/doorward')),
    { code: 'CONFIG_INVALID', detail: { why: 'a bell of kind osdp hangs on the peripheral of its door' } },
  );
});

t.test('what does not fit is named', async (t) => {
  const cases: [string, unknown, string][] = [
    ['an unknown key', { ...good, telemetry: true }, 'telemetry'],
    ['an unknown key of a lock', { ...good, doors: [{ ...door, lock: { ...lock, pin: '1234' } }] }, 'doors.0.lock.pin'],
    ['a door id that could be guessed', { ...good, doors: [{ ...door, id: 'door-1' }] }, 'doors.0.id'],
    ['a release of an hour', { ...good, doors: [{ ...door, unlockForMs: 3_600_000 }] }, 'doors.0.unlockForMs'],
    ['another kind of lock', { ...good, doors: [{ ...door, lock: { ...lock, kind: 'magic' } }] }, 'doors.0.lock.kind'],
    [
      'a command line for a shell',
      { ...good, doors: [{ ...door, camera: { ...camera, command: 'a | b' } }] },
      'doors.0.camera.command',
    ],
    [
      'a command without a program',
      { ...good, doors: [{ ...door, camera: { ...camera, command: [''] } }] },
      'doors.0.camera.command.0',
    ],
    ['stills as a live camera', { ...good, doors: [{ ...door, camera: stills }] }, 'doors.0.camera.kind'],
    ['the same door twice', { ...good, doors: [door, door] }, 'doors'],
    ['no file at all', undefined, 'the whole file'],
  ];
  for (const [says, input, setting] of cases) {
    t.match(
      faultOf(() => checkConfig(input, '/')),
      { code: 'CONFIG_INVALID', detail: { setting } },
      says,
    );
  }
});

t.test('a missing file and one that is no JSON are different faults', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-config-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'hub.json');
  t.match(
    faultOf(() => loadConfig(path)),
    { code: 'CONFIG_MISSING', detail: { path } },
  );
  writeFileSync(path, '{ "dataDir": ');
  t.match(
    faultOf(() => loadConfig(path)),
    { code: 'CONFIG_INVALID' },
  );
  writeFileSync(path, JSON.stringify(good));
  t.equal(loadConfig(path).dataDir, join(folder, 'data'));
});
