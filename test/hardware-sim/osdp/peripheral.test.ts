import t from 'tap';
import { commandCodes as ask } from '../../../hardware-sim/osdp/codec.ts';
import { hex } from './golden.ts';
import { street } from './street.ts';

const key = hex('00112233445566778899AABBCCDDEEFF');
const keyHex = Buffer.from(key).toString('hex');
const pulse = (ticks: number, output = 0): number[] => [output, 5, ticks & 0xff, ticks >> 8];
const nak = (code: number) => ({ code: 0x41, data: [code] });

t.test('an unpaired peripheral tells who it is, what it can, and how its terminals stand', async (t) => {
  const { controller } = await street({ serial: 0x01020304, installMode: true });
  const cp = controller();
  t.match(await cp.ask(ask.id, [0]), { code: 0x45, data: [0x0a, 0x0b, 0x0c, 1, 2, 4, 3, 2, 1, 1, 0, 0] });
  const cap = await cp.ask(ask.cap, [0]);
  t.strictSame(
    cap!.data.slice(0, 12),
    [1, 2, 2, 2, 2, 1, 8, 1, 0, 9, 1, 1],
    'two inputs, one output, CRC, default key',
  );
  t.match(await cp.ask(ask.inputStatus), { code: 0x49, data: [0, 1] }, 'closed is inactive, secured is active');
  t.match(await cp.ask(ask.outputStatus), { code: 0x4a, data: [0] });
  t.match(await cp.ask(ask.localStatus), { code: 0x48, data: [0, 0] });
  t.match(await cp.ask(ask.communication, [5, 0x80, 0x25, 0, 0]), { code: 0x54, data: [0, 0x80, 0x25, 0, 0] });
});

t.test('a reply has the sequence of its command, and a wrong sequence is NAK 4', async (t) => {
  const { controller } = await street();
  const cp = controller();
  t.match(await cp.ask(ask.poll, [], { sequence: 2 }), nak(4), 'first of all comes 0');
  for (const sequence of [0, 1, 2, 3, 1, 2]) {
    t.match(await cp.ask(ask.poll, [], { sequence }), { code: 0x40, sequence });
  }
  t.match(await cp.ask(ask.id, [0], { sequence: 1 }), { ...nak(4), sequence: 1 });
  t.match(await cp.ask(ask.id, [0], { sequence: 3 }), { code: 0x45 }, 'the refused one did not count');
});

t.test('commands that cannot be understood are refused by name', async (t) => {
  const { controller, door } = await street();
  const cp = controller();
  t.match(await cp.ask(0x69, new Array(14).fill(0)), nak(3), 'no LED');
  t.match(await cp.ask(ask.poll, [0]), nak(2));
  t.match(await cp.ask(ask.output, [0, 5, 1]), nak(2));
  t.match(await cp.ask(ask.output, []), nak(2));
  t.match(await cp.ask(ask.output, pulse(10, 1)), nak(9), 'no such output');
  t.match(await cp.ask(ask.output, [0, 7, 1, 0]), nak(9));
  t.match(await cp.ask(ask.output, pulse(0)), nak(9), 'a pulse without an end');
  t.match(await cp.ask(ask.output, [...pulse(10), ...pulse(10, 9)]), nak(9), 'all records or none');
  t.match(await cp.ask(ask.keySet, [1, 16, ...key]), nak(6), 'no key in clear');
  t.equal(door.truth().strikes, 0);
});

t.test('a resent output gets the stored reply and runs once', async (t) => {
  const { controller, door, line } = await street();
  const cp = controller();
  const first = await cp.ask(ask.output, pulse(20));
  const again = await cp.resend();
  t.strictSame(again!.frame.bytes, first!.frame.bytes);
  t.equal(door.truth().strikes, 1);
  t.strictSame(
    line.outs.map((out) => out.outcome),
    ['ran', 'resent'],
  );
  t.equal(line.bus.outsRun, 1);
});

t.test('a resent output runs once inside a session, and the session goes on', async (t) => {
  const { controller, door } = await street({ keyHex });
  const cp = controller();
  t.match(await cp.handshake(key), { status: 1 });
  const first = await cp.ask(ask.output, pulse(20));
  t.match(first, { code: 0x40, securityType: 0x16 });
  t.strictSame((await cp.resend())!.frame.bytes, first!.frame.bytes);
  t.equal(door.truth().strikes, 1);
  t.match(await cp.ask(ask.outputStatus), { code: 0x4a, data: [1], securityType: 0x18 });
});

t.test('a pulse ends by itself when the hub is gone', async (t) => {
  const { controller, clock, door, link } = await street();
  await controller().ask(ask.output, pulse(30));
  await link.close();
  clock.advance(2_999);
  t.equal(door.truth().energised, true);
  clock.advance(1);
  t.equal(door.truth().energised, false);
});

t.test('polls fetch every change, one at a time and in order', async (t) => {
  const { controller, clock, door } = await street();
  const cp = controller();
  await cp.ask(ask.output, pulse(20));
  clock.advance(80);
  door.openLeaf();
  const events: unknown[] = [];
  for (let poll = 0; poll < 6; poll++) {
    const heard = await cp.ask(ask.poll);
    events.push([heard!.code, heard!.data]);
  }
  t.strictSame(events, [
    [0x49, [0, 0]],
    [0x4a, [1]],
    [0x49, [1, 0]],
    [0x40, []],
    [0x40, []],
    [0x40, []],
  ]);
});

t.test('several doors hang on one peripheral, each on its own terminals', async (t) => {
  const doors = [
    { id: 'front', output: 1, contactInput: 0, monitorInput: null },
    { id: 'garden', output: 0, contactInput: 3, contactClosedIs: 'active' as const },
  ];
  const { controller, home } = await street({ doors });
  const cp = controller();
  t.match(await cp.ask(ask.inputStatus), { data: [0, 0, 0, 1] });
  await cp.ask(ask.output, pulse(10, 1));
  t.equal(home.door('front').truth().energised, true);
  t.equal(home.door('garden').truth().energised, false);
  home.door('garden').openLeaf('key');
  t.match(await cp.ask(ask.inputStatus), { data: [0, 0, 0, 0] });
});

t.test('several peripherals share a line by address', async (t) => {
  const side = { address: 5, doors: [{ id: 'side', output: 0, contactInput: 0, monitorInput: 1 }] };
  const { controller, home, carry } = await street({}, [side]);
  const five = controller(5);
  t.match(await five.ask(ask.output, pulse(10)), { frame: { address: 5, isReply: true } });
  t.equal(home.door('side').truth().strikes, 1);
  t.equal(home.door('front').truth().strikes, 0);
  t.equal(await controller(6).ask(ask.poll), undefined, 'nobody lives there');
  const echo = (await five.ask(ask.poll))!.frame.bytes;
  t.equal(await carry(echo), undefined, 'a reply is no command');
});

t.test('a paired peripheral tells in clear who it is and nothing else', async (t) => {
  const { controller, door } = await street({ keyHex });
  const cp = controller();
  t.match(await cp.ask(ask.id, [0]), { code: 0x45 });
  t.match(await cp.ask(ask.cap, [0]), { code: 0x46 });
  for (const code of [ask.poll, ask.inputStatus, ask.outputStatus, ask.localStatus]) {
    t.match(await cp.ask(code), { ...nak(6), securityType: undefined });
  }
  t.match(await cp.ask(ask.output, pulse(10)), nak(6));
  t.equal(door.truth().strikes, 0);
});

t.test('the default key works in install mode only, and ends with KEYSET', async (t) => {
  const { controller } = await street({ installMode: true });
  const cp = controller();
  t.match(await cp.handshake(), { status: 1 });
  t.match(await cp.ask(ask.keySet, [1, 16, ...key]), { code: 0x40, securityType: 0x16 });
  t.match(await cp.ask(ask.poll), { code: 0x40 }, 'the session goes on until the next handshake');
  t.strictSame(await cp.handshake(), { nak: 5 });
  t.match(await cp.handshake(key), { status: 1 });
  t.match(await cp.ask(ask.cap, [0]), { securityType: 0x18 });
});

t.test('a peripheral without install mode or without a key refuses that key type', async (t) => {
  const { controller } = await street();
  t.strictSame(await controller().handshake(), { nak: 5 });
  t.strictSame(await controller().handshake(key), { nak: 5 });
  const paired = await street({ keyHex });
  t.strictSame(await paired.controller().handshake(), { nak: 5 });
});

t.test('a controller with a wrong key gets status FF and no session', async (t) => {
  const { controller } = await street({ keyHex });
  const cp = controller();
  t.match(await cp.handshake(hex('FF'.repeat(16))), { status: 0xff });
  t.match(await cp.ask(ask.poll), nak(6));
});

t.test('each handshake has a random number of its own', async (t) => {
  const { controller } = await street({ keyHex });
  const cp = controller();
  const numbers = new Set<unknown>();
  for (let i = 0; i < 5; i++) numbers.add((await cp.handshake(key)).rndB);
  t.equal(numbers.size, 5);
});

t.test('a bad MAC, a frame in clear or sequence 0 ends the session', async (t) => {
  const { controller, carry, door } = await street({ keyHex });
  const cp = controller();
  await cp.handshake(key);
  await cp.ask(ask.output, pulse(10));
  const replayed = cp.last;
  await cp.ask(ask.poll);
  t.match(Buffer.from((await carry(replayed))!).subarray(5, 7), Buffer.from([0x41, 6]), 'an old frame, replayed');
  t.equal(door.truth().strikes, 1);
  t.match(await cp.ask(ask.poll), { ...nak(6), securityType: undefined });

  await cp.handshake(key);
  t.match(await cp.ask(ask.poll, [], { clear: true }), nak(6));
  t.match(await cp.ask(ask.poll), nak(6));

  await cp.handshake(key);
  t.match(await cp.ask(ask.poll, [], { sequence: 0 }), nak(6));
});

t.test('8 seconds of silence end the session, a poll just before keeps it', async (t) => {
  const { controller, clock } = await street({ keyHex });
  const cp = controller();
  await cp.handshake(key);
  clock.advance(8_000);
  t.match(await cp.ask(ask.poll), { code: 0x40, securityType: 0x16 });
  clock.advance(8_001);
  t.match(await cp.ask(ask.poll), { ...nak(6), securityType: undefined });
});

t.test('a damaged command is NAK 1, and sent again it runs', async (t) => {
  const { controller, carry, door } = await street();
  const cp = controller();
  await cp.ask(ask.poll);
  const spoilt = hex('53 00 0C 00 05 68 00 05 32 00 00 00');
  t.match(Buffer.from((await carry(spoilt))!).subarray(5, 7), Buffer.from([0x41, 1]));
  t.equal(door.truth().strikes, 0);
  t.match(await cp.ask(ask.output, pulse(10)), { code: 0x40 });
  t.equal(door.truth().strikes, 1);
});

t.test('noise is answered by silence', async (t) => {
  const { carry, arrived } = await street();
  for (const noise of ['00', 'FF FF FF', '53', '53 00 01 00 04', '53 53 53 53 53 53 53 53']) {
    t.equal(await carry(hex(noise)), undefined, noise);
  }
  t.strictSame(arrived(), []);
});

t.test('an empty command in an encrypted frame is taken as empty', async (t) => {
  const { controller } = await street({ keyHex });
  const cp = controller();
  await cp.handshake(key);
  t.match(await cp.ask(ask.inputStatus, [], { encrypt: true }), { code: 0x49, data: [0, 1], securityType: 0x18 });
});
