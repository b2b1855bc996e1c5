/** The shipped hub, looked at in two places: where a courier's knock comes in over the bus, and where the motor command goes on the air. */

import type { Bus } from '../../device/bus/bus.ts';
import { mqttBus } from '../../device/bus/mqtt.ts';
import { loadConfig } from '../../device/config/load.ts';
import { bleAdapter } from '../../device/link/ble/adapter.ts';
import { unixController } from '../../device/link/ble/unix.ts';
import { buildHub } from '../../device/main.ts';
import { peek } from '../../wire/jws.ts';
import { knockForm } from '../../wire/knock.ts';
import type { Unlock } from './ble-bare.ts';
import { isAction, type Packet, tapped } from './ble-trace.ts';

/** A connection that was being made, or was made, before the knock: such an unlock is neither with nor without one. */
export interface HubUnlock extends Unlock {
  readonly isSpoilt: boolean;
}

export interface WatchedHub {
  /** Resolves with the end of the connection that stands. */
  parted(): Promise<void>;
  /** Resolves with the next knock that asks to be let in, when its motor command is on the air. */
  unlock(): Promise<HubUnlock>;
  close(): Promise<void>;
}

/** @returns whether the payload of a request carries a knock that opens */
export function opens(payload: Buffer): boolean {
  const { knock } = (JSON.parse(payload.toString('utf8')) as { body?: { knock?: string } }).body ?? {};
  if (knock === undefined) return false;
  const peeked = peek(knockForm, knock);
  return peeked.ok && (peeked.value.claims.act === 'open' || peeked.value.claims.act === 'unlock');
}

/** Everything is as shipped: journal on disk, keys, checks, driver. @returns when it takes visits */
export async function watchedHub(configFile: string): Promise<WatchedHub> {
  let packets: Packet[] = [];
  let knockedMs: number | undefined;
  let onAction = (_packet: Packet): void => undefined;
  let onParted = (): void => undefined;
  const onPacket = (packet: Packet): void => {
    packets.push(packet);
    if (packet.what === 'disconnected') onParted();
    if (isAction(packet)) onAction(packet);
  };
  const hub = await buildHub(loadConfig(configFile), {
    openRadio: ({ socket }) => bleAdapter(tapped(unixController(socket ?? ''), onPacket)),
    openBus: (...parts) =>
      listenedTo(mqttBus(...parts), (payload) => {
        if (opens(payload)) knockedMs = performance.now();
      }),
  });
  await hub.start();
  return {
    parted: () =>
      new Promise((resolve) => {
        onParted = () => {
          packets = [];
          resolve();
        };
      }),
    unlock: () =>
      new Promise((resolve) => {
        packets = [];
        knockedMs = undefined;
        onAction = ({ atMs }) => {
          // A motor command without a knock: the bolt is thrown after a visit.
          if (knockedMs === undefined) return;
          onAction = () => undefined;
          const fromMs = knockedMs;
          const isSpoilt = packets.some((one) => one.atMs < fromMs && one.what === 'connect');
          const during = packets.filter((one) => one.atMs >= fromMs && one.atMs <= atMs);
          resolve({ us: (atMs - fromMs) * 1000, packets: during, isSpoilt });
        };
      }),
    close: () => hub.close(),
  };
}

function listenedTo(bus: Bus, onRequest: (payload: Buffer) => void): Bus {
  return {
    ...{ start: () => bus.start(), close: () => bus.close() },
    get online() {
      return bus.online;
    },
    publish: (kind, payload) => bus.publish(kind, payload),
    answer: (instanceId, payload) => bus.answer(instanceId, payload),
    onMessage: (listener) =>
      bus.onMessage((kind, payload) => {
        if (kind === 'request') onRequest(payload);
        listener(kind, payload);
      }),
    onChange: (listener) => bus.onChange(listener),
  };
}
