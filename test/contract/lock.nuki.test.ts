/** S098: the Nuki driver behind the contract that every lock keeps. */
import t from 'tap';
import type { NukiModel } from '../../hardware-sim/nuki/model.ts';
import { closeLeaf, holdLatchFor, nukiRig } from '../device/lock/nuki/rig.ts';
import { type LockRig, lockContract } from './lock.ts';

type Tap = Parameters<typeof lockContract>[0];

const awayMs = 800;

/** The shipped driver on a simulated lock: real cryptography, real time, no radio. */
async function simulated(model: NukiModel): Promise<LockRig> {
  const { lock, nuki, door, fault, adapter, close, client, pin } = nukiRig({
    model,
    lock: {
      timing: { awayMs, changedMs: 100, replyMs: 250, connectMs: 200, stateMs: 2_000, lingerMs: 5_000, lockMs: 5_000 },
    },
    pipe: { latencyMs: 1 },
  });
  holdLatchFor(1, client, pin);
  return {
    lock,
    offlineAfterMs: 2_000,
    world: {
      openLeaf: () => void door.openLeaf('key'),
      closeLeaf: () => closeLeaf(door),
      cutContact: (active) => door.fault({ fault: 'contact-cut', active }),
      outputRuns: () => nuki.truth().motions,
      cutPower: () => fault({ fault: 'shadow' }),
      restorePower: () => fault({ fault: 'shadow', active: false }),
      dropReplies: (next) => fault({ fault: 'drop', next }),
      silence: (active) => fault({ fault: 'silent', active }),
      unplug: (active) => adapter.unplug(active),
    },
    close,
  };
}

// They wait most of the time, and each has a lock of its own.
t.jobs = 3;
for (const [model, name] of [
  ['gen2', 'Nuki of generation 2'],
  ['gen4', 'Nuki of generation 4'],
  ['ultra', 'Nuki Ultra'],
] as const) {
  t.test(name, { buffered: true }, async (t) => lockContract(t as unknown as Tap, name, () => simulated(model)));
}
