import t from 'tap';
import * as v from 'valibot';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { newOwner, type Owner } from '../../hardware-sim/people/owner.ts';
import { recover, recoveryState } from '../../hardware-sim/people/recover.ts';
import { newId } from '../../wire/jws.ts';
import { newRecoveryCode } from '../../wire/recovery-code.ts';
import { openRig } from '../support/rig.ts';
import { takeOver } from '../support/rig-people.ts';
import { until } from '../support/until.ts';

const hourMs = 3_600_000;
const rig = await openRig(t);
const newPhone = async (): Promise<Owner> => {
  const phone = await newOwner(rig.world);
  t.teardown(() => {
    phone.unfollow();
    phone.http.close();
  });
  return phone;
};
const ownersAtHub = (): number => rig.hub.status().owners;
const left = (): number => rig.hub.status().recovery?.leftMs ?? Number.NaN;
/** Waits for a state while time passes ten times as fast as a lock would bear: nobody is at a door here. */
const soon = <T>(what: string, look: () => T): Promise<unknown> =>
  until(what, () => {
    rig.time.wind(200);
    return look();
  });
/** Switches the hub off, and waits until the cloud knows. */
const switchOff = async (): Promise<void> => {
  await rig.machine.stop();
  await soon('the cloud knows', async () => !mustHave(await rig.owner.look()).online);
};
/** Hours pass: the hub looks at its clock in between. */
const pass = async (hours: number): Promise<void> => {
  const before = left();
  rig.time.wind(hours * hourMs);
  await soon('the hub has looked at its clock', () => !(left() > before - hours * hourMs + 60_000));
};
const stateOf = async (phone: Owner, recovery: string): Promise<string> =>
  mustHave(await recoveryState(phone.http, recovery)).at;

const Standing = v.object({ alarms: v.array(v.object({ code: v.string() })) });
/** Alarms of which owners are told until somebody looks after them. */
async function standing(): Promise<readonly string[]> {
  const path = `/v1/homes/${rig.owner.pinned.home}/alarms`;
  const { alarms } = mustHave(await rig.owner.http.call({ method: 'GET', path, proof: rig.owner.keys.sign }, Standing));
  return alarms.map(({ code }) => code);
}

let printed = newRecoveryCode();
mustHave(await rig.owner.setRecoveryCode(printed));

t.test('with the code a new phone is an owner after 24 hours; the others hear of it at once', async (t) => {
  const phone = await newPhone();
  const { home, recovery } = mustHave(await recover(phone, printed));
  t.equal(home.hub, rig.hubId);
  t.equal(home.home, rig.owner.pinned.home);
  const told = await rig.owner.told.until(
    (one) => one.news === 'entry' && one.record.kind === 'alarm.raised' && one.record.body.code === 'RECOVERY_ASKED',
    20_000,
  );
  t.ok(told, 'an alarm');
  const [listed] = mustHave(await rig.owner.recoveries()).recoveries;
  t.equal(listed?.recovery, recovery.recovery);
  t.ok((listed?.untilAt ?? 0) <= rig.time.now() + 24 * hourMs, 'nobody is promised more time than there is');
  await soon('the hub counts', () => left() < 24 * hourMs);
  t.match(await phone.join(home), { code: 'NOT_FOUND' }, 'it is nobody yet');
  t.match(await recover(phone, printed, recovery.recovery), { ok: true }, 'the same again is harmless');
  await pass(23);
  t.equal(ownersAtHub(), 1);
  t.match(await phone.join(home), { code: 'NOT_FOUND' });
  rig.time.wind(1.1 * hourMs);
  await soon('it is added', () => ownersAtHub() === 2);
  await soon('it is an owner', async () => (await phone.join(home)).ok);
  t.match(await phone.orders.stop(newId()), { ok: true }, 'the hub takes what it signs');
  t.equal(await stateOf(phone, recovery.recovery), 'done');
  mustHave(await rig.owner.look());
});

t.test('a veto ends it, and the same request never lives again', async (t) => {
  const before = ownersAtHub();
  const phone = await newPhone();
  const { home, recovery } = mustHave(await recover(phone, printed));
  await soon('the hub counts', () => left() < 24 * hourMs);
  await pass(12);
  mustHave(await rig.owner.orders.veto(recovery.recovery));
  await soon('it is over', () => rig.hub.status().recovery === undefined);
  t.equal(await stateOf(phone, recovery.recovery), 'vetoed');
  await rig.owner.told.until((one) => one.news === 'entry' && one.record.kind === 'recovery.ended', 20_000);
  rig.time.wind(25 * hourMs);
  await rig.untilCalm();
  t.equal(ownersAtHub(), before);
  t.match(await phone.join(home), { code: 'NOT_FOUND' });
  t.same(
    rig.owner.journal.alarms.filter(({ code }) => code === 'RECOVERY_ASKED'),
    [],
  );
});

t.test('a wrong code, a code of another home and no code at all are answered alike', async (t) => {
  const phone = await newPhone();
  const mistyped = printed.replace(/.$/, (sign) => (sign === '0' ? '1' : '0'));
  t.match(await recover(phone, mistyped), { code: 'RECOVERY_CODE_MISTYPED', status: 0 }, 'it never leaves the phone');
  t.match(await recover(phone, newRecoveryCode()), { code: 'NOT_FOUND' });
  const path = '/v1/recoveries';
  for (const recovery of ['a.b.c', `${'a'.repeat(60)}.b.c`]) {
    const reply = await phone.http.call({ method: 'POST', path, body: { recovery } }, undefined as never);
    t.match(reply, { ok: false, code: 'NOT_FOUND', status: 404 });
  }
});

t.test('one after the other, and a new code puts the old one out', async (t) => {
  const [phone, other] = [await newPhone(), await newPhone()];
  const { recovery } = mustHave(await recover(phone, printed));
  t.match(await recover(other, printed), { code: 'RECOVERY_PENDING' });
  const fresh = newRecoveryCode();
  mustHave(await rig.owner.setRecoveryCode(fresh));
  await soon('it is over', async () => (await stateOf(phone, recovery.recovery)) === 'ended');
  t.match(await recover(phone, printed), { code: 'NOT_FOUND' });
  printed = fresh;
});

t.test('asked while the hub is away, vetoed while it is away: nobody is ever added', async (t) => {
  const before = ownersAtHub();
  await switchOff();
  const phone = await newPhone();
  const { recovery } = mustHave(await recover(phone, printed));
  t.equal(recovery.at, 'asked');
  const heard = (type: string) => rig.owner.told.until((one) => one.news === 'event' && one.type === type, 20_000);
  t.ok(await heard('recovery.asked'), 'the owners are told all the same');
  await soon('it stands as an alarm', async () => (await standing()).includes('RECOVERY_ASKED'));
  t.match(mustHave(await rig.owner.recoveries()).recoveries[0], { recovery: recovery.recovery, at: 'asked' });
  t.match(mustHave(await rig.owner.orders.veto(recovery.recovery)), { pending: true });
  t.ok(await heard('recovery.over'));
  await soon('it stands no more', async () => !(await standing()).includes('RECOVERY_ASKED'));
  await rig.machine.start();
  await rig.untilCalm();
  t.equal(rig.hub.status().recovery, undefined);
  t.equal(ownersAtHub(), before);
  t.equal(await stateOf(phone, recovery.recovery), 'vetoed');
});

t.test('T26, T27: a hub restarted half-way goes on waiting, and a wild clock shortens nothing', async (t) => {
  const before = ownersAtHub();
  await switchOff();
  const phone = await newPhone();
  mustHave(await recover(phone, printed));
  await rig.machine.start();
  await soon('the hub got it and counts', () => left() < 24 * hourMs);
  await pass(12);
  await rig.machine.stop();
  rig.hubClock.setOff(48 * hourMs);
  await rig.machine.start();
  await soon('it has asked the cloud', () => rig.hub.status().clock === 'CLOCK_DISAGREES');
  rig.time.wind(13 * hourMs);
  await soon('it has looked', () => rig.hub.status().recovery !== undefined);
  t.ok(left() > 11 * hourMs, 'nothing counts');
  t.equal(ownersAtHub(), before);
  const waited = left();
  rig.hubClock.setOff(0);
  await soon('it counts again', () => left() < waited);
  await pass(11);
  t.equal(ownersAtHub(), before);
  rig.time.wind(1.1 * hourMs);
  await soon('it is added', () => ownersAtHub() === before + 1);
});

t.test('without the cloud nobody is added; a veto that lay there meanwhile comes first', async (t) => {
  const before = ownersAtHub();
  const phone = await newPhone();
  const { recovery } = mustHave(await recover(phone, printed));
  await soon('the hub counts', () => left() < 24 * hourMs);
  rig.machine.swallowed.add('ask');
  rig.time.wind(25 * hourMs);
  await soon('the wait is over and the hub has asked', () => left() === 0 && rig.machine.lost > 2);
  t.equal(ownersAtHub(), before);
  await switchOff();
  t.match(mustHave(await rig.owner.orders.veto(recovery.recovery)), { pending: true });
  rig.machine.swallowed.clear();
  await rig.machine.start();
  await soon('the veto arrived', () => rig.hub.status().recovery === undefined);
  t.equal(ownersAtHub(), before);
  t.equal(await stateOf(phone, recovery.recovery), 'vetoed');
});

t.test('a hand-over in person ends a recovery, its code and everybody of before', async (t) => {
  const phone = await newPhone();
  const { recovery } = mustHave(await recover(phone, printed));
  await soon('the hub counts', () => left() < 24 * hourMs);
  const next = newRecoveryCode();
  const owner = await newPhone();
  mustHave(await owner.handover(rig.hub.openHandover().uri, next));
  await soon('it is over', async () => (await stateOf(phone, recovery.recovery)) === 'ended');
  t.equal(ownersAtHub(), 1);
  t.match(await recover(phone, printed), { code: 'NOT_FOUND' });
  const asked = mustHave(await recover(phone, next));
  t.equal(asked.home.home, owner.pinned.home);
  mustHave(await owner.orders.veto(asked.recovery.recovery));
  const bare = await takeOver(rig.hub.openHandover().uri, rig.world);
  t.teardown(() => {
    bare.unfollow();
    bare.http.close();
  });
  t.match(await recover(phone, next), { code: 'NOT_FOUND' }, 'handed over without a code');
});
