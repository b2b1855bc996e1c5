/** A simulated bell button, as bytes of ISTATR (SIA OSDP v2.2, 7.7). */
import t from 'tap';
import { street } from './street.ts';

const door = { id: 'front', output: 0, contactInput: 0, bellInput: 3 };

t.test('a press and the letting go are told by two polls, however short it was', async (t) => {
  const { home, clock, controller } = await street({ doors: [door] });
  const hub = controller();
  t.match(await hub.ask(0x65), { code: 0x49, data: [0, 0, 0, 0] });
  home.bell('front').press(1);
  clock.advance(1);
  t.match(await hub.ask(0x60), { code: 0x49, data: [0, 0, 0, 1] });
  t.match(await hub.ask(0x60), { code: 0x49, data: [0, 0, 0, 0] });
  t.match(await hub.ask(0x60), { code: 0x40 });
  home.close();
});

t.test('pressed again while it is pressed, it is let go once, and at a door without one there is none', async (t) => {
  const { home, clock } = await street({ doors: [door] });
  const bell = home.bell('front');
  bell.press(200);
  clock.advance(150);
  bell.press(200);
  clock.advance(199);
  t.ok(bell.isPressed);
  clock.advance(1);
  t.notOk(bell.isPressed);
  t.throws(() => home.bell('side'), { code: 'NOT_FOUND' });
  home.close();
});
