/** One Bluetooth LE peripheral as the hub reaches it: characteristics to write to and to hear from. No radio is named here. */

import type { FaultDetail } from '../../wire/faults.ts';

/** 128-bit UUID, 32 lower-case hexadecimal digits without dashes, or a 16-bit one as 4 digits. */
export type Uuid = string;

/**
 * A link to one peripheral. Everything has a deadline: when it passes, the link disconnects by itself, because a silent peripheral
 * blocks whatever comes after. One exchange at a time: calls wait in order for each other.
 */
export interface GattLink {
  /** True between a finished `connect` and the end of the connection. */
  readonly connected: boolean;
  /** ATT_MTU of the connection, 23..517: a write of more than 3 bytes less goes in parts. 23 while not connected. */
  readonly mtu: number;
  /**
   * Connects and discovers what is asked for; does nothing when it is connected. Handles and subscriptions of an earlier
   * connection are gone. A controller that says nothing any more is started afresh, which takes a little longer than `withinMs`.
   * @param characteristics  must all be there
   * @throws Fault BLE_UNAVAILABLE (no adapter, or it is off), BLE_NOT_FOUND (not in reach in time), BLE_CHARACTERISTIC_MISSING, LINK_CLOSED
   */
  connect(characteristics: readonly { readonly service: Uuid; readonly uuid: Uuid }[], withinMs: number): Promise<void>;
  /** Ends the connection; harmless when there is none. Resolves when the peripheral is free for others. */
  disconnect(): Promise<void>;
  /**
   * Writes with response; what the MTU does not carry, as a long write.
   * @param bytes  at most 512
   * @throws Fault LINK_CLOSED when not connected, or lost meanwhile; BLE_SILENT past the deadline: then it has disconnected.
   *   MESSAGE_TOO_BIG with `maxBytes`, BLE_CHARACTERISTIC_MISSING for one that was not asked for: nothing was sent, the connection stays
   */
  write(uuid: Uuid, bytes: Uint8Array, withinMs: number): Promise<void>;
  /** @throws Fault as `write`, but for the size */
  read(uuid: Uuid, withinMs: number): Promise<Uint8Array>;
  /** Notifications or indications, whichever it offers, until the connection ends. @throws Fault as `read` */
  subscribe(uuid: Uuid, listener: (bytes: Uint8Array) => void, withinMs: number): Promise<void>;
  /** Told once for each connection that ended, by whichever side. @returns unsubscribe */
  onDisconnected(listener: () => void): () => void;
}

/** What a peripheral says of itself without a connection. */
export interface Advert {
  /** `aa:bb:cc:dd:ee:ff` */
  readonly address: string;
  readonly name?: string;
  readonly rssiDbm: number;
  readonly services: readonly Uuid[];
  /** Service -> its bytes. */
  readonly serviceData: ReadonlyMap<Uuid, Uint8Array>;
  /** Company id and data, or none. */
  readonly manufacturerData?: Uint8Array;
}

/** The adapter of the hub. */
export interface GattAdapter {
  /** `ready`, or the code of why not: BLE_UNAVAILABLE, BLE_PERMISSION_MISSING. */
  readonly state: 'ready' | 'BLE_UNAVAILABLE' | 'BLE_PERMISSION_MISSING';
  /** Why it is not ready: `reason` (`missing`, `permission`, `busy`, `off`, `gone`, `mute`) and what to `do`. Absent where nothing is known. */
  readonly why?: FaultDetail | undefined;
  /** Told when `state` or `why` is another. */
  onState(listener: (state: GattAdapter['state']) => void): () => void;
  /** Hears adverts until the returned function is called. Connections go on meanwhile. */
  listen(listener: (advert: Advert) => void): () => void;
  /** @param address  as in its adverts */
  link(address: string): GattLink;
  close(): Promise<void>;
}
