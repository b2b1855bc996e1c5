import t from 'tap';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { openRig } from '../support/rig.ts';
import { enter, inviteOne, wishOf } from '../support/rig-guests.ts';

t.test('S092: family always: invited by link, accepted at first use, in again and again', async (t) => {
  const rig = await openRig(t);
  const { invitation, guest } = await inviteOne(t, rig);
  t.match(await guest.preview(), { ok: true, value: { state: 'open' } });
  t.match(await rig.owner.guests.accept(invitation.guest, []), { ok: false, code: 'TASK_NOT_CLAIMED' });
  const { check } = mustHave(await guest.press());
  t.match(await guest.doors(), { ok: false, code: 'INVITATION_PENDING' });
  t.match(await guest.ask('rule-1'), { ok: false, code: 'INVITATION_PENDING' });
  const claimed = mustHave(await rig.owner.guests.show(invitation.guest));
  t.match(claimed, { state: 'claimed', device: { check, jkt: guest.key.kid } }, 'both phones show the same digits');

  mustHave(await rig.owner.guests.accept(invitation.guest, [wishOf(rig)]));
  const { doors } = mustHave(await guest.doors());
  t.match(doors, [{ door: rig.door().id, kind: 'latch', camera: 'off', consent: 'auto', left: 1_000 }]);
  for (let visits = 1; visits <= 2; visits += 1) {
    const ended = await enter(rig, guest, doors[0]!.rule);
    t.match(ended, { outcome: 'completed', proof: 'secured' });
    t.equal(rig.pulses(), visits);
    await rig.untilCalm();
  }
});
