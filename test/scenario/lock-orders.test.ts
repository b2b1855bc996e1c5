import t from 'tap';
import { newOwner } from '../../hardware-sim/people/owner.ts';
import { newId } from '../../wire/jws.ts';
import { openRig } from '../support/rig.ts';

const rig = await openRig(t);
const { locks } = rig.owner;
const door = rig.door().id;

t.test('R1: the hub’s own seal key reaches the owner’s phone as the hub signed it', async (t) => {
  t.match(await locks.hubSeal(), { ok: true, value: { kty: 'EC', crv: 'P-256' } });
});

t.test('a strike keeps no codes and no users: whatever its owner orders is refused by name', async (t) => {
  const refused = { ok: false, code: 'LOCK_CAPABILITY_MISSING', status: 409 };
  t.match(await locks.codes(door), refused);
  t.match(await locks.users(door), refused);
  t.match(await locks.addCode(door, { digits: '345678', name: 'Ann' }), refused);
  t.match(await locks.addUser(door, { name: 'Ann', kind: 'app', mayActFromAfar: false }), refused);
  t.match(await locks.removeCode(door, 1), refused);
  t.match(await locks.removeUser(door, 1), refused);
  t.equal(rig.pulses(), 0);
});

t.test('T14, T09: a device that is not pinned at the hub is refused by the hub itself', async (t) => {
  const stranger = await newOwner(rig.world);
  t.teardown(() => stranger.http.close());
  stranger.state.pinned = rig.owner.pinned;
  const order = await stranger.locks.sign(door, { do: 'codes.list' });
  t.match(await stranger.locks.send(order), { ok: false, code: 'NOT_FOUND' }, 'the cloud tells it nothing');
  t.match(
    await locks.send(order),
    { ok: false, code: 'LOCK_ORDER_KEY_UNKNOWN' },
    'nor does the hub, when an owner carries it',
  );
});

t.test(
  'T26: while the clock is not trusted, nothing is added, and what takes away is still judged by the lock',
  async (t) => {
    const [add, remove] = [
      await locks.sign(door, { do: 'codes.add', sealed: 'a.b.c.d.e' }, newId()),
      await locks.sign(door, { do: 'codes.remove', id: 1 }),
    ];
    rig.hubClock.setOff(-3_600_000);
    t.match(await locks.send(add), { code: /^CLOCK_/ });
    t.match(await locks.send(remove), { code: 'LOCK_CAPABILITY_MISSING' });
  },
);
