/** Bytes in, bytes out: what a driver needs of a serial port, a radio or a simulator. */

export interface Link {
  /** Writes all bytes. Resolves when they are handed to the system, not when they are on the wire. @throws Fault LINK_CLOSED */
  write(bytes: Uint8Array): Promise<void>;
  /** Called with every chunk as it comes: 1..n bytes, cut anywhere. */
  onData(listener: (chunk: Uint8Array) => void): void;
  /** Called once when the link is gone, whoever closed it. */
  onClose(listener: () => void): void;
  close(): Promise<void>;
}

/** Opens a link. @throws Fault LINK_OPEN_FAILED */
export type OpenLink = () => Promise<Link>;
