import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { systemClock } from '../../device/clock/clock.ts';
import { credentialStore } from '../../device/lock/nuki/credentials.ts';
import { nukiLock } from '../../device/lock/nuki/driver.ts';
import { openSecrets } from '../../device/secrets/open.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { newOwner } from '../../hardware-sim/people/owner.ts';
import { dayOf } from '../../wire/household.ts';
import { newId } from '../../wire/jws.ts';
import { gattPipe } from '../support/gatt-pipe.ts';
import { openRig } from '../support/rig.ts';
import { rigPin } from '../support/rig-doors.ts';
import { kindsOf, sameJournals, toEntries } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';

const rig = await openRig(t, { doors: [{ name: 'front', holds: 'nuki', sim: { keypad: true } }], consent: 'ask' });
const nuki = rig.sim.nuki('front');
const door = rig.door().id;
const { locks } = rig.owner;
const digits = '345678';
const name = 'Ann next door';

/** What the owner's phone reads of the lock's own log. */
const lines = () => rig.owner.journal.records.filter(({ kind }) => kind === 'lock.logged');
const indexes = () => lines().flatMap(({ body }) => (typeof body.index === 'number' ? [body.index] : []));
/** Waits until this many lines have come in all. */
const untilLines = (count: number) =>
  rig.until(`${count} lines of the log`, () => (lines().length >= count ? lines() : undefined));

/** Waits until both motions of a visit are in the log. */
const ownMotions = (before: number) =>
  rig.until('two motions of the hub', () => {
    const own = lines()
      .slice(before)
      .flatMap(({ body }) => (body.how === 'app' ? [body] : []));
    return own.length >= 2 ? own : undefined;
  });
/** Waits until the bolt is at rest, and all that the lock has written is read. */
async function untilRead(): Promise<void> {
  await rig.untilCalm();
  await rig.until('all is read', () => indexes().at(-1) === nuki.truth().logged);
}

/** Every file of the cloud, as bytes. */
function cloudFiles(folder = rig.folders.cloud): string[] {
  return readdirSync(folder).flatMap((file) => {
    const path = join(folder, file);
    return statSync(path).isDirectory() ? cloudFiles(path) : [readFileSync(path, 'latin1')];
  });
}

t.test('R1: the owner gives the keypad a code, sees it listed, and takes it away', async (t) => {
  const { id } = mustHave(await locks.addCode(door, { digits, name }));
  t.match(mustHave(await locks.codes(door)), [{ id, name }]);
  t.equal(nuki.truth().codes, 1);
  t.ok(nuki.typeCode(Number(digits)));
  await rig.until('the door is open for Ann', () => rig.hub.status().doors[0]?.bolt === 'unlocked');
  nuki.turn('locked');
  await rig.untilCalm();

  mustHave(await locks.removeCode(door, id));
  t.same(mustHave(await locks.codes(door)), []);
  t.notOk(nuki.typeCode(Number(digits)), 'and it opens nothing any more');

  const texts = [...cloudFiles(), ...rig.hubJournal(), JSON.stringify(rig.machine.lines)];
  for (const text of texts) t.notMatch(text, /(?<!\d)345678(?!\d)/, 'no digits are in cloud, journal or log');
});

t.test('T14: who is not pinned at the hub gives the lock no code', async (t) => {
  const stranger = await newOwner(rig.world);
  t.teardown(() => stranger.http.close());
  stranger.state.pinned = rig.owner.pinned;
  const order = await stranger.locks.sign(door, { do: 'codes.add', sealed: 'a.b.c.d.e' }, newId());
  t.match(await locks.send(order), { ok: false, code: 'LOCK_ORDER_KEY_UNKNOWN' });
  t.equal(nuki.truth().codes, 0);
});

t.test('S048: who came with a code or a key, and when, the owner reads and the cloud does not', async (t) => {
  // Typed, opened with it, locked by hand, typed in vain.
  const ofTheFirst = await untilLines(4);
  t.match(
    ofTheFirst.map(({ body }) => body),
    [
      { what: 'unlocked', how: 'keypad', by: 'code', who: name, completion: 'success' },
      { what: 'unlocked', who: name },
      { what: 'locked', how: 'by-hand', who: '' },
      { what: 'unlock', how: 'keypad', completion: 'invalid-code' },
    ],
  );
  nuki.turn('unlocked');
  await rig.until('it is seen', () => rig.hub.status().doors[0]?.bolt === 'unlocked');
  nuki.turn('locked');
  await rig.untilCalm();
  const all = await untilLines(6);
  t.match(
    all.slice(4).map(({ body }) => body),
    [
      { what: 'unlocked', how: 'by-hand', who: '' },
      { what: 'locked', how: 'by-hand', who: '' },
    ],
  );
  for (const one of all) {
    t.match(one, { seal: 'opened', door });
    t.notOk('own' in one.body, 'none of it was the hub');
    t.ok(one.at > dayOf(one.at), 'with its moment');
  }

  await sameJournals(t, rig);
  t.ok(
    cloudFiles().some((text) => text.includes('household')),
    'they are looked at where they lie',
  );
  for (const text of cloudFiles()) t.notMatch(text, /Ann next|by-hand|lock\.logged/);
  for (const entry of toEntries(await rig.cloudJournal()).filter(({ kind }) => kind === 'household')) {
    t.same(Object.keys(entry), ['seq', 'at', 'kind', 'body', 'prev']);
    t.equal(entry.at, dayOf(entry.at), 'the cloud knows the day alone');
  }
});

t.test('what the hub does itself is marked as its own, and each line comes once, restarts or not', async (t) => {
  const before = lines().length;
  const errand = await rig.deliver('ended');
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  t.match(await ownMotions(before), [
    { what: 'unlocked', own: true, who: 'Doorward' },
    { what: 'locked', own: true, who: 'Doorward' },
  ]);
  t.same(
    kindsOf(rig.hubJournal(), errand.id).filter((kind) => kind === 'bolt.driven'),
    ['bolt.driven', 'bolt.driven'],
    'each of them is one that the hub journaled',
  );

  await rig.machine.stop();
  nuki.typeCode(999_999);
  await rig.machine.start();
  await rig.untilCalm();
  await rig.until('what happened meanwhile is there', () => lines().at(-1)?.body.completion === 'invalid-code');
  const from = indexes()[0]!;
  t.same(
    indexes(),
    indexes().map((_, at) => from + at),
    'in order, each once, none left out',
  );
});

t.test('T45: what somebody does with a copy of the hub’s card stands in the log of the lock', async (t) => {
  const address = 'c0:00:00:00:00:01';
  const credentials = await credentialStore(openSecrets(rig.folders.hub), address).current();
  const thief = nukiLock({
    ...{ adapter: gattPipe(new Map([[address, nuki]])), address, credentials: credentials!, clock: systemClock },
    ...{ now: () => undefined, doorSensor: true, pullsLatch: false, onEvent: () => undefined },
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
  });
  t.teardown(() => thief.lock.close());
  const ear = listen(rig);
  const before = lines().length;
  const driven = () => toEntries(rig.hubJournal()).filter(({ kind }) => kind === 'bolt.driven').length;
  const drivenBefore = driven();
  await thief.lock.start();
  await thief.lock.unlock({ expiresInMs: 10_000 });
  t.equal(await untilAlarm(ear, 'BOLT_MOVED'), 'entry');
  const [line] = (await untilLines(before + 1)).slice(before);
  t.match(line?.body, { what: 'unlocked', how: 'app', own: true }, 'under the name of the hub');
  t.equal(driven(), drivenBefore, 'which journaled no motion');
  await thief.lock.close();
  nuki.turn('locked');
  await rig.untilCalm();
});

t.test('a log that was cleared is told to the owner', async (t) => {
  await untilRead();
  const before = lines().length;
  rig.sim.nukiFault('front', { fault: 'log-cleared' });
  nuki.typeCode(999_999);
  const [cleared, next] = (await untilLines(before + 2)).slice(before);
  t.match(cleared, { seal: 'opened', door, body: { what: 'log-cleared' } });
  t.match(next?.body, { index: 1, completion: 'invalid-code' });
});

t.test('a lock that was reset and is paired anew: its log begins anew, and the owner is told', async (t) => {
  nuki.turn('unlocked');
  await rig.until('it is seen', () => rig.hub.status().doors[0]?.bolt === 'unlocked');
  nuki.turn('locked');
  await untilRead();
  const before = lines().length;
  rig.sim.nukiFault('front', { fault: 'reset' });
  nuki.holdButton();
  t.match(await rig.hub.pairLock('front', { pin: rigPin }), { isOld: false });
  await rig.untilCalm();
  const errand = await rig.deliver('ended');
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  const own = await ownMotions(before);
  const since = lines().slice(before);
  t.match(since[0]?.body, { what: 'log-cleared' });
  t.equal(since[1]?.body.index, 1);
  t.match(
    own,
    [
      { what: 'unlocked', own: true },
      { what: 'locked', own: true },
    ],
    'under its new authorization too',
  );
});
