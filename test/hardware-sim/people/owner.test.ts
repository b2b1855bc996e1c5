import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadOwner, newOwner, type Owner, type OwnerNews, saveOwner } from '../../../hardware-sim/people/owner.ts';
import { alarmForm } from '../../../wire/alarm-message.ts';
import { toHandoverUri } from '../../../wire/handover.ts';
import { dayOf, type Note, toHouseholdText } from '../../../wire/household.ts';
import { type EntryBody, genesisOf } from '../../../wire/journal.ts';
import { hashOf, newId, signDocument } from '../../../wire/jws.ts';
import { maxLeaseSeconds, type Rule } from '../../../wire/rule-book.ts';
import { sealFor } from '../../../wire/seal.ts';
import { edKey, type SmallCloud, startSmallCloud } from './small-cloud.ts';

async function start(t: Test): Promise<{ cloud: SmallCloud; owner: Owner; uri: string }> {
  const cloud = await startSmallCloud();
  const owner = await newOwner({ base: cloud.base });
  t.teardown(() => {
    owner.unfollow();
    owner.http.close();
    cloud.server.close();
  });
  return { cloud, owner, uri: toHandoverUri(cloud.code) };
}

async function pinned(t: Test): Promise<{ cloud: SmallCloud; owner: Owner }> {
  const { cloud, owner, uri } = await start(t);
  t.match(await owner.handover(uri), { ok: true });
  return { cloud, owner };
}

const rule = (cloud: SmallCloud): Rule => ({
  id: 'rule-1',
  door: cloud.door,
  party: { kind: 'carrier', id: 'carrier-hermes', jwk: cloud.hubKey.okp },
  from: 1,
  until: 2_000_000_000,
  visits: 5,
  entries: 1,
  camera: 'off',
  consent: 'auto',
});

const isEntry = (seq: number) => (one: OwnerNews) => one.news === 'entry' && one.record.entry.seq === seq;

t.test('the hand-over pins the hub whose code was scanned', async (t) => {
  const { cloud, owner, uri } = await start(t);
  t.throws(() => owner.pinned, { code: 'OWNER_MISSING' });
  t.throws(() => owner.journal, { code: 'OWNER_MISSING' });
  const reply = await owner.handover(uri);
  t.strictSame(reply.ok && reply.value, {
    home: cloud.home,
    hub: cloud.hub,
    hubKey: cloud.hubKey.okp,
    ownerList: 1,
  });
  t.strictSame(owner.journal.head, { seq: 0, hash: genesisOf(cloud.hub) });
});

t.test('a hand-over in which anything is not the hub of the code pins nothing', async (t) => {
  const { cloud, owner, uri } = await start(t);
  const other = await edKey();
  const tries = [
    [{ hubKey: other.okp }, 'HANDOVER_NOT_GENUINE', 'hub key'],
    [{ hubProof: hashOf('no proof') }, 'HANDOVER_NOT_GENUINE', 'hub proof'],
    [{ ownerListBy: other }, 'OWNER_LIST_NOT_GENUINE', undefined],
  ] as const;
  for (const [lie, code, why] of tries) {
    for (const name of Object.keys(cloud.lies)) delete cloud.lies[name as keyof typeof cloud.lies];
    Object.assign(cloud.lies, lie);
    t.match(await owner.handover(uri), { ok: false, code, status: 0, detail: why === undefined ? {} : { why } });
  }
  t.match(await owner.handover('doorward:handover?hub=x'), { code: 'HANDOVER_MALFORMED' });
  const wrong = toHandoverUri({ ...cloud.code, secret: newId() });
  t.match(await owner.handover(wrong), { code: 'HANDOVER_NOT_GENUINE', status: 401 });
  t.equal(owner.state.pinned, undefined);
});

t.test('a rule book goes up by one version, lasts seven days, and is signed by this device', async (t) => {
  const { cloud, owner } = await pinned(t);
  t.match(await owner.orders.setRules([rule(cloud)]), { ok: true, value: { pending: false } });
  t.match(await owner.orders.setRules([]), { ok: true });
  t.equal(cloud.ruleBook?.version, 2);
  t.equal(cloud.ruleBook!.exp - cloud.ruleBook!.iat, maxLeaseSeconds);
  t.equal(cloud.ruleBook?.seen, undefined, 'nothing was confirmed yet');
  t.match(await owner.orders.setRules([], maxLeaseSeconds + 1), { ok: false, code: 'RULE_BOOK_LEASE_TOO_LONG' });
});

t.test('revocation, stop, clearance, clock reset and a second device are signed and taken', async (t) => {
  const { cloud, owner } = await pinned(t);
  t.match(await owner.orders.revoke({ kind: 'rule', id: 'rule-1' }), { ok: true });
  t.match(await owner.orders.stop(newId()), { ok: true });
  t.match(await owner.orders.clear(cloud.door, 7), { ok: true });
  t.match(await owner.orders.resetClock(cloud.clockNonce), { ok: true });
  t.match(await owner.orders.resetClock(newId()), { ok: false, code: 'CLOCK_RESET_NONCE_UNKNOWN' });

  const second = await newOwner({ base: cloud.base });
  t.teardown(() => second.http.close());
  const { home, hub, hubKey } = owner.pinned;
  t.match(await second.join({ home, hub, hubKey }), { ok: false, code: 'NOT_FOUND' }, 'not signed in yet');
  t.match(await owner.orders.changeDevices({ add: second.keys.device }), { ok: true });
  t.match(await second.join({ home, hub, hubKey }), { ok: true, value: { ownerList: 2 } });
  t.match(await second.orders.stop(newId()), { ok: true });
  t.match(await owner.orders.changeDevices({ remove: second.keys.sign.kid }), { code: 'OWNER_CHANGE_OLD' });
  t.match(await owner.look(), { ok: true });
  t.equal(owner.pinned.ownerList, 2);
  t.match(await owner.orders.changeDevices({ remove: second.keys.sign.kid }), { ok: true });
});

t.test('a list of owner devices that is older than the one seen is not believed', async (t) => {
  const { cloud, owner } = await pinned(t);
  cloud.listVersion = 4;
  t.match(await owner.look(), { ok: true });
  cloud.listVersion = 3;
  t.match(await owner.look(), { ok: false, code: 'OWNER_LIST_NOT_GENUINE', detail: { why: 'older list' } });
  cloud.listVersion = 5;
  cloud.lies.ownerListBy = await edKey();
  t.match(await owner.look(), { ok: false, code: 'OWNER_LIST_NOT_GENUINE' });
  t.equal(owner.pinned.ownerList, 4);
});

t.test('the phone follows the journal, opens what is sealed for it and remembers standing alarms', async (t) => {
  const { cloud, owner } = await pinned(t);
  const { door } = cloud;
  cloud.record({ kind: 'hub.started', body: {} });
  const at = Date.now();
  const household = async (phone: Owner, body: EntryBody): Promise<void> => {
    const text = toHouseholdText({ kind: 'alarm.private', at, door, body });
    const sealed = await sealFor([phone.keys.device.seal], Buffer.from(text));
    cloud.record({ kind: 'household', at: dayOf(at), body: { sealed } });
  };
  await household(owner, { code: 'DOOR_FORCED_OPEN' });
  owner.follow();
  t.ok(await owner.told.until(isEntry(2), 3_000));
  t.match(owner.journal.records[1], {
    seal: 'opened',
    kind: 'alarm.private',
    at,
    door,
    body: { code: 'DOOR_FORCED_OPEN' },
  });
  t.match(owner.journal.alarms, [{ code: 'DOOR_FORCED_OPEN', door, seq: 2, at }]);

  const stranger = await newOwner({ base: cloud.base });
  await household(stranger, { code: 'BOLT_MOVED' });
  cloud.record({ kind: 'alarm.raised', door, visit: newId(), body: { code: 'LOCK_JAMMED' } });
  await household(owner, { code: 'DOOR_FORCED_OPEN', over: true });
  t.ok(await owner.told.until(isEntry(5), 3_000));
  t.match(owner.journal.records[2], { seal: 'shut', kind: 'household' });
  t.match(owner.journal.alarms, [{ code: 'LOCK_JAMMED', door, seq: 4 }]);
  t.strictSame(owner.journal.breaks, []);
});

t.test(
  'a door that is proven locked ends what the household raised at it, be the hub restarted meanwhile',
  async (t) => {
    const { cloud, owner } = await pinned(t);
    const at = Date.now();
    const household = async (note: Omit<Note, 'at'>): Promise<void> => {
      const sealed = await sealFor([owner.keys.device.seal], Buffer.from(toHouseholdText({ at, ...note })));
      cloud.record({ kind: 'household', at: dayOf(at), body: { sealed } });
    };
    const other = `door-${'o'.repeat(20)}`;
    await household({ kind: 'alarm.private', door: cloud.door, body: { code: 'DOOR_FORCED_OPEN' } });
    await household({ kind: 'alarm.private', door: other, body: { code: 'BOLT_MOVED' } });
    cloud.record({ kind: 'hub.started', body: {} });
    await household({ kind: 'door.secured', door: cloud.door, body: { bolt: 'locked' } });
    owner.follow();
    t.ok(await owner.told.until(isEntry(4), 3_000));
    t.match(owner.journal.alarms, [{ code: 'BOLT_MOVED', door: other, seq: 2 }]);
    t.equal(owner.journal.alarms.length, 1);
  },
);

t.test('a gap, an edit and a repeat in the stream show, and the head stays', async (t) => {
  const { cloud, owner } = await pinned(t);
  const first = cloud.record({ kind: 'hub.started', body: {} });
  owner.follow();
  t.ok(await owner.told.until(isEntry(1), 3_000));
  cloud.ownerEvents.say('entry', { seq: 1, text: first });
  const next = cloud.record({ kind: 'hub.stopped', body: {} });
  t.ok(await owner.told.until(isEntry(2), 3_000));
  t.strictSame(owner.journal.breaks, [], 'the same entry again is no harm');

  const head = owner.journal.head;
  cloud.ownerEvents.say('entry', { text: next.replace('"seq":2', '"seq":3') });
  const isBroken = (code: string) => (one: OwnerNews) => one.news === 'broken' && one.refusal.code === code;
  t.ok(await owner.told.until(isBroken('JOURNAL_EDITED'), 3_000));
  cloud.ownerEvents.say('entry', { text: first.replace('hub.started', 'hub.stopped') });
  t.ok(await owner.told.until(isBroken('JOURNAL_REORDERED'), 3_000));
  cloud.ownerEvents.say('entry', { text: next.replace('"seq":2', '"seq":9') });
  t.ok(await owner.told.until(isBroken('JOURNAL_GAP'), 3_000));
  t.strictSame(owner.journal.head, head);
});

t.test('a stream that starts late is completed from the journal, page by page', async (t) => {
  const { cloud, owner } = await pinned(t);
  for (let n = 0; n < 5; n += 1) cloud.record({ kind: 'hub.started', body: { n } });
  owner.state.lastEventId = '4';
  owner.follow();
  t.ok(await owner.told.until(isEntry(5), 3_000));
  t.strictSame(
    owner.journal.records.map(({ entry }) => entry.seq),
    [1, 2, 3, 4, 5],
  );
  t.strictSame(owner.journal.breaks, []);
});

t.test('the newest head that was confirmed goes into what is signed', async (t) => {
  const { cloud, owner } = await pinned(t);
  for (let n = 0; n < 3; n += 1) cloud.record({ kind: 'hub.started', body: { n } });
  t.match(await owner.catchUp(), { ok: true, value: 3 });
  t.match(await owner.orders.setRules([]), { ok: true });
  const { seq, hash } = owner.journal.head;
  t.strictSame(cloud.ruleBook?.seen, { seq, hash });
  t.equal(seq, 3);
});

t.test('a witness counts only where this phone has read the same; another journal is a fork', async (t) => {
  const { cloud, owner } = await pinned(t);
  cloud.record({ kind: 'hub.started', body: {} });
  t.match(await owner.look(), { ok: true });
  t.equal(owner.journal.save().seen, undefined, 'not read so far yet');
  await owner.catchUp();
  t.match(await owner.look(), { ok: true });
  t.equal(owner.journal.save().seen?.seq, 1);
  cloud.entries[0] = cloud.entries[0]!.replace('hub.started', 'hub.stopped');
  t.match(await owner.look(), { ok: true });
  t.match(owner.journal.breaks, [{ code: 'JOURNAL_FORKED' }]);
  t.match(await owner.journal.confirm(await cloud.head(await edKey())), { code: 'JOURNAL_HEAD_NOT_GENUINE' });
});

t.test('an alarm that was not written down counts when the hub signed it', async (t) => {
  const { cloud, owner } = await pinned(t);
  owner.follow();
  const claims = { iss: cloud.hub, jti: newId(), at: 1, code: 'JOURNAL_FAILED' } as const;
  cloud.ownerEvents.say('alarm', { alarm: await signDocument(alarmForm, claims, cloud.hubKey) });
  t.match(await owner.told.until(({ news }) => news === 'alarm', 3_000), { alarm: { code: 'JOURNAL_FAILED' } });
  cloud.ownerEvents.say('alarm', { alarm: await signDocument(alarmForm, claims, await edKey()) });
  t.match(await owner.told.until(({ news }) => news === 'broken', 3_000), { refusal: { code: 'ALARM_NOT_GENUINE' } });
});

t.test('a phone that was saved goes on where it was, and its file is its own', async (t) => {
  const { cloud, owner } = await pinned(t);
  await owner.orders.setRules([rule(cloud)]);
  cloud.record({ kind: 'alarm.raised', door: cloud.door, body: { code: 'LOCK_JAMMED' } });
  await owner.catchUp();
  const path = join(t.testdir(), 'owner.json');
  await saveOwner(owner, path);
  t.equal((await stat(path)).mode & 0o777, 0o600);

  const again = await loadOwner(path, { base: cloud.base });
  t.teardown(() => again.http.close());
  t.strictSame(again.pinned, owner.pinned);
  t.strictSame(again.journal.save(), owner.journal.save());
  t.match(again.journal.alarms, [{ code: 'LOCK_JAMMED' }]);
  cloud.record({ kind: 'hub.started', body: {} });
  t.match(await again.catchUp(), { ok: true, value: 1 });
  t.match(await again.orders.setRules([]), { ok: true });
  t.equal(cloud.ruleBook?.version, 2);

  await t.rejects(loadOwner(`${path}.none`, { base: cloud.base }), { code: 'CONFIG_MISSING' });
  await writeFile(path, (await readFile(path, 'utf8')).replace('owner-1', 'owner-9'));
  await t.rejects(loadOwner(path, { base: cloud.base }), { code: 'CONFIG_INVALID', detail: { where: 'doorward' } });
});
