/** One connection to a Nuki: which characteristic goes to which conversation, and replies in pieces (reference 2). */
import type { Clock } from '../clock.ts';
import type { NukiCore } from './core.ts';
import type { Central, GattConnection } from './gatt.ts';
import { Keyturner } from './keyturner.ts';
import { uuids } from './model.ts';
import { Pairing } from './pairing.ts';

/** ATT header of an indication. */
const attBytes = 3;

export interface NukiConnection extends GattConnection {
  /** Unsolicited Keyturner States. */
  tellStates(): void;
  /** The lock ends it. */
  hangUp(): void;
}

export interface ConnectionOptions {
  readonly core: NukiCore;
  readonly central: Central;
  readonly clock: Clock;
  /** How long the lock takes for a reply. */
  readonly replyMs: number;
  /** Whether the radio carries anything now. */
  readonly inReach: () => boolean;
  readonly onEnd: (connection: NukiConnection) => void;
}

export function openConnection({ core, central, clock, replyMs, inReach, onEnd }: ConnectionOptions): NukiConnection {
  const subscribed = new Set<string>();
  let isOpen = true;
  let lastDueMs = 0;

  const indicate = (uuid: string, bytes: Uint8Array): void => {
    if (!isOpen || !inReach() || core.faults.get('silent') || !subscribed.has(uuid)) return;
    const arriving = core.faults.carry('replies', bytes);
    if (arriving === undefined) return;
    const size = Math.min(central.mtu() - attBytes, core.faults.get('small-pieces')?.bytes ?? Number.POSITIVE_INFINITY);
    for (let at = 0; at < arriving.length; at += size) central.indicate(uuid, arriving.slice(at, at + size));
  };
  /** Later replies never overtake earlier ones. */
  const say = (uuid: string, bytes: Uint8Array): void => {
    const waitMs = replyMs + (core.faults.get('slow')?.ms ?? 0);
    const nowMs = clock.monotonic();
    lastDueMs = Math.max(lastDueMs, nowMs + waitMs);
    if (lastDueMs <= nowMs) indicate(uuid, bytes);
    else clock.after(lastDueMs - nowMs, () => indicate(uuid, bytes));
  };
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    onEnd(connection);
  };
  const hangUp = (): void => {
    if (!isOpen) return;
    end();
    central.hangUp();
  };

  const pairing = new Pairing(core, (bytes) => say(core.layout.pairingGdio, bytes));
  const keyturner = new Keyturner(core, {
    clear: (bytes) => say(uuids.gdio, bytes),
    sealed: (bytes) => say(uuids.usdio, bytes),
    // What was said before is still on its way.
    hangUp: () => clock.after(Math.max(1, lastDueMs - clock.monotonic()), hangUp),
  });

  const connection: NukiConnection = {
    onWrite: (uuid, bytes) => {
      if (!isOpen || !inReach()) return;
      const isLast = core.faults.countWrite();
      const arriving = core.faults.get('silent') ? undefined : core.faults.carry('requests', bytes);
      if (arriving !== undefined && uuid === core.layout.pairingGdio) pairing.take(arriving);
      else if (arriving !== undefined && uuid === uuids.usdio) keyturner.take(arriving);
      if (isLast) hangUp();
    },
    onSubscribe: (uuid, isOn) => {
      if (isOn) subscribed.add(uuid);
      else subscribed.delete(uuid);
    },
    onEnd: end,
    tellStates: () => keyturner.tellStates(),
    hangUp,
  };
  return connection;
}
