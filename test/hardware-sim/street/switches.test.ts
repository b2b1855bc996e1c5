import t from 'tap';
import { routes } from '../../../hardware-sim/control/routes.ts';
import { startSimHome } from '../../../hardware-sim/home.ts';
import { isOnce, switchesOf } from '../../../hardware-sim/street/switches.ts';

t.test('every switch of the street does something to its home, and is undone', async (t) => {
  const home = startSimHome({
    lines: [
      {
        id: 'bus',
        paced: false,
        peripherals: [{ address: 0, barriers: [{ id: 'garage', output: 0, closedInput: 0 }] }],
      },
    ],
    nukis: [{ id: 'front', address: '54:d2:72:00:00:01', nukiId: 1, keypad: true }],
    cameras: [{ id: 'front', door: 'front' }],
  });
  await home.onAir();
  t.teardown(() => home.close());
  const switches = switchesOf({ nuki: true, camera: true });
  t.equal(new Set(switches.map(({ id }) => id)).size, switches.length, 'each by a name of its own');
  t.equal(new Set(switches.map(({ says }) => says)).size, switches.length, 'and in words of its own');
  for (const one of switches) {
    if ('part' in one) continue;
    const [, kind, id] = one.path.split('/');
    const path = kind === 'air' ? '/air/fault' : `/${kind}/:id/fault`;
    const route = routes.find((row) => row.method === 'POST' && row.path === path);
    if (route === undefined || !('run' in route)) throw new TypeError(`no route for ${one.path}`);
    for (const active of [true, false]) {
      if (isOnce(one) && !active) continue;
      const body = isOnce(one) ? one.body : { ...one.body, active };
      const { status } = route.run(home, { id: kind === 'air' ? '' : (id ?? ''), query: new URLSearchParams(), body });
      t.equal(status, 200, `${one.id} ${active ? 'on' : 'off'}`);
    }
  }
  t.same(home.camera('front').told().faults, [], 'nothing of it stands');
});

t.test('a street without a Nuki, or without a camera, has no switches for one', async (t) => {
  const groups = new Set(switchesOf({ nuki: false, camera: false }).map(({ group }) => group));
  t.same([...groups], ['door', 'line', 'part']);
});
