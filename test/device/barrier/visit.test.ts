import t from 'tap';
import { barrierMover } from '../../../device/barrier/mover.ts';
import { osdpBarrier } from '../../../device/barrier/osdp.ts';
import type { Clock } from '../../../device/clock/clock.ts';
import { admits } from '../../../device/visit/admit.ts';
import { toProfile } from '../../../device/visit/profile.ts';
import { recover } from '../../../device/visit/recover.ts';
import { VisitRunner, type VisitRunnerParts } from '../../../device/visit/run.ts';
import type { Event } from '../../../device/visit/step.ts';
import { pairedKey, type WoundRig, woundRig } from '../lock/osdp/wound-rig.ts';
import { Disk, door, use } from '../visit/bench.ts';

const garage = { id: 'garage', output: 0, closedInput: 0 };
const profile = toProfile({ kind: 'barrier', seesBolt: false, seesDoor: true });

/** The shipped runner and driver at a simulated garage door. */
async function standing() {
  const rig = await woundRig({
    start: false,
    stepMs: 20,
    simulated: { address: 1, keyHex: pairedKey, doors: [], barriers: [garage] },
  });
  const disk = new Disk();
  const sim = rig.home.barrier('garage');
  const barrier = osdpBarrier({
    peripheral: rig.peripheral,
    clock: rig.clock,
    output: 0,
    closed: { input: 0, closedWhen: 'active' },
  });
  await barrier.start();
  let hub = await started(rig, barrier, disk);
  await rig.wind(35_000);
  return {
    ...rig,
    sim,
    hub: () => hub,
    /** The process dies and another one begins, with a driver that knows nothing. */
    restart: async (forMs: number) => {
      hub.runner.close();
      const ending = barrier.end();
      await rig.wind(200);
      await ending;
      await barrier.start();
      hub = await started(rig, barrier, disk);
      await rig.wind(forMs);
    },
    tell: async (event: Event) => {
      void hub.runner.send(event);
      await rig.wind(500);
    },
    arrive: async () => {
      const visit = { id: 'mine', grant: 'grant', rule: 'rule', jkt: 'jkt', camera: 'off' } as const;
      void hub.runner.send({ on: 'visit.arrived', visit });
      await rig.wind(500);
    },
    open: async () => {
      void hub.runner.send({ on: 'unlock.asked', visit: 'mine', use });
      await rig.wind(1000);
    },
    close: async () => {
      hub.runner.close();
      const ending = barrier.end();
      await rig.wind(500);
      await ending;
      await rig.end();
    },
  };
}

async function started({ clock, wind }: WoundRig, barrier: Parameters<typeof barrierMover>[0], disk: Disk) {
  const ended: string[] = [];
  const silent = { visit() {}, alarm() {}, lockTrouble() {}, journalFailed() {}, unexpected() {} };
  const parts: VisitRunnerParts = {
    door,
    lock: barrierMover(barrier),
    profile,
    record: (drafts, one) => disk.record(drafts, one),
    clock: clock as Clock,
    guard: clock,
    alarm: () => undefined,
    onEnd: ({ outcome, proof }) => ended.push(`${outcome}, ${proof}`),
    log: silent,
  };
  const runner = new VisitRunner(parts);
  void runner.start(recover(disk.entries));
  await wind(3000);
  const alarms = () => runner.view().alarms.map(({ code }) => code);
  return { runner, ended, alarms, at: () => runner.state().at };
}

t.test('a garage door is opened by one pulse, closed by the visitor, and proven by its contact', async (t) => {
  const { hub, sim, arrive, open, wind, close } = await standing();
  t.equal(hub().at(), 'idle');
  t.ok(admits(hub().runner.state(), profile, { partyKind: 'carrier', camera: 'off', hasCamera: false }).ok);
  await arrive();
  await open();
  t.equal(hub().at(), 'open');
  await wind(20_000);
  t.equal(sim.truth().height, 1);
  sim.press();
  await wind(20_000);
  t.same(hub().ended, ['completed, secured']);
  t.equal(hub().at(), 'idle');
  t.equal(sim.truth().pulses, 1);
  await close();
});

t.test('R8: stopped right after the pulse, nothing is sent to a door that moves', async (t) => {
  const { hub, sim, arrive, open, tell, wind, close, home } = await standing();
  home.barrierFault('garage', { fault: 'slow-start', ms: 5_000 });
  await arrive();
  await open();
  t.equal(hub().at(), 'unlocked');
  await tell({ on: 'stop.asked', by: 'owner' });
  await wind(30_000);
  t.equal(hub().at(), 'open');
  t.equal(sim.truth().height, 1, 'nobody was closed in');
  sim.press();
  await wind(25_000);
  t.same(hub().ended, ['stopped, secured']);
  t.equal(sim.truth().pulses, 1);
  await close();
});

t.test('obstructed on its way down it goes up again: an alarm in time, and no second pulse', async (t) => {
  const { hub, sim, arrive, open, wind, close, home } = await standing();
  await arrive();
  await open();
  await wind(15_000);
  home.barrierFault('garage', { fault: 'obstructed' });
  sim.press();
  await wind(profile.openLimitMs);
  t.equal(sim.truth().hits, 1);
  t.same(hub().alarms(), ['DOOR_LEFT_OPEN']);
  t.equal(sim.truth().pulses, 1);
  home.barrierFault('garage', { fault: 'obstructed', active: false });
  sim.press();
  await wind(20_000);
  t.same(hub().ended, ['completed, secured']);
  await close();
});

t.test('stopped half-way it is open to the hub, which does not pulse', async (t) => {
  const { hub, sim, arrive, open, wind, close, home } = await standing();
  home.barrierFault('garage', { fault: 'halts' });
  await arrive();
  await open();
  await wind(profile.openLimitMs + 1000);
  t.match(sim.truth(), { height: 0.5, pulses: 1 });
  t.equal(hub().at(), 'open');
  t.same(hub().alarms(), ['DOOR_LEFT_OPEN']);
  await close();
});

for (const fault of ['contact-stuck', 'dead'] as const) {
  t.test(
    `${fault}: a pulse without an opening is a contact fault, until somebody signs, and the next is refused`,
    async (t) => {
      const { hub, sim, arrive, open, tell, wind, close, home } = await standing();
      home.barrierFault('garage', { fault });
      await arrive();
      await open();
      await wind(60_000);
      t.same(hub().ended, ['contact-fault, unsecured']);
      t.same(hub().alarms(), ['CONTACT_FAULT']);
      await tell({ on: 'cleared', by: 'owner' });
      await wind(60_000);
      t.equal(hub().at(), 'idle');
      await arrive();
      await open();
      await wind(60_000);
      t.same(hub().ended.at(-1), 'lock-failed, unsecured', 'it was never seen to open and close');
      t.equal(sim.truth().pulses, 1);
      await close();
    },
  );
}

t.test('restarted while it opens: the hub waits for it to be closed, and pulses nothing', async (t) => {
  const { hub, sim, arrive, open, wind, close, restart } = await standing();
  await arrive();
  await open();
  await restart(60_000);
  t.equal(hub().at(), 'unsecured');
  t.equal(sim.truth().pulses, 1);
  sim.press();
  await wind(60_000);
  t.same(hub().ended, ['interrupted, secured']);
  t.equal(hub().at(), 'idle');
  t.equal(sim.truth().pulses, 1);
  await close();
});

t.test('restarted between the pulse and the opening: nobody pulses again before somebody has signed', async (t) => {
  const { hub, sim, arrive, open, close, restart, home } = await standing();
  home.barrierFault('garage', { fault: 'dead' });
  await arrive();
  await open();
  t.equal(hub().at(), 'unlocked');
  await restart(120_000);
  t.equal(hub().at(), 'unsecured');
  t.ok(hub().alarms().includes('CONTACT_FAULT'));
  t.same(hub().ended, ['interrupted, unsecured']);
  t.equal(sim.truth().pulses, 1);
  await close();
});
