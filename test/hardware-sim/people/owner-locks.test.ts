import t, { type Test } from 'tap';
import { newOwner, type Owner } from '../../../hardware-sim/people/owner.ts';
import { toHandoverUri } from '../../../wire/handover.ts';
import { hubKeyForm } from '../../../wire/hub-key.ts';
import { signDocument } from '../../../wire/jws.ts';
import { maxListed } from '../../../wire/lock-order.ts';
import { makeOrdersBench, type OrdersBench } from '../../device/desk/orders-bench.ts';
import { newOpener } from '../../support/opener.ts';
import { edKey, type SmallCloud, startSmallCloud } from './small-cloud.ts';

async function start(t: Test): Promise<{ cloud: SmallCloud; owner: Owner; bench: OrdersBench; door: string }> {
  const cloud = await startSmallCloud();
  const owner = await newOwner({ base: cloud.base });
  t.teardown(() => {
    owner.http.close();
    cloud.server.close();
  });
  const nowS = Math.floor(Date.now() / 1000);
  const bench = await makeOrdersBench(t, { hubId: cloud.hub, hub: cloud.hubKey, doorId: cloud.door, nowS });
  cloud.locks = bench.desk;
  t.match(await owner.handover(toHandoverUri(cloud.code)), { ok: true });
  await bench.pin([{ sign: owner.keys.sign, seal: owner.keys.device.seal }]);
  return { cloud, owner, bench, door: cloud.door };
}

t.test('an owner administers codes and users from a phone', async (t) => {
  const { owner, bench, door } = await start(t);
  t.match(await owner.locks.codes(door), { ok: true, value: [] });
  const added = await owner.locks.addCode(door, { digits: '345678', name: 'Ann' });
  t.match(added, { ok: true, status: 200, value: { did: 'codes.add', id: 1 } });
  t.equal(bench.lock.digits.get(1), '345678');
  t.match(await owner.locks.codes(door), { ok: true, value: [{ id: 1, name: 'Ann' }] });
  t.match(await owner.locks.removeCode(door, 1), { ok: true, value: { did: 'codes.remove' } });
  const key = Buffer.alloc(32, 2).toString('base64url');
  const fob = { name: 'Fob', kind: 'fob', mayActFromAfar: false } as const;
  t.match(await owner.locks.addUser(door, fob), { ok: true, value: { id: 2, key } });
  t.match(await owner.locks.users(door), { ok: true, value: [{ id: 2, ...fob }] });
  t.match(await owner.locks.removeUser(door, 2), { ok: true, value: { did: 'users.remove' } });
  t.match(await owner.locks.users(door), { ok: true, value: [] });
});

t.test('a long list is read to its end', async (t) => {
  const { owner, bench, door } = await start(t);
  const count = maxListed + 3;
  for (let id = 1; id <= count; id += 1) bench.lock.held.codes.set(id, { id, name: 'Ann', enabled: true, uses: 0 });
  const listed = await owner.locks.codes(door);
  t.equal(listed.ok && listed.value.length, count);
});

t.test('what the hub or the lock refuses reaches the phone by its code', async (t) => {
  const { owner, bench } = await start(t);
  t.match(await owner.locks.codes(bench.plainDoor), { ok: false, code: 'LOCK_CAPABILITY_MISSING', status: 409 });
  bench.lock.fails = 'NUKI_FULL';
  t.match(await owner.locks.addCode(bench.cast.doorId, { digits: '345678', name: 'Ann' }), {
    ok: false,
    code: 'NUKI_FULL',
  });
});

t.test('R1: a phone seals digits for no key but the one that its hub signed', async (t) => {
  const { cloud, owner, bench, door } = await start(t);
  const slipped = { iss: cloud.hub, iat: 1, seal: (await newOpener()).jwk };
  const sealKey = await signDocument(hubKeyForm, slipped, await edKey());
  cloud.locks = { take: bench.desk.take, sealKey: async () => sealKey };
  t.match(await owner.locks.addCode(door, { digits: '345678', name: 'Ann' }), {
    code: 'HUB_KEY_NOT_GENUINE',
    status: 0,
  });
  t.same(bench.lock.calls, []);
});

t.test('a phone believes no answer that the cloud kept, made or took from elsewhere', async (t) => {
  const { cloud, owner, bench, door } = await start(t);
  const order = await owner.locks.sign(door, { do: 'codes.list' });
  const kept = await bench.desk.take(order);
  cloud.locks = { take: async () => kept, sealKey: bench.desk.sealKey };
  t.match(await owner.locks.send(order), { ok: true }, 'the answer to this very order is one');
  t.match(await owner.locks.codes(door), { code: 'LOCK_ANSWER_NOT_GENUINE', status: 0 }, 'and to no other');
  cloud.locks = { take: async () => ({ ok: true, value: { answer: order } }), sealKey: bench.desk.sealKey };
  t.match(await owner.locks.codes(door), { code: 'LOCK_ANSWER_MALFORMED', status: 0 });
});
