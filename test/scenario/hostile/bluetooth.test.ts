/** What whoever stands near with a radio gains: nothing. */
import t, { type Test } from 'tap';
import nacl from 'tweetnacl';
import { credentialStore } from '../../../device/lock/nuki/credentials.ts';
import { unseal } from '../../../device/lock/nuki/secure.ts';
import { openSecrets } from '../../../device/secrets/open.ts';
import { airPeripheral } from '../../../hardware-sim/air/peripheral.ts';
import { Client } from '../../hardware-sim/nuki/client.ts';
import { type AirRelay, relayAir, type Said } from '../../support/air-relay.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { rigPin } from '../../support/rig-doors.ts';
import { listen, untilAlarm } from '../../support/rig-told.ts';
import { until } from '../../support/until.ts';

const address = 'c0:00:00:00:00:01';
const sealed = 'a92ee202550111e4916c0800200c9a66';
/** Nonce, id, length and tag; id, command, payload and checksum of a Lock Action without a name. */
const actionBytes = 30 + 16 + 8 + 38;
const isAction = ({ way, uuid, bytes }: Said): boolean =>
  way === 'toLock' && uuid === sealed && bytes.length === actionBytes;

const home = (t: Test): Promise<Rig> => openRig(t, { doors: [{ name: 'front', holds: 'nuki' }] });
const motions = (rig: Rig): number => rig.sim.nuki('front').truth().motions;
const keyOf = async (rig: Rig) => (await credentialStore(openSecrets(rig.folders.hub), address).current())!;

async function between(t: Test, rig: Rig, delayMs = 0): Promise<AirRelay> {
  const relay = await relayAir(rig.sim, 'front', address, delayMs);
  t.teardown(() => relay.close());
  return relay;
}

t.test('T08: nearness alone opens nothing, however near, however long', async (t) => {
  const rig = await home(t);
  const errand = await rig.deliver('ready');
  const before = motions(rig);
  const phone = rig.sim.air().phone('c0:00:00:00:aa:01');
  let visited = 0;
  const beside = await airPeripheral(phone.open, {
    name: 'Nuki_00000001',
    services: rig.sim.nuki('front').services.map(({ uuid, characteristics }) => ({
      uuid,
      characteristics: characteristics.map((one) => ({ uuid: one.uuid, can: one.properties })),
    })),
    // The lock's own beacon, from a phone: something is new, come and ask.
    advert: rig.sim.nuki('front').advert()!.payload.with(-1, 0xc9),
    onConnected: () => {
      visited += 1;
    },
  });
  t.teardown(() => beside.close());
  await rig.time.pass(20_000);
  t.equal(rig.at(), 'ready', 'the courier stands at the door, known, awaited, and has not said "open"');
  t.equal(motions(rig), before);
  t.equal(visited, 0, 'the hub connects to nothing but its own lock');
  const { hub } = rig.sim.air();
  t.notOk(hub.advertising, 'and offers nothing to connect to');
  t.same(
    [...hub.commandsSeen.keys()].filter((opcode) => [0x2006, 0x2008, 0x200a].includes(opcode)),
    [],
    'it never did',
  );
  await errand.to('ended');
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' }, 'the explicit act does open');
  t.equal(motions(rig), before + 2);
});

t.test('T17: a relay of 200 ms that brings hub and lock together from afar moves nothing by itself', async (t) => {
  const rig = await home(t);
  const relay = await between(t, rig, 200);
  const before = motions(rig);
  const errand = await rig.deliver('ready');
  await rig.time.pass(10_000);
  t.equal(rig.at(), 'ready');
  t.equal(motions(rig), before);
  t.same(relay.said.filter(isAction), [], 'no command went over the air');
  // Time went faster than the relay.
  const asked = relay.said.length;
  await until('the lock answers again', () => relay.said.length > asked + 1 && rig.hub.status().doors[0]?.reachable);
  await errand.to('ended');
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  const actions = relay.said.filter(isAction);
  t.equal(actions.length, 2, 'it heard one command to unlock, one to lock');
  const after = motions(rig);
  for (const one of relay.said.filter(({ way }) => way === 'toLock')) relay.sayToLock(one);
  await rig.time.pass(5_000);
  t.equal(motions(rig), after, 'what it recorded opens nothing again');
  t.equal(rig.sim.door('front').truth().bolt, 'thrown');
});

t.test('T17: an unlock that a relay keeps back ends the visit, and an alarm if it comes after all', async (t) => {
  const rig = await home(t);
  const relay = await between(t, rig);
  const errand = await rig.deliver('ready');
  const before = motions(rig);
  relay.hold(isAction);
  void errand.visit.open();
  await rig.until('the command is kept back', () => relay.said.some(isAction));
  t.match(await errand.end(), { outcome: 'lock-failed' });
  t.equal(motions(rig), before);
  await rig.untilCalm();
  const ear = listen(rig);
  relay.hold(() => false);
  t.ok(relay.letGo() > 0);
  await until('the lock obeys, late', () => motions(rig) > before);
  t.equal(await untilAlarm(ear, 'BOLT_MOVED'), 'entry');
  t.not(rig.at(), 'idle', 'nobody believes that it is locked');
});

t.test('T10: who hears a whole pairing, and all that is said afterwards, can open none of it', async (t) => {
  const rig = await home(t);
  const relay = await between(t, rig);
  rig.sim.nuki('front').holdButton();
  await rig.hub.pairLock('front', { pin: rigPin });
  await rig.until('it is there again', () => rig.hub.status().doors[0]?.reachable);
  const { key, authorizationId } = await keyOf(rig);
  const later = relay.said.filter(({ uuid, way, bytes }) => uuid === sealed && way === 'toLock' && bytes.length > 30);
  const opened = (candidate: Uint8Array): number =>
    later.filter(({ bytes }) => unseal(bytes, { key: candidate, authorizationId }).ok).length;
  t.ok(opened(key) > 0, 'the key itself opens what was said under it');

  const heard = Buffer.concat(relay.said.map(({ bytes }) => bytes));
  const windows = Array.from({ length: heard.length - 31 }, (_, at) => new Uint8Array(heard.subarray(at, at + 32)));
  const constants = [0x00, 0xff].map((byte) => new Uint8Array(32).fill(byte));
  const clear = relay.said.filter(({ uuid, bytes }) => uuid.startsWith('a92ee101') && bytes.length === 36);
  const publics = clear.map(({ bytes }) => new Uint8Array(bytes.subarray(2, 34)));
  t.equal(publics.filter((_, at) => clear[at]!.bytes[0] === 3).length, 2, 'both public keys were heard');
  const candidates = [...windows, ...constants];
  const one = later.at(-1)!;
  const opens = (candidate: Uint8Array): boolean => unseal(one.bytes, { key: candidate, authorizationId }).ok;
  t.ok(opens(key));
  t.notOk(candidates.some(opens), 'no 32 bytes of what was heard are the key');
  const pairs = [...publics, ...constants].flatMap((mine) => publics.map((theirs) => nacl.box.before(theirs, mine)));
  t.notOk(pairs.some(opens), 'nor do they make it');
});

t.test('T41, T11: paired anew by one command, nothing of before counts: at neither end', async (t) => {
  const rig = await home(t);
  const relay = await between(t, rig);
  t.match(await (await rig.deliver('ended')).end(), { outcome: 'completed', proof: 'secured' });
  const old = await keyOf(rig);
  const before = [...relay.said];
  const nuki = rig.sim.nuki('front');
  const former = new Client(nuki);
  former.me = { id: old.authorizationId, key: old.key };
  /** What the lock says to one who has that key. */
  const answer = async (command: number, payload: Uint8Array): Promise<number | undefined> => {
    former.connect(247);
    former.told();
    former.ask(command, payload);
    const said = await rig.until('the lock answers', () => former.told()[0]);
    former.disconnect();
    return said.command;
  };
  const states = Buffer.from([0x0c, 0]);
  t.equal(await answer(0x01, states), 0x0c, 'the key of the hub works, while it is the key of the hub');

  nuki.holdButton();
  await rig.hub.pairLock('front', { pin: rigPin });
  await rig.untilCalm();
  const now = await keyOf(rig);
  t.notSame(now.key, old.key);
  t.notSame(now.authorizationId, old.authorizationId);
  t.equal(nuki.truth().authorizations.length, 1, 'no second entry is left in the lock');

  const moved = motions(rig);
  t.equal(await answer(0x01, states), 0x12, 'the lock does not know the old key');
  t.equal(await answer(0x0d, Buffer.alloc(38, 1)), 0x12, 'not even to refuse what it would have to refuse');
  for (const one of before.filter(({ way }) => way === 'toLock')) relay.sayToLock(one);
  await rig.time.pass(3_000);
  t.equal(motions(rig), moved, 'what was said under it moves nothing');

  const dropped = (): number =>
    rig.machine.lines.filter(({ event, fields }) => event === 'lock' && fields.code === 'NUKI_NOT_GENUINE').length;
  const [from, was] = [dropped(), rig.hub.status().doors[0]?.bolt];
  const told = before.filter(({ way, uuid, bytes }) => way === 'toHub' && uuid === sealed && bytes.length > 30);
  await rig.deliver('ready');
  for (const one of told) relay.sayToHub(one);
  await rig.until('the hub has dropped what the lock said before', () => dropped() > from);
  t.equal(rig.hub.status().doors[0]?.bolt, was);
  t.equal(motions(rig), moved);
});
