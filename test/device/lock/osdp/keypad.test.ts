import t from 'tap';
import { osdpKeypad } from '../../../../device/lock/osdp/keypad.ts';
import { simulatedDoor, woundRig } from './wound-rig.ts';

async function typed(reader = 0) {
  const rig = await woundRig({ simulated: { doors: [{ ...simulatedDoor, reader: 0 }] } });
  let floods = 0;
  const onFlood = (): void => {
    floods += 1;
  };
  const heard: string[] = [];
  const keypad = osdpKeypad({ peripheral: rig.peripheral, clock: rig.clock, reader, onFlood });
  const unsubscribe = keypad.onKeys((keys) => heard.push(keys));
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(1000);
  const press = async (keys: string): Promise<void> => {
    rig.home.reader('front').press(keys);
    await rig.wind(250);
  };
  return { ...rig, heard, press, unsubscribe, floods: () => floods };
}

t.test('keys are heard in order, one by one or all at once', async (t) => {
  const rig = await typed();
  for (const keys of ['1', '2', '*0#', 'ABCD']) await rig.press(keys);
  t.same(rig.heard, ['1', '2', '*0#', 'ABCD']);
  rig.unsubscribe();
  await rig.press('3');
  t.equal(rig.heard.length, 4);
  await rig.end();
});

t.test('keys of another reader are not its own', async (t) => {
  const rig = await typed(1);
  await rig.press('1234');
  t.same(rig.heard, []);
  await rig.end();
});

t.test('T20: more keys than a person presses are dropped, told once, and heard again later', async (t) => {
  const rig = await typed();
  for (let n = 0; n < 12; n++) await rig.press('12345678');
  t.same(rig.heard, ['12345678', '12345678', '12345678', '12345678']);
  t.equal(rig.floods(), 1);
  await rig.wind(10_000);
  await rig.press('9');
  t.equal(rig.heard.at(-1), '9');
  await rig.press('1'.repeat(200));
  t.equal(rig.heard.at(-1), '9');
  t.equal(rig.floods(), 2);
  await rig.end();
});

t.test('R1: what is typed is in no event, no health and no command', async (t) => {
  const rig = await typed();
  const secret = '8305174962';
  await rig.press(secret);
  t.same(rig.heard, [secret]);
  const bytes = Buffer.from(secret).toString('hex');
  const told = JSON.stringify([rig.events, rig.lock.health(), rig.lock.last(), rig.peripheral.status]);
  for (const text of [told, rig.written.join()]) t.notOk(text.includes(secret) || text.includes(bytes));
  await rig.end();
});

t.test('keys and a moving door do not get into each other', async (t) => {
  const rig = await typed();
  rig.home.reader('front').press('12');
  rig.home.door('front').openLeaf('key');
  t.ok(await rig.windUntil(() => rig.lock.last()?.contact === 'open', 1000));
  await rig.wind(500);
  t.same(rig.heard, ['12']);
  await rig.end();
});
