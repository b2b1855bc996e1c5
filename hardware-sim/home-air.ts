/** The air of a home: the adapter of the hub, the locks around it, and what goes wrong in between. */
import { Fault } from '../wire/faults.ts';
import { Air, ended } from './air/air.ts';
import { Controller } from './air/controller.ts';
import type { AirFault } from './air/faults.ts';
import { serveController } from './air/socket.ts';
import { hubAddress } from './config-terms.ts';
import type { SimNuki } from './nuki/nuki.ts';
import { type NukiOnAir, nukiOnAir, type OnAirOptions } from './nuki/on-air.ts';

/** What may be looked at. */
export interface AirTruth {
  readonly path: string | null;
  /** The adapter is where the hub looks for it. */
  readonly plugged: boolean;
  /** Connections that stand. */
  readonly links: number;
}

export interface HomeAir {
  /** The adapter, for a hub in the same process. */
  readonly hub: Controller;
  /** Another adapter within reach, as of a phone. @param address  `aa:bb:cc:dd:ee:ff` */
  phone(address: string): Controller;
  /** Sets or mends a fault. @throws Fault NOT_FOUND for a lock that is not on the air */
  fault(fault: AirFault): void;
  truth(): AirTruth;
  /** Takes everything off the air. */
  close(): Promise<void>;
}

/** A lock and where it is found. */
export interface AirNuki extends OnAirOptions {
  readonly nuki: SimNuki;
}

/**
 * Resolves when all locks advertise and the adapter is at its path.
 * @param path  Unix socket at which the hub finds it; absent: for a hub in the same process
 * @throws Fault LINK_OPEN_FAILED
 */
export async function startAir(path: string | undefined, nukis: readonly AirNuki[]): Promise<HomeAir> {
  const air = new Air();
  const hub = new Controller(air, { address: hubAddress });
  const onAir = await Promise.all(nukis.map(({ nuki, ...where }) => nukiOnAir(air, nuki, where)));
  const closeAll = async (): Promise<void> => {
    await Promise.all(onAir.map((one) => one.close()));
  };
  const stop = path === undefined ? undefined : await serveOr(closeAll, hub, path);
  const one = (id: string): NukiOnAir => {
    const found = onAir.find(({ nuki }) => nuki.id === id);
    if (found === undefined) throw new Fault('NOT_FOUND', { id });
    return found;
  };
  return {
    hub,
    phone: (address) => new Controller(air, { address }),
    fault: (fault) => act(fault, hub, 'nuki' in fault && fault.nuki !== undefined ? one(fault.nuki) : undefined),
    truth: () => ({ path: path ?? null, plugged: hub.plugged, links: air.links }),
    close: async () => {
      await stop?.();
      await closeAll();
    },
  };
}

async function serveOr(giveUp: () => Promise<void>, hub: Controller, path: string): Promise<() => Promise<void>> {
  try {
    return await serveController(hub, path);
  } catch (cause) {
    await giveUp();
    throw new Fault('LINK_OPEN_FAILED', { path }, { cause });
  }
}

/** @param of  the lock that it is about; the adapter without one */
function act(fault: AirFault, hub: Controller, of: NukiOnAir | undefined): void {
  const controller = of?.controller ?? hub;
  switch (fault.fault) {
    case 'latency':
      controller.fault({ latencyMs: fault.active ? fault.ms : 0 });
      return;
    case 'shadow':
      if (of) of.shadow(fault.active);
      else hub.fault({ shadow: fault.active });
      return;
    case 'connect-fail':
      controller.fault({ failConnects: fault.active ? fault.next : 0 });
      return;
    case 'hang-up':
      controller.hangUpAll(ended.byPeer);
      return;
    case 'mute':
      hub.fault({ mute: fault.active });
      return;
    case 'unplug':
      if (fault.active && hub.plugged) hub.unplug();
      else if (!fault.active && !hub.plugged) hub.plug();
      return;
  }
}
