/** The peripheral's side of CHLNG and SCRYPT: from two random numbers and a shared key to a session (reference 5). */

import { nakCodes, type Reply } from './codec.ts';
import type { SecurityBlock } from './frame.ts';
import {
  clientCryptogram,
  initialMac,
  SecureSession,
  type SessionKeys,
  sameBytes,
  scbkDefault,
  serverCryptogram,
  sessionKeys,
} from './secure.ts';

/** Which key a handshake uses, as its security block names it. */
const keyType = { default: 0, paired: 1 } as const;

/** The key memory of a peripheral; it outlives power cuts. */
export interface KeyMemory {
  /** 16 bytes, or undefined before pairing. */
  scbk(): Uint8Array | undefined;
  /** Whether the default key is accepted. */
  installMode(): boolean;
  /** Stores a key that KEYSET brought, and ends install mode. */
  pair(key: Uint8Array): void;
}

/** An answer with the security block it travels in. */
export interface HandshakeAnswer {
  readonly reply: Reply;
  readonly security?: SecurityBlock;
  readonly session?: SecureSession;
}

interface Pending {
  readonly keyType: number;
  readonly keys: SessionKeys;
  readonly rndA: Uint8Array;
  readonly rndB: Uint8Array;
}

const refuse = (nak: number): HandshakeAnswer => ({ reply: { is: 'nak', nak } });

export class Handshake {
  readonly #memory: KeyMemory;
  readonly #cUid: Uint8Array;
  #pending: Pending | undefined;

  constructor(memory: KeyMemory, cUid: Uint8Array) {
    this.#memory = memory;
    this.#cUid = cUid;
  }

  /** CHLNG. @param rndB 8 bytes, fresh for each handshake */
  challenge(block: SecurityBlock, rndA: Uint8Array, rndB: Uint8Array): HandshakeAnswer {
    this.#pending = undefined;
    const type = block.data[0];
    const key = this.#keyFor(type);
    if (type === undefined || !key) return refuse(nakCodes.securityUnsupported);
    const keys = sessionKeys(key, rndA);
    this.#pending = { keyType: type, keys, rndA, rndB };
    return {
      reply: { is: 'clientCryptogram', cUid: this.#cUid, rndB, cryptogram: clientCryptogram(keys, rndA, rndB) },
      security: { type: 0x12, data: Uint8Array.of(type) },
    };
  }

  /** SCRYPT. A wrong cryptogram is answered with status FF, and no session begins. */
  finish(block: SecurityBlock, cryptogram: Uint8Array): HandshakeAnswer {
    const pending = this.#pending;
    this.#pending = undefined;
    if (!pending || block.data[0] !== pending.keyType) return refuse(nakCodes.securityRequired);
    const { keys, rndA, rndB } = pending;
    if (!sameBytes(serverCryptogram(keys, rndA, rndB), cryptogram)) {
      return {
        reply: { is: 'initialMac', mac: new Uint8Array(16) },
        security: { type: 0x14, data: Uint8Array.of(0xff) },
      };
    }
    const mac = initialMac(keys, cryptogram);
    return {
      reply: { is: 'initialMac', mac },
      security: { type: 0x14, data: Uint8Array.of(0x01) },
      session: new SecureSession(keys, 'peripheral', mac),
    };
  }

  forget(): void {
    this.#pending = undefined;
  }

  #keyFor(type: number | undefined): Uint8Array | undefined {
    if (type === keyType.paired) return this.#memory.scbk();
    return type === keyType.default && this.#memory.installMode() ? scbkDefault : undefined;
  }
}
