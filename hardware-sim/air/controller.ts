/** One Bluetooth LE controller: a host plugs into it with H4. */
import { Fault } from '../../wire/faults.ts';
import type { Air, AirLink } from './air.ts';
import { type Answer, commands } from './commands.ts';
import { type AirFaults, noFaults } from './faults.ts';
import { addressBytes, commandComplete, commandStatus, event, h4Cutter, leEvent } from './h4.ts';

const unknownCommand = 0x01;

/** The host's end of the plug. */
export interface Plug {
  write(bytes: Uint8Array): Promise<void>;
  onData(listener: (chunk: Uint8Array) => void): void;
  /** Called once when the controller was unplugged, or the plug closed. */
  onClose(listener: () => void): void;
  close(): Promise<void>;
}

export interface ControllerOptions {
  /** `aa:bb:cc:dd:ee:ff`, a public address. */
  readonly address: string;
  /** Bytes of one ACL packet that the controller holds: longer ones come in pieces. */
  readonly aclBytes?: number;
  /** How loud others hear it. */
  readonly rssiDbm?: number;
}

export class Controller {
  readonly address: string;
  readonly addressType = 0;
  readonly aclBytes: number;
  readonly rssiDbm: number;
  readonly faults: AirFaults = noFaults();
  /** Opcode -> how often the host sent it. */
  readonly commandsSeen = new Map<number, number>();
  advertising = false;
  scanning = false;
  filterDuplicates = false;
  advertData: Buffer = Buffer.alloc(0);
  scanResponse: Buffer = Buffer.alloc(0);
  initiating: { readonly address: string; readonly addressType: number; readonly supervisionMs: number } | undefined;
  readonly #air: Air;
  readonly #heard = new Set<string>();
  #host: { send(packet: Buffer): void; unplug(): void } | undefined;
  #plugged = true;

  constructor(air: Air, options: ControllerOptions) {
    this.#air = air;
    this.address = options.address;
    this.aclBytes = options.aclBytes ?? 251;
    this.rssiDbm = options.rssiDbm ?? -60;
    air.add(this);
  }

  /** A host takes the controller. @throws Fault LINK_OPEN_FAILED when it is unplugged, or another host has it */
  readonly open = async (): Promise<Plug> => {
    const { address } = this;
    if (!this.#plugged) throw new Fault('LINK_OPEN_FAILED', { address, reason: 'missing' });
    if (this.#host !== undefined) throw new Fault('LINK_OPEN_FAILED', { address, reason: 'busy' });
    const dataListeners: ((chunk: Uint8Array) => void)[] = [];
    const closeListeners: (() => void)[] = [];
    let open = true;
    const shut = (): void => {
      if (!open) return;
      open = false;
      this.#host = undefined;
      this.reset();
      for (const listener of closeListeners) listener();
    };
    const cut = h4Cutter((packet) => this.#receive(packet), shut);
    this.#host = {
      send: (packet) => {
        for (const listener of dataListeners) listener(packet);
      },
      unplug: shut,
    };
    return {
      write: async (bytes) => {
        if (!open) throw new Fault('LINK_CLOSED');
        cut(bytes);
      },
      onData: (listener) => void dataListeners.push(listener),
      onClose: (listener) => void (open ? closeListeners.push(listener) : listener()),
      close: async () => shut(),
    };
  };

  /** Whether it is where hosts look for it. */
  get plugged(): boolean {
    return this.#plugged;
  }

  /** Pulls it out: its links end, its host is told nothing more. */
  unplug(): void {
    this.#plugged = false;
    this.#host?.unplug();
    this.#air.remove(this);
  }

  plug(): void {
    this.#plugged = true;
    this.#air.add(this);
  }

  /** Sets a fault and lets it act. */
  fault(change: Partial<AirFaults>): void {
    Object.assign(this.faults, change);
    this.#air.fade();
    this.#air.stir();
  }

  /** Ends every link of it, as the device itself would. @param reason  told to the other end */
  hangUpAll(reason: number): void {
    this.#air.cut(this, reason);
  }

  /** As after power-up. */
  reset(): void {
    this.advertising = false;
    this.scanning = false;
    this.initiating = undefined;
    this.#heard.clear();
    this.#air.cut(this, 0x08);
    this.#air.stir();
  }

  /** The next session of scanning reports everybody anew. */
  setScanning(on: boolean, filterDuplicates: boolean): void {
    this.scanning = on;
    this.filterDuplicates = filterDuplicates;
    this.#heard.clear();
    this.#air.stir();
  }

  stir(): void {
    this.#air.stir();
  }

  hangUp(handle: number, reason: number): boolean {
    return this.#air.hangUp(this, handle, reason);
  }

  /** Reports an advert and its scan response. */
  hear(advertiser: Controller): void {
    if (this.filterDuplicates && this.#heard.has(advertiser.address)) return;
    this.#heard.add(advertiser.address);
    for (const [type, data] of [
      [0, advertiser.advertData],
      [4, advertiser.scanResponse],
    ] as const) {
      const head = [1, type, advertiser.addressType, ...addressBytes(advertiser.address), data.length];
      this.send(leEvent(0x02, Buffer.from([...head, ...data, advertiser.rssiDbm & 0xff])));
    }
  }

  /** @param role  0 central, 1 peripheral */
  joined({ handle, central, peripheral, supervisionMs }: AirLink, role: number): void {
    const peer = role === 0 ? peripheral : central;
    const head = [0, handle & 0xff, handle >> 8, role, peer.addressType, ...addressBytes(peer.address)];
    const timeout = supervisionMs / 10;
    this.send(leEvent(0x01, Buffer.from([...head, 0x06, 0, 0, 0, timeout & 0xff, timeout >> 8, 0])));
  }

  failConnect(status: number): void {
    this.send(leEvent(0x01, Buffer.from([status, ...Buffer.alloc(17)])));
  }

  parted(handle: number, reason: number): void {
    this.send(event(0x05, Buffer.from([0, handle & 0xff, handle >> 8, reason])));
  }

  /** ACL data from the other end. */
  take(handle: number, flags: number, data: Buffer, latencyMs: number): void {
    const head = Buffer.alloc(5);
    head[0] = 2;
    // From a controller, a first piece is flagged 2; from a host, 0.
    head.writeUInt16LE(handle | ((flags === 1 ? 1 : 2) << 12), 1);
    head.writeUInt16LE(data.length, 3);
    this.send(Buffer.concat([head, data]), latencyMs + this.faults.latencyMs);
  }

  /** Brings a packet to the host, never within the call that caused it. */
  send(packet: Buffer, afterMs = 0): void {
    const host = this.#host;
    if (host === undefined || this.faults.mute) return;
    const deliver = (): void => {
      if (this.#host === host) host.send(packet);
    };
    if (afterMs > 0) setTimeout(deliver, afterMs);
    else setImmediate(deliver);
  }

  #receive(packet: Buffer): void {
    if (packet[0] === 2) this.#carry(packet);
    else this.#obey(packet);
  }

  #obey(packet: Buffer): void {
    const opcode = packet.readUInt16LE(1);
    this.commandsSeen.set(opcode, (this.commandsSeen.get(opcode) ?? 0) + 1);
    const answer: Answer = commands[opcode]?.(this, packet.subarray(4)) ?? { complete: [unknownCommand] };
    if ('complete' in answer) this.send(commandComplete(opcode, Buffer.from(answer.complete)));
    else this.send(commandStatus(opcode, answer.status));
    if ('next' in answer) answer.next?.();
  }

  #carry(packet: Buffer): void {
    const word = packet.readUInt16LE(1);
    const handle = word & 0x0fff;
    if (!this.#air.carry(this, handle, (word >> 12) & 3, packet.subarray(5))) return;
    // One packet of this handle has left: there is room for the next.
    this.send(event(0x13, Buffer.from([1, handle & 0xff, handle >> 8, 1, 0])));
  }
}
