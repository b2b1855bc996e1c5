import { randomBytes } from 'node:crypto';
import t from 'tap';
import { systemClock } from '../../../../device/clock/clock.ts';
import type { Advert, GattAdapter } from '../../../../device/link/gatt.ts';
import { gatt } from '../../../../device/lock/nuki/advert.ts';
import type { Credentials } from '../../../../device/lock/nuki/credentials.ts';
import { nukiLock } from '../../../../device/lock/nuki/driver.ts';
import type { NukiEvent } from '../../../../device/lock/nuki/options.ts';
import { seal, unseal } from '../../../../device/lock/nuki/secure.ts';
import type { NukiTiming } from '../../../../device/lock/nuki/timing.ts';
import { Fault } from '../../../../wire/faults.ts';
import { until } from '../../../support/until.ts';
import { ScriptedLink } from './scripted-link.ts';
import { hex } from './vectors.ts';

const credentials: Credentials = {
  ...{ variant: 'older', key: new Uint8Array(32).fill(7), authorizationId: 2, appId: 9, uuid: new Uint8Array(16) },
  ...{ as: 'bridge', pin: 1234 },
};
const timing: Partial<NukiTiming> = {
  replyMs: 150,
  motionMs: 400,
  againMs: 10,
  busyMs: 10,
  retryMs: 10,
  awayMs: 60_000,
  lingerMs: 20,
};

/** A lock by its messages alone: what is written is opened, and answered from `motor`. */
function makeDoor(settings: { now?: () => number } = {}) {
  const link = new ScriptedLink();
  const heard = { advert: (_: Advert): void => undefined };
  const door = {
    ...{ link, motor: '01', sensor: '02', last: '000000', motions: [] as number[], clockSets: 0 },
    /** What becomes of an action: `done`, or what the script says. */
    onAction: (_action: number): void => undefined,
    say: (command: string, payload: string): void => {
      const message = { command: Number.parseInt(command, 16), payload: hex(payload) };
      link.indicate(gatt.sealed, seal(message, credentials, new Uint8Array(randomBytes(24))));
    },
    states: (): void => door.say('0c', `02${door.motor}00E0070307080F1E3C0000200A${door.last}${door.sensor}`),
    move: (action: number, to: string): void => {
      door.motions.push(action);
      Object.assign(door, { motor: to, last: `0${action}0000` });
    },
    complete: (action: number, to: string): void => {
      door.say('0e', '01');
      door.move(action, to);
      door.say('0e', '00');
    },
    isMute: false,
  };
  door.onAction = (action) => door.complete(action, action === 2 ? '01' : '03');
  link.answer = (bytes) => {
    const read = unseal(bytes, credentials);
    if (!read.ok || door.isMute) return;
    const { command, payload } = read.value;
    if (command === 1 && payload[0] === 0x04) door.say('04', '5A'.repeat(32));
    if (command === 1 && payload[0] === 0x0c) door.states();
    if (command === 0x0d) door.onAction(payload[0]!);
    if (command === 0x21) {
      door.clockSets += 1;
      door.say('0e', '00');
    }
  };
  const events: NukiEvent[] = [];
  const adapter: GattAdapter = {
    state: 'ready',
    onState: () => () => undefined,
    listen: (listener) => {
      heard.advert = listener;
      return () => undefined;
    },
    link: () => link,
    close: async () => undefined,
  };
  const { lock } = nukiLock({
    ...{
      adapter,
      address: 'aa:bb:cc:dd:ee:ff',
      credentials,
      clock: systemClock,
      timing,
      doorSensor: true,
      pullsLatch: true,
    },
    now: settings.now ?? (() => undefined),
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    onEvent: (event) => events.push(event),
  });
  return { lock, door, events, heard };
}

const codeOf = (outcome: Promise<unknown>): Promise<string> =>
  outcome.then(
    () => 'done',
    (cause: unknown) => (cause instanceof Fault ? cause.code : String(cause)),
  );
const soon = { expiresInMs: 2000 };

async function onDoor(t: { teardown(end: () => Promise<void>): void }, settings: { now?: () => number } = {}) {
  const rig = makeDoor(settings);
  t.teardown(() => rig.lock.close());
  await rig.lock.start();
  await until('a report', () => rig.lock.last()?.bolt === 'locked');
  return rig;
}

t.test('it is unlocked once, and locked once; a bolt that is locked is left alone', async (t) => {
  const { lock, door } = await onDoor(t);
  t.match(lock.last(), { bolt: 'locked', contact: 'closed' });
  await lock.unlock(soon);
  t.match(lock.last(), { bolt: 'unlocked' });
  await lock.lock();
  await lock.lock();
  t.same(door.motions, [1, 2]);
  t.match(lock.health(), { reachable: true });
});

t.test('ACCEPTED is not success: a bolt that did not move is a refusal, a blocked motor a jam', async (t) => {
  const { lock, door } = await onDoor(t);
  door.onAction = () => {
    door.say('0e', '01');
    door.say('0e', '00');
  };
  t.equal(await codeOf(lock.unlock(soon)), 'LOCK_REFUSED');
  door.onAction = (action) => door.complete(action, 'FE');
  t.equal(await codeOf(lock.unlock(soon)), 'LOCK_JAMMED');
  t.match(lock.last(), { bolt: 'jammed' });
  door.onAction = () => {
    door.say('0e', '01');
    door.say('12', '420D00');
  };
  t.equal(await codeOf(lock.unlock(soon)), 'LOCK_JAMMED');
});

t.test('an action whose answer is lost is never sent again: the lock is asked what became of it', async (t) => {
  const { lock, door } = await onDoor(t);
  door.onAction = (action) => {
    door.move(action, '03');
    door.link.drop();
  };
  t.equal(await codeOf(lock.unlock(soon)), 'done', 'it reports the bolt drawn');
  t.same(door.motions, [1]);
  let asked = 0;
  door.motor = '01';
  door.onAction = () => {
    asked += 1;
  };
  t.equal(await codeOf(lock.unlock(soon)), 'LOCK_SILENT', 'it reports the bolt thrown still');
  t.equal(asked, 1);
  t.equal(await codeOf(lock.open({ forMs: 500, ...soon })), 'LOCK_SILENT');
  t.equal(asked, 2);
});

t.test('locking goes out again only when the lock says at rest that it is not locked', async (t) => {
  const { lock, door } = await onDoor(t);
  door.motor = '03';
  let asked = 0;
  door.onAction = (action) => {
    asked += 1;
    if (asked === 2) door.complete(action, '01');
  };
  await lock.lock();
  t.equal(asked, 2);
  t.match(lock.last(), { bolt: 'locked' });
});

t.test('a refusal in clear after the command proves nothing, and before it means nothing moved', async (t) => {
  const { lock, door } = await onDoor(t);
  door.onAction = (action) => {
    door.move(action, '03');
    door.link.indicate(gatt.clear, hex('120020000013D7'));
  };
  t.equal(await codeOf(lock.unlock(soon)), 'done');
  const answer = door.link.answer;
  door.link.answer = () => door.link.indicate(gatt.clear, hex('120020000013D7'));
  t.equal(await codeOf(lock.unlock(soon)), 'LOCK_UNAVAILABLE');
  await lock.state();
  await lock.state();
  t.match(lock.health(), { reachable: false, fault: 'NUKI_NOT_AUTHORIZED' });
  door.link.answer = answer;
  t.match(await lock.state(), { bolt: 'unlocked' });
});

t.test('busy is tried again with a new challenge; out of reach nothing moves and nothing is left behind', async (t) => {
  const { lock, door } = await onDoor(t);
  let asked = 0;
  door.onAction = (action) => {
    asked += 1;
    if (asked === 1) door.say('12', '450D00');
    else door.complete(action, '03');
  };
  await lock.unlock(soon);
  t.equal(asked, 2);
  door.isMute = true;
  t.equal(await codeOf(lock.unlock({ expiresInMs: 100 })), 'LOCK_COMMAND_EXPIRED');
  t.match(await lock.state(), { bolt: 'unavailable', contact: 'unavailable' });
  t.equal(door.motions.length, 1);
  t.equal(door.link.listeners, 1);
});

t.test('the connection is let go, and a changed beacon is asked about', async (t) => {
  const { lock, door, heard } = await onDoor(t);
  await until('letting go', () => !door.link.connected);
  door.sensor = '03';
  const beacon = hex('4c000215a92ee200550111e4916c0800200c9a6633c335c5c9');
  const advert: Advert = {
    ...{ address: 'AA:BB:CC:DD:EE:FF', rssiDbm: -60, services: [], serviceData: new Map() },
    manufacturerData: beacon,
  };
  await until('the open door', () => {
    heard.advert(advert);
    return lock.last()?.contact === 'open';
  });
  t.match(lock.last(), { contact: 'open' });
});

t.test('a clock that is off is set, once; and no key is in any event', async (t) => {
  const { door, events } = await onDoor(t, { now: () => Date.UTC(2026, 0, 1) });
  await until('the clock', () => events.some(({ on }) => on === 'clock.drifted'));
  t.equal(door.clockSets, 1);
  t.match(events.at(-1), { on: 'clock.drifted', corrected: true });
  t.notMatch(JSON.stringify(events), /0707|1234/);
});
