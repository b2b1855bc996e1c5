import t from 'tap';
import { codeOf } from '../../../support/code-of.ts';
import { hex, toHex } from './vectors.ts';
import { pairedKey, simulatedDoor, woundRig } from './wound-rig.ts';

/** What somebody reads out of a keypad that was pulled off the wall: all that it holds. */
const image = {
  address: 2,
  keyHex: 'f0e1d2c3b4a5968778695a4b3c2d1e0f',
  doors: [{ ...simulatedDoor, id: 'keypad' }],
};
const onTheLine = { simulated: { keyHex: pairedKey, doors: [simulatedDoor] }, others: [image] };
const pulse = { forMs: 1_000, expiresInMs: 2_000 };

t.test(
  'T15: with the image of a stolen keypad nobody opens a session with the strike, nor runs its output',
  async (t) => {
    const rig = await woundRig({ ...onTheLine, keys: { current: hex(image.keyHex) } });
    t.notOk(await rig.windUntil(rig.isOnline, 10_000), 'each peripheral has a key of its own');
    const opening = codeOf(rig.lock.open(pulse));
    await rig.wind(5_000);
    t.not(await opening, 'done');
    rig.peripheral.pairing.openWindow({ forMs: 60_000, defaultKey: true });
    const setting = codeOf(rig.peripheral.pairing.setKey(hex('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf')));
    await rig.wind(70_000);
    t.not(await setting, 'done', 'nor is it paired anew: nobody has put it into install mode');
    t.equal(rig.home.door('front').truth().strikes, 0);
    t.equal(rig.home.line('line').bus.outsRun, 0);
    await rig.end();
  },
);

t.test('T15: a thing at the address of the strike that has the keypad’s key is not believed', async (t) => {
  const rig = await woundRig({ simulated: { keyHex: image.keyHex, doors: [simulatedDoor] } });
  t.notOk(await rig.windUntil(rig.isOnline, 10_000));
  t.match(rig.lock.health(), { reachable: false });
  t.not(rig.lock.last()?.bolt, 'locked', 'what it says of the bolt is no evidence');
  t.ok(rig.saw('key.wrong').length > 0, 'and it is told');
  await rig.end();
});

t.test('T15: whatever is pressed at a keypad moves nothing, and no key of a line is on its wires', async (t) => {
  const rig = await woundRig({ simulated: { keyHex: pairedKey, doors: [{ ...simulatedDoor, reader: 0 }] } });
  await rig.windUntil(rig.isOnline, 1_000);
  for (const keys of ['0000#', '1234#', '*#*#', '999999']) {
    rig.home.reader('front').press(keys);
    await rig.wind(500);
  }
  t.equal(rig.home.line('line').bus.outsRun, 0);
  t.equal(rig.home.door('front').truth().strikes, 0);
  t.notOk(rig.written.join('').includes(toHex(hex(pairedKey))));
  await rig.end();
});

t.test('T15: a housing that is opened is told once, and shown until it is closed', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1_000);
  rig.home.lineFault('line', { fault: 'tamper' });
  t.ok(await rig.windUntil(() => rig.saw('tamper').length > 0, 2_000));
  t.match(rig.saw('tamper'), [{ on: 'tamper', tampered: true }]);
  t.equal(rig.lock.health().tampered, true);
  rig.home.lineFault('line', { fault: 'tamper', active: false });
  t.ok(await rig.windUntil(() => rig.lock.health().tampered === false, 60_000));
  await rig.end();
});
