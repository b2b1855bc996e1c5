/** The same contracts over controllers that nobody here wrote: BlueZ's emulator, from Debian's bluez-test-tools. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import t from 'tap';
import { systemClock } from '../../device/clock/clock.ts';
import { bleAdapter } from '../../device/link/ble/adapter.ts';
import { unixController } from '../../device/link/ble/unix.ts';
import type { Link } from '../../device/link/link.ts';
import { nukiLock } from '../../device/lock/nuki/driver.ts';
import type { NukiModel } from '../../hardware-sim/nuki/model.ts';
import { nukiPeripheral } from '../../hardware-sim/nuki/peripheral.ts';
import { Fault } from '../../wire/faults.ts';
import { closeLeaf, holdLatchFor, nukiRig, quick } from '../device/lock/nuki/rig.ts';
import { scriptedOn } from '../support/ble.ts';
import { until } from '../support/until.ts';
import { type GattRig, gattContract } from './gatt.ts';
import { type LockRig, lockContract } from './lock.ts';

const program = '/usr/bin/btvirt';
/** btvirt names its sockets itself. */
const socket = '/tmp/bt-server-le';

/** Where the kernel has no AF_ALG, btvirt hangs up at once; DOORWARD_BTVIRT_PRELOAD may name a library that helps. */
async function start(): Promise<ChildProcess | string> {
  if (!existsSync(program)) return `${program} is not installed`;
  const preload = process.env.DOORWARD_BTVIRT_PRELOAD;
  const env = preload === undefined ? process.env : { ...process.env, LD_PRELOAD: preload };
  const child = spawn(program, ['-s'], { stdio: 'ignore', env });
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const probe = connect(socket, () => probe.write(Buffer.from('01030c00', 'hex')));
      probe.once('data', () => {
        probe.destroy();
        resolve(true);
      });
      probe.once('close', () => resolve(false));
      probe.once('error', () => resolve(false));
    });
  for (let tries = 0; tries < 20; tries += 1) {
    if (await answers()) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill();
  return 'btvirt serves no LE controller here: the kernel has no AF_ALG, or somebody else has its sockets';
}

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
};

const probe = await start();
const skip = typeof probe === 'string' ? probe : false;
if (typeof probe !== 'string') await stop(probe);

/** A fresh one for every rig: it does not always outlive a controller that goes while a connection stands. */
async function startFresh(): Promise<() => Promise<void>> {
  const child = await start();
  if (typeof child === 'string') throw new Fault('LINK_OPEN_FAILED', { why: child });
  return () => stop(child);
}

async function emulated(): Promise<GattRig> {
  const end = await startFresh();
  const open = unixController(socket);
  const peripherals = [await scriptedOn(open), await scriptedOn(open, 23)] as const;
  const adapter = bleAdapter(open, { retryMs: 20 });
  await until('the adapter is ready', () => adapter.state === 'ready');
  return {
    adapter,
    addresses: [peripherals[0].device.address, peripherals[1].device.address],
    writes: (at) => peripherals[at].writes,
    close: async () => {
      await adapter.close();
      for (const { device } of peripherals) await device.close();
      await end();
    },
  };
}

/** The shipped driver over noble, and the simulated Nuki over bleno: nothing of ours lies between the two stacks. */
async function nukiLockOn(model: NukiModel): Promise<LockRig> {
  const end = await startFresh();
  const open = unixController(socket);
  const { nuki, door, fault, credentials, client, pin } = nukiRig({ model });
  holdLatchFor(1, client, pin);
  let device: Awaited<ReturnType<typeof nukiPeripheral>> | undefined = await nukiPeripheral(open, nuki);
  const { address } = device;
  let isOut = false;
  let plug: Link | undefined;
  const adapter = bleAdapter(
    async () => {
      if (isOut) throw new Fault('LINK_OPEN_FAILED', { reason: 'missing' });
      plug = await open();
      return plug;
    },
    { retryMs: 20 },
  );
  await until('the adapter is ready', () => adapter.state === 'ready');
  const { lock } = nukiLock({
    ...{ adapter, address, credentials, clock: systemClock, now: () => undefined, doorSensor: true, pullsLatch: true },
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    onEvent: () => undefined,
    timing: { ...quick, awayMs: 800, changedMs: 100, replyMs: 500, connectMs: 1_000, lingerMs: 5_000, lockMs: 5_000 },
  });
  return {
    lock,
    offlineAfterMs: 3_000,
    world: {
      openLeaf: () => void door.openLeaf('key'),
      closeLeaf: () => closeLeaf(door),
      cutContact: (active) => door.fault({ fault: 'contact-cut', active }),
      outputRuns: () => nuki.truth().motions,
      cutPower: () => {
        void device?.close();
        device = undefined;
      },
      restorePower: () =>
        void nukiPeripheral(open, nuki).then((again) => {
          device = again;
        }),
      dropReplies: (next) => fault({ fault: 'drop', next }),
      silence: (active) => fault({ fault: 'silent', active }),
      unplug: (out) => {
        isOut = out;
        if (out) void plug?.close();
      },
    },
    close: async () => {
      await adapter.close();
      await device?.close();
      nuki.close();
      await end();
    },
  };
}

t.test('the link over noble, on BlueZ’s emulator', { skip }, (t) =>
  gattContract(t, emulated, { faults: false, oneLink: true }),
);
for (const model of ['gen2', 'gen4', 'ultra'] as const)
  t.test(`a Nuki ${model}, driven over BlueZ’s emulator`, { skip }, async (t) =>
    lockContract(t as unknown as Parameters<typeof lockContract>[0], model, () => nukiLockOn(model)),
  );
