import t from 'tap';
import { Fault } from '../../../wire/faults.ts';
import { Bench, Disk } from './bench.ts';
import { ScriptedDoor } from './scripted-door.ts';
import { settle, WoundClock } from './wound-clock.ts';

t.test('a delivery: unlocked after the record, in and out, proven locked', async (t) => {
  const bench = await new Bench().begin();
  t.equal(bench.at(), 'idle');
  await bench.arrive('recorded');
  t.equal(bench.at(), 'preparing');
  t.same(bench.camera, ['start mine']);
  await bench.runner.send({ on: 'camera.live', visit: 'mine', watched: false });
  t.same(bench.runner.view().acts, ['open', 'abort']);
  const state = bench.runner.send({
    on: 'unlock.asked',
    visit: 'mine',
    use: { grant: 'grant', grantExp: 1, rule: 'rule', firstOfVisit: true },
  });
  t.equal((await state).at, 'unlocked', 'settled with the record and the command');
  t.same(bench.disk.uses.length, 1);
  t.same(bench.lock.commands, ['open']);
  bench.lock.leaf(true);
  await settle();
  bench.lock.leaf(false);
  await bench.windOut();
  t.same(bench.ended(), ['completed, secured']);
  t.equal(bench.ends[0]!.written?.entry.kind, 'visit.ended');
  t.same(bench.camera, ['start mine', 'stop mine']);
  t.same(bench.disk.kinds(), [
    'lock.online',
    'door.secured',
    'visit.arrived',
    'camera.live',
    'visit.ready',
    'visit.unlock',
    'bolt.driven',
    'door.opened',
    'door.closed',
    'door.locking',
    'bolt.driven',
    'door.secured',
    'visit.ended',
  ]);
  t.same(bench.alarms, []);
});

t.test('one visit a door: a second one changes nothing', async (t) => {
  const bench = await new Bench().begin();
  await bench.arrive();
  await bench.arrive('off', 'other');
  t.equal(bench.runner.view().visit, 'mine');
});

t.test('a stop that comes while the record is written is heard before the bolt', async (t) => {
  const bench = await new Bench().begin();
  await bench.arrive();
  const opened = bench.open();
  const stopped = bench.runner.send({ on: 'stop.asked', by: 'owner' });
  await Promise.all([opened, stopped]);
  t.same(bench.lock.commands, []);
  t.same(bench.ended(), ['stopped, untouched']);
});

t.test('T03: who opens again after the door was closed is recorded, and an alarm', async (t) => {
  const bench = await new Bench().begin();
  await bench.arrive();
  await bench.open();
  bench.lock.leaf(true);
  await settle();
  bench.lock.leaf(false);
  await bench.clock.wind(bench.profile.settleMs);
  bench.lock.leaf(true);
  await settle();
  t.equal(bench.at(), 'open');
  t.same(bench.standing(), ['DOOR_FORCED_OPEN']);
  t.match(bench.disk.entries.filter(({ kind }) => kind === 'door.opened').at(-1)?.body, { again: true });
  bench.lock.leaf(false);
  await bench.windOut();
  t.same(bench.ended(), ['incomplete, secured']);
  t.same(bench.standing(), []);
});

t.test('T04: with every answer of the lock lost, a visit never ends as locked', async (t) => {
  const bench = await new Bench({ kind: 'bolt' }).begin();
  await bench.arrive();
  await bench.open();
  bench.lock.leaf(true);
  await settle();
  bench.lock.dropsAcks = true;
  bench.lock.isStuck = true;
  bench.lock.leaf(false);
  await bench.windOut(30_000);
  t.same(bench.ended(), ['lock-failed, unsecured']);
  t.same(bench.standing(), ['LOCK_FAILED']);
  t.equal(bench.at(), 'unsecured');
});

for (const trouble of ['LOCK_SILENT', 'hangs'] as const) {
  t.test(
    `T04: a line that is jammed (${trouble}) while the door is open ends in an alarm, never as locked`,
    async (t) => {
      const bench = await new Bench({ kind: 'bolt' }).begin();
      await bench.arrive();
      await bench.open();
      bench.lock.leaf(true);
      await settle();
      bench.lock.leaf(false);
      await settle();
      bench.lock.cut(trouble);
      await bench.windOut(120_000);
      t.same(bench.ended(), ['lock-failed, unsecured']);
      t.same(bench.standing(), ['LOCK_OFFLINE']);
      bench.lock.cut(undefined);
      await bench.windOut(120_000);
      t.equal(bench.at(), 'idle', 'back in reach, it is locked and proven');
      t.equal(bench.lock.bolt, 'locked');
      t.same(bench.standing(), []);
    },
  );
}

t.test('T05, T32: the visitor vanishes and leaves the door open: an alarm after the limit, and again', async (t) => {
  const bench = await new Bench().begin();
  await bench.arrive();
  await bench.open();
  bench.lock.leaf(true);
  await bench.clock.wind(bench.profile.openLimitMs - 1);
  t.same(bench.standing(), []);
  await bench.clock.wind(1);
  t.same(bench.standing(), ['DOOR_LEFT_OPEN']);
  await bench.clock.wind(bench.profile.repeatMs);
  t.same(
    bench.alarms.map(({ code, again }) => ({ code, again })),
    [
      { code: 'DOOR_LEFT_OPEN', again: false },
      { code: 'DOOR_LEFT_OPEN', again: true },
    ],
  );
  t.equal(bench.runner.view().alarms[0]!.seq, bench.disk.entries.find(({ kind }) => kind === 'alarm.raised')!.seq);
});

t.test('T35: a door that opens by itself is an alarm for the household, sealed in the journal', async (t) => {
  const bench = await new Bench().begin();
  bench.lock.leaf(true);
  await settle();
  t.match(bench.alarms, [{ code: 'DOOR_FORCED_OPEN', standing: true, private: true }]);
  t.same(bench.disk.kinds().slice(-2), ['door.moved', 'alarm.private']);
  await bench.arrive();
  t.equal(bench.at(), 'unsecured');
  bench.lock.leaf(false);
  await bench.windOut();
  t.equal(bench.at(), 'idle');
  t.match(bench.alarms.at(-1), { code: 'DOOR_FORCED_OPEN', standing: false, private: true });
});

t.test('T42: a motor bolt is never thrown into an open door', async (t) => {
  const bench = await new Bench({ kind: 'bolt' }).begin();
  await bench.arrive();
  await bench.open();
  bench.lock.leaf(true);
  await settle();
  await bench.runner.send({ on: 'stop.asked', by: 'owner' });
  await bench.clock.wind(10 * 60_000);
  t.same(bench.lock.commands, ['unlock']);
  bench.lock.leaf(false);
  await bench.windOut();
  t.same(bench.lock.commands, ['unlock', 'lock']);
  t.same(bench.ended(), ['stopped, secured']);
});

t.test('T47: a bolt that moves by itself is an alarm, and no visit starts', async (t) => {
  const bench = await new Bench({ kind: 'bolt' }).begin();
  bench.lock.turn('unlocked');
  await settle();
  t.same(bench.standing(), ['BOLT_MOVED']);
  await bench.arrive();
  t.equal(bench.runner.view().visit, undefined);
  t.same(bench.lock.commands, []);
});

t.test('a lock out of reach is an alarm after a while, and nothing when it is back before', async (t) => {
  const bench = await new Bench().begin();
  bench.lock.cut('LOCK_UNAVAILABLE');
  await bench.clock.wind(bench.profile.offlineMs - 1_000);
  bench.lock.cut(undefined);
  await bench.windOut();
  t.same(bench.alarms, []);
  bench.lock.cut('LOCK_UNAVAILABLE');
  await bench.clock.wind(bench.profile.offlineMs);
  t.same(bench.standing(), ['LOCK_OFFLINE']);
});

t.test('a lock that hangs while unlocking is locked as soon as it answers', async (t) => {
  const bench = await new Bench().begin();
  await bench.arrive();
  bench.lock.trouble = 'hangs';
  const opened = bench.open();
  await bench.clock.wind(bench.profile.driveMs);
  await opened;
  t.match(bench.disk.entries.filter(({ kind }) => kind === 'bolt.failed').at(-1)?.body, { code: 'LOCK_SILENT' });
  bench.lock.trouble = undefined;
  await bench.windOut();
  t.same(bench.ended(), ['lock-failed, locked']);
});

t.test('what fails outside never stops the door', async (t) => {
  const fails = (): never => {
    throw new Fault('INTERNAL');
  };
  const log = { visit: fails, alarm: fails, lockTrouble: fails, journalFailed: fails, unexpected: fails };
  const bench = new Bench({
    parts: (parts) => ({
      ...parts,
      alarm: fails,
      onEnd: fails,
      onChange: fails,
      camera: { start: fails, stop: fails },
      log,
    }),
  });
  await bench.begin();
  await bench.arrive('recorded');
  await bench.runner.send({ on: 'camera.live', visit: 'mine', watched: false });
  await bench.open();
  bench.lock.leaf(true);
  await settle();
  bench.lock.leaf(false);
  await bench.windOut();
  t.match(bench.disk.entries.at(-1), { kind: 'visit.ended', body: { outcome: 'completed', proof: 'secured' } });
});

t.test('a receipt goes into the entry of the end; one that does not come is not waited for', async (t) => {
  for (const [receipt, expected] of [
    [async () => 'signed', 'signed'],
    [() => new Promise<string>(() => undefined), undefined],
    [() => Promise.reject(new Fault('SECRET_MISSING')), undefined],
  ] as const) {
    const bench = await new Bench({ parts: (parts) => ({ ...parts, receipt }) }).begin();
    await bench.arrive();
    const stopped = bench.runner.send({ on: 'stop.asked', by: 'owner' });
    await bench.clock.wind(2_000);
    await stopped;
    t.same(bench.ended(), ['stopped, untouched']);
    t.equal(bench.ends[0]!.receipt, expected);
    t.equal(bench.disk.entries.at(-1)!.body.receipt, expected);
  }
});

t.test('a closed runner does nothing any more', async (t) => {
  const bench = await new Bench().begin();
  await bench.arrive();
  bench.runner.close();
  await bench.open();
  t.same(bench.lock.commands, []);
  t.equal(bench.disk.kinds().includes('visit.unlock'), false);
});

/** The steps of a visit; a fault is switched on before one of them. */
const steps: readonly [name: string, act: (bench: Bench) => Promise<void>][] = [
  ['arriving', (bench) => bench.arrive()],
  ['opening', (bench) => bench.open()],
  ['going in', async (bench) => bench.lock.leaf(true)],
  ['going out', async (bench) => bench.lock.leaf(false)],
  ['locking', (bench) => bench.clock.wind(bench.profile.settleMs)],
  ['proving', (bench) => bench.windOut()],
];

for (const kind of ['latch', 'bolt'] as const) {
  for (const fault of ['full', 'hangs'] as const) {
    for (const [at, [name]] of steps.entries()) {
      t.test(`a disk that is ${fault} from ${name} on (${kind}): it locks, unlocks nothing, and says so`, async (t) => {
        const bench = await new Bench({ kind }).begin();
        for (const [n, [, act]] of steps.entries()) {
          if (n === at) bench.disk.fault = fault;
          // A disk that hangs is waited for a little, each time anew.
          const done = act(bench);
          for (let waits = 0; waits < 40 && bench.disk.fault === 'hangs'; waits++) await bench.clock.wind(250);
          await done;
          await settle();
        }
        await bench.windOut();
        const hasOpened = bench.lock.commands.some((command) => command !== 'lock');
        t.equal(hasOpened, at > 1, 'unlocked only with the record on disk');
        t.equal(bench.lock.bolt, 'locked');
        t.equal(bench.lock.commands.at(-1), at > 1 ? 'lock' : undefined);
        t.ok(bench.standing().includes('JOURNAL_FAILED'));
        t.match(bench.alarms[0], { code: 'JOURNAL_FAILED', standing: true });
        const before = bench.disk.entries.length;
        if (fault === 'hangs') return;
        bench.disk.fault = 'none';
        await bench.clock.wind(60_000);
        const late = bench.disk.entries.slice(before).map((entry) => entry.kind);
        t.equal(late[0], 'journal.late');
        t.ok(late.includes('alarm.raised'));
        t.equal(late.at(-1), 'alarm.cleared');
        t.same(bench.standing(), []);
        t.equal(bench.runner.view().unwritten, 0);
        t.equal(bench.disk.kinds().filter((one) => one === 'visit.ended').length, bench.ends.length, 'each entry once');
      });
    }
  }

  for (const fault of ['dead', 'throws', 'nan'] as const) {
    for (const [at, [name]] of steps.entries()) {
      t.test(`a clock that is ${fault} from ${name} on (${kind}): it locks and proves it`, async (t) => {
        const guard = new WoundClock();
        const clock = new WoundClock();
        // The strike has a clock of its own.
        const hardware = new WoundClock();
        const bench = new Bench({ kind, clock, guard, lock: new ScriptedDoor(hardware, kind) });
        const wind = async (ms: number): Promise<void> => {
          for (let done = 0; done < ms; done += 250) {
            await clock.wind(250);
            await guard.wind(250);
            await hardware.wind(250);
          }
        };
        await bench.runner.start(bench.recovered());
        await wind(3_000);
        for (const [n, [, act]] of steps.entries()) {
          if (n === at) clock.fault = fault;
          if (n < 4) await act(bench);
          await settle();
        }
        await wind(30_000);
        t.equal(bench.at(), 'idle');
        t.same(bench.ended(), ['completed, secured']);
        t.equal(bench.lock.commands.at(-1), 'lock');
        const last = bench.disk.entries.at(-1)!;
        t.equal(last.kind, 'visit.ended');
        if (fault === 'nan' || fault === 'throws') t.equal(last.at, 0);
      });
    }
  }
}

t.test('more than the memory holds: the oldest entries are dropped, and counted', async (t) => {
  const bench = await new Bench().begin();
  bench.disk.fault = 'full';
  for (let n = 0; n < 1_010; n++) await bench.runner.send({ on: 'finish.asked', visit: 'mine' });
  t.equal(bench.runner.view().unwritten, 1_000);
  bench.disk.fault = 'none';
  await bench.clock.wind(15 * 60_000);
  t.equal(bench.runner.view().unwritten, 0);
  const late = bench.disk.entries.find(({ kind }) => kind === 'journal.late')!;
  t.match(late.body, { count: 1_000, dropped: 11 });
});

t.test('a disk that answers too late writes its entry once', async (t) => {
  class SlowDisk extends Disk {
    #letGo: () => void = () => undefined;
    isSlow = false;
    override async record(...args: Parameters<Disk['record']>): ReturnType<Disk['record']> {
      if (this.isSlow) {
        await new Promise<void>((resolve) => {
          this.#letGo = resolve;
        });
      }
      return super.record(...args);
    }
    release(): void {
      this.isSlow = false;
      this.#letGo();
    }
  }
  const disk = new SlowDisk();
  const bench = await new Bench({ disk }).begin();
  disk.isSlow = true;
  const sent = bench.runner.send({ on: 'finish.asked', visit: 'mine' });
  await bench.clock.wind(5_000);
  await sent;
  disk.release();
  await bench.clock.wind(60_000);
  t.equal(disk.kinds().filter((kind) => kind === 'visit.ignored').length, 1);
  t.equal(bench.runner.view().unwritten, 0);
});
