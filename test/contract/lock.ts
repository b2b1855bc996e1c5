/** What any `Lock` must do, whatever drives it: run on the simulator always, on hardware when there is some. */
import type { DoorReport, Lock } from '../../device/lock/lock.ts';
import { codeOf } from '../support/code-of.ts';
import { comesTrue } from '../support/until.ts';

/** The part of tap's test object that the suite needs. */
type Tap = typeof import('tap')['default'];

/** The world around a simulated lock. Hardware has none: what needs it is skipped there. */
export interface LockWorld {
  /** Opens the leaf from the inside, whatever the latch does. */
  openLeaf(): void;
  closeLeaf(): void;
  /** Cuts or mends the wire of the contact. */
  cutContact(cut: boolean): void;
  /** How often the lock has been driven: a command that is sent again counts once. */
  outputRuns(): number;
  cutPower(): void;
  restorePower(): void;
  /** Loses the next `count` replies. */
  dropReplies(count: number): void;
  /** Loses everything both ways, or no more. */
  silence(silent: boolean): void;
  /** Pulls the adapter, or puts it back. */
  unplug(unplugged: boolean): void;
}

export interface LockRig {
  readonly lock: Lock;
  readonly world?: LockWorld;
  /** The lock counts as away after so much silence, in ms. */
  readonly offlineAfterMs: number;
  close(): Promise<void>;
}

const pulseMs = 300;
const command = { expiresInMs: 2000 };

/** @param makeLock  a fresh rig, not started */
export function lockContract(t: Tap, name: string, makeLock: () => Promise<LockRig>): void {
  /** One test on a rig that is up: started, and with a first report. */
  const onDoor = (sentence: string, run: (t: Tap, rig: LockRig) => Promise<void>): void => {
    t.test(`${name}: ${sentence}`, async (t) => {
      const rig = await makeLock();
      try {
        await rig.lock.start();
        t.ok(await comesTrue(() => isKnown(rig.lock.last()), 15_000), 'it comes up');
        await run(t as unknown as Tap, rig);
      } finally {
        await rig.lock.close();
        await rig.close();
      }
    });
  };
  /** The same, where the world can be moved. */
  const inWorld = (sentence: string, run: (t: Tap, rig: LockRig & { world: LockWorld }) => Promise<void>): void =>
    onDoor(sentence, async (t, rig) => {
      if (rig.world === undefined) t.comment('skipped: this is hardware, nobody moves its world');
      else await run(t, { ...rig, world: rig.world });
    });
  const isKnown = (report: DoorReport | undefined): boolean =>
    report !== undefined && report.contact !== 'unavailable' && report.bolt !== 'unavailable';

  t.test(`${name}: before it is started it has no report and moves nothing`, async (t) => {
    const { lock, world, close } = await makeLock();
    t.equal(lock.last(), undefined);
    t.equal(lock.health().reachable, false);
    t.equal(await codeOf(lock.lock()), 'LOCK_UNAVAILABLE');
    t.match(await lock.state(), { bolt: 'unavailable', contact: 'unavailable' });
    if (world !== undefined) t.equal(world.outputRuns(), 0);
    await close();
  });

  onDoor('it says what it can do, and refuses the rest by name', async (t, { lock }) => {
    const { capabilities } = lock;
    if (capabilities.kind === 'latch') t.match(capabilities, { open: true, unlock: false });
    else t.match(capabilities, { lock: true, unlock: true });
    if (!capabilities.unlock) t.equal(await codeOf(lock.unlock(command)), 'LOCK_CAPABILITY_MISSING');
    if (!capabilities.open) t.equal(await codeOf(lock.open({ forMs: pulseMs, ...command })), 'LOCK_CAPABILITY_MISSING');
    t.match(lock.health(), { reachable: true, fault: undefined });
    if (!capabilities.seesBolt) t.equal(lock.last()?.bolt, 'unknown');
    if (!capabilities.seesDoor) t.equal(lock.last()?.contact, 'unknown');
  });

  onDoor('each look at it is a fresh report', async (t, { lock }) => {
    const told: DoorReport[] = [];
    lock.onReport((report) => told.push(report));
    const first = await lock.state();
    const second = await lock.state();
    t.ok(second.seq > first.seq);
    t.ok(second.atMs >= first.atMs);
    t.same(told.slice(-2), [first, second], 'and each is told');
    const many = await Promise.all([lock.state(), lock.state(), lock.state()]);
    t.ok(many.every(({ seq }) => seq > second.seq));
  });

  inWorld('a report follows the leaf, without being asked for', async (t, { lock, world }) => {
    if (!lock.capabilities.seesDoor) return t.comment('skipped: it does not see the door');
    world.openLeaf();
    t.ok(await comesTrue(() => lock.last()?.contact === 'open', 2000));
    world.closeLeaf();
    t.ok(await comesTrue(() => lock.last()?.contact === 'closed', 3000));
    t.equal(world.outputRuns(), 0);
  });

  inWorld('a contact with a cut wire is unknown, never closed', async (t, { lock, world }) => {
    if (!lock.capabilities.seesDoor) return t.comment('skipped: it does not see the door');
    world.cutContact(true);
    t.ok(await comesTrue(() => lock.last()?.contact === 'unknown', 2000));
    world.cutContact(false);
    t.ok(await comesTrue(() => lock.last()?.contact === 'closed', 2000));
  });

  inWorld('open pulls the latch once, and it lets go by itself', async (t, { lock, world }) => {
    if (!lock.capabilities.open) return t.comment('skipped: it has no latch');
    await lock.open({ forMs: pulseMs, ...command });
    t.equal(world.outputRuns(), 1);
    if (lock.capabilities.seesBolt) {
      if (lock.capabilities.kind === 'latch') t.ok(await comesTrue(() => lock.last()?.bolt === 'open', 2000));
      // A bolt that was drawn for it stays drawn.
      const atRest = lock.capabilities.kind === 'latch' ? 'locked' : 'unlocked';
      t.ok(await comesTrue(() => lock.last()?.bolt === atRest, pulseMs + 2000));
    }
    t.equal(world.outputRuns(), 1);
  });

  inWorld('lock ends a pulse that runs, and can be repeated', async (t, { lock, world }) => {
    if (!lock.capabilities.open || !lock.capabilities.seesBolt) return t.comment('skipped: nothing would be seen');
    await lock.open({ forMs: 60_000, ...command });
    // A latch is held as long as it is told, a bolt's as long as it is set there: it has let go when `open` is done.
    const isLatch = lock.capabilities.kind === 'latch';
    if (isLatch) t.ok(await comesTrue(() => lock.last()?.bolt === 'open', 2000));
    await lock.lock();
    t.ok(await comesTrue(() => lock.last()?.bolt === 'locked', 2000));
    await lock.lock();
    await lock.lock();
    t.match(await lock.state(), { bolt: 'locked' });
    // A second turn of a bolt that is locked can jam it.
    t.equal(world.outputRuns(), isLatch ? 4 : 2);
  });

  inWorld('a command runs once, however many replies are lost', async (t, { lock, world }) => {
    const isLatch = lock.capabilities.kind === 'latch';
    for (let round = 1; round <= 3; round += 1) {
      world.dropReplies(2);
      // What is locked is left alone by a lock that sees its bolt: there it has to be another command each time.
      if (isLatch || round % 2 === 0) await lock.lock();
      else await lock.unlock(command);
      t.equal(world.outputRuns(), round);
    }
  });

  onDoor('a pulse of no length or with no expiry is refused before it is sent', async (t, { lock, world }) => {
    for (const forMs of [0, -1, Number.NaN]) t.not(await codeOf(lock.open({ forMs, ...command })), 'done');
    for (const expiresInMs of [0, -1, Number.NaN, 60_000]) {
      t.not(await codeOf(lock.open({ forMs: pulseMs, expiresInMs })), 'done');
    }
    if (world !== undefined) t.equal(world.outputRuns(), 0);
  });

  inWorld('out of reach it is unavailable, and a command fails by name and never runs later', async (t, rig) => {
    const { lock, world, offlineAfterMs } = rig;
    world.silence(true);
    const codes = await Promise.all([codeOf(lock.open({ forMs: pulseMs, expiresInMs: 300 })), codeOf(lock.lock())]);
    for (const code of codes) t.match(code, /^LOCK_(SILENT|UNAVAILABLE|COMMAND_EXPIRED)$/);
    t.match(await lock.state(), { bolt: 'unavailable', contact: 'unavailable' });
    t.ok(await comesTrue(() => !lock.health().reachable, offlineAfterMs + 3000));
    t.type(lock.health().fault, 'string');
    t.equal(await codeOf(lock.open({ forMs: pulseMs, ...command })), 'LOCK_UNAVAILABLE');
    world.silence(false);
    t.ok(await comesTrue(() => isKnown(lock.last()), 10_000), 'it comes back');
    await lock.state();
    t.equal(world.outputRuns(), 0);
  });

  inWorld(
    'after a power cut it comes back by itself, and nothing has moved',
    async (t, { lock, world, offlineAfterMs }) => {
      world.cutPower();
      t.ok(await comesTrue(() => lock.last()?.contact === 'unavailable', offlineAfterMs + 3000));
      t.equal(lock.last()?.bolt, 'unavailable');
      world.restorePower();
      t.ok(await comesTrue(() => isKnown(lock.last()), 10_000));
      t.equal(world.outputRuns(), 0);
    },
  );

  inWorld(
    'without its adapter it is unavailable at once, and back when it is plugged in',
    async (t, { lock, world }) => {
      world.unplug(true);
      t.ok(await comesTrue(() => lock.last()?.contact === 'unavailable', 1500));
      t.equal(lock.health().reachable, false);
      t.equal(await codeOf(lock.open({ forMs: pulseMs, ...command })), 'LOCK_UNAVAILABLE');
      world.unplug(false);
      t.ok(await comesTrue(() => isKnown(lock.last()), 15_000));
      t.equal(world.outputRuns(), 0);
    },
  );

  inWorld('closed, it reports no more', async (t, { lock, world }) => {
    const told: DoorReport[] = [];
    lock.onReport((report) => told.push(report));
    await lock.close();
    const before = told.length;
    world.openLeaf();
    t.match(await codeOf(lock.lock()), 'LOCK_UNAVAILABLE');
    t.equal(told.length, before);
    await lock.close();
  });
}
