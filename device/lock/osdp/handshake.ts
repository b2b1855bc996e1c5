/**
 * One attempt to open a secure channel: CHLNG, CCRYPT, SCRYPT, RMAC_I.
 *
 * Each challenge has a random number of its own and is sent once, so a reply that was kept back answers no challenge that is open.
 *
 * @see SIA OSDP v2.2, annex D.3
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { type Command, decodeReply } from './codec.ts';
import type { Frame, SecurityBlock } from './frame.ts';
import type { KeyCandidate } from './keys.ts';
import {
  clientCryptogram,
  initialMac,
  SecureChannel,
  type SessionKeys,
  sameBytes,
  serverCryptogram,
  sessionKeys,
} from './secure.ts';

const rejected = 0xff;
const rememberedNonces = 1024;
const rememberedChallenges = 4;

/** What one peripheral has shown and been asked before, over all its handshakes. Bounded. */
export class HandshakeMemory {
  readonly #nonces = new Set<string>();
  #challenges: readonly { keys: SessionKeys; rndA: Uint8Array }[] = [];

  /** @returns false when `nonce` is among the last 1024 */
  takeNonce(nonce: Uint8Array): boolean {
    const name = Buffer.from(nonce).toString('hex');
    if (this.#nonces.has(name)) return false;
    this.#nonces.add(name);
    const [oldest] = this.#nonces;
    if (this.#nonces.size > rememberedNonces && oldest !== undefined) this.#nonces.delete(oldest);
    return true;
  }

  noteChallenge(keys: SessionKeys, rndA: Uint8Array): void {
    this.#challenges = [...this.#challenges, { keys, rndA }].slice(-rememberedChallenges);
  }

  /** @returns whether `cryptogram` answers one of the challenges before the open one: late, and no sign of a wrong key */
  isLate(rndB: Uint8Array, cryptogram: Uint8Array): boolean {
    return this.#challenges
      .slice(0, -1)
      .some(({ keys, rndA }) => sameBytes(clientCryptogram(keys, rndA, rndB), cryptogram));
  }
}

/** Not an answer to what was asked: wait on. */
const ignore = (reason: string): Verdict<never> => refuse('OSDP_FRAME_BAD', { reason });

export class Handshake {
  readonly candidate: KeyCandidate;
  readonly #memory: HandshakeMemory;
  readonly #rndA: Uint8Array;
  readonly #keys: SessionKeys;
  #server: Uint8Array = new Uint8Array(0);

  /** @param rndA  8 random bytes, never used before */
  constructor(candidate: KeyCandidate, rndA: Uint8Array, memory: HandshakeMemory) {
    this.candidate = candidate;
    this.#rndA = rndA;
    this.#keys = sessionKeys(candidate.key, rndA);
    this.#memory = memory;
    memory.noteChallenge(this.#keys, rndA);
  }

  get challenge(): { readonly command: Command; readonly security: SecurityBlock } {
    return { command: { is: 'challenge', rndA: this.#rndA }, security: this.#block(0x11) };
  }

  get scrypt(): { readonly command: Command; readonly security: SecurityBlock } {
    return { command: { is: 'scrypt', cryptogram: this.#server }, security: this.#block(0x13) };
  }

  /**
   * Checks the answer to CHLNG; then `scrypt` is to be sent.
   * @returns OSDP_KEY_WRONG, OSDP_NONCE_REPEATED, LOCK_REFUSED for another NAK, or OSDP_FRAME_BAD for a frame to be ignored
   */
  takeCryptogram(frame: Frame): Verdict<void> {
    const reply = decodeReply(frame.code, frame.data);
    if (!reply.ok) return reply;
    if (reply.value.is === 'nak') return reply.value.nak === 5 ? refuse('OSDP_KEY_WRONG') : refuse('LOCK_REFUSED');
    if (reply.value.is !== 'cryptogram' || frame.security?.type !== 0x12) return ignore('unexpected');

    const { rndB, cryptogram } = reply.value;
    if (this.#memory.isLate(rndB, cryptogram)) return ignore('late');
    if (frame.security.data[0] !== this.#keyType) return refuse('OSDP_KEY_WRONG');
    if (!sameBytes(clientCryptogram(this.#keys, this.#rndA, rndB), cryptogram)) return refuse('OSDP_KEY_WRONG');
    // Only a number that came with a good cryptogram is remembered, so that nobody else can fill the memory.
    if (!this.#memory.takeNonce(rndB)) return refuse('OSDP_NONCE_REPEATED');

    this.#server = serverCryptogram(this.#keys, this.#rndA, rndB);
    return accept(undefined);
  }

  /** Checks the answer to SCRYPT. @returns the open channel, LOCK_REFUSED, or OSDP_FRAME_BAD for a frame to be ignored */
  takeInitialMac(frame: Frame): Verdict<SecureChannel> {
    const reply = decodeReply(frame.code, frame.data);
    if (!reply.ok) return reply;
    if (reply.value.is === 'nak') return refuse('LOCK_REFUSED', { nak: reply.value.nak });
    if (reply.value.is !== 'initialMac' || frame.security?.type !== 0x14) return ignore('unexpected');
    // Texts disagree on 00 or 01 for success; the value itself is the proof.
    if (frame.security.data[0] === rejected) return refuse('LOCK_REFUSED', { status: rejected });
    const expected = initialMac(this.#keys, this.#server);
    if (!sameBytes(expected, reply.value.mac)) return ignore('late');
    return accept(new SecureChannel(this.#keys, expected));
  }

  get #keyType(): number {
    return this.candidate.which === 'default' ? 0 : 1;
  }

  #block(type: number): SecurityBlock {
    return { type, data: Uint8Array.of(this.#keyType) };
  }
}
