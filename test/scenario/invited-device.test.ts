import t from 'tap';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { askToJoin, joinInvited } from '../../hardware-sim/people/invite.ts';
import { newOwner, type Owner } from '../../hardware-sim/people/owner.ts';
import { readInvitation, toInvitation } from '../../wire/invitation.ts';
import { newId } from '../../wire/jws.ts';
import { openRig } from '../support/rig.ts';
import { until } from '../support/until.ts';

const rig = await openRig(t);
const newPhone = async (): Promise<Owner> => {
  const phone = await newOwner({ base: rig.owner.http.base, clock: rig.owner.http.clock });
  t.teardown(() => {
    phone.unfollow();
    phone.http.close();
  });
  return phone;
};

t.test(
  'a phone with an invitation is signed in by the one that made it, and then is an owner like the other',
  async (t) => {
    rig.owner.follow();
    const second = await newPhone();
    const invitation = mustHave(await askToJoin(second, rig.owner.invite()));
    await until('it is signed in', async () => (await joinInvited(second, invitation)).ok);
    t.equal(second.pinned.hub, rig.hubId);
    t.match(await second.orders.stop(newId()), { ok: true }, 'the hub takes what it signs');
  },
);

t.test('whoever has another secret, a used link, or keys that were slipped in is not', async (t) => {
  const before = mustHave(await rig.owner.look()) && rig.owner.pinned.ownerList;
  const link = rig.owner.invite();
  const read = readInvitation(link);
  if (!read.ok) return t.fail(read.code);
  const stranger = await newPhone();
  const other = toInvitation({ ...read.value, secret: newId() });
  mustHave(await askToJoin(stranger, other));
  const [second, third] = [await newPhone(), await newPhone()];
  const invitation = mustHave(await askToJoin(second, link));
  await until('it is signed in', async () => (await joinInvited(second, invitation)).ok);
  mustHave(await askToJoin(third, link));
  const probe = await newPhone();
  const last = mustHave(await askToJoin(probe, rig.owner.invite()));
  await until('the one after them is signed in', async () => (await joinInvited(probe, last)).ok);
  t.match(await joinInvited(stranger, invitation), { ok: false, code: 'NOT_FOUND' });
  t.match(await joinInvited(third, invitation), { ok: false, code: 'NOT_FOUND' });
  mustHave(await rig.owner.look());
  t.equal(rig.owner.pinned.ownerList, before + 2, 'two devices came, and no other');
  const liar = { ...last, hubKey: 'A'.repeat(43) };
  t.match(
    await joinInvited(probe, liar),
    { ok: false, code: 'HANDOVER_NOT_GENUINE' },
    'a cloud that shows another hub',
  );
});
