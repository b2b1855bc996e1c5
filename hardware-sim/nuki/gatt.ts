/** A peripheral at the level of GATT, whatever carries it: services with characteristics, and connections to them. */

export interface GattCharacteristic {
  /** 32 or 4 lower-case hexadecimal digits. */
  readonly uuid: string;
  readonly properties: readonly ('read' | 'write' | 'indicate')[];
  /** Of one that can be read. */
  readonly value?: Uint8Array;
}

export interface GattService {
  readonly uuid: string;
  readonly characteristics: readonly GattCharacteristic[];
}

/** The other end of a connection, as its transport offers it. */
export interface Central {
  /** ATT_MTU, as agreed until now. */
  mtu(): number;
  /** One indication of at most MTU - 3 bytes; the transport keeps their order. */
  indicate(uuid: string, bytes: Uint8Array): void;
  /** The peripheral ends the connection. */
  hangUp(): void;
}

/** A connection, as its transport drives it. */
export interface GattConnection {
  /** A whole write, long ones put together. */
  onWrite(uuid: string, bytes: Uint8Array): void;
  onSubscribe(uuid: string, isOn: boolean): void;
  /** The connection has ended, by whichever side. */
  onEnd(): void;
}
