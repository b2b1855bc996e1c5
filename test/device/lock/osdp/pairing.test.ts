import t from 'tap';
import { codeOf } from '../../../support/code-of.ts';
import { hex, toHex } from './vectors.ts';
import { pairedKey, simulatedDoor, type WoundRig, woundRig } from './wound-rig.ts';

const newKey = hex('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf');
const names = (stored: WoundRig['stored']): Record<string, string> =>
  Object.fromEntries(Object.entries(stored).map(([name, key]) => [name, toHex(key)]));
const unpaired = { keys: {}, simulated: { keyHex: null, installMode: true, doors: [simulatedDoor] } };

t.test('a new peripheral is paired over the default key, and reports the door only after it', async (t) => {
  const rig = await woundRig(unpaired);
  await rig.wind(3000);
  t.match(rig.lock.health(), { reachable: false, fault: 'OSDP_KEY_MISSING' });
  rig.peripheral.pairing.openWindow({ forMs: 60_000, defaultKey: true });
  const setting = codeOf(rig.peripheral.pairing.setKey(newKey));
  await rig.wind(3000);
  t.equal(await setting, 'done');
  t.same(names(rig.stored), { current: toHex(newKey) });
  t.same(
    rig.saw('key.proven').map((event) => event.on === 'key.proven' && event.key),
    ['default', 'pending'],
  );
  t.ok(rig.isOnline());
  t.match(rig.lock.last(), { contact: 'closed' });
  rig.peripheral.pairing.closeWindow();
  await rig.wind(3000);
  t.ok(rig.isOnline());
  t.equal(rig.saw('online').length, 1);
  await rig.end();
});

t.test('a paired peripheral gets another key, proven before the old one goes', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  rig.peripheral.pairing.openWindow({ forMs: 60_000, defaultKey: false });
  const setting = codeOf(rig.peripheral.pairing.setKey(newKey));
  await rig.wind(0);
  t.same(names(rig.stored), { current: pairedKey, pending: toHex(newKey) }, 'both are kept meanwhile');
  await rig.wind(2000);
  t.equal(await setting, 'done');
  t.same(names(rig.stored), { current: toHex(newKey) });
  await rig.end();
});

t.test('no key is set without a window, nor after it has closed by itself', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  t.equal(await codeOf(rig.peripheral.pairing.setKey(newKey)), 'OSDP_PAIRING_CLOSED');
  rig.peripheral.pairing.openWindow({ forMs: 5000, defaultKey: false });
  await rig.wind(5000);
  t.equal(await codeOf(rig.peripheral.pairing.setKey(newKey)), 'OSDP_PAIRING_CLOSED');
  t.same(names(rig.stored), { current: pairedKey });
  await rig.end();
});

t.test('a key of the wrong size, and the default key, are refused', async (t) => {
  const rig = await woundRig();
  rig.peripheral.pairing.openWindow({ forMs: 60_000, defaultKey: false });
  for (const key of [hex(''), hex('00'.repeat(15)), hex('303132333435363738393a3b3c3d3e3f')]) {
    t.equal(await codeOf(rig.peripheral.pairing.setKey(key)), 'OSDP_KEY_UNFIT');
  }
  t.same(names(rig.stored), { current: pairedKey });
  await rig.end();
});

t.test('when the answer to KEYSET is lost, the next session finds out that the new key holds', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(1000);
  rig.peripheral.pairing.openWindow({ forMs: 60_000, defaultKey: false });
  const setting = codeOf(rig.peripheral.pairing.setKey(newKey));
  await rig.windUntil(() => rig.stored.pending !== undefined, 100);
  rig.home.lineFault('line', { fault: 'drop' });
  await rig.wind(1500);
  rig.home.lineFault('line', { fault: 'drop', active: false });
  await rig.wind(4000);
  t.equal(await setting, 'done');
  t.same(names(rig.stored), { current: toHex(newKey) });
  await rig.end();
});

t.test('when KEYSET never arrives, the old key goes on, and the caller is told', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(1000);
  rig.peripheral.pairing.openWindow({ forMs: 60_000, defaultKey: false });
  const setting = codeOf(rig.peripheral.pairing.setKey(newKey));
  await rig.windUntil(() => rig.stored.pending !== undefined, 100);
  rig.home.lineFault('line', { fault: 'drop', way: 'commands' });
  await rig.wind(1500);
  rig.home.lineFault('line', { fault: 'drop', way: 'commands', active: false });
  await rig.wind(5000);
  t.equal(await setting, 'LOCK_REFUSED');
  t.ok(rig.isOnline());
  t.same(rig.saw('key.wrong'), []);
  t.equal(toHex(rig.stored.current!), pairedKey);
  await rig.end();
});

for (const [holds, keyHex] of [
  ['old', pairedKey],
  ['new', toHex(newKey)],
] as const) {
  t.test(
    `started again in the middle of setting a key, it comes up with the ${holds} key if the peripheral has that`,
    async (t) => {
      const rig = await woundRig({
        keys: { current: hex(pairedKey), pending: newKey },
        simulated: { keyHex, doors: [simulatedDoor] },
      });
      t.ok(await rig.windUntil(rig.isOnline, 2000));
      t.same(rig.saw('key.wrong'), []);
      t.equal(toHex(rig.stored.current!), keyHex, 'what is proven is stored');
      // And again, whichever it was, without a detour.
      rig.home.lineFault('line', { fault: 'unplug' });
      await rig.wind(100);
      rig.home.lineFault('line', { fault: 'unplug', active: false });
      t.ok(await rig.windUntil(rig.isOnline, 2000));
      await rig.end();
    },
  );
}

t.test('a wrong key never brings in the default key, although the peripheral would take it', async (t) => {
  const rig = await woundRig({
    keys: { current: newKey },
    simulated: { keyHex: null, installMode: true, doors: [simulatedDoor] },
  });
  await rig.wind(60_000);
  t.same(rig.saw('key.proven'), []);
  t.ok(rig.saw('key.wrong').length >= 3);
  t.match(rig.lock.health(), { reachable: false, fault: 'OSDP_KEY_WRONG' });
  t.notOk(
    rig.written.some((frame) => frame.includes('03110076')),
    'no challenge with key type 00',
  );

  rig.peripheral.pairing.openWindow({ forMs: 5000, defaultKey: true });
  await rig.wind(2000);
  t.equal(rig.peripheral.status.state, 'pairing', 'in a window that an operator opened it does');
  t.equal(await codeOf(rig.lock.open({ forMs: 500, expiresInMs: 2000 })), 'LOCK_UNAVAILABLE', 'which moves nothing');
  await rig.wind(5000);
  t.not(rig.peripheral.status.state, 'pairing', 'and it ends with the window');
  await rig.end();
});

for (const [stage, fault, code, isPaired] of [
  ['KEYSET waits for a peripheral that is away', 'unplug', 'LOCK_UNAVAILABLE', false],
  ['KEYSET is not answered yet', 'drop', 'LOCK_SILENT', true],
  ['the new key is not proven yet', 'drop', 'LOCK_SILENT', true],
] as const) {
  t.test(`stopped while ${stage}, nothing waits any longer`, async (t) => {
    const rig = await woundRig();
    await rig.windUntil(rig.isOnline, 1000);
    await rig.wind(1000);
    if (!isPaired) {
      rig.home.lineFault('line', { fault });
      await rig.windUntil(() => !rig.isOnline(), 20_000);
    }
    rig.peripheral.pairing.openWindow({ forMs: 60_000, defaultKey: false });
    const outcome: string[] = [];
    void codeOf(rig.peripheral.pairing.setKey(newKey)).then((one) => outcome.push(one));
    await rig.windUntil(() => rig.stored.pending !== undefined, 100);
    if (isPaired) rig.home.lineFault('line', { fault });
    await rig.wind(stage.startsWith('the new') ? 5000 : 100);
    t.same(outcome, []);
    await rig.end();
    t.same(outcome, [code]);
    t.equal(rig.clock.waiting, 0, 'and no timer is left');
    t.equal(await codeOf(rig.peripheral.pairing.setKey(newKey)), 'OSDP_PAIRING_CLOSED', 'the window is closed too');
    t.equal(toHex(rig.stored.current!), pairedKey);
    t.equal(toHex(rig.stored.pending!), toHex(newKey), 'both are kept for the next session');
  });
}

t.test('no key is in any event, nor in a fault', async (t) => {
  const rig = await woundRig(unpaired);
  rig.peripheral.pairing.openWindow({ forMs: 60_000, defaultKey: true });
  const setting = rig.peripheral.pairing.setKey(newKey);
  await rig.wind(3000);
  await setting;
  rig.home.lineFault('line', { fault: 'power-cut' });
  await rig.wind(10_000);
  const failed = await rig.lock.open({ forMs: 500, expiresInMs: 100 }).catch((cause: unknown) => cause);
  const said = JSON.stringify([rig.events, failed, rig.lock.health()]);
  for (const key of [pairedKey, toHex(newKey), '303132333435363738393a3b3c3d3e3f']) t.notOk(said.includes(key));
  await rig.end();
});
