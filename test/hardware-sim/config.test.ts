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
