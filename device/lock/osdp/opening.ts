/**
 * From nothing to an open secure channel: which frame goes next, what the frame that comes back means.
 *
 * | at | sends | goes on with |
 * |---|---|---|
 * | probe | ID in clear, sequence 0, which makes the peripheral forget what was | any answer |
 * | challenge | CHLNG, sequence 0 | a cryptogram that proves the key |
 * | scrypt | SCRYPT, sequence 1 | the right R-MAC-I |
 *
 * CHLNG and SCRYPT are sent once each: replies that come late never open a channel.
 */
import type { FaultCode, Refusal } from '../../../wire/faults.ts';
import { type Command, encodeCommand } from './codec.ts';
import { encodeFrame, type Frame, type SecurityBlock } from './frame.ts';
import { Handshake, HandshakeMemory } from './handshake.ts';
import type { KeyCandidate, KeyRing } from './keys.ts';
import type { SecureChannel } from './secure.ts';

export interface OpeningOptions {
  /** 0..7E. */
  readonly address: number;
  readonly keys: KeyRing;
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface OpeningFrame {
  readonly bytes: Uint8Array;
  /** 0..3. */
  readonly sequence: number;
}

export type OpeningStep =
  /** Send what `next` gives. */
  | { readonly did: 'step' }
  /** The frame answers nothing that was asked; the answer may still come. */
  | { readonly did: 'ignore'; readonly code: FaultCode; readonly reason: string }
  /** Not this time; it begins again at the probe. */
  | { readonly did: 'fail'; readonly code: FaultCode }
  | { readonly did: 'open'; readonly channel: SecureChannel; readonly candidate: KeyCandidate };

export class Opening {
  readonly #options: OpeningOptions;
  readonly #memory = new HandshakeMemory();
  #at: 'probe' | 'challenge' | 'scrypt' = 'probe';
  #handshake: Handshake | undefined;

  constructor(options: OpeningOptions) {
    this.#options = options;
  }

  /** Back to the probe. */
  restart(): void {
    this.#at = 'probe';
    this.#handshake = undefined;
  }

  next(): OpeningFrame {
    if (this.#at === 'scrypt' && this.#handshake !== undefined) return this.#frame(1, this.#handshake.scrypt);
    const candidate = this.#at === 'challenge' ? this.#options.keys.next() : undefined;
    if (candidate === undefined) {
      this.restart();
      return this.#frame(0, { command: { is: 'id' } });
    }
    this.#handshake = new Handshake(candidate, this.#options.randomBytes(8), this.#memory);
    return this.#frame(0, this.#handshake.challenge);
  }

  /** @param frame  with the sequence of what `next` gave last */
  heard(frame: Frame): OpeningStep {
    const step = this.#read(frame);
    if (step.did === 'fail' || step.did === 'open') this.restart();
    return step;
  }

  #read(frame: Frame): OpeningStep {
    if (this.#handshake === undefined) return this.#probed();
    if (this.#at === 'scrypt') {
      const channel = this.#handshake.takeInitialMac(frame);
      if (channel.ok) return { did: 'open', channel: channel.value, candidate: this.#handshake.candidate };
      return refusal(channel);
    }
    const cryptogram = this.#handshake.takeCryptogram(frame);
    if (!cryptogram.ok) return refusal(cryptogram);
    this.#at = 'scrypt';
    return { did: 'step' };
  }

  // What is said in clear proves nothing: any answer only means that someone is there.
  #probed(): OpeningStep {
    if (this.#options.keys.next() === undefined) return { did: 'fail', code: 'OSDP_KEY_MISSING' };
    this.#at = 'challenge';
    return { did: 'step' };
  }

  #frame(sequence: number, message: { command: Command; security?: SecurityBlock }): OpeningFrame {
    const { command, ...security } = message;
    const head = { address: this.#options.address, fromPeripheral: false, sequence, check: 'crc' as const };
    return { bytes: encodeFrame({ ...head, ...security, ...encodeCommand(command) }), sequence };
  }
}

function refusal({ code, detail }: Refusal): OpeningStep {
  if (code === 'OSDP_FRAME_BAD') return { did: 'ignore', code, reason: String(detail?.reason ?? 'unexpected') };
  return { did: 'fail', code };
}
