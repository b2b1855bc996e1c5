/** A bell button on an input of a simulated OSDP peripheral, as the shipped driver hears it. */
import t, { type Test } from 'tap';
import { samePressMs } from '../../../../device/doorbell/doorbell.ts';
import { osdpBell } from '../../../../device/lock/osdp/bell.ts';
import { simulatedDoor, woundRig } from './wound-rig.ts';

async function belled(t: Test) {
  const rig = await woundRig({ simulated: { doors: [{ ...simulatedDoor, bellInput: 2 }] } });
  t.teardown(() => rig.end());
  const bell = osdpBell({ peripheral: rig.peripheral, clock: rig.clock, input: 2, pressedWhen: 'active' });
  t.teardown(() => bell.close());
  const heard: number[] = [];
  bell.onPress((atMs) => heard.push(atMs));
  const button = rig.home.bell('front');
  return { ...rig, bell, button, heard };
}

t.test('a press is heard once, with its time, and moves nothing', async (t) => {
  const { bell, button, heard, clock, wind, windUntil, isOnline, lock } = await belled(t);
  bell.start();
  await windUntil(isOnline, 1000);
  await wind(1000);
  const { bolt, contact } = lock.last()!;
  const pressedMs = clock.monotonic();
  button.press();
  t.ok(await windUntil(() => heard.length > 0, 2000));
  t.ok(heard[0]! >= pressedMs && heard[0]! <= clock.monotonic());
  await wind(samePressMs);
  t.equal(heard.length, 1, 'letting go is no press');
  t.match(lock.last(), { bolt, contact });
});

t.test('a press that is over before the next poll is heard; bounces and impatience are one press', async (t) => {
  const { bell, button, heard, wind, windUntil, isOnline } = await belled(t);
  bell.start();
  await windUntil(isOnline, 1000);
  await wind(1000);
  button.press(5);
  await wind(20);
  for (let n = 0; n < 5; n += 1) {
    button.press(10);
    await wind(100);
  }
  t.equal(heard.length, 1);
  await wind(samePressMs);
  button.press();
  await wind(500);
  t.equal(heard.length, 2);
});

t.test('a button that hangs rings nobody when the line comes up, nor when it comes back', async (t) => {
  const { bell, button, heard, home, wind, windUntil, isOnline } = await belled(t);
  button.press(60_000);
  bell.start();
  await windUntil(isOnline, 1000);
  await wind(1000);
  t.same(heard, []);
  home.lineFault('line', { fault: 'unplug', active: true });
  await windUntil(() => !isOnline(), 20_000);
  home.lineFault('line', { fault: 'unplug', active: false });
  await windUntil(isOnline, 20_000);
  await wind(1000);
  t.same(heard, []);
});

t.test('closed, it hears nothing, and begins again with what it finds', async (t) => {
  const { bell, button, heard, wind, windUntil, isOnline } = await belled(t);
  bell.start();
  bell.start();
  await windUntil(isOnline, 1000);
  await wind(1000);
  await bell.close();
  button.press();
  await wind(1000);
  t.same(heard, []);
  bell.start();
  await wind(1000);
  button.press();
  await wind(1000);
  button.press();
  await wind(1000);
  t.equal(heard.length, 1, 'the first level after the start is no press; the next change is');
});
