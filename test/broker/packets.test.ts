import t from 'tap';
import { PacketReader } from '../../broker/packets.ts';
import {
  connectPacket,
  disconnectPacket,
  field,
  packet,
  pingPacket,
  pubackPacket,
  publishPacket,
  subscribePacket,
  unsubscribePacket,
} from './bytes.ts';

const limits = { maxConnectBytes: 200, maxPacketBytes: 1000 };
const hello = connectPacket('hub-a');
const opened = (): PacketReader => {
  const reader = new PacketReader(limits);
  reader.take(hello);
  return reader;
};
/** What becomes of these bytes after a CONNECT: packets, or a code. */
const after = (...bytes: Buffer[]): number | string => {
  const groups = opened().take(Buffer.concat(bytes));
  return groups.ok ? groups.value.reduce((sum, group) => sum + group.packets, 0) : groups.code;
};
const first = (bytes: Buffer): string => {
  const groups = new PacketReader(limits).take(bytes);
  return groups.ok ? 'ok' : groups.code;
};

t.test('every packet of a client passes, whole, byte for byte', async (t) => {
  const all = [
    publishPacket('a/b', 'x'),
    publishPacket('a/b', '', 0),
    publishPacket('a/b', 'again', 0x0a),
    pubackPacket(7),
    subscribePacket(['a/b', '#']),
    unsubscribePacket(['a/b']),
    pingPacket,
    disconnectPacket,
  ];
  const groups = opened().take(Buffer.concat(all));
  t.ok(groups.ok);
  if (!groups.ok) return;
  t.strictSame(Buffer.concat(groups.value.map((group) => group.bytes)), Buffer.concat(all));
  t.match(groups.value, [{ packets: 8, publishes: 3 }]);
});

t.test('it does not matter how the bytes are cut', async (t) => {
  const stream = Buffer.concat([hello, publishPacket('a', 'x'.repeat(300)), pingPacket, publishPacket('b', 'y')]);
  for (const size of [1, 2, 3, 7, 64, stream.length]) {
    const reader = new PacketReader(limits);
    const out: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) {
      const groups = reader.take(stream.subarray(at, at + size));
      if (!groups.ok) return t.fail(groups.code);
      out.push(...groups.value.map((group) => group.bytes));
    }
    t.strictSame(Buffer.concat(out), stream, `pieces of ${size}`);
  }
});

t.test('the CONNECT comes alone and first, once', async (t) => {
  const groups = new PacketReader(limits).take(Buffer.concat([hello, pingPacket, pingPacket]));
  t.match(groups, { ok: true, value: [{ packets: 1 }, { packets: 2 }] });
  t.equal(first(pingPacket), 'BROKER_PACKET_MALFORMED');
  t.equal(after(hello), 'BROKER_PACKET_MALFORMED');
});

t.test('a long row of packets is released in small groups', async (t) => {
  const groups = opened().take(Buffer.concat(Array.from({ length: 100 }, () => publishPacket('a', 'x'))));
  t.ok(groups.ok && groups.value.every((group) => group.packets <= 16));
  t.equal(groups.ok && groups.value.length, 7);
});

t.test('T13: a packet is refused by its announced length, before its bytes come', async (t) => {
  t.equal(first(Buffer.from([0x10, 0xff, 0x01])), 'BROKER_PACKET_TOO_BIG', 'CONNECT');
  t.equal(after(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])), 'BROKER_PACKET_TOO_BIG', '256 MB');
  t.equal(after(publishPacket('a', 'x'.repeat(1000 - 3 - 5))), 1, 'the last that fits');
  t.equal(after(publishPacket('a', 'x'.repeat(1000 - 3 - 4))), 'BROKER_PACKET_TOO_BIG', 'one byte more');
  t.equal(after(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01])), 'BROKER_PACKET_MALFORMED', 'five bytes of length');
});

t.test('another version of MQTT is told apart from nonsense', async (t) => {
  t.equal(first(connectPacket('x', { level: 5 })), 'BROKER_PROTOCOL_REFUSED');
  t.equal(first(connectPacket('x', { name: 'MQIsdp', level: 3 })), 'BROKER_PROTOCOL_REFUSED');
  t.equal(first(connectPacket('x', { level: 0x84 })), 'BROKER_PROTOCOL_REFUSED', 'bridge bit');
  t.equal(first(Buffer.from('GET / HTTP/1.1\r\n\r\n')), 'BROKER_PACKET_MALFORMED');
});

t.test('T13: a CONNECT whose fields do not fit its flags is malformed', async (t) => {
  const wrong: Record<string, Buffer> = {
    'reserved flag': connectPacket('x', { flags: 3 }),
    'will QoS without will': connectPacket('x', { flags: 0x0a }),
    'will QoS 3': connectPacket('x', { flags: 0x1e, payload: ['t', 'm'] }),
    'will missing': connectPacket('x', { flags: 6 }),
    'password without user': connectPacket('x', { flags: 0x42, payload: ['p'] }),
    'one field too many': connectPacket('x', { payload: ['more'] }),
    'field past the end': packet(0x10, field('MQTT'), Buffer.from([4, 2, 0, 60, 0, 200, 0x78])),
    'header flags': Buffer.concat([Buffer.from([0x11]), hello.subarray(1)]),
    'too short': packet(0x10, field('MQTT'), Buffer.from([4])),
    empty: packet(0x10),
  };
  for (const [why, bytes] of Object.entries(wrong)) t.equal(first(bytes), 'BROKER_PACKET_MALFORMED', why);
  t.equal(first(connectPacket('x', { flags: 0xce, payload: ['t', 'm', 'user', 'pw'] })), 'ok', 'all fields');
});

t.test('T13: what is not sound after the CONNECT is refused with its reason', async (t) => {
  const malformed: Record<string, Buffer> = {
    'type 0': packet(0x00),
    'type 15': packet(0xf0),
    'CONNACK from a client': Buffer.from([0x20, 2, 0, 0]),
    'QoS 3': publishPacket('a', 'x', 6),
    'dup at QoS 0': publishPacket('a', 'x', 8),
    'empty topic': publishPacket('', 'x'),
    'wildcard in a topic': publishPacket('a/+', 'x'),
    'NUL in a topic': publishPacket('a\0', 'x'),
    'topic past the end': packet(0x30, Buffer.from([0, 9, 0x61])),
    'packet id 0': publishPacket('a', 'x', 2, 0),
    'no packet id': packet(0x32, field('a')),
    'PUBACK 0': pubackPacket(0),
    'PUBACK too long': packet(0x40, Buffer.from([0, 1, 0])),
    'SUBSCRIBE flags': Buffer.concat([Buffer.from([0x80]), subscribePacket(['a']).subarray(1)]),
    'no filter': subscribePacket([]),
    'empty filter': subscribePacket(['']),
    'nine filters': subscribePacket(['1', '2', '3', '4', '5', '6', '7', '8', '9']),
    'asked QoS 3': subscribePacket(['a'], 3),
    'filter without QoS': packet(0x82, Buffer.from([0, 1]), field('a')),
    'UNSUBSCRIBE of nothing': unsubscribePacket([]),
    'PINGREQ with a body': packet(0xc0, Buffer.from([1])),
    'DISCONNECT flags': Buffer.from([0xe1, 0]),
  };
  for (const [why, bytes] of Object.entries(malformed)) t.equal(after(bytes), 'BROKER_PACKET_MALFORMED', why);
  t.equal(after(subscribePacket(['1', '2', '3', '4', '5', '6', '7', '8'])), 1, 'eight filters');
});

t.test('QoS 2 and retain have codes of their own', async (t) => {
  t.equal(after(publishPacket('a', 'x', 4)), 'BROKER_QOS_REFUSED');
  for (const type of [0x50, 0x62, 0x70]) t.equal(after(packet(type, Buffer.from([0, 1]))), 'BROKER_QOS_REFUSED');
  t.equal(after(publishPacket('a', 'x', 3)), 'BROKER_RETAIN_REFUSED');
  t.equal(after(publishPacket('a', '', 1)), 'BROKER_RETAIN_REFUSED');
});
