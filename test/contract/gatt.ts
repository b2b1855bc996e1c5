/** What every `GattLink` keeps, over whatever air and controllers: run with a rig that can make the far side misbehave. */
import type { Test } from 'tap';
import type { GattAdapter, GattLink } from '../../device/link/gatt.ts';
import { uuids, wanted } from '../support/ble.ts';
import { codeOf } from '../support/code-of.ts';
import { until } from '../support/until.ts';

/** What a test may do to the world. Peripheral 0 agrees to a large ATT_MTU, peripheral 1 to 23. */
export interface GattRig {
  readonly adapter: GattAdapter;
  readonly addresses: readonly [string, string];
  /** Writes that reached a peripheral, hexadecimal. */
  writes(peripheral: 0 | 1): readonly string[];
  /** What the far side can be made to do; a rig that cannot leaves it out, and its test is skipped with the reason. */
  readonly faults?: {
    shadow(peripheral: 0 | 1, on: boolean): void;
    failConnects(peripheral: 0 | 1, next: number): void;
    hangUp(peripheral: 0 | 1): void;
    latency(peripheral: 0 | 1, ms: number): void;
    unplug(): void;
    plug(): void;
  };
  close(): Promise<void>;
}

const long = 10_000;

/** @returns the code of the fault that it ends with */
/** Writes, and gathers the indications until as many bytes came back. */
async function echo(link: GattLink, heard: Buffer[], bytes: Uint8Array): Promise<Buffer> {
  heard.length = 0;
  await link.write(uuids.echo, bytes, long);
  await until('the echo', () => Buffer.concat(heard).length >= bytes.length);
  return Buffer.concat(heard);
}

async function connected(rig: GattRig, peripheral: 0 | 1): Promise<{ link: GattLink; heard: Buffer[] }> {
  const link = rig.adapter.link(rig.addresses[peripheral]);
  const heard: Buffer[] = [];
  await link.connect(wanted, long);
  await link.subscribe(uuids.echo, (bytes) => heard.push(Buffer.from(bytes)), long);
  return { link, heard };
}

type Case = readonly [name: string, run: (t: Test, rig: GattRig) => Promise<void>];

const plain: readonly Case[] = [
  [
    'connects, discovers, reads, writes, hears indications, and disconnects',
    async (t, rig) => {
      const { link, heard } = await connected(rig, 0);
      t.ok(link.connected);
      t.equal(Buffer.from(await link.read(uuids.echo, long)).toString(), 'doorward');
      t.same(await echo(link, heard, Buffer.from('0102ff', 'hex')), Buffer.from('0102ff', 'hex'));
      let ended = 0;
      const off = link.onDisconnected(() => {
        ended += 1;
      });
      await link.disconnect();
      await link.disconnect();
      off();
      t.equal(ended, 1, 'told once');
      t.notOk(link.connected);
      t.equal(link.mtu, 23);
      t.equal(await codeOf(link.write(uuids.echo, Buffer.from([1]), long)), 'LINK_CLOSED');
    },
  ],
  [
    'carries what the MTU carries at once, more as a long write, and refuses what no attribute holds, at a large MTU and at 23',
    async (t, rig) => {
      for (const peripheral of [0, 1] as const) {
        const { link, heard } = await connected(rig, peripheral);
        if (peripheral === 1) t.equal(link.mtu, 23);
        else t.ok(link.mtu >= 185, `${link.mtu}`);
        const most = Buffer.alloc(link.mtu - 3, 0xa5);
        t.same(await echo(link, heard, most), most);
        for (const bytes of [link.mtu - 2, 512]) {
          const whole = Buffer.from(Array.from({ length: bytes }, (_, at) => at & 0xff));
          t.same(await echo(link, heard, whole), whole, `${bytes} bytes came whole`);
        }
        t.equal(await codeOf(link.write(uuids.echo, Buffer.alloc(513), long)), 'MESSAGE_TOO_BIG');
        t.ok(link.connected, 'a refused write costs nothing');
        await link.disconnect();
      }
    },
  ],
  [
    'a message longer than the MTU comes back in the order of its pieces',
    async (t, rig) => {
      const { link, heard } = await connected(rig, 1);
      const message = Buffer.from(Array.from({ length: 200 }, (_, at) => at));
      heard.length = 0;
      // All at once: the link brings them one after another.
      await Promise.all(
        Array.from({ length: 10 }, (_, at) => link.write(uuids.echo, message.subarray(at * 20, at * 20 + 20), long)),
      );
      await until('all pieces', () => Buffer.concat(heard).length >= message.length);
      t.same(Buffer.concat(heard), message);
      await link.disconnect();
    },
  ],
  [
    'a silent characteristic ends the connection at the deadline, and the link works again',
    async (t, rig) => {
      const { link } = await connected(rig, 0);
      let ended = 0;
      link.onDisconnected(() => {
        ended += 1;
      });
      const waiting = codeOf(link.write(uuids.echo, Buffer.from([2]), long));
      const silent = codeOf(link.write(uuids.silent, Buffer.from([7]), 150));
      const behind = codeOf(link.write(uuids.echo, Buffer.from([3]), long));
      t.equal(await waiting, 'done');
      t.equal(await silent, 'BLE_SILENT');
      t.notOk(link.connected);
      t.equal(await behind, 'LINK_CLOSED', 'what waited behind it is not sent');
      t.equal(ended, 1);
      const again = await connected(rig, 0);
      t.same(await echo(again.link, again.heard, Buffer.from([9])), Buffer.from([9]));
      await link.disconnect();
    },
  ],
  [
    'a peripheral that is nowhere, and a characteristic that it does not have',
    async (t, rig) => {
      const nowhere = rig.adapter.link('54:d2:72:ff:ff:ff');
      t.equal(await codeOf(nowhere.connect(wanted, 300)), 'BLE_NOT_FOUND');
      const link = rig.adapter.link(rig.addresses[0]);
      const lacking = [{ service: uuids.service, uuid: uuids.gone }];
      t.equal(await codeOf(link.connect(lacking, long)), 'BLE_CHARACTERISTIC_MISSING');
      t.notOk(link.connected);
      await link.connect(wanted, long);
      t.equal(await codeOf(link.connect(lacking, long)), 'BLE_CHARACTERISTIC_MISSING');
      t.ok(link.connected);
      await link.disconnect();
    },
  ],
  [
    'a connection that is called off ends with LINK_CLOSED, and the next one succeeds',
    async (t, rig) => {
      const link = rig.adapter.link(rig.addresses[0]);
      const connecting = codeOf(link.connect(wanted, long));
      await new Promise(setImmediate);
      await link.disconnect();
      t.equal(await connecting, 'LINK_CLOSED');
      t.notOk(link.connected);
      await link.connect(wanted, long);
      t.ok(link.connected);
      await link.disconnect();
    },
  ],
];

const hostile: readonly Case[] = [
  [
    'a radio shadow ends the link by itself, and it works again in the light',
    async (t, rig) => {
      const { link } = await connected(rig, 0);
      rig.faults!.shadow(0, true);
      t.match(
        await codeOf(link.write(uuids.echo, Buffer.from([1]), long)),
        /^LINK_CLOSED$/,
        'sooner than its deadline',
      );
      t.equal(await codeOf(link.connect(wanted, 200)), 'BLE_NOT_FOUND');
      rig.faults!.shadow(0, false);
      const again = await connected(rig, 0);
      t.same(await echo(again.link, again.heard, Buffer.from([4])), Buffer.from([4]));
      await link.disconnect();
    },
  ],
  [
    'a connection that is not established is tried again, but not for ever',
    async (t, rig) => {
      const link = rig.adapter.link(rig.addresses[0]);
      rig.faults!.failConnects(0, 2);
      t.equal(await codeOf(link.connect(wanted, long)), 'done');
      await link.disconnect();
      rig.faults!.failConnects(0, 3);
      t.equal(await codeOf(link.connect(wanted, long)), 'BLE_NOT_FOUND');
      t.equal(await codeOf(link.connect(wanted, long)), 'done');
      await link.disconnect();
    },
  ],
  [
    'a peripheral that hangs up ends what is going on',
    async (t, rig) => {
      const { link } = await connected(rig, 0);
      const silent = codeOf(link.write(uuids.silent, Buffer.from([1]), long));
      const before = rig.writes(0).length;
      await until('the write is there', () => rig.writes(0).length > before);
      rig.faults!.hangUp(0);
      t.equal(await silent, 'LINK_CLOSED');
      t.notOk(link.connected);
    },
  ],
  [
    'an adapter that is unplugged ends every link, is told, and is used again when it is back',
    async (t, rig) => {
      const states: string[] = [];
      const off = rig.adapter.onState((state) => states.push(state));
      const { link } = await connected(rig, 0);
      const silent = codeOf(link.write(uuids.silent, Buffer.from([1]), long));
      rig.faults!.unplug();
      t.equal(await silent, 'LINK_CLOSED');
      await until('it is told', () => rig.adapter.state === 'BLE_UNAVAILABLE');
      t.equal(await codeOf(link.connect(wanted, long)), 'BLE_UNAVAILABLE');
      rig.faults!.plug();
      await until('it is back', () => rig.adapter.state === 'ready');
      const again = await connected(rig, 0);
      t.same(await echo(again.link, again.heard, Buffer.from([5])), Buffer.from([5]));
      t.same(states, ['BLE_UNAVAILABLE', 'ready']);
      off();
      await link.disconnect();
    },
  ],
  [
    'a slow air is no error',
    async (t, rig) => {
      rig.faults!.latency(0, 30);
      const { link, heard } = await connected(rig, 0);
      t.same(await echo(link, heard, Buffer.from([6])), Buffer.from([6]));
      rig.faults!.latency(0, 0);
      await link.disconnect();
    },
  ],
];

const twoLinks: Case = [
  'two links at once; a silent one does not hold the other up, and adverts are heard meanwhile',
  async (t, rig) => {
    const adverts = new Set<string>();
    const stop = rig.adapter.listen((advert) => adverts.add(advert.address));
    const [one, two] = await Promise.all([connected(rig, 0), connected(rig, 1)]);
    const silent = codeOf(one.link.write(uuids.silent, Buffer.from([1]), 400));
    for (let at = 0; at < 20; at += 1) {
      t.same(await echo(two.link, two.heard, Buffer.from([at])), Buffer.from([at]));
    }
    t.equal(await silent, 'BLE_SILENT');
    t.ok(two.link.connected, 'the other one goes on');
    t.equal(rig.adapter.link(rig.addresses[1].toUpperCase()), two.link, 'one link a peripheral');
    adverts.clear();
    await until('an advert', () => adverts.size > 0);
    stop();
    await two.link.disconnect();
  },
];

export interface ContractOptions {
  /** The rig has `faults`. */
  readonly faults: boolean;
  /** Only one link at a time fits the controller. */
  readonly oneLink?: boolean;
}

/** Runs the contract. @param makeRig  called once for each test */
export async function gattContract(t: Test, makeRig: () => Promise<GattRig>, options: ContractOptions): Promise<void> {
  const { oneLink, faults } = options;
  for (const [name, run] of [...plain, twoLinks, ...hostile]) {
    const no = {
      links: oneLink === true && name === twoLinks[0],
      faults: !faults && hostile.some((one) => one[0] === name),
    };
    const skip = no.links ? 'this controller holds one link' : no.faults && 'nobody can make this air misbehave';
    await t.test(name, { skip }, async (t) => {
      const rig = await makeRig();
      t.teardown(() => rig.close());
      await run(t, rig);
    });
  }
}
