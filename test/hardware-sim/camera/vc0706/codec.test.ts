import t from 'tap';
import { baudOf, CommandReader, reply, shrinkOf } from '../../../../hardware-sim/camera/vc0706/codec.ts';
import { hex } from '../../osdp/golden.ts';

t.test('a command is found wherever it stands, in whatever pieces it comes', async (t) => {
  const reader = new CommandReader();
  const bytes = hex('00 FF 76 00 56 00 31 05 01 01 12 04 36 0D 56 00 11 00 56');
  const found = [...bytes].flatMap((byte) => reader.push(Uint8Array.of(byte)));
  t.strictSame(found, [
    { serial: 0, code: 0x31, data: hex('01 01 12 04 36') },
    { serial: 0, code: 0x11, data: new Uint8Array() },
  ]);
  t.strictSame(
    reader.push(hex('03 36 01 00')),
    [{ serial: 3, code: 0x36, data: hex('00') }],
    'the last byte was a start',
  );
});

t.test('an impossible length is no command', async (t) => {
  const found = new CommandReader().push(hex('56 00 11 11 56 00 11 00'));
  t.strictSame(found, [{ serial: 0, code: 0x11, data: new Uint8Array() }]);
});

t.test('half a command is forgotten with a reset', async (t) => {
  const reader = new CommandReader();
  reader.push(hex('56 00 11'));
  reader.reset();
  t.strictSame(reader.push(hex('00')), []);
});

t.test('replies are as published', async (t) => {
  t.strictSame(reply(0, 0x36, 0), hex('76 00 36 00 00'));
  t.strictSame(reply(0, 0x34, 0, [0, 0, 0x2f, 0x10]), hex('76 00 34 00 04 00 00 2F 10'));
});

t.test('speeds and sizes are those of the tables', async (t) => {
  const divisors = [0xaec8, 0x56e4, 0x2af2, 0x1c1c, 0x1c4c, 0x0da6, 0x1234];
  t.strictSame(
    divisors.map((one) => baudOf(one >> 8, one & 0xff)),
    [9_600, 19_200, 38_400, 57_600, 57_600, 115_200, undefined],
  );
  t.strictSame([0x00, 0x11, 0x22, 0x01].map(shrinkOf), [1, 2, 4, undefined]);
});
