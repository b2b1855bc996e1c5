import t from 'tap';
import { Courier } from '../../hardware-sim/people/courier.ts';
import { Guest } from '../../hardware-sim/people/guest.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { deliverByHand } from '../../hardware-sim/start/by-hand.ts';
import { guestByHand } from '../../hardware-sim/start/guest-by-hand.ts';
import { readTaskFragment } from '../../wire/visit-link.ts';
import { withStreet } from '../scenario/kill/quick-street.ts';

t.setTimeout(120_000);

t.test('whoever sits at the terminal plays dispatch and hands, for a courier in a browser', async (t) => {
  await withStreet(
    async (street) => {
      const own = await deliverByHand(street);
      const link = readTaskFragment(new URL(own.url).hash)!;
      t.equal(link.api, street.url, 'the link leads to the page, and the page to the service');
      t.equal(await own.typed('knock knock'), undefined);
      const courier = new Courier({ base: link.api, token: link.token });
      const { check } = mustHave(await courier.press());
      const wrong = check === '000000' ? '000001' : '000000';
      await t.rejects(own.typed(wrong), { code: 'TASK_OTHER_DEVICE' }, 'digits of no phone that pressed');
      await t.rejects(own.typed('open'), { code: 'LOCK_REFUSED' }, 'the door is locked');
      t.match(await own.typed(`${check.slice(0, 3)} ${check.slice(3)}`), /the owner said yes/);
      mustHave(await courier.takeGrant(10_000));
      const visit = mustHave(await courier.prepare(mustHave(await courier.takeGrant())));
      mustHave(await visit.arrive());
      mustHave(await visit.until(['ready'], 20_000));
      mustHave(await visit.open());
      t.match(await own.typed('open'), /Type close/);
      mustHave(await visit.until(['open'], 10_000));
      t.match(await own.typed('close'), /locks it/);
      t.match(mustHave(await visit.until(['ended'], 20_000)), { outcome: 'completed', proof: 'secured' });
      courier.http.close();

      const host = guestByHand(street, 'http://127.0.0.1:1');
      t.equal(await host.typed('accept'), undefined, 'nobody is invited');
      const url = /http\S+/.exec((await host.typed('invite')) ?? '')![0];
      const guest = await Guest.open({ url });
      await t.rejects(host.typed('accept'), { code: 'TASK_NOT_CLAIMED' });
      const { check: digits } = mustHave(await guest.press());
      t.match(await host.typed('accept'), `${digits.slice(0, 3)} ${digits.slice(3)}`);
      t.match(await guest.doors(), {
        ok: true,
        value: { doors: [{ door: street.settings.door, camera: 'recorded' }] },
      });
      t.match(await host.typed('revoke'), /confirmed/);
      t.match(await guest.doors(), { ok: false, code: 'GUEST_REVOKED' });
      guest.http.close();
    },
    { camera: true },
  );
});
