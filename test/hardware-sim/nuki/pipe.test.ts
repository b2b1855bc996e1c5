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

t.test('each way a radio fails has its name', async (t) => {
  const { link, pipe, fault, nuki } = behindPipe();
  fault({ fault: 'connect-failure' });
  await t.rejects(link.connect(wanted, 5), { code: 'BLE_NOT_FOUND' });
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
