import t from 'tap';
import * as v from 'valibot';
import { play, pressFirst } from '../../../hardware-sim/people/burglar.ts';
import { Courier } from '../../../hardware-sim/people/courier.ts';
import { HttpClient, mustHave } from '../../../hardware-sim/people/http.ts';
import { hashOf } from '../../../wire/jws.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { until } from '../../support/until.ts';

/** A delivery with its link, before anybody opened it. */
async function linked(rig: Rig) {
  const from = Math.floor(rig.time.now() / 1000) - 5;
  const { dispatch } = rig.carrier;
  const asked = { door: rig.door().id, from, until: from + 7_200, parcels: 1, reference: 'HER-2' };
  const { delivery } = mustHave(await dispatch.announce(asked));
  const { token } = mustHave(await dispatch.taskLink(delivery));
  return { delivery, token, dispatch, http: rig.owner.http, base: rig.owner.http.base };
}

t.test('a task link that is previewed stays unclaimed and tells no address', async (t) => {
  const rig = await openRig(t);
  const { token, base } = await linked(rig);
  const scanner = new HttpClient({ base, clock: rig.time });
  t.teardown(() => scanner.close());
  for (let times = 0; times < 3; times += 1) {
    const courier = new Courier({ base, clock: rig.time, token });
    const preview = mustHave(await courier.preview());
    t.notOk(JSON.stringify(preview).includes(rig.door().id), 'no door');
    t.equal(preview.parcels, 1);
    courier.http.close();
  }
  const courier = new Courier({ base, clock: rig.time, token });
  t.teardown(() => courier.http.close());
  t.ok((await courier.press()).ok, 'the courier still can claim it');
});

t.test('a forwarded link opens nothing: the carrier signs only for the phone that its own courier names', async (t) => {
  const rig = await openRig(t);
  const { delivery, token, dispatch, base } = await linked(rig);
  const http = new HttpClient({ base, clock: rig.time });
  t.teardown(() => http.close());
  const stranger = await pressFirst({ http, token });
  const courier = new Courier({ base, clock: rig.time, token });
  t.teardown(() => courier.http.close());
  const late = await courier.press();
  t.match(late, { ok: false, code: 'TASK_LINK_DEAD' }, 'the courier is second, and the link is dead');
  const signed = await dispatch.confirm(delivery, courier.key.kid, 500);
  t.match(signed, { ok: false, code: 'TASK_OTHER_DEVICE' });
  const grant = await http.call({ method: 'GET', path: `/v1/tasks/${token}/grant`, proof: stranger }, v.unknown());
  t.match(grant, { ok: false, code: 'TASK_LINK_DEAD' });
  t.equal(rig.pulses(), 0);
});

t.test('T44: a second device on a granted link kills it at the hub, and the copied grant opens nothing', async (t) => {
  const rig = await openRig(t);
  const errand = await rig.deliver('ready');
  const http = new HttpClient({ base: rig.owner.http.base, clock: rig.time });
  t.teardown(() => http.close());
  const loot = {
    http,
    token: errand.courier.token,
    hub: rig.hubId,
    grant: errand.task.grant,
    view: errand.visit.view,
    knocks: errand.visit.sent,
  };
  for (const trick of ['copy', 'resign', 'tamper', 'unsign', 'replay', 'takeGrant'] as const) {
    const outcome = await play(trick, loot);
    t.ok(outcome.held, `${trick}: ${JSON.stringify(outcome.refused)} ${JSON.stringify(outcome.accepted)}`);
  }
  t.equal(rig.at(), 'ready', 'the courier still stands before the ready door');
  const second = await play('secondDevice', loot);
  t.ok(second.held, 'and is refused itself');
  await until('the visit is stopped', () => rig.at() === 'idle');
  t.match(await errand.visit.open(), { ok: false });
  t.equal(rig.pulses(), 0);
  t.ok(
    rig.hubJournal().some((text) => text.includes('"ends":"grant"')),
    `revoked ${hashOf(errand.task.grant)}`,
  );
});
