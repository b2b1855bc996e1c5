import t, { type Test } from 'tap';
import { play, pressFirst, type TrickName } from '../../../hardware-sim/people/burglar.ts';
import { Dispatch } from '../../../hardware-sim/people/carrier.ts';
import type { CarrierNews } from '../../../hardware-sim/people/carrier-news.ts';
import { Courier } from '../../../hardware-sim/people/courier.ts';
import type { CourierVisit } from '../../../hardware-sim/people/courier-visit.ts';
import { mustHave } from '../../../hardware-sim/people/http.ts';
import { makeSignKey } from '../../../hardware-sim/people/keys.ts';
import { Operator } from '../../../hardware-sim/people/operator.ts';
import { newOwner, type Owner } from '../../../hardware-sim/people/owner.ts';
import { toHandoverUri } from '../../../wire/handover.ts';
import { newId } from '../../../wire/jws.ts';
import { deviceCheck } from '../../../wire/task.ts';
import { edKey, type SmallCloud, startSmallCloud } from './small-cloud.ts';

interface Street {
  readonly cloud: SmallCloud;
  readonly owner: Owner;
  readonly dispatch: Dispatch;
  readonly courier: Courier;
  readonly delivery: string;
  readonly token: string;
}

const nowS = () => Math.floor(Date.now() / 1000);

/** Everybody, up to a task link in the courier's hand. */
async function street(t: Test, consent: 'ask' | 'auto' = 'auto'): Promise<Street> {
  const cloud = await startSmallCloud();
  const { base } = cloud;
  const key = await makeSignKey();
  const operator = new Operator({ base, token: 'operator' });
  const made = mustHave(await operator.createCarrier('Hermes', key.jwk));
  const owner = await newOwner({ base });
  await owner.handover(toHandoverUri(cloud.code));
  const party = { kind: 'carrier', id: made.carrier, jwk: key.jwk } as const;
  const window = { from: nowS() - 60, until: nowS() + 3600 };
  await owner.orders.setRules([
    { id: 'r1', door: cloud.door, party, ...window, visits: 5, entries: 1, camera: 'off', consent },
  ]);
  const dispatch = new Dispatch({ base, key, ...made });
  const following = dispatch.follow();
  const asked = { door: cloud.door, ...window, parcels: 1, reference: 'H-1' };
  const { delivery } = mustHave(await dispatch.announce(asked));
  const { token } = mustHave(await dispatch.taskLink(delivery));
  const courier = new Courier({ base, token });
  t.teardown(() => {
    following.close();
    owner.unfollow();
    for (const one of [operator, owner, dispatch, courier]) one.http.close();
    cloud.server.close();
  });
  return { cloud, owner, dispatch, courier, delivery, token };
}

/** The courier with the grant in hand and the visit prepared. */
async function prepared(t: Test, on: Street): Promise<CourierVisit> {
  await on.courier.press();
  t.match(await on.dispatch.confirm(on.delivery, on.courier.check), { ok: true, value: { state: 'granted' } });
  return mustHave(await on.courier.prepare(mustHave(await on.courier.takeGrant())));
}

t.test('the operator makes homes, tokens and carriers, and nobody else does', async (t) => {
  const cloud = await startSmallCloud();
  t.teardown(() => cloud.server.close());
  const operator = new Operator({ base: cloud.base, token: 'operator' });
  t.match(await operator.createHome(), { ok: true, status: 201, value: { home: cloud.home } });
  t.match(await operator.createEnrolmentToken(cloud.home), { ok: true, value: { token: String, expiresAt: Number } });
  t.match(await operator.hubs(), { ok: true, value: [{ hub: cloud.hub }] });
  const other = new Operator({ base: cloud.base, token: 'somebody' });
  t.match(await other.createHome(), { ok: false, code: 'NOT_FOUND' });
  for (const one of [operator, other]) one.http.close();
});

t.test('a delivery goes from the announcement to the verified receipt', async (t) => {
  const on = await street(t);
  const { cloud, courier, dispatch, delivery } = on;
  t.match(await courier.preview(), { ok: true, value: { state: 'open' } });
  t.equal(cloud.jkt, undefined, 'a preview claims nothing');
  t.throws(() => courier.key, { code: 'TASK_NOT_CLAIMED' });
  const visit = await prepared(t, on);
  const arrived = await visit.arrive();
  t.match(arrived, { ok: true, value: { at: 'preparing' } });
  t.ok(arrived.ms > 0 && arrived.ms < 5_000, 'each step says how long it took');
  const waiting = visit.until(['ready']);
  cloud.at = 'ready';
  t.match(await waiting, { ok: true, value: { at: 'ready' } });
  t.match(await visit.open(), { ok: true, value: { at: 'open' } });
  t.match(await visit.finish(), { ok: true, value: { at: 'locking' } });
  t.strictSame(cloud.done, ['arrive', 'open', 'finish']);

  const state = { delivery, state: 'delivered', outcome: 'completed', proof: 'secured' };
  const told = (nth: number) => {
    let left = nth;
    return (one: CarrierNews) => one.news === 'state' && --left === 0;
  };
  cloud.carrierEvents.say('delivery.state', { ...state, receipt: await cloud.receipt() });
  t.match(await dispatch.told.until(told(1), 3_000), { receipt: { checked: 'unpinned' } });
  await dispatch.pinHub(cloud.hub, cloud.hubKey.okp);
  cloud.carrierEvents.say('delivery.state', { ...state, receipt: await cloud.receipt() });
  t.match(await dispatch.told.until(told(2), 3_000), {
    state: 'delivered',
    proof: 'secured',
    receipt: { checked: 'genuine', claims: { delivery, proof: 'secured' } },
  });
  cloud.carrierEvents.say('delivery.state', { ...state, receipt: await cloud.receipt({ by: await edKey() }) });
  t.match(await dispatch.told.until(told(3), 3_000), { receipt: { checked: 'refused' } });
  const otherPhone = (await makeSignKey()).kid;
  cloud.carrierEvents.say('delivery.state', { ...state, receipt: await cloud.receipt({ jkt: otherPhone }) });
  t.match(await dispatch.told.until(told(4), 3_000), { receipt: { checked: 'refused' } });
  t.match(await dispatch.show(delivery), { ok: true });
  t.match(await dispatch.cancel(delivery), { ok: true });
});

t.test('under ask, the owner signs for the grant that the carrier assigned, and for no other', async (t) => {
  const on = await street(t, 'ask');
  const { cloud, owner, courier, dispatch, delivery } = on;
  owner.follow();
  await courier.press();
  t.match(await dispatch.confirm(delivery, courier.check), { ok: true, value: { state: 'waiting-for-owner' } });
  t.match(await courier.takeGrant(0), { ok: false, code: 'TASK_NOT_READY' });
  const isWanted = (one: { news: string; type?: string }) => one.type === 'approval.wanted';
  t.match(await owner.told.until(isWanted, 3_000), { data: { delivery } });
  const waiting = await owner.waiting();
  const [wanted] = waiting.ok ? waiting.value : [];
  const strangers = { grant: wanted!.grant, assignment: wanted!.assignment!.replace(/.{20}$/, 'A'.repeat(20)) };
  t.match(await owner.orders.approve(strangers), { ok: false, code: 'ASSIGNMENT_NOT_GENUINE', status: 0 });
  t.match(await owner.orders.approve({ grant: 'no.grant.x' }), { ok: false, code: 'GRANT_MALFORMED', status: 0 });
  const taking = courier.takeGrant();
  t.match(await owner.orders.approve(wanted!), { ok: true });
  t.match(await taking, { ok: true, value: { approval: cloud.approvals[0] } });
  owner.state.ruleBook.rules = [];
  t.match(await owner.orders.approve(wanted!), { ok: false, code: 'RULE_MISSING', status: 0 });
});

t.test('a carrier that no rule names announces nothing', async (t) => {
  const { dispatch, cloud } = await street(t);
  const window = { from: nowS(), until: nowS() + 60 };
  const elsewhere = await dispatch.announce({ door: `door-${'z'.repeat(20)}`, ...window, parcels: 1, reference: 'x' });
  t.match(elsewhere, { ok: false, code: 'DELIVERY_NOT_ALLOWED', status: 403 });
  t.ok(cloud.delivery);
});

t.test('the dispatch signs for the device that its own courier named, and for no other', async (t) => {
  const { cloud, courier, dispatch, delivery } = await street(t);
  t.match(await dispatch.confirm(delivery, '000000', 20), { ok: false, code: 'TASK_NOT_CLAIMED', status: 0 });
  await courier.press();
  const claimed = await dispatch.told.until(({ news }) => news === 'claimed', 3_000);
  t.match(claimed, { jkt: courier.key.kid });
  const wrong = courier.check === '123456' ? '654321' : '123456';
  t.match(await dispatch.confirm(delivery, wrong, 20), { ok: false, code: 'TASK_OTHER_DEVICE', status: 0 });
  t.match(await dispatch.confirm(newId(), courier.check, 20), { ok: false, code: 'NOT_FOUND', status: 0 });
  t.equal(cloud.assignment, undefined, 'nothing was signed so far');
  t.match(await dispatch.confirm(delivery, courier.key.kid), { ok: true }, 'the whole thumbprint does as well');
});

t.test('T44: a cloud that names another device than the one that pressed gets no signature', async (t) => {
  const { cloud, courier, dispatch, delivery } = await street(t);
  cloud.lies.claimedBy = (await makeSignKey()).kid;
  const pressed = await courier.press();
  t.match(pressed, { ok: true, value: { check: deviceCheck(courier.key.kid) } });
  // the event still shows the courier's digits beside the stranger's key: the dispatch works them out itself
  t.match(await dispatch.confirm(delivery, courier.check, 500), { ok: false, code: 'TASK_OTHER_DEVICE', status: 0 });
  t.equal(cloud.assignment, undefined);
});

t.test('T44: a forwarded link that a stranger pressed first is confirmed by nobody', async (t) => {
  const { cloud, courier, dispatch, delivery, token } = await street(t);
  const stranger = await pressFirst({ http: courier.http, token });
  t.equal(cloud.jkt, stranger.kid);
  t.match(await courier.press(), { ok: false, code: 'TASK_LINK_DEAD', status: 410 });
  t.match(await dispatch.confirm(delivery, courier.check, 500), { ok: false, code: 'TASK_OTHER_DEVICE' });
  t.equal(cloud.assignment, undefined);
});

t.test('a nonce that is too old is asked for afresh, and the act is done once', async (t) => {
  const on = await street(t);
  const visit = await prepared(t, on);
  on.cloud.forgetNonces();
  t.match(await visit.arrive(), { ok: true, value: { at: 'preparing' } });
  t.strictSame(on.cloud.done, ['arrive']);
  t.equal(visit.sent.length, 2);
  t.not(visit.sent[0], visit.sent[1]);
});

t.test('the courier gives up after three attempts, and at once where no retry helps', async (t) => {
  const on = await street(t);
  const visit = await prepared(t, on);
  on.cloud.weather.push('MESSAGE_EXPIRED', 'MESSAGE_EXPIRED', 'MESSAGE_EXPIRED');
  t.match(await visit.arrive(), { ok: false, code: 'MESSAGE_EXPIRED', status: 410 });
  t.equal(visit.sent.length, 3);
  on.cloud.weather.push('RULE_USED_UP');
  t.match(await visit.arrive(), { ok: false, code: 'RULE_USED_UP' });
  t.equal(visit.sent.length, 4);
  on.cloud.weather.push('DOOR_OPEN');
  t.match(await visit.arrive(), { ok: false, code: 'DOOR_OPEN' }, 'later is for the person to decide');
  t.equal(visit.sent.length, 5);
  t.strictSame(on.cloud.done, []);
});

t.test('an act whose answer was lost is looked up, not done twice', async (t) => {
  const on = await street(t);
  const visit = await prepared(t, on);
  on.cloud.weather.push('answer lost');
  t.match(await visit.arrive(), { ok: true, value: { at: 'preparing' } });
  on.cloud.at = 'ready';
  t.match(await visit.look(), { ok: true });
  on.cloud.weather.push('HUB_SILENT');
  t.match(await visit.open(), { ok: true, value: { at: 'open' } });
  t.strictSame(on.cloud.done, ['arrive', 'open'], 'the one that never arrived was sent again');
});

t.test('what the hub does not offer is not even signed', async (t) => {
  const on = await street(t);
  const visit = await prepared(t, on);
  t.match(await visit.finish(), { ok: false, code: 'VISIT_WRONG_STATE', status: 0, detail: { at: 'idle' } });
  on.cloud.at = 'ended';
  t.match(await visit.look(), { ok: true });
  t.match(await visit.abort(), { ok: false, code: 'VISIT_ENDED', status: 0 });
  t.equal(visit.sent.length, 0);
  t.match(
    await visit.until(['ready'], 5_000),
    { ok: true, value: { at: 'ended' } },
    'an ended visit is not waited for',
  );
});

t.test('waiting for a visit ends when its time is over', async (t) => {
  const on = await street(t);
  const visit = await prepared(t, on);
  const waited = await visit.until(['ready'], 200);
  t.match(waited, { ok: true, value: { at: 'idle' } });
  t.ok(waited.ms < 2_000);
});

t.test('T09, T18, T44: whatever is overheard, changed, signed again or copied is refused', async (t) => {
  const on = await street(t);
  const visit = await prepared(t, on);
  await visit.arrive();
  on.cloud.at = 'ready';
  await visit.look();
  const loot = {
    http: on.courier.http,
    token: on.token,
    hub: on.cloud.hub,
    grant: on.cloud.grant!,
    view: visit.view,
    knocks: visit.sent,
  };
  const done = [...on.cloud.done];
  const expected: Partial<Record<TrickName, object>> = {
    replay: { tried: 1, refused: { 'knock 0': 'KNOCK_NONCE_UNKNOWN' } },
    tamper: {
      tried: 8,
      refused: { 'act 0': 'KNOCK_MALFORMED', 'jti 0': 'KNOCK_NOT_GENUINE', 'aud 0': 'KNOCK_NOT_GENUINE' },
    },
    unsign: { tried: 1, refused: { 'unsigned 0': 'KNOCK_MALFORMED' } },
    resign: { tried: 2, refused: { 'own name 0': 'KNOCK_OTHER_KEY', 'their name 0': 'KNOCK_NOT_GENUINE' } },
    copy: { tried: 3, refused: { open: 'KNOCK_OTHER_KEY', 'look at the visit': 'NOT_FOUND' } },
    takeGrant: { tried: 3, refused: { grant: 'TASK_OTHER_DEVICE' } },
  };
  for (const [name, want] of Object.entries(expected)) {
    t.match(await play(name as TrickName, loot), { ...want, accepted: [], held: true }, name);
  }
  t.match(await visit.open(), { ok: true }, 'the courier is not disturbed');
  t.strictSame(on.cloud.done, [...done, 'open']);
});

t.test('T18: a knock that was kept back is refused when its time is over', async (t) => {
  const on = await street(t);
  const visit = await prepared(t, on);
  on.cloud.weather.push('HUB_OFFLINE');
  await visit.arrive();
  const wait = async () => on.cloud.forgetNonces();
  const withheld = { knocks: visit.sent, wait };
  const outcome = await play('late', { http: on.courier.http, view: visit.view, withheld });
  t.match(outcome, { tried: 1, held: true, refused: { 'late 0': 'KNOCK_NONCE_UNKNOWN' } });
  t.strictSame(on.cloud.done, []);
});

t.test('T44: a second device on a claimed link kills it', async (t) => {
  const on = await street(t);
  await on.courier.press();
  const outcome = await play('secondDevice', { http: on.courier.http, token: on.token });
  t.match(outcome, { held: true, refused: { claim: 'TASK_LINK_DEAD' } });
  t.match(await on.courier.takeGrant(0), { ok: false, code: 'TASK_LINK_DEAD' });
});

t.test('a trick that finds no loot has not held', async (t) => {
  const on = await street(t);
  t.strictSame(await play('replay', { http: on.courier.http }), {
    trick: 'replay',
    tried: 0,
    accepted: [],
    refused: {},
    held: false,
  });
  const open = { http: on.courier.http, token: on.token };
  t.match(await play('secondDevice', open), { tried: 1, accepted: ['claim'], held: false }, 'the first press is taken');
});
