/** The same contract over controllers that nobody here wrote: BlueZ's emulator, from Debian's bluez-test-tools. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import t from 'tap';
import { bleAdapter } from '../../device/link/ble/adapter.ts';
import { unixController } from '../../device/link/ble/unix.ts';
import { scriptedOn } from '../support/ble.ts';
import { until } from '../support/until.ts';
import { type GattRig, gattContract } from './gatt.ts';

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
  return 'btvirt serves no LE controller here';
}

const child = await start();
t.teardown(async () => {
  if (typeof child === 'string') return;
  child.kill();
  await once(child, 'exit');
});

async function emulated(): Promise<GattRig> {
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
    },
  };
}

t.test('the link over noble, on BlueZ’s emulator', { skip: typeof child === 'string' ? child : false }, (t) =>
  gattContract(t, emulated, { faults: false, oneLink: true }),
);
