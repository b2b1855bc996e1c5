/** A serial port as a `Link`. The only place that imports a serial package. */
import { access, constants } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import { Fault } from '../../wire/faults.ts';
import type { Link, OpenLink } from './link.ts';

export interface SerialOptions {
  /** Device file, best one that names the adapter: /dev/serial/by-id/... */
  readonly path: string;
  /** Bits a second; 8 data bits, no parity, 1 stop bit. */
  readonly baudRate: number;
}

const whatToDo = {
  missing: 'Plug the adapter in, or name another port.',
  permission: 'Add the user of the hub to the group that owns the port, often dialout.',
  busy: 'Stop the other program that uses the port, or name a port that is a serial one.',
} as const;

/** Why a port cannot be opened, asked of the system and not read from a message. */
async function findReason(path: string): Promise<keyof typeof whatToDo> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return 'busy';
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EACCES' ? 'permission' : 'missing';
  }
}

/** The package is loaded with the first port: a hub answers before its slow lines do. */
async function open({ path, baudRate }: SerialOptions): Promise<SerialPort> {
  const serial = await import('serialport');
  const port = new serial.SerialPort({ path, baudRate, autoOpen: false });
  return new Promise((resolve, reject) => port.open((cause) => (cause === null ? resolve(port) : reject(cause))));
}

class SerialLink implements Link {
  readonly #port: SerialPort;
  readonly #closed: Promise<void>;

  constructor(port: SerialPort) {
    this.#port = port;
    this.#closed = new Promise((resolve) => port.once('close', () => resolve()));
    // A port that fails is of no use any more, whatever the failure: close it, and `close` tells.
    port.on('error', () => this.#shut());
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#port.isOpen) return reject(new Fault('LINK_CLOSED'));
      this.#port.write(Buffer.from(bytes), (cause) =>
        cause ? reject(new Fault('LINK_CLOSED', {}, { cause })) : resolve(),
      );
    });
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#port.on('data', listener);
  }

  onClose(listener: () => void): void {
    this.#port.once('close', listener);
  }

  async close(): Promise<void> {
    this.#shut();
    await this.#closed;
  }

  #shut(): void {
    // A device that is gone can fail to close; for us it is closed all the same.
    if (this.#port.isOpen) this.#port.close((cause) => cause && this.#port.emit('close'));
  }
}

/**
 * @returns a function that opens the port; an adapter that is pulled closes the link, with the next write at the latest
 * @throws Fault (by that function) LINK_OPEN_FAILED with `reason` and what to `do`
 */
export function serialLink(options: SerialOptions): OpenLink {
  return async () => {
    try {
      return new SerialLink(await open(options));
    } catch (cause) {
      const reason = await findReason(options.path);
      throw new Fault('LINK_OPEN_FAILED', { path: options.path, reason, do: whatToDo[reason] }, { cause });
    }
  };
}
