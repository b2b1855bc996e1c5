import t, { type Test } from 'tap';
import { bleAdapter } from '../../device/link/ble/adapter.ts';
import type { GattLink } from '../../device/link/gatt.ts';
import { startSimHome } from '../../hardware-sim/home.ts';
import { until } from '../support/until.ts';
import { uuid } from './nuki/client.ts';

const service = 'a92ee100550111e4916c0800200c9a66';
const wanted = [{ service, uuid: uuid.pairing }];
const requestKey = Buffer.from('0100030027a7', 'hex');
const addresses = { front: '54:d2:72:00:00:01', side: '54:d2:72:00:00:02' };
const patienceMs = 30_000;

/** Two locks in pairing mode, on the air of this process, and the shipped link on the hub's adapter. */
async function home(t: Test) {
  const sim = startSimHome({
    nukis: [
      { id: 'front', address: addresses.front, nukiId: 1, replyMs: 0 },
      { id: 'side', address: addresses.side, nukiId: 2, replyMs: 0, chunkBytes: 20 },
    ],
  });
  const air = await sim.onAir();
  const adapter = bleAdapter(air.hub.open, { retryMs: 20 });
  t.teardown(async () => {
    await adapter.close();
    await sim.close();
  });
  for (const nuki of sim.nukis.values()) nuki.holdButton();
  await until('the adapter is ready', () => adapter.state === 'ready');
  const ends = (link: GattLink): Promise<void> => new Promise((resolve) => void link.onDisconnected(resolve));
  return { sim, air, adapter, front: adapter.link(addresses.front), side: adapter.link(addresses.side), ends };
}

/** Asks for the public key. @returns what comes, piece by piece */
async function askKey(link: GattLink): Promise<Uint8Array[]> {
  const heard: Uint8Array[] = [];
  await link.subscribe(uuid.pairing, (bytes) => heard.push(bytes), patienceMs);
  await link.write(uuid.pairing, requestKey, patienceMs);
  await until('a public key', () => Buffer.concat(heard).length >= 36);
  return heard;
}

t.test(
  'several connections to several locks: each hears its own answers, as long as its lock makes them',
  async (t) => {
    const { sim, air, front, side } = await home(t);
    const phone = bleAdapter(air.phone('00:00:00:00:00:02').open, { retryMs: 20 });
    t.teardown(() => phone.close());
    await until('the phone is ready', () => phone.state === 'ready');
    const links = [front, side, phone.link(addresses.front)];
    for (const link of links) await link.connect(wanted, patienceMs);
    t.equal(sim.nuki('front').truth().connections, 2);
    t.equal(air.truth().links, 3);
    const heard = await Promise.all(links.map(askKey));
    t.strictSame(
      heard.map((pieces) => pieces.map(({ length }) => length)),
      [[36], [20, 16], [36]],
    );
    t.equal(new Set(heard.map((pieces) => Buffer.concat(pieces).toString('hex'))).size, 3, 'nobody hears the others');
    await links[2]!.disconnect();
    await until('the phone has left', () => sim.nuki('front').truth().connections === 1);
    t.equal(front.connected, true);
  },
);

t.test('who finds no room is not heard, and who is turned away is told nothing else', async (t) => {
  const { sim, front } = await home(t);
  sim.nukiFault('front', { fault: 'held' });
  await t.rejects(front.connect(wanted, 1_000), { code: 'BLE_NOT_FOUND' });
  sim.nukiFault('front', { fault: 'held', active: false });
  sim.nukiFault('front', { fault: 'connect-failure', next: 2 });
  await t.rejects(front.connect(wanted, patienceMs), { code: 'LINK_CLOSED' });
  await front.connect(wanted, patienceMs);
  t.equal(sim.nuki('front').truth().connections, 1);
  t.match(
    sim.events.after(0).map((event) => event.on),
    ['fault.set', 'fault.mended', 'fault.set'],
  );
});

t.test('a shadow over one lock leaves the other alone; a lock hangs up', async (t) => {
  const { sim, front, side, ends } = await home(t);
  await front.connect(wanted, patienceMs);
  await side.connect(wanted, patienceMs);
  const ended = ends(front);
  sim.airFault({ fault: 'shadow', nuki: 'front' });
  await ended;
  await until('the lock knows', () => sim.nuki('front').truth().connections === 0);
  t.equal(side.connected, true);
  await t.rejects(front.connect(wanted, 500), { code: 'BLE_NOT_FOUND' });
  sim.airFault({ fault: 'shadow', nuki: 'front', active: false });
  await front.connect(wanted, patienceMs);
  const hungUp = [ends(front), ends(side)];
  sim.airFault({ fault: 'hang-up' });
  await Promise.all(hungUp);
  t.throws(() => sim.airFault({ fault: 'shadow', nuki: 'cellar' }), { code: 'NOT_FOUND' });
  t.throws(() => sim.airFault({ fault: 'fog' } as never), { code: 'BODY_MALFORMED' });
});

t.test('packets come late, connections fail, an adapter falls silent and is put in anew', async (t) => {
  const { sim, air, adapter, front, side } = await home(t);
  await side.connect(wanted, patienceMs);
  sim.airFault({ fault: 'latency', nuki: 'side', ms: 1_500 });
  await t.rejects(side.write(uuid.pairing, requestKey, 100), { code: 'BLE_SILENT' });
  sim.airFault({ fault: 'latency', nuki: 'side', active: false });
  await side.connect(wanted, patienceMs);
  sim.airFault({ fault: 'connect-fail', next: 3 });
  await t.rejects(front.connect(wanted, patienceMs), { code: 'BLE_NOT_FOUND' });
  await front.connect(wanted, patienceMs);
  await front.disconnect();
  sim.airFault({ fault: 'mute' });
  await t.rejects(front.connect(wanted, 200), { code: 'BLE_NOT_FOUND' });
  sim.airFault({ fault: 'mute', active: false });
  sim.airFault({ fault: 'unplug' });
  await until('the adapter is gone', () => adapter.state === 'BLE_UNAVAILABLE');
  t.equal(air.truth().plugged, false);
  sim.airFault({ fault: 'unplug', active: false });
  await until('the adapter is back', () => adapter.state === 'ready');
  await front.connect(wanted, patienceMs);
});

t.test('the wire of the air is known after it was strung', async (t) => {
  const sim = startSimHome({ nukis: [{ id: 'front', address: addresses.front, nukiId: 1 }] });
  t.throws(() => sim.air(), { code: 'NOT_FOUND' });
  const air = await sim.onAir();
  t.equal(await sim.onAir(), air);
  t.same(sim.air().truth(), { path: null, plugged: true, links: 0 });
  await sim.close();
  const nowhere = startSimHome({
    air: { path: '/dev/null/hci.sock' },
    nukis: [{ id: 'front', address: addresses.front, nukiId: 1 }],
  });
  await t.rejects(nowhere.onAir(), { code: 'LINK_OPEN_FAILED' });
  await nowhere.close();
});
