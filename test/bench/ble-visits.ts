/** Visits to a door with a Nuki, one after the other, each brought to where the courier may say "open"; and the bare program beside them. */
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lookAtDoor, moveDoor } from '../../hardware-sim/start/door.ts';
import { openStreet } from '../../hardware-sim/start/street.ts';
import { Fault } from '../../wire/faults.ts';
import type { Unlock } from './ble-bare.ts';
import type { HubUnlock } from './ble-hub.ts';
import { type BlePeer, startBlePeer } from './ble-peer.ts';
import { bringToDoor, end, knock, letIn } from './unlock-visits.ts';

/** Whether the hub is connected to the lock when the knock comes. */
export type Kind = 'connect' | 'kept';

export interface BleVisits {
  /** Time that every packet on both airs takes, either way, ms. */
  latency(ms: number): Promise<void>;
  /** One visit of the shipped hub. @returns undefined when the hub was about to connect anyway */
  hub(kind: Kind): Promise<HubUnlock | undefined>;
  /** The bare round trips, both kinds, one after the other. */
  bare(): Promise<Readonly<Record<Kind, Unlock>>>;
  stop(): Promise<void>;
}

/** Between the readiness of a visit and the knock: a moment that no question of the hub knows, ms. */
const randomMs = 400;
/** Nothing of the lock's own makes anybody wait: not its reply, not its bolt. */
const nuki = { replyMs: 0, boltMs: 50, leafMs: 20, latchMs: 10 };

export async function openBleVisits(dataDir: string): Promise<BleVisits> {
  const street = await openStreet(dataDir, () => undefined, {
    usual: { door: { stillMs: 0 }, nuki },
    camera: false,
  });
  const { paths } = street;
  const peers: BlePeer[] = [];
  const start = async (...role: Parameters<typeof startBlePeer>): Promise<BlePeer> => {
    const peer = await startBlePeer(...role);
    peers.unshift(peer);
    return peer;
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const stop = async (): Promise<void> => {
    agent.destroy();
    for (const peer of peers) await peer.stop();
    await street.stop();
  };
  try {
    const nowS = await letIn(street);
    // In its place comes the same hub on the same folder, looked at.
    await street.process('hub').stop();
    const log = (name: string): string => join(paths.logs, `${name}.log`);
    const hub = await start({ role: 'hub', config: paths.hubConfig }, log('hub'));
    const path = join(paths.root, 'sim', 'bare.sock');
    const air = await start({ role: 'air', path }, log('air'));
    const bare = await start({ role: 'bare', path }, log('bare'));
    const visit = async (kind: Kind): Promise<HubUnlock | undefined> => {
      const visiting = await bringToDoor(street, nowS);
      await wait(Math.random() * randomMs);
      if (kind === 'connect') {
        const parted = hub.ask('parted');
        await untilConnected(paths.simSocket);
        await moveDoor(paths.simSocket, '/air/fault', { fault: 'hang-up', nuki: 'front' });
        await parted;
      }
      const unlocked = hub.ask<HubUnlock>('unlock');
      await knock(street, agent, visiting);
      const result = await unlocked;
      await end(visiting);
      const isAsMeant = result.packets.some(({ what }) => what === 'connect') === (kind === 'connect');
      return isAsMeant && !result.isSpoilt ? result : undefined;
    };
    return {
      latency: async (ms) => {
        await moveDoor(paths.simSocket, '/air/fault', { fault: 'latency', active: ms > 0, ...(ms > 0 && { ms }) });
        await air.ask('latency', ms);
      },
      hub: visit,
      bare: async () => {
        const connect = await bare.ask<Unlock>('cold');
        await wait(Math.random() * 20);
        const kept = await bare.ask<Unlock>('kept');
        await bare.ask('rest');
        return { connect, kept };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The hub keeps a connection from arrival on; there is none to end before it is there. */
async function untilConnected(simSocket: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if ((await lookAtDoor(simSocket, '/air')).links === 1) return;
    await wait(10);
  }
  throw new Fault('LOCK_UNAVAILABLE');
}
