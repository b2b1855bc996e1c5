import t from 'tap';
import type { Verdict } from '../../../wire/faults.ts';
import { householdUnitBytes } from '../../../wire/household.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { maxListed } from '../../../wire/lock-order.ts';
import { verifyHubKey } from '../../../wire/verify-hub-key.ts';
import { sealForLock, verifyLockAnswer } from '../../../wire/verify-lock-order.ts';
import { newDoorId, newHubId } from '../../support/keys.ts';
import { newOpener } from '../../support/opener.ts';
import { newSoftPasskey } from '../../support/soft-passkey.ts';
import { makeOrdersBench, newPhone } from './orders-bench.ts';

const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);
const ann = { digits: '345678', name: 'Ann' };
const bob = { name: 'Bob', kind: 'app', mayActFromAfar: false } as const;

t.test('the owner lists, adds and removes codes and users', async (t) => {
  const bench = await makeOrdersBench(t);
  const times = { fromS: 1, untilS: 2, weekdays: [0, 6], fromMinute: 60, untilMinute: 120 };
  t.same(await bench.ask(await bench.signCode({ ...ann, times })), { ok: true, value: { did: 'codes.add', id: 1 } });
  t.equal(bench.lock.digits.get(1), '345678', 'the lock gets the digits');
  const listed = { id: 1, name: 'Ann', enabled: true, uses: 0, times };
  t.same(await bench.ask(await bench.sign({ do: 'codes.list' })), {
    ok: true,
    value: { did: 'codes.list', codes: [listed], more: false },
  });
  const key = Buffer.alloc(32, 2).toString('base64url');
  t.same(await bench.ask(await bench.signUser(bob)), { ok: true, value: { did: 'users.add', id: 2, key } });
  t.match(await bench.ask(await bench.sign({ do: 'users.list' })), { value: { users: [{ id: 2, ...bob }] } });
  t.same(await bench.ask(await bench.sign({ do: 'codes.remove', id: 1 })), {
    ok: true,
    value: { did: 'codes.remove' },
  });
  t.same(await bench.ask(await bench.sign({ do: 'users.remove', id: 2 })), {
    ok: true,
    value: { did: 'users.remove' },
  });
  t.same([bench.lock.held.codes.size, bench.lock.held.users.size], [0, 0]);
  t.same(bench.refused, []);
});

t.test('S048: the journal has every change, sealed, with the name and without digits or key', async (t) => {
  const bench = await makeOrdersBench(t);
  const orders = [
    await bench.signCode(ann),
    await bench.sign({ do: 'codes.list' }),
    await bench.sign({ do: 'codes.remove', id: 1 }),
    await bench.signUser({ ...bob, name: '"'.repeat(32) }),
  ];
  for (const order of orders) t.equal(code(await bench.ask(order)), 'ok');
  const by = bench.phone.sign.kid;
  t.match(await bench.notes(), [
    { kind: 'lock.ordered', door: bench.cast.doorId, body: { what: 'codes.add', name: 'Ann', by } },
    { kind: 'lock.code-added', body: { id: 1, name: 'Ann', by } },
    { kind: 'lock.code-removed', body: { id: 1, by } },
    { kind: 'lock.ordered', body: { what: 'users.add', name: '"'.repeat(20) } },
    { kind: 'lock.user-added', body: { id: 2 } },
  ]);
  const texts = bench.store.journal.read(1, 100);
  for (const text of texts) t.notMatch(text, /lock\.|Ann|door-/, 'in clear there is nothing');
  const lengths = texts.map((text) => JSON.parse(text).body.sealed.length);
  t.equal(new Set(lengths).size, 1, 'and all have one length');
  t.ok(lengths[0] < householdUnitBytes * 3);
  t.notMatch(JSON.stringify(await bench.notes()), /345678|AgICAgIC/);
});

t.test('a device with a passkey confirms what lets somebody in; lists and removals it signs alone', async (t) => {
  const bench = await makeOrdersBench(t);
  const own = newSoftPasskey();
  await bench.pin([{ sign: bench.phone.sign, seal: bench.phone.seal.jwk, passkey: own.passkey }]);
  for (const silent of [await bench.signCode(ann), await bench.signUser(bob)]) {
    t.equal(code(await bench.ask(silent)), 'PASSKEY_MISSING');
    t.equal(code(await bench.ask(own.confirm(silent, { flags: 0x01 }))), 'PASSKEY_NOT_VERIFIED');
    t.equal(code(await bench.ask(own.confirm(silent, { over: await bench.signCode(ann) }))), 'PASSKEY_NOT_GENUINE');
  }
  t.same(bench.lock.calls, [], 'the lock has heard nothing');
  t.equal(code(await bench.ask(own.confirm(await bench.signCode(ann)))), 'ok');
  t.equal(code(await bench.ask(await bench.sign({ do: 'codes.list' }))), 'ok');
  t.equal(code(await bench.ask(await bench.sign({ do: 'codes.remove', id: 1 }))), 'ok');
});

t.test('T14, T09: nobody but a pinned device has anything done', async (t) => {
  const bench = await makeOrdersBench(t);
  const { cast, phone } = bench;
  const list = { do: 'codes.list' } as const;
  const stranger = cast.stranger.ec;
  t.equal(code(await bench.ask(await bench.sign(list, {}, stranger))), 'LOCK_ORDER_KEY_UNKNOWN');
  t.equal(code(await bench.ask(await bench.sign(list, {}, cast.courier))), 'LOCK_ORDER_KEY_UNKNOWN');
  t.equal(
    code(await bench.ask(await bench.sign(list, {}, { ...stranger, kid: phone.sign.kid }))),
    'LOCK_ORDER_NOT_GENUINE',
  );
  t.equal(code(await bench.ask(await bench.sign(list, { aud: newHubId() }))), 'LOCK_ORDER_WRONG_HUB');
  t.equal(code(await bench.ask('a.b.c')), 'LOCK_ORDER_MALFORMED');
  const second = await newPhone();
  const theirs = await bench.sign({ do: 'codes.remove', id: 1 }, {}, second.sign);
  await bench.pin([second]);
  t.equal(code(await bench.ask(await bench.sign(list))), 'LOCK_ORDER_KEY_UNKNOWN', 'nor one that was removed');
  t.same(bench.lock.calls, []);
  t.equal(bench.refused.length, 6, 'and it is all counted');
  t.equal(code(await bench.desk.take(theirs)), 'ok');
  await bench.pin([]);
  t.equal(code(await bench.desk.take(theirs)), 'LOCK_ORDER_KEY_UNKNOWN', 'not even for an answer that is known');
});

t.test('a device that is removed while its order waits has nothing done', async (t) => {
  const bench = await makeOrdersBench(t);
  const asked = bench.ask(await bench.signCode(ann));
  await bench.pin([await newPhone()]);
  t.equal(code(await asked), 'LOCK_ORDER_KEY_UNKNOWN');
  t.same(bench.lock.calls, []);
});

t.test('the same order again gets the same answer, and nothing is done twice', async (t) => {
  const bench = await makeOrdersBench(t);
  const order = await bench.signCode(ann);
  const answers = await Promise.all([bench.desk.take(order), bench.desk.take(order)]);
  t.same(answers[0], answers[1]);
  t.same(await bench.desk.take(order), answers[0]);
  t.same(bench.lock.calls, ['addCode']);
  const jti = newId();
  t.equal(code(await bench.ask(await bench.sign({ do: 'codes.remove', id: 1 }, { jti }))), 'ok');
  t.equal(code(await bench.ask(await bench.sign({ do: 'codes.remove', id: 2 }, { jti }))), 'LOCK_ORDER_USED');
  t.equal(bench.lock.calls.length, 2);
});

t.test('T19: past its expiry it is refused, whatever was answered before', async (t) => {
  const bench = await makeOrdersBench(t);
  const order = await bench.signCode(ann);
  t.equal(code(await bench.ask(order)), 'ok');
  bench.time = { ok: true, value: (bench.cast.nowS + 60) * 1000 };
  t.equal(code(await bench.ask(order)), 'LOCK_ORDER_LATE');
  t.equal(bench.lock.calls.length, 1);
});

t.test('after a restart no change is made again, not even without trusted time', async (t) => {
  const bench = await makeOrdersBench(t);
  const [add, remove] = [await bench.signCode(ann), await bench.sign({ do: 'codes.remove', id: 1 })];
  for (const order of [add, remove]) t.equal(code(await bench.ask(order)), 'ok');
  bench.restart();
  for (const order of [add, remove]) t.equal(code(await bench.ask(order)), 'LOCK_ORDER_USED');
  bench.store.grants.prune(bench.cast.nowS + 400 * 86_400);
  bench.time = { ok: false, code: 'CLOCK_BEHIND' };
  t.equal(code(await bench.ask(remove)), 'LOCK_ORDER_USED', 'an order that was held back removes nothing new');
  t.equal(bench.lock.calls.length, 2);
});

t.test('T26: without trusted time nothing is added; what takes away, and a look, go on', async (t) => {
  const bench = await makeOrdersBench(t);
  t.equal(code(await bench.ask(await bench.signCode(ann))), 'ok');
  bench.time = { ok: false, code: 'CLOCK_DISAGREES' };
  t.equal(code(await bench.ask(await bench.signCode(ann))), 'CLOCK_DISAGREES');
  t.equal(code(await bench.ask(await bench.signUser(bob))), 'CLOCK_DISAGREES');
  t.equal(code(await bench.ask(await bench.sign({ do: 'codes.list' }))), 'ok');
  t.equal(code(await bench.ask(await bench.sign({ do: 'users.remove', id: 1 }))), 'ok');
  t.equal(code(await bench.ask(await bench.sign({ do: 'codes.remove', id: 1 }))), 'ok');
  t.equal(bench.lock.held.codes.size, 0);
});

t.test('R7: nothing is added before it is on disk, and what takes away waits for no disk', async (t) => {
  const bench = await makeOrdersBench(t);
  t.equal(code(await bench.ask(await bench.signCode(ann))), 'ok');
  for (const is of ['full', 'gone'] as const) {
    bench.disk.is = is;
    const calls = bench.lock.calls.length;
    await t.rejects(bench.ask(await bench.signCode(ann)), { code: 'JOURNAL_UNAVAILABLE' }, is);
    await t.rejects(bench.ask(await bench.signUser(bob)), { code: 'JOURNAL_UNAVAILABLE' });
    t.equal(bench.lock.calls.length, calls);
    t.equal(code(await bench.ask(await bench.sign({ do: 'codes.remove', id: 1 }))), 'ok');
    t.equal(bench.lock.calls.length, calls + 1);
  }
});

t.test('R1: digits that are sealed for another hub, or for another order, never reach the lock', async (t) => {
  const bench = await makeOrdersBench(t);
  const { jwk } = await newOpener();
  const jti = newId();
  const elsewhere = await sealForLock(jwk, { ...ann, jti });
  t.equal(
    code(await bench.ask(await bench.sign({ do: 'codes.add', sealed: elsewhere }, { jti }))),
    'LOCK_ORDER_UNREADABLE',
  );
  const stolen = await sealForLock(bench.hubSeal.jwk, { ...ann, jti: newId() });
  t.equal(code(await bench.ask(await bench.sign({ do: 'codes.add', sealed: stolen }))), 'LOCK_ORDER_UNREADABLE');
  t.same(bench.lock.calls, []);
  t.same(await bench.notes(), []);
});

t.test('an answer is for the device that signed, of all that are pinned', async (t) => {
  const bench = await makeOrdersBench(t);
  const second = await newPhone();
  await bench.pin([second, { sign: bench.phone.sign, seal: bench.phone.seal.jwk }]);
  const order = await bench.sign({ do: 'codes.list' });
  t.equal(code(await bench.ask(order)), 'ok');
  const taken = await bench.desk.take(await bench.sign({ do: 'codes.list' }, {}, second.sign));
  if (!taken.ok) return t.fail(taken.code);
  const of = { hubId: bench.cast.hubId, order: hashOf(order), to: bench.phone.seal.kid };
  t.equal(code(await verifyLockAnswer(taken.value.answer, bench.cast.hub, of)), 'LOCK_ANSWER_NOT_GENUINE');
});

t.test('a door that is none, one without codes of its own, and one where somebody visits', async (t) => {
  const bench = await makeOrdersBench(t);
  const list = { do: 'codes.list' } as const;
  t.equal(code(await bench.ask(await bench.sign(list, { door: newDoorId() }))), 'DOOR_UNKNOWN');
  t.equal(code(await bench.ask(await bench.sign(list, { door: bench.plainDoor }))), 'LOCK_CAPABILITY_MISSING');
  bench.at = 'open';
  t.equal(code(await bench.ask(await bench.sign(list))), 'DOOR_BUSY');
  t.equal(code(await bench.ask(await bench.signCode(ann))), 'DOOR_BUSY');
  t.same(bench.lock.calls, []);
  t.equal(
    code(await bench.ask(await bench.sign({ do: 'codes.remove', id: 1 }))),
    'ok',
    'what takes away does not wait',
  );
  bench.at = 'unsecured';
  t.equal(code(await bench.ask(await bench.sign(list))), 'ok');
});

t.test('what the lock refuses is answered by its code alone, and journaled', async (t) => {
  const bench = await makeOrdersBench(t);
  bench.lock.fails = 'NUKI_PIN_WRONG';
  t.same(await bench.ask(await bench.signCode(ann)), { ok: false, code: 'NUKI_PIN_WRONG' }, 'its details stay here');
  t.same(await bench.ask(await bench.sign({ do: 'codes.list' })), { ok: false, code: 'NUKI_PIN_WRONG' });
  const order = await bench.sign({ do: 'codes.remove', id: 3 });
  t.same(await bench.ask(order), { ok: false, code: 'NUKI_PIN_WRONG' });
  bench.lock.fails = undefined;
  t.same(await bench.ask(order), { ok: false, code: 'NUKI_PIN_WRONG' }, 'the same order is not tried again');
  t.same(
    (await bench.notes()).map(({ kind, body }) => [kind, 'code' in body ? body.code : '']),
    [
      ['lock.ordered', ''],
      ['lock.order-failed', 'NUKI_PIN_WRONG'],
      ['lock.order-failed', 'NUKI_PIN_WRONG'],
    ],
  );
});

t.test('a long list comes in pages that fit together, whatever names the lock holds', async (t) => {
  const bench = await makeOrdersBench(t);
  const hostile = '\u001b[2J\u202e\u0000\ud800'.padEnd(80, '\u0001');
  const count = 2 * maxListed + 1;
  for (let id = 1; id <= count; id += 1) bench.lock.held.codes.set(id, { id, name: hostile, enabled: true, uses: 0 });
  const ids: number[] = [];
  for (let more = true; more; ) {
    const after = ids.at(-1);
    const page = await bench.ask(await bench.sign({ do: 'codes.list', ...(after === undefined ? {} : { after }) }));
    if (!page.ok || page.value.did !== 'codes.list') return t.fail(code(page));
    ids.push(...page.value.codes.map(({ id }) => id));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it is about
    for (const { name } of page.value.codes) t.notMatch(name, /[\u0000-\u001f\u202e\ud800]/);
    more = page.value.more;
  }
  t.same(
    ids,
    Array.from({ length: count }, (_, index) => index + 1),
  );
});

t.test('a lock that lists what cannot be is refused by name', async (t) => {
  const bench = await makeOrdersBench(t);
  bench.lock.held.codes.set(1, { id: -1, name: 'Ann', enabled: true, uses: 0 });
  bench.lock.held.codes.set(2, { id: 2, name: 'Ann', enabled: true, uses: -1 });
  t.equal(code(await bench.ask(await bench.sign({ do: 'codes.list' }))), 'LOCK_REFUSED');
});

t.test('with four owner devices and the longest names every entry fits', async (t) => {
  const bench = await makeOrdersBench(t);
  const phones = [await newPhone(), await newPhone(), await newPhone()];
  await bench.pin([{ sign: bench.phone.sign, seal: bench.phone.seal.jwk }, ...phones]);
  t.equal(code(await bench.ask(await bench.signUser({ ...bob, name: 'ä'.repeat(16) }))), 'ok');
  t.match(await bench.notes(), [{ kind: 'lock.ordered' }, { kind: 'lock.user-added', body: { id: 1 } }]);
});

t.test('what digits are sealed for is signed by the hub', async (t) => {
  const bench = await makeOrdersBench(t);
  t.match(await verifyHubKey(await bench.desk.sealKey(), bench.cast.hub, bench.cast.hubId), {
    value: { seal: bench.hubSeal.jwk },
  });
});
