import t from 'tap';
import type { DoorReport } from '../../../../device/lock/lock.ts';
import { codeOf } from '../../../support/code-of.ts';
import { simulatedDoor, woundRig } from './wound-rig.ts';

const levels = ['active', 'inactive'] as const;

for (const closedIs of levels) {
  for (const lockedIs of levels) {
    t.test(`which level means closed (${closedIs}) and locked (${lockedIs}) is wiring`, async (t) => {
      const rig = await woundRig({
        simulated: { doors: [{ ...simulatedDoor, contactClosedIs: closedIs, monitorSecuredIs: lockedIs }] },
        lock: { contact: { input: 0, closedWhen: closedIs }, monitor: { input: 1, lockedWhen: lockedIs } },
      });
      t.ok(await rig.windUntil(() => rig.lock.last() !== undefined, 1000));
      t.match(rig.lock.last(), { bolt: 'locked', contact: 'closed' });
      rig.home.door('front').openLeaf('key');
      await rig.wind(500);
      t.match(rig.lock.last(), { contact: 'open' });
      await rig.end();
    });
  }
}

t.test('a pulse is rounded up to 100 ms, and ends by itself', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  const opening = rig.lock.open({ forMs: 1001, expiresInMs: 1000 });
  await rig.wind(1000);
  await opening;
  t.ok(rig.home.door('front').truth().energised);
  t.match(rig.lock.last(), { bolt: 'open', contact: 'closed' });
  await rig.wind(600);
  t.notOk(rig.home.door('front').truth().energised);
  t.match(rig.lock.last(), { bolt: 'locked' });
  await rig.end();
});

t.test('a pulse of no length, of any nonsense, or longer than the timer is refused before it is sent', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  for (const forMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 6_553_501]) {
    t.equal(await codeOf(rig.lock.open({ forMs, expiresInMs: 1000 })), 'LOCK_REFUSED', String(forMs));
  }
  for (const expiresInMs of [10_001, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.equal(await codeOf(rig.lock.open({ forMs: 500, expiresInMs })), 'LOCK_REFUSED', String(expiresInMs));
  }
  for (const expiresInMs of [0, -5]) {
    t.equal(await codeOf(rig.lock.open({ forMs: 500, expiresInMs })), 'LOCK_COMMAND_EXPIRED', String(expiresInMs));
  }
  await rig.wind(1000);
  t.same(rig.home.line('line').outs, []);
  await rig.end();
});

t.test('after a command the outputs and the inputs are asked for', async (t) => {
  const rig = await woundRig({ timing: { inputsEveryMs: 60_000 } });
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(1000);
  const before = rig.written.length;
  const opening = rig.lock.open({ forMs: 500, expiresInMs: 1000 });
  await rig.wind(40);
  await opening;
  t.same(
    rig.written.slice(before, before + 3).map((frame) => frame.slice(14, 16)),
    ['68', '66', '65'],
  );
  await rig.end();
});

t.test('without monitor the bolt is unknown, and the lock says that it does not see it', async (t) => {
  const rig = await woundRig({
    simulated: { doors: [{ ...simulatedDoor, monitorInput: null }] },
    lock: { monitor: undefined as never },
  });
  t.match(rig.lock.capabilities, {
    kind: 'latch',
    lock: true,
    unlock: false,
    open: true,
    seesBolt: false,
    seesDoor: true,
  });
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(100);
  t.match(rig.lock.last(), { bolt: 'unknown', contact: 'closed' });
  await rig.end();
});

t.test('an input that the peripheral does not have is unknown, never closed', async (t) => {
  for (const closedWhen of levels) {
    const rig = await woundRig({
      lock: { contact: { input: 9, closedWhen }, monitor: { input: 8, lockedWhen: closedWhen } },
    });
    await rig.windUntil(rig.isOnline, 1000);
    await rig.wind(100);
    t.match(rig.lock.last(), { bolt: 'unknown', contact: 'unknown' });
    await rig.end();
  }
});

t.test('a cut wire is unknown, and a closed contact never comes out of it', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  rig.home.doorFault('front', { fault: 'contact-cut' });
  await rig.wind(500);
  t.match(rig.lock.last(), { bolt: 'locked', contact: 'unknown' });
  rig.home.doorFault('front', { fault: 'contact-cut', active: false });
  await rig.wind(500);
  t.match(rig.lock.last(), { contact: 'closed' });
  await rig.end();
});

t.test('the inputs are asked for regularly, so that an event that was lost heals', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(1000);
  const before = rig.written.length;
  await rig.wind(10_000);
  const commands = rig.written.slice(before).map((frame) => frame.slice(14, 16));
  const questions = commands.filter((command) => command === '65').length;
  t.ok(questions >= 9 && questions <= 10, `${questions} in ten seconds`);
  t.ok(commands.filter((command) => command === '60').length >= 70, 'and polled in between');
  await rig.end();
});

t.test('each report counts up by one; only those that differ are told, and each one that was asked for', async (t) => {
  const rig = await woundRig();
  const told: DoorReport[] = [];
  const unsubscribe = rig.lock.onReport((report) => told.push(report));
  t.ok(await rig.windUntil(() => rig.lock.last() !== undefined, 1000));
  await rig.wind(5000);
  t.equal(told.length, 1);
  t.ok((rig.lock.last()?.seq ?? 0) >= 5, 'the others only keep the last one fresh');
  t.ok(rig.clock.monotonic() - (rig.lock.last()?.atMs ?? 0) <= 1200);

  const asked = rig.lock.state();
  await rig.wind(100);
  const report = await asked;
  t.same(told.at(-1), report);
  t.equal(told.length, 2);
  t.equal(report.seq, rig.lock.last()?.seq);
  unsubscribe();
  rig.home.door('front').openLeaf('key');
  await rig.wind(500);
  t.equal(told.length, 2);
  await rig.end();
});

t.test('asked while nothing answers, it says unavailable after two seconds and does not throw', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(() => rig.lock.last()?.contact === 'closed', 1000);
  rig.home.lineFault('line', { fault: 'silent' });
  const startMs = rig.clock.monotonic();
  const asked = rig.lock.state().then((report) => ({ report, tookMs: rig.clock.monotonic() - startMs }));
  await rig.wind(2100);
  const { report, tookMs } = await asked;
  t.match(report, { bolt: 'unavailable', contact: 'unavailable' });
  t.ok(tookMs <= 2000);
  await rig.end();
});

t.test('the tamper switch is in the health, and is told', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(500);
  rig.home.lineFault('line', { fault: 'tamper' });
  await rig.wind(500);
  t.match(rig.lock.health(), { tampered: true });
  t.same(rig.saw('tamper'), [{ on: 'tamper', address: 1, tampered: true }]);
  rig.home.lineFault('line', { fault: 'tamper', active: false });
  await rig.wind(500);
  t.match(rig.saw('tamper').at(-1), { tampered: false });
  await rig.end();
});

t.test('a refusal of the peripheral is LOCK_REFUSED, and leaves the session as it is', async (t) => {
  const rig = await woundRig({ lock: { output: 7 } });
  await rig.windUntil(rig.isOnline, 1000);
  const opening = rig.lock.open({ forMs: 500, expiresInMs: 1000 }).catch((cause: unknown) => cause);
  await rig.wind(500);
  t.match(await opening, { code: 'LOCK_REFUSED', detail: { nak: 9 } });
  t.same(rig.saw('session.lost'), []);
  await rig.end();
});

t.test('closed, it is silent; started again, it comes back', async (t) => {
  const rig = await woundRig();
  await rig.windUntil(rig.isOnline, 1000);
  const closing = rig.lock.close();
  await rig.wind(300);
  await closing;
  const written = rig.written.length;
  await rig.wind(5000);
  t.equal(rig.written.length, written);
  t.equal(await codeOf(rig.lock.open({ forMs: 500, expiresInMs: 1000 })), 'LOCK_UNAVAILABLE');
  await rig.lock.start();
  t.ok(await rig.windUntil(rig.isOnline, 2000));
  await rig.end();
});
