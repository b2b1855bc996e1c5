/** A service company sends its own staff, within the limits that the owner has signed (S093, S094). */
import t, { type Test } from 'tap';
import { Courier } from '../../hardware-sim/people/courier.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { grantForm } from '../../wire/grant.ts';
import { peek } from '../../wire/jws.ts';
import type { Recurrence } from '../../wire/recurrence.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { nextAt, sleepUntil, walkIn, walkOut } from '../support/rig-guests.ts';
import { letCarrierIn, type RigCarrier, rulesFor } from '../support/rig-people.ts';
import { until } from '../support/until.ts';

const hourS = 3_600;
const dayMs = 86_400_000;
const zone = 'Europe/Berlin';

/** A company that the operator lets in; it knows the hub's key, as every partner does. */
async function newCompany(t: Test, rig: Rig): Promise<RigCarrier> {
  const company = await letCarrierIn(rig.operator, rig.world, 'company');
  t.teardown(() => company.close());
  await company.dispatch.pinHub(rig.owner.pinned.hub, rig.owner.pinned.hubKey);
  return company;
}

/** A member of the staff, with a phone that the company has signed for. */
async function send(t: Test, rig: Rig, { dispatch }: RigCarrier, fromMs: number) {
  const from = Math.floor(fromMs / 1000) - 5;
  const asked = { door: rig.door().id, from, until: from + 2 * hourS, reference: 'JOB-1' };
  const { delivery } = mustHave(await dispatch.announce(asked));
  const { token } = mustHave(await dispatch.taskLink(delivery));
  const staff = new Courier({ ...rig.world, token });
  t.teardown(() => staff.http.close());
  t.match(
    mustHave(await staff.preview()),
    { carrier: 'Blitz Blank', parcels: 0 },
    'the page knows that nothing is brought',
  );
  const { check } = mustHave(await staff.press());
  return { delivery, token, staff, check };
}

t.test('S094: a company sends its staff on a Tuesday from 9 to 12, and at no other time', async (t) => {
  const rig = await openRig(t);
  const tuesday = nextAt(rig.time.now(), 2, 9, zone);
  await sleepUntil(rig, tuesday + 20 * 60_000);
  const company = await newCompany(t, rig);
  const other = await newCompany(t, rig);
  const start = `${new Intl.DateTimeFormat('sv', { timeZone: zone }).format(tuesday - 7 * dayMs)}T09:00`;
  const recurs: Recurrence = { zone, start, seconds: 3 * hourS, freq: 'weekly', days: ['TU'] };
  const rules = (of: RigCarrier) =>
    rulesFor([rig.door().id], of, rig.time.now(), { consent: 'auto', camera: 'off' }).map((rule) => ({
      ...rule,
      recurs,
    }));
  mustHave(await rig.owner.orders.setRules(rules(company)));
  const job = { door: rig.door().id, from: tuesday / 1000, until: tuesday / 1000 + hourS, reference: 'JOB-2' };

  await t.test('who brings parcels says how many, who comes to work brings none', async (t) => {
    const wrong = { ok: false, code: 'BODY_MALFORMED' };
    for (const [what, said] of Object.entries({ parcels: 1, can: ['inside'], parcel: {} })) {
      t.match(await company.dispatch.announce({ ...job, [what]: said }), { ...wrong, detail: { where: what } }, what);
    }
    t.match(await rig.carrier.dispatch.announce(job), { ...wrong, detail: { where: 'parcels' } });
  });

  await t.test('nobody comes under the rule of somebody else', async (t) => {
    const none = { ok: false, code: 'DELIVERY_NOT_ALLOWED' };
    t.match(await other.dispatch.announce(job), none, 'another company');
    t.match(await rig.carrier.dispatch.announce({ ...job, parcels: 1 }), none, 'a carrier');
    for (const [partner, kind] of [
      [company, 'carrier'],
      [rig.carrier, 'company'],
    ] as const) {
      mustHave(await rig.owner.orders.setRules(rules({ ...partner, kind })));
      const asked = partner === company ? job : { ...job, parcels: 1 };
      t.match(await partner.dispatch.announce(asked), none, `a rule that says ${kind} is for no other`);
    }
    mustHave(await rig.owner.orders.setRules(rules(company)));
  });

  const { delivery, token, staff, check } = await send(t, rig, company, rig.time.now());
  mustHave(await company.dispatch.confirm(delivery, check));
  const task = mustHave(await staff.takeGrant());
  t.match(peek(grantForm, task.grant), { value: { claims: { purpose: 'service', delivery } } });
  const visit = mustHave(await staff.prepare(task));
  await walkIn(rig, visit);
  t.match(await walkOut(rig, visit), { outcome: 'completed', proof: 'secured' });
  await rig.untilCalm();
  t.equal(rig.pulses(), 1);
  const shown = await until('the company is told', async () => {
    const told = mustHave(await company.dispatch.show(delivery));
    return told.state === 'delivered' ? told : undefined;
  });
  t.match(shown, { purpose: 'service', parcels: 0, outcome: 'completed', plan: [{ place: 'inside' }] });
  t.match(await other.dispatch.show(delivery), { ok: false, code: 'NOT_FOUND' }, 'another company sees nothing of it');
  t.match(await staff.prepare(task), { ok: false, code: 'GRANT_USED_UP' }, 'one visit, once');

  await t.test('T03: a second phone kills the link', async (t) => {
    const second = await send(t, rig, company, rig.time.now());
    const thief = new Courier({ ...rig.world, token: second.token });
    t.teardown(() => thief.http.close());
    t.match(await thief.press(), { ok: false, code: /^TASK_/ });
    t.match(await company.dispatch.confirm(second.delivery, second.check), { ok: false, code: 'TASK_NOT_CLAIMED' });
    t.match(await second.staff.takeGrant(0), { ok: false, code: 'TASK_LINK_DEAD' });
    t.not(second.token, token);
  });

  await t.test('a grant of Tuesday opens nothing on Wednesday, and no new one is made', async (t) => {
    const kept = await send(t, rig, company, rig.time.now());
    mustHave(await company.dispatch.confirm(kept.delivery, kept.check));
    const grant = mustHave(await kept.staff.takeGrant());
    await sleepUntil(rig, tuesday + dayMs + hourS * 1000);
    mustHave(await rig.owner.orders.setRules(rig.owner.state.ruleBook.rules));
    const wednesday = { ...job, from: job.from + 86_400, until: job.until + 86_400 + hourS };
    t.match(await company.dispatch.announce(wednesday), { ok: false, code: 'DELIVERY_NOT_ALLOWED' });
    t.match(await kept.staff.prepare(grant), { ok: false, code: /^(GRANT_LATE|RULE_OUTSIDE_WINDOW)$/ });
    t.equal(rig.pulses(), 1);
  });
});
