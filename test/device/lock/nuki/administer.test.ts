import { randomBytes } from 'node:crypto';
import t from 'tap';
import { systemClock } from '../../../../device/clock/clock.ts';
import type { Credentials } from '../../../../device/lock/nuki/credentials.ts';
import { unpairNuki } from '../../../../device/lock/nuki/unpair.ts';
import { Fault } from '../../../../wire/faults.ts';
import { until } from '../../../support/until.ts';
import type { NukiRig, RigOptions } from './rig.ts';
import { address, codeOf, nukiRig } from './rig.ts';

const digits = '345678';
/** The digits of code number `index`: no two are the same. */
const nth = (index: number): string =>
  `9${[...index.toString(9).padStart(5, '0')].map((digit) => Number(digit) + 1).join('')}`;
const times = {
  fromS: Date.UTC(2025, 0, 1) / 1000,
  untilS: Date.UTC(2099, 0, 1) / 1000,
  weekdays: [0, 1, 2, 3, 4, 5, 6],
  fromMinute: 0,
  untilMinute: 1439,
};

async function atDoor(t: { teardown(end: () => Promise<void>): void }, options: RigOptions = {}): Promise<NukiRig> {
  const rig = nukiRig(options);
  t.teardown(() => rig.close());
  await rig.lock.start();
  await until('a report', () => rig.lock.last()?.bolt === 'locked');
  return rig;
}

for (const model of ['gen2', 'gen4', 'ultra'] as const) {
  t.test(`${model}: a code is added, works at the keypad, is listed without its digits, and removed`, async (t) => {
    const { administration, nuki } = await atDoor(t, { model });
    t.same(await administration.codes(), []);
    const { id } = await administration.addCode({ digits, name: 'Änne', times });
    t.ok(nuki.typeCode(Number(digits)));
    const [code, ...others] = await administration.codes();
    t.same(others, []);
    t.match(code, { id, name: 'Änne', enabled: true, uses: 1, times });
    t.notMatch(JSON.stringify(code), new RegExp(digits));
    await administration.removeCode(id);
    t.same(await administration.codes(), []);
    t.notOk(nuki.typeCode(Number(digits)));
    await administration.removeCode(id);
  });

  t.test(`${model}: a phone is invited with a key of its own, listed beside the hub, and removed`, async (t) => {
    const { administration, client, credentials } = await atDoor(t, { model });
    const { id, key } = await administration.addUser({ name: 'Oma', kind: 'app', mayActFromAfar: true, times });
    t.equal(key.length, 32);
    client.me = { id, key };
    client.connect();
    t.equal(client.states()[1], 1, 'its key opens a conversation');
    client.disconnect();
    const users = await administration.users();
    t.match(users, [
      { id: credentials.authorizationId, isHub: true },
      { id, name: 'Oma', kind: 'app', isHub: false, mayActFromAfar: true, enabled: true, times },
    ]);
    t.equal(await codeOf(administration.removeUser(credentials.authorizationId)), 'LOCK_REFUSED');
    await administration.removeUser(id);
    await administration.removeUser(id);
    t.same(
      (await administration.users()).map((one) => one.id),
      [credentials.authorizationId],
    );
  });
}

t.test('a list longer than a page is read whole, and each once', async (t) => {
  const { administration } = await atDoor(t, { nuki: { maxCodes: 30 } });
  const ids: number[] = [];
  for (let code = 0; code < 19; code += 1) {
    const { id } = await administration.addCode({ digits: nth(code), name: `${code}` });
    ids.push(id);
  }
  t.same(
    (await administration.codes()).map(({ id }) => id),
    ids,
  );
});

t.test('what the lock does not take is refused by name, and no digits are in any error', async (t) => {
  const { administration, adapter, events } = await atDoor(t, { nuki: { maxCodes: 2 } });
  await administration.codes();
  const faults: unknown[] = [];
  const refused = (outcome: Promise<unknown>): Promise<string> =>
    codeOf(
      outcome.catch((cause: unknown) => {
        faults.push(cause);
        throw cause;
      }),
    );
  const before = adapter.counts.writes;
  for (const bad of ['123456', '340678', '34567', '3456789', '']) {
    t.equal(await refused(administration.addCode({ digits: bad, name: 'Ann' })), 'LOCK_CODE_UNFIT', bad);
  }
  for (const name of ['', 'a'.repeat(21), 'ääääääääääö', 'Ann\0']) {
    t.equal(await refused(administration.addCode({ digits, name })), 'LOCK_CODE_UNFIT');
    if (name !== 'a'.repeat(21) && name !== 'ääääääääääö')
      t.equal(
        await refused(administration.addUser({ name, kind: 'fob', mayActFromAfar: false })),
        'LOCK_REFUSED',
        name,
      );
  }
  const backwards = { ...times, untilS: times.fromS - 1 };
  t.equal(await refused(administration.addCode({ digits, name: 'Ann', times: backwards })), 'LOCK_CODE_UNFIT');
  for (const id of [65_537, -1, 1.5, Number.NaN]) t.equal(await refused(administration.removeCode(id)), 'LOCK_REFUSED');
  t.equal(adapter.counts.writes, before, 'nothing of it reached the lock');
  await administration.addCode({ digits, name: 'Ann' });
  t.equal(await refused(administration.addCode({ digits, name: 'Ben' })), 'LOCK_CODE_TAKEN');
  await administration.addCode({ digits: '456789', name: 'Ben' });
  t.equal(await refused(administration.addCode({ digits: '987654', name: 'Cem' })), 'NUKI_FULL');
  t.ok(faults.every((one) => one instanceof Fault));
  const said = faults.map((one) => (one instanceof Fault ? [one.message, one.stack, one.detail, one.cause] : one));
  t.notMatch(JSON.stringify([said, events]), /345678|123456|987654|340678/);
});

t.test('without a keypad no code is asked of the lock, but its users are', async (t) => {
  const { administration, nuki } = await atDoor(t, { nuki: { hasKeypad: false } });
  for (const outcome of [
    administration.addCode({ digits, name: 'Ann' }),
    administration.codes(),
    administration.removeCode(1),
  ]) {
    t.equal(await codeOf(outcome), 'LOCK_CAPABILITY_MISSING');
  }
  t.notOk(nuki.typeCode(Number(digits)));
  t.equal((await administration.users()).length, 1);
});

t.test('without a PIN the lock is not even woken', async (t) => {
  const { administration, unpair, adapter, lock, nuki } = await atDoor(t, { pin: null });
  await until('letting go', () => nuki.truth().connections === 0);
  const before = { ...adapter.counts };
  t.equal(await codeOf(administration.codes()), 'NUKI_PIN_MISSING');
  t.equal(
    await codeOf(administration.addUser({ name: 'Oma', kind: 'fob', mayActFromAfar: false })),
    'NUKI_PIN_MISSING',
  );
  t.equal(await unpair(), 'left-in-lock');
  t.same(adapter.counts, before);
  await lock.unlock({ expiresInMs: 10_000 });
});

t.test('a PIN that the lock refuses is not said again: not by the owner, the clock or the log', async (t) => {
  const taken: unknown[] = [];
  const log = { lastIndex: () => 0, take: async (entries: readonly unknown[]) => void taken.push(...entries) };
  const { administration, unpair, nuki, client, pin, lock, events } = await atDoor(t, {
    pin: 4321,
    lock: { now: () => Date.UTC(2001, 0, 1), log },
  });
  t.equal(await codeOf(administration.users()), 'NUKI_PIN_WRONG');
  nuki.typeCode(999_999);
  await lock.state();
  for (let again = 0; again < 6; again += 1) t.equal(await codeOf(administration.users()), 'NUKI_PIN_WRONG');
  t.equal(await unpair(), 'left-in-lock');
  client.connect();
  // The lock bears four wrong ones in a row. Had the hub said a second, the last of these would be one too many.
  for (let more = 0; more < 3; more += 1) t.equal(client.withPin(0x20, new Uint8Array(0), 1)[0]?.payload[0], 0x21);
  t.equal(client.withPin(0x20, new Uint8Array(0), pin)[0]?.command, 0x0e);
  t.same(taken, []);
  t.same(
    events.filter(({ on }) => on === 'pin.refused'),
    [{ on: 'pin.refused', code: 'NUKI_PIN_WRONG' }],
  );
});

t.test('while the lock refuses all PINs ours is not said again', async (t) => {
  const { administration, client, adapter, nuki } = await atDoor(t);
  client.connect();
  for (let wrong = 0; wrong < 5; wrong += 1) client.withPin(0x20, new Uint8Array(0), 1);
  t.equal(await codeOf(administration.users()), 'NUKI_PIN_LOCKED');
  await until('letting go', () => nuki.truth().connections === 1);
  const before = { ...adapter.counts };
  t.equal(await codeOf(administration.users()), 'NUKI_PIN_LOCKED');
  t.same(adapter.counts, before);
});

t.test(
  'a bad challenge is replaced; what was cut off is not sent again, and a removal is proven by a list',
  async (t) => {
    const { administration, fault, lock } = await atDoor(t);
    fault({ fault: 'bad-nonce', next: 2 });
    const { id } = await administration.addCode({ digits, name: 'Ann' });
    fault({ fault: 'bad-nonce', next: 3 });
    t.equal(await codeOf(administration.addCode({ digits: '456789', name: 'Ben' })), 'LOCK_REFUSED');
    await lock.state();
    fault({ fault: 'slow', ms: 40 });
    fault({ fault: 'cut-after-n-writes', writes: 2 });
    t.equal(await codeOf(administration.addCode({ digits: '567891', name: 'Cem' })), 'LOCK_SILENT');
    const names = (await administration.codes()).map(({ name }) => name);
    t.same(names, ['Ann', 'Cem'], 'it had arrived, once');
    fault({ fault: 'cut-after-n-writes', writes: 2 });
    await administration.removeCode(id);
    t.same(
      (await administration.codes()).map(({ name }) => name),
      ['Cem'],
    );
  },
);

t.test(
  'out of reach, administration is LOCK_UNAVAILABLE, and so it is before the start and after the end',
  async (t) => {
    const rig = nukiRig({ lock: { timing: { connectMs: 50, awayMs: 500 } } });
    t.teardown(() => rig.close());
    t.equal(await codeOf(rig.administration.codes()), 'LOCK_UNAVAILABLE');
    await rig.lock.start();
    await until('a report', () => rig.lock.last()?.bolt === 'locked');
    rig.fault({ fault: 'shadow' });
    await until('away', () => !rig.lock.health().reachable);
    t.equal(await codeOf(rig.administration.codes()), 'LOCK_UNAVAILABLE');
    t.equal(await rig.unpair(), 'left-in-lock');
    await rig.close();
    t.equal(await codeOf(rig.administration.codes()), 'LOCK_UNAVAILABLE');
  },
);

t.test('a command waits for one page of a list, not for the list', async (t) => {
  const { administration, lock, fault, nuki } = await atDoor(t, { nuki: { maxCodes: 60 } });
  for (let code = 0; code < 33; code += 1) await administration.addCode({ digits: nth(code), name: `${code}` });
  fault({ fault: 'slow', ms: 10 });
  const order: string[] = [];
  const listed = administration.codes().then(() => order.push('list'));
  const users = administration.users().then(() => order.push('users'));
  await lock.unlock({ expiresInMs: 10_000 }).then(() => order.push('unlock'));
  await Promise.all([listed, users]);
  t.same(order, ['unlock', 'list', 'users']);
  t.equal(nuki.truth().motions, 1);
});

t.test('the hub takes itself out of the list of the lock', async (t) => {
  for (const model of ['gen2', 'ultra'] as const) {
    const { unpair, nuki } = await atDoor(t, { model });
    t.equal(await unpair(), 'removed');
    t.same(nuki.truth().authorizations, []);
    t.equal(await unpair(), 'left-in-lock', 'nobody proves it a second time');
  }
});

t.test('a command line takes the hub out of the list, and says so when it cannot', async (t) => {
  const rig = nukiRig();
  t.teardown(() => rig.close());
  const { adapter, credentials, fault, nuki } = rig;
  const draw = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
  const run = (given: Credentials) =>
    unpairNuki({ link: adapter.link(address), clock: systemClock, randomBytes: draw, credentials: given });
  const { pin: _, ...without } = credentials;
  t.equal(await run(without), 'left-in-lock');
  t.equal(adapter.counts.connects, 0);
  t.equal(await run({ ...credentials, pin: 4321 }), 'left-in-lock');
  fault({ fault: 'slow', ms: 40 });
  fault({ fault: 'cut-after-n-writes', writes: 1 });
  t.equal(await run(credentials), 'removed', 'what was cut before it is said anew');
  t.same(nuki.truth(), { ...nuki.truth(), authorizations: [], connections: 0 });
});
