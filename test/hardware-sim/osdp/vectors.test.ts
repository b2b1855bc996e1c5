import t from 'tap';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { Board } from '../../../hardware-sim/osdp/board.ts';
import { decodeCommand, encodeReply, type Reply } from '../../../hardware-sim/osdp/codec.ts';
import { crc16, encodeFrame, parseFrame } from '../../../hardware-sim/osdp/frame.ts';
import { Outputs } from '../../../hardware-sim/osdp/outputs.ts';
import { Peripheral } from '../../../hardware-sim/osdp/peripheral.ts';
import {
  clientCryptogram,
  initialMac,
  SecureSession,
  scbkDefault,
  serverCryptogram,
  sessionKeys,
} from '../../../hardware-sim/osdp/secure.ts';
import { derived, hex, newKey, plain, rndA, rndB, session, toHex } from './golden.ts';

t.test('the CRC gives the published check value', async (t) => {
  t.equal(crc16(new TextEncoder().encode('123456789')), 0xe5cc);
});

t.test('commands in clear decode to what they mean', async (t) => {
  const decode = (bytes: Uint8Array) => {
    const frame = parseFrame(bytes)!;
    return {
      address: frame.address,
      sequence: frame.sequence,
      crc: frame.crc,
      ...decodeCommand(frame.code, frame.data),
    };
  };
  t.strictSame(decode(plain.poll), { address: 0, sequence: 0, crc: true, is: 'poll' });
  t.strictSame(decode(plain.id), { address: 0, sequence: 1, crc: true, is: 'id' });
  t.strictSame(decode(plain.idSequence0), { address: 0, sequence: 0, crc: true, is: 'id' });
  t.strictSame(decode(plain.pollWithChecksum), { address: 1, sequence: 0, crc: false, is: 'poll' });
  t.strictSame(decode(plain.idWithChecksum), { address: 0, sequence: 0, crc: false, is: 'id' });
  const comset = { address: 0, sequence: 0, is: 'communication', baudRate: 9600 };
  t.strictSame(decode(plain.comset), { ...comset, crc: true });
  t.strictSame(decode(plain.comsetWithChecksum), { ...comset, crc: false });
  t.strictSame(decode(plain.out), {
    address: 1,
    sequence: 2,
    crc: true,
    is: 'output',
    records: [{ output: 0, code: 5, timer: 50 }],
  });
});

t.test('lights and buzzers decode to what the bytes of OSDP.Net mean', async (t) => {
  const cyan = { is: 'set', on: 1, off: 2, onColour: 6, offColour: 0, timer: 4 };
  const blue = { is: 'set', on: 2, off: 6, onColour: 4, offColour: 3 };
  t.strictSame(decodeCommand(0x69, hex('0203020102060004000102060403 0506020102060004000102060403')), {
    is: 'led',
    records: [
      { reader: 2, led: 3, temporary: cyan, permanent: blue },
      { reader: 5, led: 6, temporary: cyan, permanent: blue },
    ],
  });
  t.strictSame(decodeCommand(0x6a, hex('0002050201')), {
    is: 'buzzer',
    record: { reader: 0, tone: 2, on: 5, off: 2, count: 1 },
  });
  t.strictSame(decodeCommand(0x69, hex('0203')), { is: 'bad', nak: 2 });
  t.strictSame(decodeCommand(0x69, hex('0000020000020064000000000000')), { is: 'bad', nak: 9 }, 'no time at all');
});

t.test('commands and replies in clear encode to the published bytes', async (t) => {
  const reply = (address: number, sequence: number, body: Reply) =>
    toHex(encodeFrame({ address, isReply: true, sequence, crc: true, ...encodeReply(body) }));
  t.equal(reply(0, 0, { is: 'ack' }), toHex(plain.ack));
  t.equal(reply(1, 2, { is: 'nak', nak: 6 }), toHex(plain.nak6));
  const command = (address: number, sequence: number, crc: boolean, code: number, data: string) =>
    toHex(encodeFrame({ address, isReply: false, sequence, crc, code, data: hex(data) }));
  t.equal(command(0, 0, true, 0x60, ''), toHex(plain.poll));
  t.equal(command(1, 0, false, 0x60, ''), toHex(plain.pollWithChecksum));
  t.equal(command(0x7f, 0, true, 0x6e, '0080250000'), toHex(plain.comset));
  t.equal(command(0x7f, 0, false, 0x6e, '0080250000'), toHex(plain.comsetWithChecksum));
  t.equal(command(1, 2, true, 0x68, '00053200'), toHex(plain.out));
});

t.test('keys and cryptograms of the secure channel are the published ones', async (t) => {
  const keys = sessionKeys(scbkDefault, rndA);
  t.equal(toHex(keys.enc), derived.enc);
  t.equal(toHex(keys.mac1), derived.mac1);
  t.equal(toHex(keys.mac2), derived.mac2);
  t.equal(toHex(clientCryptogram(keys, rndA, rndB)), derived.client);
  const server = serverCryptogram(keys, rndA, rndB);
  t.equal(toHex(server), derived.server);
  t.equal(toHex(initialMac(keys, server)), derived.rMacI);
});

t.test('the peripheral answers the golden session byte for byte', async (t) => {
  const clock = new SimClock();
  const moved: boolean[] = [];
  let paired: Uint8Array | undefined;
  const identity = {
    vendor: [0x0a, 0x0b, 0x0c],
    model: 1,
    version: 2,
    serial: 0x00050403,
    firmware: [1, 0, 0],
  } as const;
  const outputs = new Outputs(1, clock, (_output, on) => moved.push(on));
  const inputs = () => [1, 0] as const;
  const board = new Board({ identity, outputs, inputs, installMode: () => true, address: 0, baudRate: 9600 });
  const peripheral = new Peripheral({
    address: 0,
    identity,
    board,
    clock,
    memory: {
      scbk: () => paired,
      installMode: () => paired === undefined,
      pair: (key) => {
        paired = key;
      },
    },
    randomBytes: () => rndB,
  });
  for (const { name, command, reply } of session) {
    const handled = peripheral.handle(parseFrame(command)!);
    t.equal(handled.outcome, 'ran', name);
    t.equal(toHex(handled.reply!), toHex(reply), name);
  }
  t.strictSame(moved, [true]);
  clock.advance(4_999);
  t.strictSame(moved, [true]);
  clock.advance(1);
  t.strictSame(moved, [true, false]);
  t.strictSame(paired, newKey);
});

t.test('a controller with the same codec verifies and decrypts every golden reply', async (t) => {
  const keys = sessionKeys(scbkDefault, rndA);
  const secure = new SecureSession(keys, 'controller', hex(derived.rMacI));
  const seen: string[] = [];
  for (const { name, command, reply } of session.slice(2)) {
    const sent = parseFrame(command)!;
    t.strictSame(secure.sign(sent.macOver).subarray(0, 4), sent.mac, `${name} command MAC`);
    const back = parseFrame(reply)!;
    t.ok(secure.accepts(back.macOver, back.mac!), `${name} reply MAC`);
    if (back.security!.type === 0x18) seen.push(toHex(secure.open(back.data)!));
  }
  t.strictSame(seen, ['0100']);
});
