import t from 'tap';
import { codeOf } from '../../../support/code-of.ts';
import { type WoundRig, woundRig } from './wound-rig.ts';

/** A frame's command, where it can be seen from outside: the byte behind the security block. */
const commandOf = (frame: string): string => frame.slice(14, 16);
const outputs = (rig: WoundRig): string[] => rig.written.filter((frame) => commandOf(frame) === '68');
const pulse = { forMs: 500, expiresInMs: 2000 };

t.test('it opens the line, agrees on a session, and reports the door', async (t) => {
  const rig = await woundRig();
  t.ok(await rig.windUntil(() => rig.lock.last()?.contact === 'closed', 1000));
  t.match(rig.lock.last(), { bolt: 'locked', contact: 'closed' });
  t.ok(await rig.windUntil(() => rig.lock.health().identity !== undefined, 1000));
  t.match(rig.lock.health(), { reachable: true, tampered: false, identity: /^vendor 0a0b0c model 1 / });
  await rig.end();
  t.equal(rig.clock.waiting, 0, 'and leaves no timer behind');
});

t.test('an output queued while a poll is under way is the very next frame, on whichever peripheral', async (t) => {
  const door = { id: 'back', output: 0, contactInput: null };
  const others = [2, 3].map((address) => ({ address, doors: [{ ...door, id: `back-${address}` }] }));
  const rig = await woundRig({ others });
  for (const address of [2, 3]) {
    const nothing = async (): Promise<void> => undefined;
    rig.bus.attach({ address, keys: {}, onKeyPending: nothing, onKeyProven: nothing });
  }
  t.ok(await rig.windUntil(rig.isOnline, 2000));
  await rig.wind(1000);
  for (const address of ['01', '02', '03']) {
    const before = rig.written.length;
    rig.home.lineFault('line', { fault: 'delay', ms: 50 });
    t.ok(await rig.windUntil(() => rig.written.length > before && rig.written.at(-1)?.slice(2, 4) === address, 3000));
    const inFlight = rig.written.length;
    const opening = rig.lock.open(pulse);
    await rig.wind(100);
    t.equal(commandOf(rig.written[inFlight] ?? ''), '68', `behind a frame to ${address}`);
    rig.home.lineFault('line', { fault: 'delay', ms: 50, active: false });
    await rig.wind(100);
    await opening;
  }
  await rig.end();
});

t.test('an output goes before any poll also where its peripheral must first repeat a frame', async (t) => {
  const rig = await woundRig({ others: [{ address: 2, doors: [{ id: 'back', output: 0, contactInput: null }] }] });
  const nothing = async (): Promise<void> => undefined;
  rig.bus.attach({ address: 2, keys: {}, onKeyPending: nothing, onKeyProven: nothing });
  t.ok(await rig.windUntil(rig.isOnline, 2000));
  await rig.wind(1000);
  for (let round = 0; round < 12; round += 1) {
    rig.home.lineFault('line', { fault: 'drop', address: 1, next: 1 });
    const before = rig.written.length;
    t.ok(await rig.windUntil(() => rig.written.slice(before).some((frame) => frame.startsWith('5301')), 1000));
    const lost = rig.written.length;
    const opening = rig.lock.open(pulse);
    await rig.wind(300);
    await opening;
    t.equal(rig.written[lost], rig.written[lost - 1], 'the frame without reply once more');
    t.equal(commandOf(rig.written[lost + 1] ?? ''), '68', 'then the output');
    await rig.wind(97 + round * 13);
  }
  await rig.end();
});

t.test('an output whose reply is lost is sent again with the same bytes, and runs once', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(1000);
  const opening = rig.lock.open(pulse);
  rig.home.lineFault('line', { fault: 'drop', next: 2 });
  await rig.wind(1000);
  await opening;
  const sent = outputs(rig);
  t.equal(sent.length, 3);
  t.equal(new Set(sent).size, 1);
  t.same(
    rig.home.line('line').outs.map(({ outcome }) => outcome),
    ['ran', 'resent', 'resent'],
  );
  t.equal(rig.home.door('front').truth().strikes, 1);
  await rig.end();
});

t.test('an output whose bytes are damaged on the way is sent again, and runs once', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(1000);
  rig.home.lineFault('line', { fault: 'corrupt', way: 'commands', next: 2 });
  const opening = rig.lock.open(pulse);
  await rig.wind(1000);
  await opening;
  t.equal(rig.home.line('line').bus.outsRun, 1);
  await rig.end();
});

t.test(
  'an output without any reply is LOCK_SILENT after its resends, and is not sent in the next session',
  async (t) => {
    const rig = await woundRig();
    await rig.windUntil(rig.isOnline, 1000);
    await rig.wind(1000);
    rig.home.lineFault('line', { fault: 'drop' });
    const opening = codeOf(rig.lock.open(pulse));
    await rig.wind(1500);
    t.equal(await opening, 'LOCK_SILENT');
    rig.home.lineFault('line', { fault: 'drop', active: false });
    await rig.wind(5000);
    t.ok(rig.isOnline());
    t.equal(rig.home.line('line').bus.outsRun, 1, 'it had run, which is why nobody may guess');
    t.equal(new Set(outputs(rig)).size, 1);
    await rig.end();
  },
);

t.test('an output that waits for a session longer than its expiry is dropped', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  rig.home.lineFault('line', { fault: 'silent' });
  await rig.wind(1500);
  const opening = codeOf(rig.lock.open({ forMs: 500, expiresInMs: 300 }));
  await rig.wind(305);
  t.equal(await opening, 'LOCK_COMMAND_EXPIRED');
  rig.home.lineFault('line', { fault: 'silent', active: false });
  await rig.wind(4000);
  t.ok(rig.isOnline());
  t.same(outputs(rig), []);
  await rig.end();
});

t.test('a peripheral that is silent for eight seconds is offline, and back when it answers', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(() => rig.lock.last()?.contact === 'closed', 1000);
  rig.home.lineFault('line', { fault: 'power-cut' });
  await rig.wind(7000);
  t.match(rig.lock.last(), { contact: 'closed' });
  t.ok(await rig.windUntil(() => rig.lock.last()?.contact === 'unavailable', 2500));
  t.match(rig.lock.last(), { bolt: 'unavailable', contact: 'unavailable' });
  t.match(rig.lock.health(), { reachable: false, fault: 'LOCK_UNAVAILABLE' });
  t.equal(await codeOf(rig.lock.open(pulse)), 'LOCK_UNAVAILABLE');
  rig.home.lineFault('line', { fault: 'power-cut', active: false });
  t.ok(await rig.windUntil(() => rig.lock.last()?.contact === 'closed', 3000));
  t.ok(await rig.windUntil(() => rig.saw('power.failed').length > 0, 1000), 'and says why it was away');
  await rig.end();
});

t.test('a dead neighbour does not hold up the door next to it', async (t) => {
  const rig = await woundRig();
  const nothing = async (): Promise<void> => undefined;
  for (const address of [5, 6, 7]) {
    rig.bus.attach({ address, keys: { current: new Uint8Array(16) }, onKeyPending: nothing, onKeyProven: nothing });
  }
  t.ok(await rig.windUntil(rig.isOnline, 3000));
  for (let i = 0; i < 10; i += 1) {
    const startMs = rig.clock.monotonic();
    const opening = rig.lock.open(pulse).then(() => rig.clock.monotonic() - startMs);
    await rig.wind(300);
    t.ok((await opening) <= 235, 'at most the one exchange that was under way');
    await rig.wind(137);
  }
  await rig.end();
});

t.test('a pulled adapter is unavailable at once; plugged in again, the door is back without being asked', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(() => rig.lock.last()?.contact === 'closed', 1000);
  rig.home.lineFault('line', { fault: 'unplug' });
  await rig.wind(10);
  t.match(rig.lock.last(), { bolt: 'unavailable', contact: 'unavailable' });
  t.match(rig.lock.health(), { reachable: false });
  await rig.wind(20_000);
  const lost = rig.saw('link.lost');
  t.ok(lost.length >= 4 && lost.length <= 14, 'the waits grow');
  t.match(lost[0], { code: 'LINK_CLOSED' });
  t.match(lost.at(-1), { code: 'LINK_OPEN_FAILED' });
  t.ok(lost.every((event) => event.on === 'link.lost' && event.retryInMs <= 10_000));
  rig.home.lineFault('line', { fault: 'unplug', active: false });
  t.ok(await rig.windUntil(() => rig.lock.last()?.contact === 'closed', 11_000));
  t.same(outputs(rig), []);
  await rig.end();
});

t.test('T16: a peripheral that repeats its random number is refused and named, and nothing runs', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  rig.home.lineFault('line', { fault: 'repeat-nonce' });
  rig.home.lineFault('line', { fault: 'nak', code: 6 });
  t.ok(await rig.windUntil(() => rig.saw('nonce.repeated').length > 0, 3000));
  t.match(rig.lock.last(), { bolt: 'unavailable', contact: 'unavailable' });
  t.equal(rig.lock.health().fault, 'OSDP_NONCE_REPEATED');
  t.equal(await codeOf(rig.lock.open(pulse)), 'LOCK_UNAVAILABLE');
  await rig.wind(30_000);
  t.notOk(rig.isOnline());
  t.ok(rig.saw('nonce.repeated').length >= 3, 'refused each time');
  t.equal(rig.home.line('line').bus.outsRun, 0);
  rig.home.lineFault('line', { fault: 'repeat-nonce', active: false });
  t.ok(await rig.windUntil(rig.isOnline, 11_000));
  await rig.end();
});

for (const ms of [230, 400, 700, 1000, 1225, 2000]) {
  t.test(`T17: a relay that keeps replies back for ${ms} ms never brings a door online`, async (t) => {
    const rig = await woundRig();
    rig.home.lineFault('line', { fault: 'delay', ms });
    const opening = codeOf(rig.lock.open({ forMs: 500, expiresInMs: 10_000 }));
    await rig.wind(60_000);
    t.equal(await opening, 'LOCK_UNAVAILABLE');
    t.same(rig.saw('online'), []);
    t.same(rig.saw('key.wrong'), [], 'and it is not taken for a wrong key');
    t.match(rig.lock.last(), { bolt: 'unavailable', contact: 'unavailable' });
    t.equal(rig.home.line('line').bus.outsRun, 0);
    rig.home.lineFault('line', { fault: 'delay', ms, active: false });
    t.ok(await rig.windUntil(rig.isOnline, 10_000), 'without the relay it is');
    await rig.end();
  });

  t.test(`T17: a relay of ${ms} ms put into a running session ends it, and nothing runs after that`, async (t) => {
    const rig = await woundRig();
    await rig.windUntil(rig.isOnline, 1000);
    rig.home.lineFault('line', { fault: 'delay', ms });
    t.ok(await rig.windUntil(() => rig.saw('session.lost').length > 0, 10_000));
    t.ok(await rig.windUntil(() => !rig.isOnline(), 20_000));
    t.equal(await codeOf(rig.lock.open(pulse)), 'LOCK_UNAVAILABLE');
    await rig.wind(10_000);
    t.equal(rig.saw('online').length, 1);
    t.equal(rig.home.line('line').bus.outsRun, 0);
    await rig.end();
  });
}

t.test('T21: a peripheral that answers without the secure channel is not believed', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(() => rig.lock.last()?.contact === 'closed', 1000);
  rig.home.lineFault('line', { fault: 'plaintext' });
  rig.home.door('front').openLeaf('key');
  const opening = codeOf(rig.lock.open(pulse));
  await rig.wind(2000);
  t.equal(await opening, 'LOCK_SILENT');
  t.ok(rig.saw('frame.dropped').some((event) => 'code' in event && event.code === 'OSDP_NOT_SECURE'));
  t.match(rig.lock.last(), { contact: 'closed' }, 'what it said in clear is in no report');
  t.ok(await rig.windUntil(() => rig.lock.last()?.contact === 'unavailable', 10_000));
  await rig.end();
});
