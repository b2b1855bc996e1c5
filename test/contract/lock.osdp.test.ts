/** S098: the OSDP driver behind the contract that every lock keeps. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { systemClock } from '../../device/clock/clock.ts';
import { serialLink } from '../../device/link/serial.ts';
import type { Lock } from '../../device/lock/lock.ts';
import { OsdpBus } from '../../device/lock/osdp/bus.ts';
import { osdpLock } from '../../device/lock/osdp/driver.ts';
import { type SimHome, startSimHome } from '../../hardware-sim/home.ts';
import { type LockRig, type LockWorld, lockContract } from './lock.ts';

const offlineAfterMs = 3000;

interface Wiring {
  readonly path: string;
  readonly baudRate: number;
  readonly address: number;
  readonly key: Uint8Array;
  readonly hasMonitor: boolean;
}

/** The shipped driver on a real serial port, with real time. */
function makeLock({ path, baudRate, address, key, hasMonitor }: Wiring): Lock {
  const bus = new OsdpBus({
    openLink: serialLink({ path, baudRate }),
    baudRate,
    clock: systemClock,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    timing: { offlineAfterMs, retryMs: 200 },
    onEvent: () => undefined,
  });
  const nothing = async (): Promise<void> => undefined;
  const peripheral = bus.attach({ address, keys: { current: key }, onKeyPending: nothing, onKeyProven: nothing });
  return osdpLock({
    peripheral,
    clock: systemClock,
    output: 0,
    contact: { input: 0, closedWhen: 'active' },
    ...(hasMonitor ? { monitor: { input: 1, lockedWhen: 'active' as const } } : {}),
  });
}

const worldOf = (home: SimHome): LockWorld => ({
  openLeaf: () => void home.door('front').openLeaf('key'),
  closeLeaf: () => void home.door('front').closeLeaf(),
  cutContact: (active) => home.doorFault('front', { fault: 'contact-cut', active }),
  outputRuns: () => home.line('line').bus.outsRun,
  cutPower: () => home.lineFault('line', { fault: 'power-cut' }),
  restorePower: () => home.lineFault('line', { fault: 'power-cut', active: false }),
  dropReplies: (next) => home.lineFault('line', { fault: 'drop', next }),
  silence: (active) => home.lineFault('line', { fault: 'silent', active }),
  unplug: (active) => home.lineFault('line', { fault: 'unplug', active }),
});

async function simulated(baudRate: 9600 | 115200, hasMonitor: boolean): Promise<LockRig> {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-lock-'));
  const path = join(folder, 'port');
  const key = new Uint8Array(randomBytes(16));
  const door = {
    id: 'front',
    output: 0,
    contactInput: 0,
    contactClosedIs: 'active' as const,
    leafMs: 100,
    latchMs: 50,
  };
  const monitor = hasMonitor ? { monitorInput: 1, monitorSecuredIs: 'active' as const } : {};
  const peripheral = { address: 1, keyHex: Buffer.from(key).toString('hex'), doors: [{ ...door, ...monitor }] };
  const home = startSimHome({ lines: [{ id: 'line', path, baudRate, paced: true, peripherals: [peripheral] }] });
  return {
    lock: makeLock({ path, baudRate, address: 1, key, hasMonitor }),
    world: worldOf(home),
    offlineAfterMs,
    close: async () => {
      home.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

lockContract(t, 'OSDP strike with monitor at 9600 baud', () => simulated(9600, true));
lockContract(t, 'OSDP strike without monitor at 115200 baud', () => simulated(115200, false));

t.test('T17: a relay of 200 ms on a line at 9600 baud: no door comes online, and no output runs', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-lock-'));
  const path = join(folder, 'port');
  const key = new Uint8Array(randomBytes(16));
  const door = { id: 'front', output: 0, contactInput: 0 };
  const peripheral = { address: 1, keyHex: Buffer.from(key).toString('hex'), doors: [door] };
  const home = startSimHome({ lines: [{ id: 'line', path, peripherals: [peripheral] }] });
  home.lineFault('line', { fault: 'delay', ms: 200 });
  const lock = makeLock({ path, baudRate: 9600, address: 1, key, hasMonitor: false });
  await lock.start();
  const opening = lock.open({ forMs: 500, expiresInMs: 10_000 }).catch((cause: unknown) => cause);
  t.match(await opening, { code: 'LOCK_UNAVAILABLE' });
  t.match(lock.last(), { contact: 'unavailable' });
  t.equal(home.line('line').bus.outsRun, 0);
  await lock.close();
  home.close();
  rmSync(folder, { recursive: true, force: true });
});

// A strike on a bench: DOORWARD_LOCK=/dev/serial/by-id/... with its key and, if they differ, baud rate and address.
const { DOORWARD_LOCK, DOORWARD_LOCK_KEY, DOORWARD_LOCK_BAUD = '9600', DOORWARD_LOCK_ADDRESS = '0' } = process.env;
if (DOORWARD_LOCK === undefined || DOORWARD_LOCK_KEY === undefined) {
  t.test(
    'OSDP strike on a bench',
    { skip: 'DOORWARD_LOCK names no serial port, or DOORWARD_LOCK_KEY no key' },
    async () => undefined,
  );
} else {
  lockContract(t, `OSDP strike on ${DOORWARD_LOCK}`, async () => ({
    lock: makeLock({
      path: DOORWARD_LOCK,
      baudRate: Number(DOORWARD_LOCK_BAUD),
      address: Number(DOORWARD_LOCK_ADDRESS),
      key: new Uint8Array(Buffer.from(DOORWARD_LOCK_KEY, 'hex')),
      hasMonitor: true,
    }),
    offlineAfterMs,
    close: async () => undefined,
  }));
}
