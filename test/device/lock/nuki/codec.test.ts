import t from 'tap';
import { asked, gatt, nothingAsked, readAdvert, whetherToAsk } from '../../../../device/lock/nuki/advert.ts';
import { checksum, decodeMessage, encodeMessage, Reassembly } from '../../../../device/lock/nuki/frame.ts';
import { seal, sharedKey, toKeyPair, unseal } from '../../../../device/lock/nuki/secure.ts';
import { boltOf, contactOf, decodeStates } from '../../../../device/lock/nuki/states.ts';
import { bytes, hex, toHex } from './vectors.ts';

t.test('the checksum is CRC-16/CCITT-FALSE', async (t) => {
  t.equal(checksum(new TextEncoder().encode('123456789')), 0x29b1);
});

t.test('both sides come to the key of the vendor in each example', async (t) => {
  for (const of of ['A', 'B', 'C']) {
    const key = sharedKey(bytes(of, 'slPub'), bytes(of, 'clPriv'));
    t.ok(key.ok && toHex(key.value) === toHex(bytes(of, 'shared')), of);
    t.equal(toHex(toKeyPair(bytes(of, 'clPriv')).publicKey), toHex(bytes(of, 'clPub')));
  }
  t.match(sharedKey(new Uint8Array(32), bytes('A', 'clPriv')), { ok: false, code: 'NUKI_NOT_GENUINE' });
});

t.test('every message in clear of the examples is read, and written the same', async (t) => {
  const names = ['msgReqPk', 'msgSlPk', 'msgClPk', 'msgChal1', 'msgAuthenticator', 'msgChal2', 'msgAuthData'];
  for (const name of [...names, 'msgAuthId', 'msgAuthIdConfirm', 'msgStatusComplete']) {
    for (const of of ['A', 'B']) {
      const read = decodeMessage(bytes(of, name), false);
      t.ok(read.ok && toHex(encodeMessage(read.value)) === toHex(bytes(of, name)), `${of} ${name}`);
    }
  }
  t.ok(decodeMessage(bytes('C', 'msgAuthInfo'), false).ok);
});

t.test('each sealed message of the examples is opened, and sealed the same under its nonce', async (t) => {
  for (const [of, name] of [
    ['D', 'reqWire'],
    ['D', 'respWire'],
    ['E', 'reqChalWire'],
    ['E', 'chalWire'],
    ['E', 'lockActionWire'],
  ] as const) {
    const key = { key: bytes(of, 'shared'), authorizationId: 2 };
    const wire = bytes(of, name);
    const read = unseal(wire, key);
    t.ok(read.ok && toHex(seal(read.value, key, wire.slice(0, 24))) === toHex(wire), `${of} ${name}`);
    t.match(unseal(wire, { ...key, authorizationId: 3 }), { ok: false, code: 'NUKI_NOT_GENUINE' });
    const broken = wire.slice();
    broken[40]! ^= 1;
    t.match(unseal(broken, key), { ok: false, code: 'NUKI_NOT_GENUINE' });
  }
});

t.test('indications of 20 bytes, of one byte and of everything at once make the same messages', async (t) => {
  const wire = bytes('E', 'chalWire');
  for (const size of [1, 20, 500]) {
    const pieces = new Reassembly(true);
    const whole: Uint8Array[] = [];
    for (let at = 0; at < wire.length; at += size) {
      const taken = pieces.take(wire.subarray(at, at + size));
      if (taken.ok) whole.push(...taken.value);
    }
    t.same(whole.map(toHex), [toHex(wire)], `${size}`);
  }
  const clear = new Reassembly(false).take(hex('120020000013D70E00009DD7'));
  t.ok(clear.ok && clear.value.length === 2);
  t.match(new Reassembly(false).take(hex('77770000')), { ok: false, code: 'NUKI_FRAME_BAD' });
  t.match(new Reassembly(true).take(new Uint8Array(30).fill(0xff)), { ok: false, code: 'NUKI_FRAME_BAD' });
});

const oldest = '020100E0070307080F1E3C0000200A';

t.test('states of every known length are read as far as they go', async (t) => {
  const read = decodeStates(hex(oldest));
  t.match(read, {
    ok: true,
    value: { mode: 'door', motor: 'locked', trigger: 'system', zoneMinutes: 60, configCount: 32, lockAndGoS: 10 },
  });
  t.same(read.ok && Object.hasOwn(read.value, 'sensor'), false);
  t.match(decodeStates(hex(`${oldest}01000002`)), {
    value: { lastAction: 1, lastCompletion: 'success', sensor: 'closed', nightMode: undefined },
  });
  t.match(decodeStates(hex(`${oldest}010000030103`)), {
    value: { sensor: 'open', nightMode: true, keypadBatteryCritical: true },
  });
  t.match(decodeStates(hex(`${oldest}0100000301000BC0010A0000`)), {
    value: { remoteAccess: 11, bleRssiDbm: -64, wifiRssiDbm: undefined },
  });
  t.match(decodeStates(hex(oldest).subarray(0, 14)), { ok: false, code: 'NUKI_FRAME_BAD' });
});

t.test('a bolt is what its report proves, and nothing more', async (t) => {
  const states = (motor: string, tail = '') => {
    const read = decodeStates(hex(`02${motor}${oldest.slice(4)}${tail}`));
    return read.ok ? boltOf(read.value) : read.code;
  };
  const expected = { '01': 'locked', '03': 'unlocked', '06': 'unlocked', '05': 'open', '07': 'open', FE: 'jammed' };
  for (const [motor, bolt] of Object.entries(expected)) t.equal(states(motor), bolt, motor);
  for (const motor of ['00', '02', '04', 'FC', 'FD', 'FF', '55']) t.equal(states(motor), 'unknown', motor);
  t.equal(states('01', '02000B'), 'unknown', 'the handle was not lifted');
  t.equal(states('01', '020000'), 'locked');
  const contacts = { '02': 'closed', '03': 'open', '00': 'unknown', F0: 'unknown', FF: 'unknown', '10': 'unknown' };
  for (const [sensor, contact] of Object.entries(contacts)) {
    const read = decodeStates(hex(`${oldest}010000${sensor}`));
    t.equal(read.ok && contactOf(read.value), contact, sensor);
  }
});

const beacon = (power: string): Uint8Array => hex(`4c000215a92ee200550111e4916c0800200c9a6633c335c5${power}`);
const advert = (manufacturerData: Uint8Array) => readAdvert({ serviceData: new Map(), manufacturerData });

t.test('an advert tells lock, pairing mode and whether something is new', async (t) => {
  t.match(advert(beacon('c8')), { says: 'normal', nukiId: '33c335c5', changed: false });
  t.match(advert(beacon('c5')), { changed: true });
  t.equal(advert(hex('4c000600')), undefined, 'HomeKit');
  t.match(readAdvert({ serviceData: new Map([[gatt.pairing5, hex('33c335c5')]]) }), {
    says: 'pairing',
    variant: 'newer',
  });
});

t.test(
  'the battery is spared: nothing new, no question; a flag that stays up is asked for more and more seldom',
  async (t) => {
    const timing = { pollMs: 1_800_000, changedMs: 1_000, stuckMs: 300_000 };
    const questions = (changed: (atMs: number) => boolean): number => {
      let memory = nothingAsked;
      let count = 0;
      for (let atMs = 0; atMs < 24 * 3_600_000; atMs += 500) {
        const said = { says: 'normal', nukiId: '33c335c5', changed: changed(atMs) } as const;
        const { ask, memory: next } = whetherToAsk(said, memory, atMs, timing);
        memory = ask ? asked(next, atMs) : next;
        if (ask) count += 1;
      }
      return count;
    };
    t.equal(
      questions(() => false),
      48,
      'once each half hour',
    );
    const stuck = questions(() => true);
    t.ok(stuck <= 52, `${stuck} questions a day with a flag that never goes down`);
    t.equal(
      questions((atMs) => atMs === 700_000),
      49,
      'a change is asked for once',
    );
  },
);
