import t from 'tap';
import type { VisitRunnerParts } from '../../../device/visit/run.ts';
import { Fault } from '../../../wire/faults.ts';
import { Bench, Disk } from './bench.ts';
import { ScriptedDoor } from './scripted-door.ts';
import { settle, WoundClock } from './wound-clock.ts';

/** Power that goes when something was done so often: from then on nothing of this process reaches disk, lock or anybody. */
class Power {
  #left: number;
  isOff = false;
  /** How much was done while it lasted. */
  used = 0;

  constructor(left: number) {
    this.#left = left;
  }

  /** Does it, if there is power; and then goes off, if that was the last. */
  async through<T>(act: () => T | Promise<T>): Promise<T> {
    if (this.isOff) return new Promise(() => undefined);
    this.used += 1;
    const done = await act();
    if (this.used < this.#left) return done;
    this.isOff = true;
    return new Promise(() => undefined);
  }

  over(parts: VisitRunnerParts): VisitRunnerParts {
    const { lock } = parts;
    const cut = Object.create(lock, {
      lock: { value: () => this.through(() => lock.lock()) },
      unlock: { value: (options: { expiresInMs: number }) => this.through(() => lock.unlock(options)) },
      open: { value: (options: { forMs: number; expiresInMs: number }) => this.through(() => lock.open(options)) },
      state: { value: () => this.through(() => lock.state()) },
      onReport: { value: lock.onReport.bind(lock) },
    }) as typeof lock;
    return {
      ...parts,
      lock: cut,
      record: (drafts, use) => this.through(() => parts.record(drafts, use)),
      alarm: (alarm) => void this.through(() => parts.alarm(alarm)),
      onEnd: (end) => void this.through(() => parts.onEnd(end)),
    };
  }
}

type Way = 'in and out' | 'nobody enters' | 'left open' | 'jammed' | 'forced';

/** What people do at the door, whether the hub lives or not. */
async function visit(bench: Bench, lock: ScriptedDoor, way: Way, wind: (ms: number) => Promise<void>): Promise<void> {
  const use = { grant: 'grant', grantExp: 1, rule: 'rule', firstOfVisit: true };
  void bench.runner.send({
    on: 'visit.arrived',
    visit: { id: 'mine', grant: 'grant', rule: 'rule', jkt: 'jkt', camera: 'off' },
  });
  await settle();
  void bench.runner.send({ on: 'unlock.asked', visit: 'mine', use });
  await settle();
  const isReleased = lock.bolt !== 'locked';
  if (way === 'forced') {
    lock.leaf(true);
    await settle();
    lock.leaf(false);
  } else if (isReleased && way !== 'nobody enters') {
    lock.leaf(true);
    await settle();
    if (way === 'jammed') lock.isJammed = true;
    if (way !== 'left open') lock.leaf(false);
  }
  await wind(30_000);
}

for (const kind of ['latch', 'bolt'] as const) {
  for (const way of ['in and out', 'nobody enters', 'left open', 'jammed', 'forced'] as const) {
    t.test(`killed after any single effect (${kind}, ${way}): the bolt ends locked, or the alarm stands`, async (t) => {
      let kills = 0;
      for (let after = 1; ; after++) {
        const disk = new Disk();
        const hardware = new WoundClock();
        const lock = new ScriptedDoor(hardware, kind);
        const power = new Power(after);
        const first = new Bench({ lock, disk, parts: (parts) => power.over(parts) });
        const windFirst = async (ms: number): Promise<void> => {
          for (let done = 0; done < ms; done += 500) {
            if (!power.isOff) await first.clock.wind(500);
            await hardware.wind(500);
          }
        };
        void first.runner.start(first.recovered());
        await windFirst(2_000);
        await visit(first, lock, way, windFirst);
        first.runner.close();
        if (!power.isOff) break;
        kills += 1;

        const second = new Bench({ lock, disk });
        const before = disk.entries.length;
        await second.runner.start(second.recovered());
        for (let ms = 0; ms < 120_000; ms += 500) {
          await second.clock.wind(500);
          await hardware.wind(500);
        }
        const where = `killed after effect ${after}: ${disk.kinds().slice(-8)}`;
        const isSafe = lock.bolt === 'locked' && !lock.isLeafOpen && second.at() === 'idle';
        t.ok(isSafe || second.standing().length > 0, where);
        if (second.at() === 'idle') t.same(second.standing(), [], where);
        if (way === 'in and out' || way === 'nobody enters') t.ok(isSafe, `safe again: ${where}`);

        const ends = disk.entries.filter((entry) => entry.kind === 'visit.ended');
        const hasArrived = disk.kinds().includes('visit.arrived');
        const isPending = second.runner.view().visit !== undefined;
        t.equal(ends.length + (isPending ? 1 : 0), hasArrived ? 1 : 0, `one end for a visit that arrived: ${where}`);
        const unlocking = disk.kinds().indexOf('visit.unlock');
        const wasReleased = lock.commands.some((command) => command !== 'lock');
        if (wasReleased) t.ok(unlocking >= 0, `nothing was unlocked without its record: ${where}`);
        if (wasReleased) t.not(ends[0]?.body.proof, 'untouched', where);
        t.notOk(disk.kinds().slice(before).includes('visit.unlock'), 'a restart unlocks nothing');
      }
      t.ok(kills > 10, `${kills} kills`);
    });
  }
}

t.test('a second kill, at any effect of the recovery, changes nothing of that', async (t) => {
  for (const firstKill of [9, 10, 11, 12]) {
    for (let after = 1; after < 30; after++) {
      const disk = new Disk();
      const hardware = new WoundClock();
      const lock = new ScriptedDoor(hardware, 'bolt');
      for (const power of [new Power(firstKill), new Power(after)]) {
        const bench = new Bench({ lock, disk, parts: (parts) => power.over(parts) });
        void bench.runner.start(bench.recovered());
        await bench.clock.wind(2_000);
        if (disk.kinds().includes('visit.arrived')) await bench.clock.wind(10_000);
        else await visit(bench, lock, 'in and out', (ms) => bench.clock.wind(ms));
        bench.runner.close();
      }
      const last = new Bench({ lock, disk });
      await last.runner.start(last.recovered());
      await last.clock.wind(60_000);
      t.equal(lock.bolt, 'locked');
      t.equal(last.at(), 'idle');
      t.equal(disk.kinds().filter((kind) => kind === 'visit.ended').length, 1);
    }
  }
});

t.test('an alarm that needs a signature outlasts a restart', async (t) => {
  const disk = new Disk();
  const first = await new Bench({ disk }).begin();
  await first.arrive();
  await first.open();
  await first.runner.send({ on: 'finish.asked', visit: 'mine' });
  t.same(first.standing(), ['CONTACT_FAULT']);
  first.runner.close();
  const second = new Bench({ disk });
  await second.runner.start(second.recovered());
  await second.clock.wind(120_000);
  t.equal(second.at(), 'unsecured');
  const [alarm] = second.runner.view().alarms;
  t.equal(alarm!.seq, disk.entries.find(({ kind }) => kind === 'alarm.raised')!.seq, 'the entry to sign for');
  await second.runner.send({ on: 'cleared', by: 'owner' });
  await second.windOut();
  t.equal(second.at(), 'idle');
  t.same(second.standing(), []);
});

t.test('recovery reads nothing into a door: a lock that is away after a restart is an alarm', async (t) => {
  const disk = new Disk();
  const lock = new ScriptedDoor(new WoundClock());
  const first = await new Bench({ disk, lock }).begin();
  first.runner.close();
  lock.trouble = new Fault('LOCK_UNAVAILABLE').code;
  const second = new Bench({ disk, lock });
  await second.runner.start(second.recovered());
  await second.clock.wind(second.profile.lookMs);
  t.same(second.standing(), ['LOCK_OFFLINE']);
});
