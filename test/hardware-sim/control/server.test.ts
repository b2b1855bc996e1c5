import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { serveControl } from '../../../hardware-sim/control/server.ts';
import { startSimHome } from '../../../hardware-sim/home.ts';
import { until } from '../../support/until.ts';

/** A home under control, and a way to ask it. */
async function controlled(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'sim-'));
  const socketPath = join(folder, 'sim.sock');
  const clock = new SimClock();
  const doors = [{ id: 'front', output: 0, contactInput: 0, monitorInput: 1, bellInput: 2 }];
  const home = startSimHome(
    {
      lines: [{ id: 'bus', paced: false, peripherals: [{ address: 0, doors }] }],
      cameras: [{ id: 'porch', door: 'front' }],
    },
    clock,
  );
  const server = await serveControl(home, socketPath);
  t.teardown(async () => {
    home.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    rmSync(folder, { recursive: true });
  });
  const ask = (method: string, path: string, body?: string): Promise<{ status: number; body: unknown }> =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, method, path }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, body: JSON.parse(text) }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { clock, home, server, socketPath, ask };
}

t.test('a person opens and closes a door through the control socket', async (t) => {
  const { ask, clock } = await controlled(t);
  t.match(await ask('POST', '/doors/front/open-leaf'), { status: 409, body: { moved: false, because: 'latched' } });
  t.match(await ask('POST', '/doors/front/use-key'), { status: 200, body: { moved: true, leaf: 'opening' } });
  clock.advance(600);
  t.match(await ask('POST', '/doors/front/close-leaf'), { status: 200, body: { leaf: 'closing' } });
  clock.advance(600);
  t.match(await ask('POST', '/doors/front/force'), { body: { moved: true, contact: 'no' } });
  clock.advance(600);
  t.match(await ask('POST', '/doors/front/slip-latch', '{"forMs":50}'), { body: { latch: 'leaving' } });
  t.match(await ask('GET', '/doors'), { status: 200, body: { doors: [{ id: 'front', leaf: 'open' }] } });
  t.match(await ask('GET', '/doors/front'), { status: 200, body: { id: 'front', strikes: 0 } });
});

t.test('somebody rings', async (t) => {
  const { ask, home, clock } = await controlled(t);
  t.match(await ask('POST', '/doors/front/ring'), { status: 200, body: { id: 'front', isPressed: true } });
  clock.advance(200);
  t.notOk(home.bell('front').isPressed);
  t.match(await ask('POST', '/doors/front/ring', '{"forMs":0}'), { status: 400, body: { code: 'BODY_MALFORMED' } });
  t.match(await ask('POST', '/doors/cellar/ring'), { status: 404 });
});

t.test('events are told from where one left off', async (t) => {
  const { ask, clock } = await controlled(t);
  await ask('POST', '/doors/front/use-key');
  clock.advance(600);
  t.match(await ask('GET', '/events'), {
    body: {
      events: [
        { n: 1, door: 'front', on: 'leaf.opening', by: 'key', atMs: 0 },
        { n: 2, door: 'front', on: 'leaf.open', atMs: 600 },
      ],
      lines: [{ id: 'bus', path: null, outsRun: 0, overlaps: 0, outs: [] }],
    },
  });
  const { body } = await ask('GET', '/events?after=1');
  t.equal((body as { events: unknown[] }).events.length, 1);
  t.match(await ask('GET', '/events?after=soon'), { status: 400, body: { code: 'BODY_MALFORMED' } });
});

t.test('faults are set and mended through the control socket', async (t) => {
  const { ask, home } = await controlled(t);
  const stuck = '{"fault":"contact-stuck","at":"open"}';
  t.match(await ask('POST', '/doors/front/fault', stuck), { status: 200, body: { contact: 'no' } });
  const mended = '{"fault":"contact-stuck","active":false}';
  t.match(await ask('POST', '/doors/front/fault', mended), { body: { contact: 'yes' } });
  t.match(await ask('POST', '/lines/bus/fault', '{"fault":"unplug"}'), { status: 200, body: { id: 'bus' } });
  await t.rejects(home.line('bus').connect(), { code: 'LINK_OPEN_FAILED' });
  t.match(await ask('GET', '/lines/bus'), { status: 200 });
});

t.test('people move and faults are set before a camera', async (t) => {
  const { ask, clock } = await controlled(t);
  t.match(await ask('POST', '/cameras/porch/scene', '{"courier":"coming"}'), {
    status: 200,
    body: { id: 'porch', door: 'front', courier: { at: 'coming' }, parcel: { at: 'none' } },
  });
  clock.advance(2_500);
  t.match(await ask('POST', '/cameras/porch/scene', '{"parcel":true}'), {
    body: { courier: { at: 'here' }, parcel: { at: 'mat' } },
  });
  t.match(await ask('POST', '/cameras/porch/fault', '{"fault":"freeze"}'), { body: { faults: [{ fault: 'freeze' }] } });
  t.match(await ask('GET', '/cameras/porch'), { body: { faults: [{ fault: 'freeze' }], led: 'locked' } });
  t.match(await ask('POST', '/cameras/porch/fault', '{"fault":"freeze","active":false}'), { body: { faults: [] } });
  t.match(await ask('GET', '/cameras'), { status: 200, body: { cameras: [{ id: 'porch' }] } });
});

t.test('a camera is followed: how it is, then whatever changes', async (t) => {
  const { home, socketPath, server } = await controlled(t);
  const told: { led: string }[] = [];
  const gone = new Promise<void>((resolve) => {
    request({ socketPath, path: '/cameras/porch/follow' }, (response) => {
      response.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().trim().split('\n')) told.push(JSON.parse(line));
      });
      response.on('error', () => {});
      response.on('close', resolve);
    }).end();
  });
  await until('the first', () => told.length > 0);
  t.match(told, [{ id: 'porch', led: 'locked', leaf: { at: 'closed' } }]);
  home.door('front').openLeaf('force');
  await until('an open door', () => told.at(-1)?.led === 'open');
  server.closeAllConnections();
  await gone;
  home.door('front').closeLeaf();
});

t.test('what does not fit is refused by name and changes nothing', async (t) => {
  const { ask, home } = await controlled(t);
  for (const [method, path, body, status, code] of [
    ['POST', '/doors/front/fault', '{"fault":"woodworm"}', 400, 'BODY_MALFORMED'],
    ['POST', '/doors/front/fault', undefined, 400, 'BODY_MALFORMED'],
    ['POST', '/doors/front/fault', '{', 400, 'BODY_MALFORMED'],
    ['POST', '/doors/front/fault', `"${'x'.repeat(20_000)}"`, 413, 'BODY_TOO_BIG'],
    ['POST', '/doors/front/slip-latch', '{"forMs":-1}', 400, 'BODY_MALFORMED'],
    ['POST', '/doors/cellar/open-leaf', undefined, 404, 'DOOR_UNKNOWN'],
    ['POST', '/lines/tram/fault', '{"fault":"drop"}', 404, 'NOT_FOUND'],
    ['POST', '/cameras/porch/fault', '{"fault":"woodworm"}', 400, 'BODY_MALFORMED'],
    ['POST', '/cameras/porch/scene', '{"courier":"flying"}', 400, 'BODY_MALFORMED'],
    ['GET', '/cameras/cellar', undefined, 404, 'NOT_FOUND'],
    ['GET', '/cameras/cellar/follow', undefined, 404, 'NOT_FOUND'],
    ['GET', '/doors/front/open-leaf', undefined, 404, 'NOT_FOUND'],
    ['GET', '/doors/FRONT%20', undefined, 404, 'NOT_FOUND'],
    ['DELETE', '/doors/front', undefined, 404, 'NOT_FOUND'],
  ] as const) {
    t.match(await ask(method, path, body), { status, body: { code } }, `${method} ${path}`);
  }
  t.strictSame(home.events.after(0), []);
});

t.test('the socket is for its owner alone, replaces a dead one, and goes with the server', async (t) => {
  const { server, socketPath, home } = await controlled(t);
  t.equal(statSync(socketPath).mode & 0o777, 0o600);
  const second = await serveControl(home, `${socketPath}.2`);
  await new Promise<void>((resolve) => second.close(() => resolve()));
  t.equal(existsSync(`${socketPath}.2`), false);
  t.equal(server.listening, true);
});
