import t from 'tap';
import { type LineAsked, readSimConfig, type SimConfigAsked } from '../../hardware-sim/config.ts';

const front = { id: 'front', output: 0, contactInput: 0, monitorInput: 1 };
const side = { id: 'side', output: 1, contactInput: 2 };
type Asked = LineAsked['peripherals'];

const withPeripherals = (...peripherals: Asked): SimConfigAsked => ({ lines: [{ id: 'bus', peripherals }] });

t.test('what is left out has a default', async (t) => {
  t.strictSame(readSimConfig(withPeripherals({ address: 0, doors: [side] })), {
    seed: 1,
    cameras: [],
    nukis: [],
    lines: [
      {
        id: 'bus',
        baudRate: 9600,
        paced: true,
        peripherals: [
          {
            address: 0,
            keyHex: null,
            installMode: false,
            supervised: true,
            serial: 1,
            barriers: [],
            doors: [
              {
                ...side,
                monitorInput: null,
                contactClosedIs: 'inactive',
                monitorSecuredIs: 'active',
                reader: null,
                bellInput: null,
                leafMs: 600,
                latchMs: 80,
              },
            ],
          },
        ],
      },
    ],
  });
});

t.test('two doors share neither a name nor a terminal', async (t) => {
  readSimConfig(withPeripherals({ address: 0, doors: [front, side] }));
  const refused = (...peripherals: Asked) =>
    t.throws(() => readSimConfig(withPeripherals(...peripherals)), { code: 'CONFIG_INVALID' });
  refused({ address: 0, doors: [front, { ...side, id: 'front' }] });
  refused({ address: 0, doors: [front, { ...side, output: 0 }] });
  refused({ address: 0, doors: [front, { ...side, contactInput: 1 }] });
  refused({ address: 0, doors: [{ ...front, monitorInput: 0 }] });
  refused({ address: 0, doors: [front, { ...side, bellInput: 1 }] });
  refused({ address: 0, doors: [front] }, { address: 0, doors: [side] });
  refused({ address: 127, doors: [front] });
  refused({ address: 0, keyHex: 'short', doors: [front] });
});

t.test('two lines share neither a name nor a path', async (t) => {
  const line = (id: string, path: string, door: string) => ({
    id,
    path,
    peripherals: [{ address: 0, doors: [{ ...front, id: door }] }],
  });
  readSimConfig({ lines: [line('a', '/x', 'front'), line('b', '/y', 'side')] });
  t.throws(() => readSimConfig({ lines: [line('a', '/x', 'front'), line('a', '/y', 'side')] }), {
    code: 'CONFIG_INVALID',
  });
  t.throws(() => readSimConfig({ lines: [line('a', '/x', 'front'), line('b', '/x', 'side')] }), {
    code: 'CONFIG_INVALID',
  });
});

t.test('cameras: names and ports of their own, and a door of this home', async (t) => {
  const home = withPeripherals({ address: 0, doors: [front] });
  const vc0706 = { path: '/x' };
  t.strictSame(readSimConfig({ ...home, cameras: [{ id: 'porch', door: 'front', vc0706 }] }).cameras, [
    { id: 'porch', door: 'front', startMs: 1_000, vc0706: { path: '/x', baudRate: 115_200, paced: true } },
  ]);
  const refused = (...cameras: NonNullable<SimConfigAsked['cameras']>) =>
    t.throws(() => readSimConfig({ ...home, cameras }), { code: 'CONFIG_INVALID' });
  refused({ id: 'porch', door: 'cellar' });
  refused({ id: 'porch', door: 'front' }, { id: 'porch', door: 'front' });
  refused({ id: 'a', door: 'front', vc0706 }, { id: 'b', door: 'front', vc0706 });
  refused({ id: 'a', door: 'front', vc0706: { path: '/x', baudRate: 1_200 as 9_600 } });
});

t.test('an unknown key is refused and named', async (t) => {
  const asked = withPeripherals({ address: 0, doors: [{ ...front, colour: 'red' } as typeof front] });
  t.throws(() => readSimConfig(asked), {
    code: 'CONFIG_INVALID',
    detail: { at: 'lines.0.peripherals.0.doors.0.colour' },
  });
});

const nuki = { id: 'front', address: '54:d2:72:00:00:01', nukiId: 1 };
const other = { id: 'side', address: '54:d2:72:00:00:02', nukiId: 2 };

t.test('a home has lines, Nukis, or both', async (t) => {
  t.strictSame(readSimConfig({ nukis: [nuki] }), {
    seed: 1,
    lines: [],
    cameras: [],
    nukis: [
      {
        ...nuki,
        generation: 'gen4',
        pin: 0,
        keypad: false,
        doorSensor: true,
        latch: false,
        leafMs: 600,
        latchMs: 80,
        boltMs: 1_500,
        replyMs: 15,
        pairingMs: 120_000,
        batteryPercent: 80,
        maxAuthorizations: 100,
        maxCodes: 100,
      },
    ],
  });
  const line = withPeripherals({ address: 0, doors: [side] });
  readSimConfig({ ...line, air: { path: '/x' }, nukis: [nuki], cameras: [{ id: 'porch', door: 'front' }] });
  t.throws(() => readSimConfig({}), { code: 'CONFIG_INVALID' });
});

t.test('two Nukis share neither door, address nor number, and a PIN is as long as its generation has it', async (t) => {
  readSimConfig({
    air: { path: '/x' },
    nukis: [nuki, { ...other, generation: 'ultra', pin: 123_456, chunkBytes: 20 }],
  });
  const refused = (asked: SimConfigAsked) => t.throws(() => readSimConfig(asked), { code: 'CONFIG_INVALID' });
  refused({ nukis: [nuki, { ...other, id: 'front' }] });
  refused({ nukis: [nuki, { ...other, address: nuki.address }] });
  refused({ nukis: [nuki, { ...other, nukiId: 1 }] });
  refused({ nukis: [{ ...nuki, address: '00:00:00:00:00:01' }] });
  refused({ nukis: [{ ...nuki, address: '54:D2:72:00:00:01' }] });
  refused({ nukis: [{ ...nuki, pin: 12_345 }] });
  refused({ nukis: [{ ...nuki, generation: 'gen3' as 'gen4' }] });
  refused({ ...withPeripherals({ address: 0, doors: [front] }), nukis: [nuki] });
  refused({ air: { path: '/x' }, control: '/x', nukis: [nuki] });
  t.throws(() => readSimConfig({ nukis: [{ ...nuki, colour: 'red' }] }), {
    code: 'CONFIG_INVALID',
    detail: { at: 'nukis.0.colour' },
  });
  t.throws(() => readSimConfig({ nukis: [nuki], air: { path: '/x', channel: 1 } }), {
    code: 'CONFIG_INVALID',
    detail: { at: 'air.channel' },
  });
});
