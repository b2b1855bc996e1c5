import t from 'tap';
import * as v from 'valibot';
import type { Verdict } from '../../wire/faults.ts';
import { hubKeyForm } from '../../wire/hub-key.ts';
import { hashOf, newId, signDocument } from '../../wire/jws.ts';
import {
  type LockOrder,
  LockResult,
  lockAnswerForm,
  lockOrderForm,
  maxListed,
  maxOrderSeconds,
  NewCode,
  NewUser,
  narrows,
  widens,
} from '../../wire/lock-order.ts';
import { Answer, maxPayloadBytes, readMessage, writeMessage } from '../../wire/messages.ts';
import { verifyHubKey } from '../../wire/verify-hub-key.ts';
import {
  openForLock,
  openResult,
  sealForLock,
  sealResult,
  verifyLockAnswer,
  verifyLockOrder,
} from '../../wire/verify-lock-order.ts';
import { newCast, newHubId } from '../support/keys.ts';
import { newOpener } from '../support/opener.ts';

const cast = await newCast();
const { hubId, nowS, doorId: door, owner } = cast;
const [hub, phone, other] = [await newOpener(), await newOpener(), await newOpener()];
const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);
const times = { fromS: nowS, untilS: nowS + 60, weekdays: [0, 6], fromMinute: 0, untilMinute: 1439 };

const signed = (order: LockOrder, change: object = {}) =>
  signDocument(
    lockOrderForm,
    { aud: hubId, jti: newId(), iat: nowS, exp: nowS + 60, door, order, ...change },
    owner.sign,
  );

t.test('T19: an order counts for this hub, for two minutes at most, and neither early nor late', async (t) => {
  const judge = async (change: object, nowS: number | undefined) =>
    code(await verifyLockOrder(await signed({ do: 'codes.list' }, change), [owner.sign], { hubId, nowS }));
  t.equal(await judge({}, nowS), 'ok');
  t.equal(await judge({}, nowS + 59), 'ok');
  t.equal(await judge({}, nowS + 60), 'LOCK_ORDER_LATE');
  t.equal(await judge({}, nowS - 61), 'LOCK_ORDER_LATE', 'dated ahead');
  t.equal(await judge({}, undefined), 'ok', 'without trusted time it is the hub that judges');
  t.equal(await judge({ aud: newHubId() }, nowS), 'LOCK_ORDER_WRONG_HUB');
  t.equal(await judge({ exp: nowS + maxOrderSeconds }, nowS), 'ok');
  await t.rejects(signed({ do: 'codes.list' }, { exp: nowS + maxOrderSeconds + 1 }));
  await t.rejects(signed({ do: 'codes.list' }, { exp: nowS }));
});

t.test('what adds widens, what removes narrows, and a look does neither', async (t) => {
  const orders: readonly LockOrder[] = [
    { do: 'codes.list' },
    { do: 'codes.add', sealed: 'a.b.c.d.e' },
    { do: 'codes.remove', id: 1 },
    { do: 'users.list', after: 3 },
    { do: 'users.add', sealed: 'a.b.c.d.e' },
    { do: 'users.remove', id: 1 },
  ];
  t.same(
    orders.map((order) => [widens(order), narrows(order)]),
    [0, 1].flatMap(() => [
      [false, false],
      [true, false],
      [false, true],
    ]),
  );
  for (const order of orders)
    t.equal(code(await verifyLockOrder(await signed(order), [owner.sign], { hubId, nowS })), 'ok');
});

t.test('R1: no order carries digits, a name or times in clear', async (t) => {
  const open: readonly object[] = [
    { do: 'codes.add', digits: '345678', name: 'Ann' },
    { do: 'codes.add', sealed: 'a.b.c.d.e', digits: '345678' },
    { do: 'codes.add', sealed: '345678' },
    { do: 'users.add', name: 'Ann', kind: 'app', mayActFromAfar: false },
    { do: 'codes.list', name: 'Ann' },
    { do: 'codes.remove', id: 1, digits: '345678' },
  ];
  for (const order of open) await t.rejects(signed(order as LockOrder), JSON.stringify(order));
});

t.test(
  'R1: what is sealed opens with the key of the hub alone, and for the order alone that it was sealed for',
  async (t) => {
    const secret = { jti: newId(), digits: '345678', name: 'Ann', times };
    const sealed = await sealForLock(hub.jwk, secret);
    t.same(await openForLock(NewCode, sealed, hub.privateKey, secret.jti), { ok: true, value: secret });
    t.equal(code(await openForLock(NewCode, sealed, other.privateKey, secret.jti)), 'LOCK_ORDER_UNREADABLE');
    t.equal(
      code(await openForLock(NewCode, sealed, hub.privateKey, newId())),
      'LOCK_ORDER_UNREADABLE',
      'another order',
    );
    t.equal(
      code(await openForLock(NewUser, sealed, hub.privateKey, secret.jti)),
      'LOCK_ORDER_UNREADABLE',
      'another act',
    );
    const parts = sealed.split('.');
    const cut = [...parts.slice(0, 3), `${parts[3]!.slice(0, -4)}AAAA`, parts[4]].join('.');
    t.equal(code(await openForLock(NewCode, cut, hub.privateKey, secret.jti)), 'LOCK_ORDER_UNREADABLE');
    t.ok((await signed({ do: 'codes.add', sealed })).length < lockOrderForm.maxBytes);
    const longest = { jti: secret.jti, name: '\u0001'.repeat(32), kind: 'app', mayActFromAfar: true, times } as const;
    t.equal((await sealForLock(hub.jwk, longest)).length, sealed.length, 'and its length tells nothing');
    await t.rejects(sealForLock(hub.jwk, { ...secret, name: '' }));
    await t.rejects(sealForLock(hub.jwk, { ...secret, name: 'ä'.repeat(11) }), 'a code has 20 bytes of name');
    await t.rejects(sealForLock(hub.jwk, { ...secret, digits: '12 345' }));
  },
);

t.test('an answer counts for one order and one device, and only from the hub', async (t) => {
  const order = hashOf('order');
  const result = { did: 'users.add', id: 7, key: hashOf('key') } as const;
  const of = { hubId, order, to: phone.kid };
  const claims = { iss: hubId, order, to: phone.kid, sealed: await sealResult(phone.jwk, result) };
  const answer = await signDocument(lockAnswerForm, claims, cast.hub);
  const verified = await verifyLockAnswer(answer, cast.hub, of);
  t.ok(verified.ok);
  t.same(await openResult(claims.sealed, phone.privateKey), { ok: true, value: result });
  t.equal(code(await openResult(claims.sealed, other.privateKey)), 'LOCK_ANSWER_MALFORMED');
  t.equal(code(await verifyLockAnswer(answer, cast.hub, { ...of, order: hashOf('other') })), 'LOCK_ANSWER_NOT_GENUINE');
  t.equal(code(await verifyLockAnswer(answer, cast.hub, { ...of, to: other.kid })), 'LOCK_ANSWER_NOT_GENUINE');
  t.equal(code(await verifyLockAnswer(answer, cast.hub, { ...of, hubId: newHubId() })), 'LOCK_ANSWER_NOT_GENUINE');
  const forged = await signDocument(lockAnswerForm, claims, cast.stranger.ed);
  t.equal(code(await verifyLockAnswer(forged, cast.hub, of)), 'LOCK_ANSWER_NOT_GENUINE');
});

t.test('the longest page there is fits into one message', async (t) => {
  const name = '\u0001'.repeat(32);
  const entry = { name, enabled: true, createdS: 2 ** 32, lastUsedS: 2 ** 32, uses: 2 ** 32 - 1 };
  const users = Array.from({ length: maxListed }, (_, index) => ({
    ...{ ...entry, id: 2 ** 32 - 1 - index, times: { ...times, weekdays: [0, 1, 2, 3, 4, 5, 6] } },
    ...{ kind: 'keypad' as const, isHub: false, mayActFromAfar: false },
  }));
  const result: LockResult = { did: 'users.list', users, more: true };
  t.ok(v.is(LockResult, result));
  t.notOk(v.is(LockResult, { ...result, users: [...users, users[0]] }));
  const sealed = await sealResult(phone.jwk, result);
  const answer = await signDocument(
    lockAnswerForm,
    { iss: hubId, order: hashOf('x'), to: phone.kid, sealed },
    cast.hub,
  );
  t.ok(answer.length <= lockAnswerForm.maxBytes);
  const message = writeMessage({ v: 1, id: newId(), ok: true, body: { answer } });
  t.ok(message.length <= maxPayloadBytes.answer);
  t.ok(readMessage('answer', Answer, message).ok);
});

t.test('no list holds digits', async (t) => {
  const entry = { id: 1, name: 'Ann', enabled: true, uses: 0 };
  t.ok(v.is(LockResult, { did: 'codes.list', codes: [entry], more: false }));
  t.notOk(v.is(LockResult, { did: 'codes.list', codes: [{ ...entry, digits: '345678' }], more: false }));
  t.notOk(v.is(LockResult, { did: 'codes.add', id: 1, digits: '345678' }));
});

t.test('a seal key counts when the pinned hub signed it', async (t) => {
  const claims = { iss: hubId, iat: nowS, seal: hub.jwk };
  t.match(await verifyHubKey(await signDocument(hubKeyForm, claims, cast.hub), cast.hub, hubId), {
    ok: true,
    value: claims,
  });
  const elsewhere = await signDocument(hubKeyForm, { ...claims, iss: newHubId() }, cast.hub);
  t.equal(code(await verifyHubKey(elsewhere, cast.hub, hubId)), 'HUB_KEY_NOT_GENUINE');
  const nowhere = await signDocument(hubKeyForm, { ...claims, seal: { ...hub.jwk, x: 'A'.repeat(43) } }, cast.hub);
  t.equal(code(await verifyHubKey(nowhere, cast.hub, hubId)), 'HUB_KEY_NOT_GENUINE', 'no point of the curve');
  const slipped = await signDocument(hubKeyForm, claims, cast.stranger.ed);
  t.equal(code(await verifyHubKey(slipped, cast.hub, hubId)), 'HUB_KEY_NOT_GENUINE');
});
