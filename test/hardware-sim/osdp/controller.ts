/** A controller for tests of the peripheral: sends one command after another, in clear or inside a session. */
import { randomBytes } from 'node:crypto';
import { closeFrame, type Frame, frameHead, parseFrame, type SecurityBlock } from '../../../hardware-sim/osdp/frame.ts';
import {
  initialMac,
  SecureSession,
  scbkDefault,
  serverCryptogram,
  sessionKeys,
} from '../../../hardware-sim/osdp/secure.ts';

/** Carries one frame to the peripherals. @returns what came back, or undefined for silence */
export type Carry = (command: Uint8Array) => Promise<Uint8Array | undefined>;

/** A reply as the controller understands it. */
export interface Heard {
  readonly code: number;
  /** In clear. */
  readonly data: number[];
  readonly sequence: number;
  readonly securityType: number | undefined;
  readonly frame: Frame;
}

interface AskOptions {
  /** Instead of the next one. */
  readonly sequence?: number;
  /** Without security block although a session stands. */
  readonly clear?: boolean;
  /** Encrypts even when there is no data. */
  readonly encrypt?: boolean;
}

export class Controller {
  readonly #carry: Carry;
  readonly #address: number;
  #session: SecureSession | undefined;
  #sequence = 0;
  #last: Uint8Array = new Uint8Array();

  constructor(carry: Carry, address = 0) {
    this.#carry = carry;
    this.#address = address;
  }

  /** Sends a command; inside a session it is signed, and encrypted where it has data. */
  async ask(code: number, data: readonly number[] = [], options: AskOptions = {}) {
    const session = options.clear ? undefined : this.#session;
    const plain = Uint8Array.from(data);
    const encrypt = data.length > 0 || options.encrypt === true;
    const security = session && { type: encrypt ? 0x17 : 0x15, data: new Uint8Array() };
    const sealed = session && encrypt ? session.seal(plain) : plain;
    return this.#send(code, sealed, security, session, options.sequence);
  }

  /** CHLNG and SCRYPT. @returns RND.B, or the code of the NAK */
  async handshake(key: Uint8Array = scbkDefault, keyType = key === scbkDefault ? 0 : 1) {
    this.#session = undefined;
    const rndA = new Uint8Array(randomBytes(8));
    const client = await this.#send(0x76, rndA, { type: 0x11, data: Uint8Array.of(keyType) }, undefined, 0);
    if (client?.code !== 0x76) return { nak: client?.data[0] };
    const rndB = Uint8Array.from(client.data.slice(8, 16));
    const keys = sessionKeys(key, rndA);
    const server = serverCryptogram(keys, rndA, rndB);
    const final = await this.#send(0x77, server, { type: 0x13, data: Uint8Array.of(keyType) }, undefined);
    if (final?.code !== 0x78) return { nak: final?.data[0] };
    const status = final.frame.security!.data[0];
    if (status === 1) this.#session = new SecureSession(keys, 'controller', initialMac(keys, server));
    return { rndB: Buffer.from(rndB).toString('hex'), status, client };
  }

  /** The same bytes once more. */
  async resend(): Promise<Heard | undefined> {
    return hear(await this.#carry(this.#last));
  }

  /** The last frame sent. */
  get last(): Uint8Array {
    return this.#last;
  }

  async #send(
    code: number,
    data: Uint8Array,
    security: SecurityBlock | undefined,
    session: SecureSession | undefined,
    sequence = this.#sequence,
  ): Promise<Heard | undefined> {
    const head = frameHead({ address: this.#address, isReply: false, sequence, crc: true, security, code, data });
    this.#last = closeFrame(head, session?.sign(head));
    this.#sequence = (sequence % 3) + 1;
    return hear(await this.#carry(this.#last), session);
  }
}

/** @returns undefined for silence, for a frame that is none, and for a MAC that does not fit */
function hear(bytes: Uint8Array | undefined, session?: SecureSession): Heard | undefined {
  const frame = bytes && parseFrame(bytes);
  if (!frame) return undefined;
  const securityType = frame.security?.type;
  let data: Uint8Array | undefined = frame.data;
  if (session && frame.mac) {
    if (!session.accepts(frame.macOver, frame.mac)) return undefined;
    if (securityType === 0x18) data = session.open(data);
  }
  return data && { code: frame.code, data: [...data], sequence: frame.sequence, securityType, frame };
}
