import t from 'tap';
import * as v from 'valibot';
import { Courier } from '../../hardware-sim/people/courier.ts';
import { Guest } from '../../hardware-sim/people/guest.ts';
import { HttpClient, mustHave } from '../../hardware-sim/people/http.ts';
import { makeSignKey } from '../../hardware-sim/people/keys.ts';
import type { Recurrence } from '../../wire/recurrence.ts';
import { openRig } from '../support/rig.ts';
import {
  befriend,
  begin,
  enter,
  inviteOne,
  nextAt,
  sleepUntil,
  walkIn,
  walkOut,
  wishOf,
} from '../support/rig-guests.ts';
import { until } from '../support/until.ts';

const hourS = 3_600;
const dayMs = 86_400_000;

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
  const rule = doors[0]!.rule;
  for (let visits = 1; visits <= 2; visits += 1) {
    t.match(await enter(rig, guest, rule), { outcome: 'completed', proof: 'secured' });
    t.equal(rig.pulses(), visits);
    await rig.untilCalm();
  }

  t.test('T44: the link on another phone opens nothing, before and after', async (t) => {
    const other = await Guest.open({ url: invitation.url, clock: rig.time, key: await makeSignKey() });
    t.teardown(() => other.http.close());
    t.match(await other.press(), { ok: false, code: 'TASK_OTHER_DEVICE' });
    for (const tried of [other.doors(), other.ask(rule), other.takeGrant(0)])
      t.match(await tried, { ok: false, code: 'TASK_OTHER_DEVICE' });
    t.ok((await guest.doors()).ok, 'the guest goes on: an old link in the wrong hands shuts nobody out');

    const second = await inviteOne(t, rig);
    mustHave(await second.guest.press());
    const thief = await Guest.open({ url: second.invitation.url, clock: rig.time });
    t.teardown(() => thief.http.close());
    t.match(await thief.press(), { ok: false, code: 'INVITATION_DEAD' });
    t.match(await second.guest.doors(), { ok: false, code: 'INVITATION_DEAD' });
    t.match(await rig.owner.guests.accept(second.invitation.guest, [wishOf(rig)]), { code: 'INVITATION_DEAD' });
    t.ok(await rig.owner.told.until((one) => one.news === 'event' && one.type === 'guest.dead', 5_000));
  });

  t.test('R3: the cloud can slip in no key of its own: the owner pins what is proven with the secret', async (t) => {
    const third = await inviteOne(t, rig);
    const liar = new HttpClient({ base: rig.world.base, clock: rig.time });
    t.teardown(() => liar.close());
    const path = `/v1/guests/${third.guest.token}/claim`;
    const body = { proof: 'A'.repeat(43) };
    mustHave(await liar.call({ method: 'POST', path, body, proof: await makeSignKey() }, v.unknown()));
    t.match(await rig.owner.guests.accept(third.invitation.guest, [wishOf(rig)]), { code: 'INVITATION_NOT_GENUINE' });
  });

  t.test('a guest tries what is not theirs', async (t) => {
    const stranger = await befriend(t, rig, [wishOf(rig, { visits: 3 })]);
    t.match(await guest.ask(stranger.rules[0]!), { ok: false, code: 'NOT_FOUND' }, "another guest's rule");
    t.match(await guest.ask(rig.owner.state.ruleBook.rules[0]!.id), { code: 'NOT_FOUND' }, "the carrier's rule");
    const courier = new Courier({ ...rig.world, token: guest.token, key: guest.key });
    t.teardown(() => courier.http.close());
    for (const tried of [courier.preview(), courier.press(), courier.takeGrant(0)])
      t.match(await tried, { ok: false, code: 'NOT_FOUND' }, "a courier's route");
    const home = `/v1/homes/${rig.owner.pinned.home}`;
    for (const path of [home, `${home}/guests`, `${home}/deliveries`, `${home}/journal`, `${home}/recordings`])
      t.match(await guest.http.call({ method: 'GET', path, proof: guest.key }, v.unknown()), { code: 'NOT_FOUND' });
    const visit = await begin(guest, rule);
    const look = { method: 'GET', path: `/v1/visits/${visit.view.visit}`, proof: stranger.guest.key } as const;
    t.match(await guest.http.call(look, v.unknown()), { code: 'NOT_FOUND' }, "another guest's visit");
    t.equal(rig.pulses(), 2);
  });
});

t.test(
  'S093: a cleaner on Tuesdays from 9 to 12: in on a Tuesday, refused on a Wednesday, revoked, refused',
  async (t) => {
    const rig = await openRig(t);
    const zone = 'Europe/Berlin';
    const tuesday = nextAt(rig.time.now(), 2, 9, zone);
    await sleepUntil(rig, tuesday + 20 * 60_000);
    const start = `${new Intl.DateTimeFormat('sv', { timeZone: zone }).format(tuesday - 7 * dayMs)}T09:00`;
    const recurs: Recurrence = { zone, start, seconds: 3 * hourS, freq: 'weekly', days: ['TU'] };
    const { id, guest, rules } = await befriend(t, rig, [wishOf(rig, { recurs })]);
    const [rule] = rules;
    const from = tuesday / 1000;
    const { doors } = mustHave(await guest.doors());
    t.match(doors, [
      { zone, windows: [{ from, until: from + 3 * hourS }, { until: nextAt(tuesday + dayMs, 2, 12, zone) / 1000 }] },
    ]);
    t.match(await enter(rig, guest, rule!), { outcome: 'completed', proof: 'secured' });
    await rig.untilCalm();
    const kept = await begin(guest, rule!);

    await sleepUntil(rig, tuesday + dayMs + hourS * 1000);
    const next = nextAt(tuesday + dayMs, 2, 9, zone) / 1000;
    t.match(await guest.ask(rule!), { code: 'RULE_OUTSIDE_WINDOW', detail: { next } }, 'the cloud says when');
    t.match(await kept.arrive(), { ok: false, code: /^(VISIT_UNKNOWN|GRANT_LATE)$/ }, 'yesterday is over');
    const shown = mustHave(await guest.doors());
    t.equal(shown.doors[0]!.windows[0]!.from, next, 'and so does the page');

    const revoked = mustHave(await rig.owner.guests.revoke(id));
    t.equal(revoked.pending, false, 'the hub has it');
    t.match(await rig.owner.guests.show(id), { value: { state: 'ended', ending: { confirmed: true } } });
    mustHave(await rig.owner.orders.setRules(rig.owner.state.ruleBook.rules));
    await sleepUntil(rig, next * 1000 + 60_000);
    for (const tried of [guest.preview(), guest.doors(), guest.ask(rule!), guest.press()])
      t.match(await tried, { ok: false, code: 'GUEST_REVOKED' });
    t.equal(rig.pulses(), 1);
  },
);

t.test('the dog sitter this week, with a hub that restarts; a neighbour once; each visit asked for', async (t) => {
  const rig = await openRig(t);
  const nowS = Math.floor(rig.time.now() / 1000);
  const weekEndS = nowS + 5 * 86_400;
  const sitter = await befriend(t, rig, [wishOf(rig, { until: weekEndS })]);
  const neighbour = await befriend(t, rig, [wishOf(rig, { visits: 1, consent: 'ask' })]);
  const [rule] = sitter.rules;
  const visit = await begin(sitter.guest, rule!);
  await walkIn(rig, visit);
  await rig.machine.stop();
  rig.sim.door(rig.door().name).closeLeaf();
  await rig.machine.start();
  await rig.untilCalm();
  t.match(await visit.until(['ended']), { value: { outcome: 'interrupted', proof: 'secured' } });
  t.match(await enter(rig, sitter.guest, rule!), { outcome: 'completed' }, 'and in again, with the same phone');
  await rig.untilCalm();

  const asked = mustHave(await neighbour.guest.ask(neighbour.rules[0]!));
  t.equal(asked.state, 'waiting-for-owner');
  t.match(await neighbour.guest.takeGrant(0), { ok: false, code: 'TASK_NOT_READY' });
  const [no] = mustHave(await rig.owner.waiting());
  t.match(no, { guest: neighbour.id });
  const { jti } = JSON.parse(Buffer.from(no!.grant.split('.')[1]!, 'base64url').toString());
  mustHave(await rig.owner.orders.revoke({ kind: 'grant', id: jti }));
  t.match(await neighbour.guest.takeGrant(0), { ok: false, code: 'GRANT_REVOKED' }, 'the owner said no');
  mustHave(await neighbour.guest.ask(neighbour.rules[0]!));
  const [yes] = mustHave(await rig.owner.waiting());
  mustHave(await rig.owner.orders.approve(yes!));
  const once = mustHave(await neighbour.guest.prepare(mustHave(await neighbour.guest.takeGrant())));
  await walkIn(rig, once);
  t.match(await walkOut(rig, once), { outcome: 'completed' });
  await rig.untilCalm();
  await until(
    'the cloud has heard of the visit',
    async () => mustHave(await neighbour.guest.doors()).doors[0]!.left === 0,
  );
  t.match(mustHave(await neighbour.guest.doors()).doors, [{ windows: [], left: 0 }], 'once is once');
  t.match(await neighbour.guest.ask(neighbour.rules[0]!), { ok: false, code: 'RULE_USED_UP' });

  await sleepUntil(rig, weekEndS * 1000);
  t.match(mustHave(await sitter.guest.doors()).doors, [{ windows: [] }], 'the week is over');
  t.match(await sitter.guest.ask(rule!), { ok: false, code: 'RULE_OUTSIDE_WINDOW' });
  t.equal(rig.pulses(), 3);
});
