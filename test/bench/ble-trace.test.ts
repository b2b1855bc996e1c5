import t from 'tap';
import { isAction, lengths, type Packet, readPacket, requestsOf } from './ble-trace.ts';
import { toRow } from './ble-unlock.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

t.test('packets are told apart by what they are, and values by their length', (t) => {
  // Command: LE Create Connection. Event: LE Connection Complete, well and failed. Event: Disconnection Complete.
  t.same(readPacket(hex('01 0d20 19')), { what: 'connect', valueBytes: 0 });
  t.same(readPacket(hex('04 3e 13 01 00 4000')), { what: 'connected', valueBytes: 0 });
  t.equal(readPacket(hex('04 3e 13 01 3e 0000')), undefined);
  t.same(readPacket(hex('04 05 04 00 4000 13')), { what: 'disconnected', valueBytes: 0 });
  // ATT: Write Request of 3 bytes to handle 12; Exchange MTU; an indication whose second piece comes in a packet of its own.
  t.same(readPacket(hex('02 4000 0a00 0600 0400 12 0c00 aabbcc')), { what: 'write request', valueBytes: 3 });
  t.same(readPacket(hex('02 4000 0700 0300 0400 02 0001')), { what: 'mtu request', valueBytes: 0 });
  t.same(readPacket(hex('02 4020 0800 5900 0400 1d 0c00 aa')), { what: 'indication', valueBytes: 86 });
  t.equal(readPacket(hex('02 4010 0500 1d0c00aabb')), undefined);
  // Another channel than ATT.
  t.equal(readPacket(hex('02 4000 0700 0300 0500 12 0001')), undefined);
  t.end();
});

t.test('the lengths are those of the messages in the vendor document', (t) => {
  // Ciphertexts of 0x1a and 0x3e bytes after 30 bytes of header (document, read state and unlock).
  t.equal(lengths.request, 30 + 0x1a);
  t.equal(lengths.action, 30 + 0x3e);
  t.equal(lengths.challenge, 30 + 0x38);
  t.end();
});

t.test('only what the host asks is a round trip, and only one write is the motor command', (t) => {
  const at = (way: Packet['way'], what: Packet['what'], valueBytes = 0): Packet => ({ atMs: 0, way, what, valueBytes });
  const packets = [
    at('out', 'connect'),
    at('out', 'mtu request'),
    at('in', 'mtu answer'),
    at('out', 'write request', lengths.request),
    at('in', 'indication', lengths.challenge),
    at('out', 'confirmation'),
    at('out', 'write request', lengths.action),
  ];
  t.equal(requestsOf(packets).length, 3);
  t.same(
    packets.map(isAction),
    packets.map((_, index) => index === 6),
  );
  t.end();
});

t.test('the row holds medians against medians, and the bar where it counts', (t) => {
  const unlocks = (...all: number[]) => all.map((us) => ({ us, packets: [] }));
  const measured = { hub: unlocks(140, 100, 900), bare: unlocks(100, 90, 500) };
  t.match(toRow('a', measured, true), { value: 140, baseline: 100, ratio: 1.4, bar: 1.3, holds: false });
  t.match(toRow('a', measured, false), { ratio: 1.4, bar: null, holds: null });
  t.end();
});
