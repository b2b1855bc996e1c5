/** A peripheral that holds the right key and lies: what it answers honestly, and the frames that it can sign whatever they say. */
import { createCipheriv } from 'node:crypto';
import { closeFrame, type Frame, frameHead, type SecurityBlock } from '../../../hardware-sim/osdp/frame.ts';
import {
  clientCryptogram,
  initialMac,
  macOf,
  type SessionKeys,
  serverCryptogram,
  sessionKeys,
} from '../../../hardware-sim/osdp/secure.ts';

/** What a reply says, before it is a frame. */
export interface Saying {
  readonly code: number;
  readonly data: Uint8Array;
}

/** How a frame differs from the one that would be right now. */
export interface Twist {
  readonly sequence?: number;
  readonly security?: SecurityBlock | undefined;
  readonly crc?: boolean;
  readonly address?: number;
}

const none = new Uint8Array(0);
const identity = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
/** Command -> what is said to it in a session. */
const honest: Readonly<Record<number, Saying>> = {
  96: { code: 0x40, data: none },
  97: { code: 0x45, data: identity },
  98: { code: 0x46, data: Uint8Array.of(1, 2, 3) },
  100: { code: 0x48, data: Uint8Array.of(0, 0) },
  101: { code: 0x49, data: Uint8Array.of(0, 0) },
  102: { code: 0x4a, data: Uint8Array.of(0) },
  104: { code: 0x4a, data: Uint8Array.of(0) },
};

interface Session {
  readonly keys: SessionKeys;
  /** Last MAC of the hub. */
  theirs: Uint8Array;
  /** Every MAC of ours that the hub may have taken as the last: its next command tells which it was. */
  ours: Uint8Array[];
}

export class Traitor {
  readonly #key: Uint8Array;
  readonly #random: (count: number) => Uint8Array;
  #shaken: { readonly keys: SessionKeys; readonly rndA: Uint8Array; readonly rndB: Uint8Array } | undefined;
  #lastNonce: Uint8Array = new Uint8Array(8);
  #session: Session | undefined;

  constructor(key: Uint8Array, random: (count: number) => Uint8Array) {
    this.#key = key;
    this.#random = random;
  }

  get isInSession(): boolean {
    return this.#session !== undefined;
  }

  /** Takes a command of the hub: after it, replies to it can be made. */
  hear({ security, data, macOver, mac }: Frame): void {
    if (security?.type === 0x11) {
      this.#session = undefined;
      const rndB = this.#random(8);
      this.#shaken = { keys: sessionKeys(this.#key, data), rndA: data, rndB };
    } else if (security?.type === 0x13 && this.#shaken !== undefined) {
      const { keys, rndA, rndB } = this.#shaken;
      const first = initialMac(keys, serverCryptogram(keys, rndA, rndB));
      this.#session = { keys, theirs: new Uint8Array(16), ours: [first] };
    } else if (mac !== undefined && this.#session !== undefined) {
      const { keys, ours } = this.#session;
      const last = ours.find((one) =>
        Buffer.from(macOf(keys, one, macOver))
          .subarray(0, 4)
          .equals(mac),
      );
      // A command that was sent again changes nothing.
      if (last !== undefined) this.#session = { keys, theirs: macOf(keys, last, macOver), ours: [last] };
    } else if (mac === undefined) this.#session = undefined;
  }

  /** The honest reply to a command. */
  reply(command: Frame): Uint8Array {
    const { type } = command.security ?? { type: 0 };
    if (type === 0x11) return this.cryptogram(command, {});
    if (type === 0x13) return this.firstMac(command, {});
    const said = honest[command.code] ?? { code: 0x40, data: none };
    return this.#session === undefined ? this.clear(command, said) : this.sign(command, said);
  }

  /** CCRYPT, right but for what is asked. */
  cryptogram(
    command: Frame,
    wrong: { readonly nonce?: 'repeated'; readonly proof?: Uint8Array; readonly keyType?: number },
  ): Uint8Array {
    const { keys, rndA } = this.#shaken ?? { keys: sessionKeys(this.#key, this.#random(8)), rndA: new Uint8Array(8) };
    const rndB = wrong.nonce === 'repeated' ? this.#lastNonce : (this.#shaken?.rndB ?? this.#random(8));
    this.#lastNonce = rndB;
    const proof = wrong.proof ?? clientCryptogram(keys, rndA, rndB);
    const security = { type: 0x12, data: Uint8Array.of(wrong.keyType ?? 1) };
    return this.clear(command, { code: 0x76, data: Buffer.concat([new Uint8Array(8), rndB, proof]) }, { security });
  }

  /** RMAC_I, right but for what is asked. */
  firstMac(command: Frame, wrong: { readonly mac?: Uint8Array; readonly status?: number }): Uint8Array {
    const mac = wrong.mac ?? this.#session?.ours[0] ?? this.#random(16);
    const security = { type: 0x14, data: Uint8Array.of(wrong.status ?? 1) };
    return this.clear(command, { code: 0x78, data: mac }, { security });
  }

  /** A frame with a good check and no MAC. */
  clear(command: Frame, { code, data }: Saying, twist: Twist = {}): Uint8Array {
    const { address, sequence, crc } = command;
    return closeFrame(frameHead({ address, sequence, crc, isReply: true, ...twist, code, data }));
  }

  /** A frame whose MAC answers this very command. Outside a session it is a clear one. */
  sign(command: Frame, { code, data }: Saying, twist: Twist = {}): Uint8Array {
    const session = this.#session;
    if (session === undefined) return this.clear(command, { code, data }, twist);
    const { address, sequence, crc } = command;
    const security = { type: data.length > 0 ? 0x18 : 0x16, data: none };
    const sealed = data.length > 0 ? seal(session, data) : data;
    const head = frameHead({ address, sequence, crc, isReply: true, security, ...twist, code, data: sealed });
    const mac = macOf(session.keys, session.theirs, head);
    session.ours.push(mac);
    return closeFrame(head, mac);
  }
}

function seal({ keys, theirs }: Session, data: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(data.length / 16) + 1) * 16);
  padded.set(data);
  padded[data.length] = 0x80;
  const iv = theirs.map((byte) => ~byte & 0xff);
  return createCipheriv('aes-128-cbc', keys.enc, iv).setAutoPadding(false).update(padded);
}
