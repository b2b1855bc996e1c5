/** Nuki locks in reach: heard by the hub where it has the adapter for itself, else by the adapter. */
import { Fault } from '../../wire/faults.ts';
import { systemClock } from '../clock/clock.ts';
import type { HubConfig } from '../config/schema.ts';
import { callRunning } from '../control/client.ts';
import { openAdapter } from '../doors.ts';
import type { GattAdapter } from '../link/gatt.ts';
import { type HeardNuki, hearNukis } from '../lock/nuki/scan.ts';
import type { CommandContext } from './command.ts';
import { onInterrupt } from './interrupt.ts';
import { socketOf } from './setting.ts';

/** Listened at a time, ms: as often progress shows and Ctrl-C counts. */
const sliceMs = 500;
/** A controller needs so long to start, at most, ms. */
const startWithinMs = 8_000;
const answerWithinMs = 10_000;

type Ear = (forMs: number) => Promise<readonly HeardNuki[]>;

/** @returns undefined where no hub runs, or it has no adapter */
async function earOfHub(config: HubConfig): Promise<Ear | undefined> {
  const ask = async (forMs: number): Promise<{ isFree?: true; heard?: HeardNuki[] } | undefined> =>
    (await callRunning(socketOf(config), 'POST', '/nukis', answerWithinMs, { forMs })) as object | undefined;
  const first = await ask(50);
  if (first?.heard === undefined) return undefined;
  return async (forMs) => (await ask(forMs))?.heard ?? [];
}

/** @throws Fault BLE_UNAVAILABLE, BLE_PERMISSION_MISSING, with `reason` and what to `do` */
async function untilReady(adapter: GattAdapter): Promise<void> {
  if (adapter.state !== 'ready') {
    await new Promise<void>((resolve) => {
      const cancel = systemClock.after(startWithinMs, resolve);
      const unlisten = adapter.onState(() => {
        unlisten();
        cancel();
        resolve();
      });
    });
  }
  if (adapter.state !== 'ready') throw new Fault(adapter.state, adapter.why);
}

/**
 * Listens for so long, or until Ctrl-C, and shows how many it heard.
 * @returns one for each address, the strongest first
 * @throws Fault BLE_UNAVAILABLE, BLE_PERMISSION_MISSING; DAEMON_UNREACHABLE for a hub that runs and does not answer
 */
export async function hearNearby(
  context: CommandContext,
  config: HubConfig,
  forMs: number,
): Promise<readonly HeardNuki[]> {
  const interrupt = onInterrupt();
  context.progress('Listening for Nuki locks …');
  let ear = await earOfHub(config);
  let adapter: GattAdapter | undefined;
  try {
    if (ear === undefined) {
      const own = await openAdapter(config.bluetooth);
      adapter = own;
      await untilReady(own);
      ear = (ms) => hearNukis(own, systemClock, ms);
    }
    const heard = new Map<string, HeardNuki>();
    const endMs = systemClock.monotonic() + forMs;
    for (;;) {
      const leftMs = endMs - systemClock.monotonic();
      if (leftMs <= 0 || interrupt.isAsked) break;
      const seconds = Math.ceil(leftMs / 1000);
      context.progress('Listening for Nuki locks …', ` ${heard.size} heard, ${seconds} s left (Ctrl-C: enough)`);
      const slice = ear(Math.max(50, Math.min(sliceMs, leftMs)));
      for (const one of await slice) heard.set(one.address, one);
    }
    return [...heard.values()].sort((a, b) => b.rssiDbm - a.rssiDbm);
  } finally {
    interrupt.leave();
    await adapter?.close();
  }
}

/** What its advert says, in words. */
export const modeSays: Readonly<Record<HeardNuki['says'], string>> = {
  normal: 'in use',
  pairing: 'its button was held: pair it now',
  new: 'new: set it up in the app of its maker first',
};

/** Said where nothing was heard. */
export const nothingHeard =
  'No Nuki lock was heard. Go closer, look at its battery, and hold the button of the lock for 5 seconds until its ring lights up.';
