import t from 'tap';
import { type OsdpBarrierOptions, osdpBarrier } from '../../device/barrier/osdp.ts';
import { pairedKey, woundRig } from '../device/lock/osdp/wound-rig.ts';
import { type BarrierRig, barrierContract } from './barrier.ts';

const garage = { id: 'garage', output: 0, closedInput: 0, closeOutput: 1, reader: 0 } as const;
const wired: Partial<OsdpBarrierOptions> = {
  output: 0,
  closed: { input: 0, closedWhen: 'active' },
  close: { output: 1, stopsAtObstruction: true, reader: 0, led: 0 },
};

async function simulated(
  options: { stands?: 'open'; readonly simulated?: object; readonly barrier?: Partial<OsdpBarrierOptions> } = {},
): Promise<BarrierRig> {
  const rig = await woundRig({
    start: false,
    stepMs: 20,
    simulated: { address: 1, keyHex: pairedKey, doors: [], barriers: [{ ...garage, ...options.simulated }] },
  });
  const { clock, home, peripheral } = rig;
  const barrier = osdpBarrier({ peripheral, clock, output: 0, ...wired, ...options.barrier });
  const sim = home.barrier('garage');
  if (options.stands === 'open') {
    sim.press();
    await rig.wind(13_000);
  }
  return {
    barrier,
    wind: rig.wind,
    world: {
      pulses: () => sim.truth().pulses,
      closes: () => sim.truth().closes,
      height: () => Math.round(sim.truth().height * 100) / 100,
      hits: () => sim.truth().hits,
      press: () => sim.press(),
      fault: (fault, active) => home.barrierFault('garage', { fault, active }),
      cutPower: () => home.lineFault('line', { fault: 'power-cut' }),
      restorePower: () => home.lineFault('line', { fault: 'power-cut', active: false }),
      dropReplies: (count) =>
        home.lineFault('line', count > 0 ? { fault: 'drop', next: count } : { fault: 'drop', active: false }),
      silence: (active) => home.lineFault('line', { fault: 'silent', active }),
      isWarning: () => {
        const { light, blinks, sounding } = home.reader('garage').truth();
        return light === 'red' && blinks && sounding;
      },
    },
    close: async () => {
      const ending = barrier.end();
      await rig.wind(500);
      await ending;
      await rig.end();
    },
  };
}

barrierContract(t, 'OSDP garage door', simulated);

t.test('without an input that sees it closed, no pulse is ever sent', async (t) => {
  const { barrier, world, wind, close } = await simulated({ barrier: { closed: undefined as never } });
  t.match(barrier.capabilities, { seesClosed: false, closes: false });
  await barrier.start();
  await wind(60_000);
  await t.rejects(barrier.openPulse({ expiresInMs: 1000 }), { code: 'BARRIER_NOT_PROVEN' });
  t.equal(world.pulses(), 0);
  await close();
});

t.test('without an output of its own to close with, it is not closed from afar', async (t) => {
  for (const output of [undefined, 0]) {
    const same = output === undefined ? undefined : { output, stopsAtObstruction: true as const, reader: 0, led: 0 };
    const { barrier, world, close } = await simulated({ stands: 'open', barrier: { close: same as never } });
    t.equal(barrier.capabilities.closes, false);
    await t.rejects(barrier.closeFromAfar(), { code: 'LOCK_CAPABILITY_MISSING' });
    t.equal(world.pulses() + world.closes(), 0);
    await close();
  }
});

t.test('without a reader that warns, it is not closed from afar', async (t) => {
  const { barrier, world, wind, close } = await simulated({ stands: 'open', simulated: { reader: null } });
  await barrier.start();
  await wind(2000);
  const closing = barrier.closeFromAfar().catch((cause: unknown) => cause);
  await wind(10_000);
  t.match(await closing, { code: 'LOCK_REFUSED' });
  t.equal(world.closes(), 0);
  await close();
});

t.test('a pulse that would wait too long, or no time at all, is refused', async (t) => {
  const { barrier, world, close } = await simulated();
  for (const expiresInMs of [2001, Number.NaN]) {
    await t.rejects(barrier.openPulse({ expiresInMs }), { code: 'LOCK_REFUSED' });
  }
  await t.rejects(barrier.openPulse({ expiresInMs: 0 }), { code: 'LOCK_COMMAND_EXPIRED' });
  t.equal(world.pulses(), 0);
  await close();
});
