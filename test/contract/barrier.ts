/** What any `Barrier` must do, whatever drives it. Above all: no pulse that could close it on somebody. */
import type { Barrier } from '../../device/barrier/barrier.ts';
import { Fault } from '../../wire/faults.ts';

/** The part of tap's test object that the suite needs. */
type Tap = typeof import('tap')['default'];

/** The world around a simulated barrier. */
export interface BarrierWorld {
  /** How often its push-button input and its close input were pulsed by the hub. */
  pulses(): number;
  closes(): number;
  /** 0 closed .. 1 open. */
  height(): number;
  /** How often it came down on something. */
  hits(): number;
  /** The household presses its own button. */
  press(): void;
  fault(fault: 'obstructed' | 'halts' | 'dead' | 'contact-stuck' | 'contact-cut' | 'slow-start', active: boolean): void;
  cutPower(): void;
  restorePower(): void;
  /** Loses the next `count` replies. */
  dropReplies(count: number): void;
  /** Loses everything both ways, or no more. */
  silence(silent: boolean): void;
  isWarning(): boolean;
}

export interface BarrierRig {
  readonly barrier: Barrier;
  readonly world: BarrierWorld;
  /** Lets time pass, ms. */
  readonly wind: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** From a start until a barrier may be pulsed, and its travel, ms. */
const provenAfterMs = 35_000;
const travelMs = 12_000;
const soon = { expiresInMs: 1000 };

export function barrierContract(
  t: Tap,
  name: string,
  make: (options?: { stands?: 'open' }) => Promise<BarrierRig>,
): void {
  const begun = async (options?: { stands?: 'open' }) => {
    const rig = await make(options);
    await rig.barrier.start();
    await rig.wind(provenAfterMs);
    /** How a command ended, and whether in time. */
    const outcome = async (command: Promise<void>, withinMs = 3000): Promise<string> => {
      let ended = 'under way';
      command.then(
        () => {
          ended = 'done';
        },
        (cause: unknown) => {
          ended = cause instanceof Fault ? cause.code : 'no fault';
        },
      );
      await rig.wind(withinMs);
      return ended;
    };
    const pulse = (): Promise<string> => outcome(rig.barrier.openPulse(soon));
    return { ...rig, outcome, pulse };
  };

  t.test(`${name}: one pulse opens it, and its position comes from its contact`, async (t) => {
    const { barrier, world, wind, pulse, close } = await begun();
    t.equal(barrier.last()?.position, 'closed');
    t.equal(await pulse(), 'done');
    t.equal(barrier.last()?.position, 'not-closed');
    await wind(travelMs);
    t.equal(world.height(), 1);
    t.equal(world.pulses(), 1);
    await close();
  });

  t.test(
    `${name}: no second pulse while it moves, while it is open, or before it was closed and still again`,
    async (t) => {
      const { world, wind, pulse, close } = await begun();
      t.equal(await pulse(), 'done');
      t.equal(await pulse(), 'BARRIER_SPENT', 'moving');
      await wind(travelMs);
      t.equal(await pulse(), 'BARRIER_SPENT', 'open');
      world.press();
      await wind(travelMs - 3000);
      t.equal(await pulse(), 'BARRIER_SPENT', 'coming down');
      await wind(5000);
      t.equal(world.pulses(), 1);
      t.equal(await pulse(), 'done', 'closed and still');
      t.equal(world.pulses(), 2);
      await close();
    },
  );

  t.test(
    `${name}: never after a start before it was seen closed for longer than a pulse can take to show`,
    async (t) => {
      const rig = await make();
      await rig.barrier.start();
      await rig.wind(5000);
      t.equal(rig.barrier.last()?.position, 'closed');
      await t.rejects(rig.barrier.openPulse(soon), { code: 'BARRIER_NOT_PROVEN' });
      await rig.barrier.end();
      await t.rejects(rig.barrier.openPulse(soon), { code: 'LOCK_UNAVAILABLE' });
      t.equal(rig.world.pulses(), 0);
      await rig.close();
    },
  );

  t.test(`${name}: started while it stands open, it is not pulsed`, async (t) => {
    const { barrier, world, pulse, close } = await begun({ stands: 'open' });
    t.equal(barrier.last()?.position, 'not-closed');
    t.equal(await pulse(), 'BARRIER_NOT_PROVEN');
    t.equal(world.pulses(), 0);
    await close();
  });

  t.test(`${name}: whatever the household does with it, it is pulsed from closed and still only`, async (t) => {
    const { world, wind, pulse, close } = await begun();
    world.press();
    await wind(1000);
    t.equal(await pulse(), 'BARRIER_NOT_PROVEN', 'on its way up');
    world.press();
    await wind(1000);
    t.equal(await pulse(), 'BARRIER_NOT_PROVEN', 'stopped half-way');
    world.press();
    await wind(travelMs);
    t.equal(await pulse(), 'done', 'down again');
    t.equal(world.pulses(), 1);
    await close();
  });

  for (const fault of ['dead', 'contact-stuck'] as const) {
    t.test(`${name}: ${fault}: a pulse that was not seen to open it is the last one`, async (t) => {
      const { barrier, world, wind, pulse, close } = await begun();
      world.fault(fault, true);
      t.equal(await pulse(), 'done');
      await wind(120_000);
      t.equal(barrier.last()?.position, 'closed');
      t.equal(await pulse(), 'BARRIER_SPENT');
      t.equal(world.pulses(), 1);
      await close();
    });
  }

  t.test(`${name}: one that begins to move late is not pulsed again meanwhile`, async (t) => {
    const { world, wind, pulse, close } = await begun();
    world.fault('slow-start', true);
    t.equal(await pulse(), 'done');
    for (let n = 0; n < 4; n++) t.equal(await pulse(), 'BARRIER_SPENT');
    await wind(travelMs);
    t.equal(world.height(), 1);
    t.equal(world.pulses(), 1);
    await close();
  });

  t.test(`${name}: stopped half-way, it stays there as far as the hub goes`, async (t) => {
    const { barrier, world, wind, pulse, close } = await begun();
    world.fault('halts', true);
    t.equal(await pulse(), 'done');
    await wind(60_000);
    t.equal(world.height(), 0.5);
    t.equal(barrier.last()?.position, 'not-closed');
    t.equal(await pulse(), 'BARRIER_SPENT');
    await close();
  });

  t.test(`${name}: a lost answer is LOCK_SILENT, and the pulse is never repeated`, async (t) => {
    const { world, wind, outcome, barrier, pulse, close } = await begun();
    world.dropReplies(1_000);
    t.equal(await outcome(barrier.openPulse(soon), 5000), 'LOCK_SILENT');
    world.dropReplies(0);
    await wind(60_000);
    t.ok(world.pulses() <= 1);
    t.equal(await pulse(), 'BARRIER_SPENT');
    await close();
  });

  t.test(`${name}: out of reach it is unavailable, not pulsed, and not pulsed late`, async (t) => {
    const { world, wind, barrier, outcome, close } = await begun();
    world.silence(true);
    await wind(3000);
    t.equal(await outcome(barrier.openPulse(soon)), 'BARRIER_NOT_PROVEN', 'the last look is old');
    await wind(9000);
    t.equal(barrier.last()?.position, 'unavailable');
    world.silence(false);
    await wind(1000);
    t.equal(await outcome(barrier.openPulse(soon), 100), 'BARRIER_NOT_PROVEN', 'back, and not still for long enough');
    await wind(10_000);
    t.equal(world.pulses(), 0);
    await close();
  });

  t.test(`${name}: a cut wire is unknown, and never a reason to pulse`, async (t) => {
    const { world, wind, barrier, pulse, close } = await begun();
    world.fault('contact-cut', true);
    await wind(1000);
    t.equal(barrier.last()?.position, 'unknown');
    t.equal(await pulse(), 'BARRIER_NOT_PROVEN');
    t.equal(world.pulses(), 0);
    await close();
  });

  t.test(`${name}: a power cut of its peripheral moves nothing, then or later`, async (t) => {
    const { world, wind, close } = await begun();
    world.cutPower();
    await wind(10_000);
    world.restorePower();
    await wind(20_000);
    t.equal(world.pulses(), 0);
    t.equal(world.height(), 0);
    await close();
  });

  t.test(`${name}: from afar it closes after 5 s of warning, once`, async (t) => {
    const { barrier, world, wind, outcome, pulse, close } = await begun();
    t.equal(await outcome(barrier.closeFromAfar()), 'BARRIER_NOT_PROVEN', 'it is closed');
    await pulse();
    await wind(travelMs);
    const closing = barrier.closeFromAfar();
    await wind(4900);
    t.ok(world.isWarning());
    t.equal(world.closes(), 0);
    t.equal(await outcome(closing), 'done');
    t.equal(world.closes(), 1);
    t.equal(await outcome(barrier.closeFromAfar()), 'BARRIER_SPENT');
    await wind(travelMs);
    t.equal(world.height(), 0);
    t.equal(world.pulses(), 1, 'the push-button input has no part in it');
    await close();
  });

  t.test(`${name}: from afar, on somebody: it goes up again, and is not told to close again`, async (t) => {
    const { barrier, world, wind, outcome, pulse, close } = await begun();
    await pulse();
    await wind(travelMs);
    world.fault('obstructed', true);
    t.equal(await outcome(barrier.closeFromAfar(), 8000), 'done');
    await wind(2 * travelMs);
    t.equal(world.hits(), 1);
    t.equal(world.height(), 1);
    t.equal(await outcome(barrier.closeFromAfar()), 'BARRIER_SPENT');
    await wind(60_000);
    t.equal(world.closes(), 1);
    await close();
  });

  t.test(`${name}: what cannot be warned of, or is lost sight of meanwhile, is not closed`, async (t) => {
    const { barrier, world, wind, outcome, pulse, close } = await begun();
    await pulse();
    await wind(travelMs);
    const closing = barrier.closeFromAfar();
    await wind(2000);
    world.fault('contact-cut', true);
    t.equal(await outcome(closing, 6000), 'BARRIER_NOT_PROVEN');
    world.fault('contact-cut', false);
    world.silence(true);
    await wind(10_000);
    t.equal(await outcome(barrier.closeFromAfar(), 10_000), 'BARRIER_NOT_PROVEN');
    t.equal(world.closes(), 0);
    await close();
  });
}
