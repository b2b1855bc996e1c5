import t from 'tap';
import type { Advert } from '../../../device/link/gatt.ts';
import { gattPipe } from '../../support/gatt-pipe.ts';
import { until } from '../../support/until.ts';
import { uuid } from './client.ts';
import { street } from './street.ts';

const address = '54:d2:72:00:00:01';
const service = 'a92ee100550111e4916c0800200c9a66';
const wanted = [{ service, uuid: uuid.pairing }];
const requestKey = Buffer.from('0100030027a7', 'hex');

/** A simulated Nuki in pairing mode behind an adapter. */
function behindPipe(mtu = 23) {
  const all = street();
  all.nuki.holdButton();
  const pipe = gattPipe(new Map([[address, all.nuki]]), { mtu, supervisionMs: 20 });
  return { ...all, pipe, link: pipe.link(address) };
}

for (const [mtu, pieces] of [
  [23, [20, 16]],
  [247, [36]],
] as const) {
  t.test(`at MTU ${mtu} a public key arrives as ${pieces.length} pieces, untouched`, async (t) => {
    const { link, pipe } = behindPipe(mtu);
    await link.connect(wanted, 1000);
    t.match(link, { connected: true, mtu });
    const heard: Uint8Array[] = [];
    await link.subscribe(uuid.pairing, (bytes) => heard.push(bytes), 1000);
    await link.write(uuid.pairing, requestKey, 1000);
    await until('a public key', () => Buffer.concat(heard).length === 36);
    t.strictSame(
      heard.map(({ length }) => length),
      pieces,
    );
    t.strictSame(pipe.counts, { connects: 1, writes: 1 });
    await link.disconnect();
    t.match(link, { connected: false, mtu: 23 });
  });
}

t.test('it is heard before it is connected, and not in a shadow', async (t) => {
  const { pipe, fault } = behindPipe();
  const heard: Advert[] = [];
  const stop = pipe.listen((advert) => heard.push(advert));
  const first = await until('an advert', () => heard[0]);
  t.equal(first.address, address);
  t.ok(first.serviceData.has(service));
  const before = heard.length;
  fault({ fault: 'shadow' });
  t.equal(heard.length, before);
  stop();
});

t.test(
  'what is longer than the MTU carries is a long write; what no attribute holds is refused, and costs nothing',
  async (t) => {
    for (const mtu of [23, 247]) {
      const { link, pipe } = behindPipe(mtu);
      await link.connect(wanted, 1000);
      await link.write(uuid.pairing, Buffer.alloc(mtu - 2), 1000);
      const tooLong = { code: 'MESSAGE_TOO_BIG', detail: { bytes: 513, maxBytes: 512 } };
      await t.rejects(link.write(uuid.pairing, Buffer.alloc(513), 1000), tooLong);
      t.match([link.connected, pipe.counts.writes], [true, 1]);
      await link.disconnect();
    }
  },
);

t.test('a connect waits for a lock that has no room yet, until its deadline or until it is called off', async (t) => {
  const { link, pipe, fault } = behindPipe();
  fault({ fault: 'held' });
  const waiting = link.connect(wanted, 10_000);
  await new Promise(setImmediate);
  fault({ fault: 'held', active: false });
  await waiting;
  t.ok(link.connected);
  await link.disconnect();
  fault({ fault: 'shadow' });
  const calledOff = t.rejects(link.connect(wanted, 10_000), { code: 'LINK_CLOSED' });
  setTimeout(() => void link.disconnect(), 5);
  await calledOff;
  const gone = t.rejects(link.connect(wanted, 10_000), { code: 'BLE_UNAVAILABLE' });
  setTimeout(() => pipe.unplug(true), 5);
  await gone;
});

t.test('each way a radio fails has its name', async (t) => {
  const { link, pipe, fault, nuki } = behindPipe();
  fault({ fault: 'connect-failure', next: 2 });
  await t.rejects(link.connect(wanted, 5), { code: 'LINK_CLOSED' }, 'twice in a row');
  await t.rejects(link.connect([{ service, uuid: uuid.usdio }], 5), { code: 'BLE_CHARACTERISTIC_MISSING' });
  fault({ fault: 'held' });
  await t.rejects(link.connect(wanted, 5), { code: 'BLE_NOT_FOUND' });
  fault({ fault: 'held', active: false });
  let ends = 0;
  link.onDisconnected(() => {
    ends += 1;
  });
  await link.connect(wanted, 1000);
  fault({ fault: 'shadow' });
  await t.rejects(link.write(uuid.pairing, requestKey, 1), { code: 'BLE_SILENT' });
  t.match([link.connected, ends, nuki.truth().connections], [false, 1, 0]);
  await t.rejects(link.write(uuid.pairing, requestKey, 1), { code: 'LINK_CLOSED' });
  fault({ fault: 'shadow', active: false });
  await link.connect(wanted, 1000);
  fault({ fault: 'shadow' });
  await t.rejects(link.write(uuid.pairing, requestKey, 10_000), { code: 'LINK_CLOSED' }, 'given up by the radio');
  fault({ fault: 'shadow', active: false });
  await link.connect(wanted, 1000);
  pipe.unplug(true);
  t.equal(pipe.state, 'BLE_UNAVAILABLE');
  t.equal(ends, 3);
  await t.rejects(link.connect(wanted, 1000), { code: 'BLE_UNAVAILABLE' });
  pipe.unplug(false);
  await link.connect(wanted, 1000);
  await pipe.close();
  t.equal(nuki.truth().connections, 0);
});
