import t from 'tap';
import * as v from 'valibot';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { askToJoin, joinInvited } from '../../hardware-sim/people/invite.ts';
import { newOwner, type Owner } from '../../hardware-sim/people/owner.ts';
import type { JournalRecord } from '../../hardware-sim/people/owner-journal.ts';
import { type Browser, openPushService } from '../../hardware-sim/push/service.ts';
import { PushMessage } from '../../wire/notifications.ts';
import { openRig } from '../support/rig.ts';
import { toEntries } from '../support/rig-journals.ts';

const service = await openPushService();
t.teardown(() => service.close());
const rig = await openRig(t, {
  doors: [{ name: 'front', holds: 'nuki', sim: { keypad: true } }],
  cloud: { pushLoopback: true },
});
const nuki = rig.sim.nuki('front');
const door = rig.door().id;
const forced = rig.owner;
const notFor = [forced.keys.sign.kid];
const [usual, duress] = ['345678', '654321'];

/** Has a phone told by push, and reads what it is told. */
async function subscribe(owner: Owner): Promise<Browser> {
  const path = `/v1/homes/${owner.pinned.home}/notifications`;
  const Settings = v.object({ pushKey: v.string() });
  const { pushKey } = mustHave(await owner.http.call({ method: 'GET', path, proof: owner.keys.sign }, Settings));
  const browser = service.subscribe(pushKey);
  const body = { push: browser.subscription, language: 'en' };
  mustHave(await owner.http.call({ method: 'PUT', path, body, proof: owner.keys.sign }, Settings));
  return browser;
}
const told = ({ pushed }: Browser): readonly PushMessage[] =>
  pushed.map(({ text }) => v.parse(PushMessage, JSON.parse(text)));
const isDuress = ({ body }: PushMessage): boolean => body.includes('duress');

/** Somebody types a code, comes in, and locks behind them. @returns what each phone shows of it */
async function comeIn(digits: string, phones: readonly Owner[]): Promise<readonly (readonly JournalRecord[])[]> {
  const before = phones.map(({ journal }) => journal.records.length);
  t.ok(nuki.typeCode(Number(digits)), 'the keypad takes it');
  await rig.until('the door is open', () => rig.hub.status().doors[0]?.bolt === 'unlocked');
  nuki.turn('locked');
  await rig.untilCalm();
  const { length } = rig.hubJournal();
  const seen = (phone: Owner) => phone.journal.records.at(-1)?.entry.seq ?? 0;
  await rig.until('all is read', () => {
    const now = rig.hubJournal().length;
    return now >= length && phones.every((phone) => seen(phone) >= now) && logged(phones[0]!) === nuki.truth().logged;
  });
  return phones.map(({ journal }, at) => journal.records.slice(before[at]));
}
const logged = (phone: Owner): unknown =>
  phone.journal.records.findLast(({ kind }) => kind === 'lock.logged')?.body.index;
/** What a phone shows, but for who it was and when; bolt and log of a lock are heard of in either order. */
const shapesOf = (records: readonly JournalRecord[] = []): readonly string[] =>
  records.map((one) => JSON.stringify(shapeOf(one))).sort();
const shapeOf = ({ kind, seal, door: where, body }: JournalRecord): object => {
  const { what, how, completion, over, code } = body;
  return { kind, seal, where, what, how, completion, over, alarm: typeof code === 'string' ? code : undefined };
};

t.test('a duress code that nobody else would hear of is refused', async (t) => {
  const refused = await forced.locks.addCode(door, { digits: duress, name: 'Paul', duress: { notFor } });
  t.match(refused, { ok: false, code: 'DURESS_UNHEARD' });
  t.equal(nuki.truth().codes, 0, 'the lock has not heard of it');
});

t.test(
  'T46: a duress code opens, looks normal to the phone of the one who is forced, and the others are told',
  async (t) => {
    const other = await newOwner(rig.world);
    t.teardown(() => {
      other.unfollow();
      other.http.close();
    });
    const invitation = mustHave(await askToJoin(other, forced.invite()));
    await rig.until('it is signed in', async () => (await joinInvited(other, invitation)).ok);
    other.follow();
    mustHave(await forced.locks.addCode(door, { digits: usual, name: 'Anna' }));
    const { id } = mustHave(await forced.locks.addCode(door, { digits: duress, name: 'Paul', duress: { notFor } }));
    t.match(
      mustHave(await forced.locks.codes(door)).map((code) => Object.keys(code).sort()),
      [...Array(2)].map(() => ['createdS', 'enabled', 'id', 'lastUsedS', 'name', 'uses']),
      'no list tells which is which',
    );
    const [own, others] = [await subscribe(forced), await subscribe(other)];

    const [usualHere, usualThere = []] = await comeIn(usual, [forced, other]);
    await rig.until('both phones are told of the usual one', () => told(own).length > 0 && told(others).length > 0);
    const pushedBefore = told(own).length;
    t.notOk(told(others).some(isDuress), 'the usual code rings nowhere');
    const [here, there = []] = await comeIn(duress, [forced, other]);
    await rig.until('the other phone rings', () => told(others).some(isDuress));

    t.same(shapesOf(here), shapesOf(usualHere), 'the phone of the one who is forced shows what it always shows');
    t.notOk(told(own).some(isDuress));
    t.ok(told(own).length - pushedBefore <= pushedBefore, 'and is told nothing more than ever');
    const alarm = there.find(({ body }) => body.code === 'DURESS');
    t.match(alarm, { seal: 'opened', door, body: { code: 'DURESS', what: 'unlocked', who: 'Paul' } });
    t.same(
      usualThere.filter(({ body }) => body.code === 'DURESS'),
      [],
    );
    t.ok(
      other.journal.alarms.some(({ code }) => code === 'DURESS'),
      'it stands in the app of the others',
    );
    t.notOk(forced.journal.alarms.some(({ code }) => code === 'DURESS'));

    const { doors } = rig.hub.status();
    t.notMatch(JSON.stringify(doors), /DURESS/, 'nothing at the door shows it');
    t.notMatch(JSON.stringify(rig.machine.lines), /DURESS/i, 'nor the log of the hub');
    t.notOk(
      forced.told.items.some((one) => JSON.stringify(one).includes('DURESS')),
      'nor what its phone hears',
    );
    const inCloud = toEntries(await rig.cloudJournal()).slice(-there.length);
    t.notMatch(JSON.stringify(inCloud), /DURESS|duress/, 'nor the journal of the cloud');

    mustHave(await forced.locks.removeCode(door, id));
    t.notOk(nuki.typeCode(Number(duress)), 'it opens nothing any more');
  },
);
