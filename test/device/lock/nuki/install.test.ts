import { randomBytes } from 'node:crypto';
import t from 'tap';
import { type Clock, systemClock } from '../../../../device/clock/clock.ts';
import type { DoorReport } from '../../../../device/lock/lock.ts';
import { installNuki } from '../../../../device/lock/nuki/install.ts';
import type { LogEntry } from '../../../../device/lock/nuki/log-entry.ts';
import { realClock } from '../../../../hardware-sim/clock.ts';
import { Door } from '../../../../hardware-sim/door/door.ts';
import { pin, street } from '../../../hardware-sim/nuki/street.ts';
import { gattPipe } from '../../../support/gatt-pipe.ts';
import { until } from '../../../support/until.ts';

const address = 'c0:00:00:00:00:01';
/** Shorter waits: for the button, for the end of a connection that nobody uses, between questions while somebody attends. */
const shorter = new Map([
  [45_000, 300],
  [5_000, 50],
  [2_500, 20],
]);
const clock: Clock = {
  ...systemClock,
  after: (ms, callback) => systemClock.after(shorter.get(ms) ?? ms, callback),
};

/** A door with a lock that is not paired, and a hub that knows where it is. */
function hung() {
  const door = new Door('front', realClock, { leafMs: 20, latchMs: 10, boltMs: 30, handle: true }, () => undefined);
  const { nuki, fault } = street({ clock: realClock, door, boltMs: 30, latchMs: 10, replyMs: 10 });
  const kept = new Map<string, Uint8Array>();
  const secrets = {
    get: async (name: string) => kept.get(name),
    put: async (name: string, bytes: Uint8Array) => void kept.set(name, bytes),
    remove: async (name: string) => void kept.delete(name),
  };
  const adapter = gattPipe(new Map([[address, nuki]]));
  const log = {
    taken: [] as LogEntry[],
    /** What `ownId` was with each line. */
    own: [] as (number | undefined)[],
    restarts: 0,
    last: undefined as number | undefined,
  };
  const install = async () => {
    const config = { kind: 'nuki', address, doorSensor: true, pullsLatch: false } as const;
    const installed = await installNuki(new Map([['front', config]]), {
      ...{ hubId: 'hub-a', adapter, clock, secrets, now: () => undefined, onEvent: () => undefined },
      randomBytes: (count) => new Uint8Array(randomBytes(count)),
      log: (_, ownId) => ({
        lastIndex: () => log.last,
        begin: async (index) => {
          log.last = index;
        },
        cleared: async () => {
          log.last = 0;
        },
        take: async (entries) => {
          for (const entry of entries) {
            log.taken.push(entry);
            log.own.push(ownId());
          }
          log.last = entries.at(-1)?.index;
        },
        restart: () => {
          log.restarts += 1;
          log.last = undefined;
        },
      }),
    });
    return installed.get('front')!;
  };
  return { door, nuki, fault, kept, log, install };
}

t.test('a lock that is not paired is out of reach, and says why', async (t) => {
  const { mover, pair } = await hung().install();
  t.teardown(() => mover.close());
  await mover.start();
  t.match(await mover.state(), { bolt: 'unavailable', contact: 'unavailable' });
  t.match(mover.health(), { reachable: false, fault: 'NUKI_NOT_PAIRED' });
  await t.rejects(mover.unlock({ expiresInMs: 1_000 }), { code: 'NUKI_NOT_PAIRED' });
  await t.rejects(pair({}), { code: 'NUKI_NOT_PAIRING' }, 'nobody holds its button');
});

t.test('it is paired while its button is held, found again after a restart, and given up', async (t) => {
  const { nuki, door, kept, install } = hung();
  const { mover, pair } = await install();
  const seen: DoorReport[] = [];
  mover.onReport((report) => seen.push(report));
  await mover.start();
  nuki.holdButton();
  t.same(await pair({ pin }), { isOld: false });
  await until('the lock reports', () => mover.last()?.bolt === 'locked');
  await mover.unlock({ expiresInMs: 5_000 });
  t.equal(door.truth().bolt, 'drawn');
  nuki.holdButton();
  await pair({ pin });
  await until('it reports under its new key', () => mover.last()?.bolt === 'unlocked');
  t.same(
    seen.map(({ seq }) => seq),
    seen.map((_, index) => index + 1),
    'one row of reports, whichever driver makes them',
  );
  t.equal(nuki.truth().authorizations.length, 1, 'paired twice, it is in the lock once');
  await mover.close();

  const again = await install();
  t.teardown(() => again.mover.close());
  await again.mover.start();
  await again.mover.lock();
  t.equal(door.truth().bolt, 'thrown');
  await again.unpair();
  t.match(again.mover.health(), { fault: 'NUKI_NOT_PAIRED' });
  t.same([...kept.keys()], [], 'nothing of it is left in the hub');
});

t.test('the log goes on under a new pairing, and begins anew where the lock was given up', async (t) => {
  const { nuki, log, install } = hung();
  const { mover, pair, unpair } = await install();
  t.teardown(() => mover.close());
  nuki.turn('unlocked');
  await mover.start();
  nuki.holdButton();
  await pair({ pin });
  t.equal(log.restarts, 1);
  await until('its beginning', () => log.last !== undefined);
  const began = log.last!;
  t.ok(began > 0, 'what was there before is not handed over');
  await mover.lock();
  await until('the motion', () => log.taken.length > 0);
  t.same(log.own, [log.taken[0]?.authorizationId], 'it is the hub’s own');

  nuki.typeCode(999_999);
  nuki.holdButton();
  await pair({ pin });
  t.equal(log.restarts, 1);
  await mover.unlock({ expiresInMs: 5_000 });
  await until('both', () => log.taken.some(({ what }) => what.is === 'action' && what.action === 1));
  t.same(
    log.taken.map(({ index }) => index),
    log.taken.map((_, at) => began + 1 + at),
    'no line was lost',
  );
  const [first, later] = [log.taken[0]!, log.taken.at(-1)!];
  t.not(later.authorizationId, first.authorizationId);
  t.equal(log.own.at(-1), later.authorizationId, 'what is own goes with the pairing');

  await unpair();
  nuki.holdButton();
  await pair({ pin });
  t.equal(log.restarts, 2);
});

t.test('a pairing that was cut at its last message goes on without the button', async (t) => {
  const { nuki, fault, install } = hung();
  const { mover, pair } = await install();
  t.teardown(() => mover.close());
  await mover.start();
  nuki.holdButton();
  // Public key, authenticator, authorization data, confirmation, with the request of the first.
  fault({ fault: 'cut-after-n-writes', writes: 5 });
  await t.rejects(pair({ pin }), { code: 'NUKI_PAIRING_CUT', detail: { step: 'confirmation', next: 'prove' } });
  t.match(mover.health(), { fault: 'NUKI_NOT_PAIRED' });
  t.same(await pair({ pin }), { isOld: true });
  await until('the lock reports', () => mover.last()?.bolt === 'locked');
});

t.test('while somebody is at the door it is looked at, whatever its adverts say', async (t) => {
  const { nuki, door, fault, install } = hung();
  const { mover, pair } = await install();
  t.teardown(() => mover.close());
  await mover.start();
  nuki.holdButton();
  await pair({ pin });
  await mover.unlock({ expiresInMs: 5_000 });
  fault({ fault: 'flag-stuck', at: 0 });
  await until('nobody is connected', () => nuki.truth().connections === 0);
  const leave = mover.attend?.();
  t.same(door.openLeaf(), { moved: true });
  await until('the open door is seen', () => mover.last()?.contact === 'open');
  leave?.();
  leave?.();
});
