import t from 'tap';
import { CommandReader } from '../../../../hardware-sim/camera/vc0706/codec.ts';
import { Head } from '../../../../hardware-sim/camera/vc0706/head.ts';
import { hex } from '../../osdp/golden.ts';

const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

/** A head that takes numbered pictures of `size` bytes, and a way to ask it in hex. */
function head(size = 1_000) {
  const shots: { quality: number; shrink: number }[] = [];
  const one = new Head({
    baudRate: 38_400,
    shoot: (quality, shrink) => {
      shots.push({ quality, shrink });
      return new Uint8Array(size).fill(shots.length);
    },
  });
  const answer = (command: string) => one.answer(new CommandReader().push(hex(command))[0]!);
  const ask = (command: string): string | undefined => {
    const answered = answer(command);
    return answered?.pieces.map(({ bytes }) => asHex(bytes)).join(' ');
  };
  return { one, shots, answer, ask };
}

t.test('each command of the table is answered as the table says', async (t) => {
  const { ask } = head();
  for (const [command, answered] of [
    ['56 00 11 00', '760011000B5643303730332031 2E3030'],
    ['56 00 24 03 01 0D A6', '7600240000'],
    ['56 00 31 05 04 01 00 19 11', '7600310000'],
    ['56 00 30 04 04 01 00 19', '760030000111'],
    ['56 00 54 01 22', '7600540000'],
    ['56 00 31 05 01 01 12 04 50', '7600310000'],
    ['56 00 31 05 04 01 00 1A 50', '7600310000'],
    ['56 00 31 06 04 02 00 08 0D A6', '7600310000'],
    ['56 00 34 01 00', '760034000400000000'],
    ['56 00 36 01 00', '7600360000'],
    ['56 00 34 01 00', '7600340004000003E8'],
    ['56 00 36 01 03', '7600360000'],
    ['56 00 37 01 01', '7600370000'],
    ['56 00 38 00', '760038000101'],
    ['56 00 37 01 00', '7600370000'],
    ['56 00 38 00', '760038000100'],
    ['56 00 3E 03 00 01 01', '76003E0000'],
    ['56 00 44 01 01', '7600440000'],
  ] as const) {
    t.equal(ask(command), answered.replace(' ', ''), command);
  }
});

t.test('what it does not know or cannot do has a status of its own', async (t) => {
  const { ask } = head();
  for (const [command, answered] of [
    ['56 00 77 00', '7600770100'],
    ['56 00 24 02 01 0D', '7600240200'],
    ['56 00 24 03 01 12 34', '7600240300'],
    ['56 00 54 01 33', '7600540300'],
    ['56 00 36 01 09', '7600360300'],
    ['56 00 36 01 02', '7600360400'],
    ['56 00 30 04 04 01 00 77', '7600300300'],
    ['56 00 31 05 04 02 00 08 0D', '7600310200'],
    ['56 00 32 0C 00 0A 00 00 00 00 00 00 00 20 00 0A', '7600320400'],
    ['56 00 32 04 00 0A 00 00', '7600320200'],
  ] as const) {
    t.equal(ask(command), answered, command);
  }
  t.equal(ask('56 01 11 00'), undefined, 'another camera was meant');
});

t.test('a chunk comes in three pieces, the middle one bare, after the delay that was asked for', async (t) => {
  const { ask, answer } = head(10);
  ask('56 00 36 01 00');
  t.equal(ask('56 00 34 01 00'), '76003400040000000C', 'padded to a multiple of four');
  const { pieces } = answer('56 00 32 0C 00 0A 00 00 00 08 00 00 00 04 00 0A')!;
  t.strictSame(
    pieces.map(({ bytes }) => asHex(bytes)),
    ['7600320000', '01010000', '7600320000'],
  );
  t.equal(pieces[1]!.afterMs, 0.1);
  t.equal(ask('56 00 32 0C 00 0A 00 00 00 08 00 00 00 08 00 0A'), '7600320400', 'beyond the frame');
  t.equal(ask('56 00 32 0C 00 0A 00 00 00 02 00 00 00 04 00 0A'), '7600320300', 'not a multiple of four');
});

t.test('a frame that is held stays, whatever is asked, until it goes live or steps', async (t) => {
  const { ask, shots } = head(4);
  const read = () => ask('56 00 32 0C 00 0A 00 00 00 00 00 00 00 04 00 0A')!.split(' ')[1];
  ask('56 00 36 01 00');
  ask('56 00 36 01 00');
  t.equal(shots.length, 1, 'a missed resume gives the old picture');
  t.equal(read(), '01010101');
  ask('56 00 36 01 02');
  t.equal(read(), '02020202');
  ask('56 00 36 01 03');
  t.equal(ask('56 00 34 01 00'), '760034000400000000');
  ask('56 00 36 01 00');
  t.equal(read(), '03030303');
});

t.test('size and ratio: at once where they are live, after a reset where they are stored', async (t) => {
  const { ask, shots } = head();
  const shoot = () => {
    ask('56 00 36 01 03');
    ask('56 00 36 01 00');
    return shots.at(-1)!;
  };
  const { quality } = shoot();
  t.equal(shots[0]!.shrink, 1);
  ask('56 00 54 01 11');
  t.equal(shoot().shrink, 2);
  ask('56 00 31 05 01 01 12 04 C0');
  t.ok(shoot().quality < quality, 'a higher ratio is a smaller file');
  ask('56 00 31 05 04 01 00 19 22');
  ask('56 00 31 05 04 01 00 1A 10');
  t.equal(shoot().shrink, 2, 'not yet');
  ask('56 00 26 00');
  const after = shoot();
  t.equal(after.shrink, 4);
  t.ok(after.quality > quality);
});

t.test('a reset tells who it is, in lines, at the stored speed', async (t) => {
  const { one, ask, answer } = head();
  ask('56 00 24 03 01 0D A6');
  ask('56 00 31 06 04 02 00 08 AE C8');
  const { pieces, thenBaud } = answer('56 00 26 00')!;
  t.equal(thenBaud, 9_600);
  t.equal(one.baudRate, 9_600);
  t.equal(asHex(pieces[0]!.bytes), '7600260000');
  const text = pieces.slice(1).map(({ bytes }) => Buffer.from(bytes).toString());
  t.equal(text.join(''), 'VC0703 1.00\r\nCtrl infr exist\r\nUser-defined sensor\r\n625\r\nInit end\r\n');
  const tookMs = pieces.reduce((sum, { afterMs }) => sum + afterMs, 0);
  t.ok(tookMs <= 500);
});

t.test('asked for the way that makes cameras hang, it hangs until it is reset', async (t) => {
  const { ask } = head();
  ask('56 00 36 01 00');
  t.equal(ask('56 00 32 0C 00 0B 00 00 00 00 00 00 00 20 00 0A'), undefined);
  t.equal(ask('56 00 11 00'), undefined);
  t.match(ask('56 00 26 00'), /^7600260000/);
  t.match(ask('56 00 11 00'), /^760011000B/);
});
