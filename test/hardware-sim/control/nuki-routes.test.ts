import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { serveControl } from '../../../hardware-sim/control/server.ts';
import { startSimHome } from '../../../hardware-sim/home.ts';
import { Client, text, u32 } from '../nuki/client.ts';
import { ask } from './ask.ts';

const address = '54:d2:72:00:00:01';
const pin = 1234;

/** A home with two Nukis under control: a handle at the front, a knob at the side. */
async function controlled(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'sim-'));
  const socketPath = join(folder, 'sim.sock');
  const clock = new SimClock();
  const home = startSimHome(
    {
      nukis: [
        { id: 'front', address, nukiId: 1, pin, keypad: true, boltMs: 1_000, replyMs: 0 },
        { id: 'side', address: '54:d2:72:00:00:02', nukiId: 2, latch: true, boltMs: 1_000, replyMs: 0 },
      ],
    },
    clock,
  );
  const server = await serveControl(home, socketPath);
  t.teardown(async () => {
    await home.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    rmSync(folder, { recursive: true });
  });
  const post = (path: string, body?: object) => ask(socketPath, 'POST', path, body);
  const get = (path: string) => ask(socketPath, 'GET', path);
  return { clock, home, post, get };
}

/** A hub that is paired and connected, without a radio. */
async function pairedClient({ home, post }: Awaited<ReturnType<typeof controlled>>, id = 'front'): Promise<Client> {
  await post(`/nukis/${id}/press-button`, { forMs: 5_000 });
  const client = new Client(home.nuki(id));
  client.connect(247);
  client.pair({ idType: 1 });
  return client;
}

t.test('a button pressed moves the bolt, one that is held starts pairing', async (t) => {
  const { clock, post, get } = await controlled(t);
  t.match(await post('/nukis/front/press-button'), { status: 200, body: { bolt: 'drawing', motions: 1 } });
  clock.advance(1_000);
  t.match(await get('/nukis/front'), { body: { id: 'front', bolt: 'drawn', isPairing: false, logged: 1 } });
  t.match(await post('/nukis/side/press-button', { forMs: 5_000 }), { status: 200, body: { pairs: true } });
  t.match(await get('/nukis'), { body: { nukis: [{ isPairing: false }, { isPairing: true, bolt: 'thrown' }] } });
  clock.advance(120_000);
  t.match(await get('/nukis/side'), { body: { isPairing: false } });
});

t.test('a door with a Nuki is a door: hands, a key, a crowbar', async (t) => {
  const all = await controlled(t);
  const { clock, home, post, get } = all;
  const client = await pairedClient(all);
  client.states();
  t.match(await post('/doors/front/open-leaf'), { status: 409, body: { because: 'bolted', contact: 'yes' } });
  t.match(await post('/doors/front/use-key'), { status: 200, body: { bolt: 'drawing', leaf: 'opening' } });
  clock.advance(1_000);
  // lockState unlocked, trigger manual, last action unlock by hand.
  const states = client.told().find(({ command }) => command === 0x0c)!.payload;
  t.strictSame([...client.states().subarray(1, 3)], [3, 1]);
  t.equal(states[1], 2, 'and whoever is connected is told while it moves');
  t.match(await get('/nukis/front'), { body: { motions: 0, logged: 2 } }, 'the key and the open door are in the log');
  t.match(await post('/doors/front/close-leaf'), { status: 200 });
  clock.advance(600);
  t.match(await post('/nukis/front/turn', { to: 'locked' }), { status: 200, body: { turned: true, bolt: 'throwing' } });
  t.match(await post('/nukis/front/turn', { to: 'unlocked' }), { status: 409, body: { turned: false } });
  clock.advance(1_000);
  client.disconnect();
  t.equal(home.nuki('front').truth().isChanged, true);
  const { manufacturerData } = home.nuki('front').advert()!;
  t.equal(manufacturerData!.at(-1)! & 1, 1, 'the beacon says that something is new');
  t.match(await post('/doors/front/force'), { status: 200, body: { leaf: 'opening', bolt: 'thrown' } });
  t.match(await post('/doors/front/fault', { fault: 'bolt-jam' }), { status: 200 });
  const told = home.events.after(0).map((event) => event.on);
  t.strictSame(told.slice(0, 4), ['bolt.drawing', 'leaf.opening', 'leaf.open', 'bolt.drawn']);
});

t.test('behind a knob a hand opens while the latch is pulled, and no longer', async (t) => {
  const all = await controlled(t);
  const { clock, post } = all;
  const client = await pairedClient(all, 'side');
  client.act(1);
  clock.advance(1_000);
  t.match(await post('/doors/side/open-leaf'), { status: 409, body: { because: 'latched', bolt: 'drawn' } });
  client.told();
  client.act(3);
  clock.advance(100);
  t.match(await post('/doors/side/open-leaf'), { status: 200, body: { latch: 'free' } });
  clock.advance(1_000);
  await post('/doors/side/close-leaf');
  clock.advance(5_000);
  t.match(await post('/doors/side/open-leaf'), { status: 409, body: { because: 'latched', latch: 'home' } });
});

t.test('somebody types a code at the keypad, where there is one', async (t) => {
  const all = await controlled(t);
  const { clock, post, get } = all;
  const client = await pairedClient(all);
  const code = Buffer.concat([u32(345_678), text('Ann', 20), Buffer.alloc(20)]);
  t.match(client.withPin(0x41, code, pin), [{ command: 0x42 }]);
  t.match(await post('/nukis/front/keypad', { code: '345679' }), {
    status: 409,
    body: { valid: false, bolt: 'thrown' },
  });
  t.match(await post('/nukis/front/keypad', { code: '345678' }), { status: 200, body: { valid: true } });
  clock.advance(1_000);
  t.match(await get('/nukis/front'), { body: { bolt: 'drawn', codes: 1, authorizations: 1, logged: 3 } });
  t.match(await post('/nukis/front/keypad', { code: '345678', action: 'lock' }), { body: { bolt: 'throwing' } });
  t.match(await post('/nukis/side/keypad', { code: '345678' }), { status: 409, body: { valid: false, logged: 0 } });
});

t.test('faults of a lock and of the air; what does not fit is refused by name', async (t) => {
  const { home, post, get } = await controlled(t);
  t.match(await post('/nukis/front/fault', { fault: 'shadow' }), { status: 200, body: { connections: 0 } });
  t.equal(home.nuki('front').advert(), undefined);
  t.match(await post('/nukis/front/fault', { fault: 'shadow', active: false }), { status: 200 });
  t.match(home.events.after(0), [
    { door: 'front', on: 'fault.set', fault: 'shadow' },
    { door: 'front', on: 'fault.mended' },
  ]);
  t.match(await post('/air/fault', { fault: 'unplug' }), { status: 404, body: { code: 'NOT_FOUND' } });
  await home.onAir();
  t.match(await post('/air/fault', { fault: 'unplug' }), { status: 200, body: { plugged: false } });
  t.match(await post('/air/fault', { fault: 'unplug', active: false }), { body: { plugged: true } });
  t.match(await get('/air'), { status: 200, body: { path: null, plugged: true, links: 0 } });
  for (const [path, body, status, code] of [
    ['/nukis/front/fault', { fault: 'woodworm' }, 400, 'BODY_MALFORMED'],
    ['/nukis/cellar/fault', { fault: 'silent' }, 404, 'NOT_FOUND'],
    ['/nukis/front/press-button', { forMs: 0 }, 400, 'BODY_MALFORMED'],
    ['/nukis/front/keypad', { code: 'abc' }, 400, 'BODY_MALFORMED'],
    ['/nukis/front/keypad', undefined, 400, 'BODY_MALFORMED'],
    ['/nukis/front/turn', { to: 'left' }, 400, 'BODY_MALFORMED'],
    ['/nukis/cellar/press-button', undefined, 404, 'NOT_FOUND'],
    ['/air/fault', { fault: 'fog' }, 400, 'BODY_MALFORMED'],
    ['/air/fault', { fault: 'latency', nuki: 'cellar' }, 404, 'NOT_FOUND'],
  ] as const) {
    t.match(await post(path, body), { status, body: { code } }, `${path} ${JSON.stringify(body)}`);
  }
});
