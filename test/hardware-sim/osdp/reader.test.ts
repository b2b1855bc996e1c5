import t from 'tap';
import { viewOf } from '../../../hardware-sim/camera/view.ts';
import { decodeCommand } from '../../../hardware-sim/osdp/codec.ts';
import { hex } from './golden.ts';
import { street } from './street.ts';

const door = { id: 'front', output: 0, contactInput: 0, reader: 0 };
/** Green, steady, for 4 s; red blinking behind it. */
const green = [0, 0, 2, 1, 0, 2, 0, 40, 0, 1, 5, 5, 1, 0];

t.test('a light shows what it is told for as long as it is told, and then what is permanent', async (t) => {
  const { home, clock, controller } = await street({ doors: [door] });
  const { truth } = home.reader('front');
  t.strictSame(truth(), { light: 'black', blinks: false, sounds: 0, sounding: false });
  t.match(await controller().ask(0x69, green), { code: 0x40 });
  t.match(truth(), { light: 'green', blinks: false });
  clock.advance(3_999);
  t.match(truth(), { light: 'green' });
  clock.advance(1);
  t.match(truth(), { light: 'red', blinks: true });
  home.close();
});

t.test('a cancelled light shows what is permanent at once', async (t) => {
  const { home, controller } = await street({ doors: [door] });
  const one = controller();
  await one.ask(0x69, green);
  await one.ask(0x69, [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  t.match(home.reader('front').truth(), { light: 'red' });
  home.close();
});

t.test('a buzzer sounds as often as it is told', async (t) => {
  const { home, clock, controller } = await street({ doors: [door] });
  t.match(await controller().ask(0x6a, [0, 2, 5, 5, 2]), { code: 0x40 });
  t.match(home.reader('front').truth(), { sounds: 1, sounding: true });
  clock.advance(2_000);
  t.match(home.reader('front').truth(), { sounds: 1, sounding: false });
  home.close();
});

t.test('a power cut makes it dark', async (t) => {
  const { home, controller } = await street({ doors: [door] });
  await controller().ask(0x69, green);
  home.lineFault('bus', { fault: 'power-cut' });
  t.match(home.reader('front').truth(), { light: 'black' });
  home.close();
});

t.test('a peripheral without a reader knows no light; a reader that is not there is a wrong record', async (t) => {
  const bare = await street();
  t.match(await bare.controller().ask(0x69, green), { code: 0x41, data: [3] });
  t.match(await bare.controller().ask(0x6a, [0, 2, 5, 5, 2], { sequence: 0 }), { code: 0x41, data: [3] });
  t.throws(() => bare.home.reader('front'), { code: 'NOT_FOUND' });
  bare.home.close();
  const { home, controller } = await street({ doors: [door] });
  t.match(await controller().ask(0x69, [1, ...green.slice(1)]), { code: 0x41, data: [9] });
  t.match(await controller().ask(0x6a, [1, 2, 5, 5, 2], { sequence: 0 }), { code: 0x41, data: [9] });
  home.close();
});

t.test('keys come with the next poll', async (t) => {
  const { home, controller } = await street({ doors: [door] });
  const one = controller();
  await one.ask(0x60);
  home.reader('front').press('12*#AD');
  t.match(await one.ask(0x60), { code: 0x53, data: [0, 6, 0x31, 0x32, 0x7f, 0x0d, 0xf1, 0xf4] });
  home.close();
});

t.test('what a reader can do is in its capabilities', async (t) => {
  const { home, controller } = await street({ doors: [door] });
  const told = await controller().ask(0x62, [0]);
  const rows = Array.from({ length: (told?.data.length ?? 0) / 3 }, (_, n) => told?.data.slice(3 * n, 3 * n + 3));
  for (const [what, row] of [
    ['light', [4, 4, 1]],
    ['buzzer', [5, 2, 1]],
    ['readers', [13, 0, 1]],
  ] as const) {
    t.ok(
      rows.some((one) => String(one) === String(row)),
      what,
    );
  }
  t.match(decodeCommand(0x62, hex('00')), { is: 'cap' });
  home.close();
});

t.test('a camera sees the light as it is, blinks included', async (t) => {
  const { home, clock, controller } = await street({ doors: [door] });
  const camera = home.camera('porch');
  const seen = (ageMs = 0) => viewOf(camera.told(), ageMs).led;
  let told = 0;
  camera.onChange(() => {
    told += 1;
  });
  t.equal(seen(), 'black');
  await controller().ask(0x69, green);
  t.equal(told, 1);
  t.strictSame([seen(), seen(10_000)], ['green', 'green']);
  clock.advance(4_000);
  t.equal(told, 2);
  t.strictSame([0, 499, 500, 999, 1_000].map(seen), ['red', 'red', 'black', 'black', 'red']);
  clock.advance(700);
  t.strictSame([0, 299, 300].map(seen), ['black', 'black', 'red']);
  home.close();
});
