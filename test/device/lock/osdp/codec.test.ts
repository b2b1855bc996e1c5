import t from 'tap';
import { decodeReply, encodeCommand } from '../../../../device/lock/osdp/codec.ts';
import { hex, toHex } from './vectors.ts';

t.test('commands have the codes and the data of the standard', async (t) => {
  const encoded = (command: Parameters<typeof encodeCommand>[0]): string => {
    const { code, data } = encodeCommand(command);
    return `${code.toString(16)} ${toHex(data)}`.trim();
  };
  t.equal(encoded({ is: 'poll' }), '60');
  t.equal(encoded({ is: 'id' }), '61 00');
  t.equal(encoded({ is: 'capabilities' }), '62 00');
  t.equal(encoded({ is: 'localStatus' }), '64');
  t.equal(encoded({ is: 'inputs' }), '65');
  t.equal(encoded({ is: 'outputs' }), '66');
  t.equal(encoded({ is: 'output', output: 0, code: 5, timer: 50 }), '68 00053200');
  t.equal(encoded({ is: 'output', output: 3, code: 1, timer: 0xfffe }), '68 0301feff');
  const blue = { colour: 'blue', on: 5, off: 3, timer: 0x0708 } as const;
  t.equal(encoded({ is: 'led', reader: 2, led: 3, shows: blue }), '69 0203020503040008070101000000');
  t.equal(encoded({ is: 'led', reader: 2, led: 3 }), '69 0203010000000000000101000000');
  // The five bytes that OSDP.Net's own test of BUZ expects.
  t.equal(encoded({ is: 'buzzer', reader: 0, on: 5, off: 2, times: 1 }), '6a 0002050201');
  t.equal(encoded({ is: 'buzzer', reader: 1, on: 5, off: 2 }), '6a 0101000000');
  t.equal(
    encoded({ is: 'keyset', key: hex('000102030405060708090a0b0c0d0e0f') }),
    '75 0110000102030405060708090a0b0c0d0e0f',
  );
  t.equal(encoded({ is: 'challenge', rndA: hex('b0b1b2b3b4b5b6b7') }), '76 b0b1b2b3b4b5b6b7');
  t.equal(
    encoded({ is: 'scrypt', cryptogram: hex('26d3356e07762d262801fc8e6665a891') }),
    '77 26d3356e07762d262801fc8e6665a891',
  );
});

t.test('replies are read', async (t) => {
  const read = (code: number, data: string): unknown => {
    const reply = decodeReply(code, hex(data));
    return reply.ok ? reply.value : reply.code;
  };
  t.same(read(0x40, ''), { is: 'ack' });
  t.same(read(0x41, '06'), { is: 'nak', nak: 6 });
  t.same(read(0x45, '0a0b0c 01 02 04030201 05 06 07'), {
    is: 'identity',
    text: 'vendor 0a0b0c model 1 version 2 serial 16909060 firmware 5.6.7',
  });
  t.same(read(0x46, '010204 090101'), {
    is: 'capabilities',
    functions: [
      { function: 1, compliance: 2, count: 4 },
      { function: 9, compliance: 1, count: 1 },
    ],
  });
  t.same(read(0x48, '0100'), { is: 'localStatus', tampered: true, powerFailed: false });
  t.same(read(0x48, '0001'), { is: 'localStatus', tampered: false, powerFailed: true });
  t.same(read(0x4a, '0100'), { is: 'outputs', on: [true, false] });
  t.same(read(0x53, '01 06 30 39 7f 0d f1 f4'), { is: 'keypad', reader: 1, keys: '09*#AD' });
  t.same(read(0x79, ''), { is: 'busy' });
});

t.test('an input that is short, cut, faulty or of a value not known is unknown, never inactive', async (t) => {
  const reply = decodeReply(0x49, hex('00 01 02 03 04 05 06 ff'));
  t.match(reply, {
    value: { levels: ['inactive', 'active', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'] },
  });
});

t.test('a reply that a door does not need is named and not read', async (t) => {
  for (const code of [0x4b, 0x50, 0x54, 0x90, 0x00, 0xff]) {
    t.match(decodeReply(code, hex('00ff')), { ok: true, value: { is: 'other', code } });
  }
});

t.test('a reply whose data has the wrong size is refused', async (t) => {
  for (const [code, data] of [
    [0x41, ''],
    [0x45, '0a0b0c'],
    [0x46, '0102'],
    [0x48, '00'],
    [0x49, ''],
    [0x4a, ''],
    [0x53, ''],
    [0x53, '0000'],
    [0x53, '000331'],
    [0x53, '00013132'],
    [0x53, '000141'],
    [0x76, '00'.repeat(31)],
    [0x78, '00'.repeat(17)],
  ] as const) {
    t.match(decodeReply(code, hex(data)), { ok: false, code: 'OSDP_FRAME_BAD', detail: { reason: 'data' } });
  }
});
