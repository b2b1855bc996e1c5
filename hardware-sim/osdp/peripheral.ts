/** An OSDP peripheral: takes one frame after another, answers each at most once, and never runs a resent command again. */
import type { Clock } from '../clock.ts';
import type { Board } from './board.ts';
import { type Command, decodeCommand, encodeReply, type Identity, nakCodes, type Reply } from './codec.ts';
import { carriesMac, closeFrame, type Frame, frameHead, type SecurityBlock } from './frame.ts';
import { Handshake, type KeyMemory } from './handshake.ts';
import { type SecureSession, sameBytes } from './secure.ts';

/** Silence after which a peripheral takes its controller for gone (reference 3). */
export const offlineAfterMs = 8_000;
const broadcast = 0x7f;

/** Wrong habits a peripheral can be given while it runs. */
export interface Quirks {
  /** Uses the RND.B of its last handshake again. */
  repeatNonce: boolean;
  /** Answers in clear inside a session, without MAC. */
  plaintext: boolean;
  /** Refuses the next `left` commands with this NAK code, running none. */
  nak: { readonly code: number; left: number } | undefined;
  /** Says BUSY to the next commands, this many times, running none. */
  busy: number;
}

export interface PeripheralOptions {
  /** 0..7E */
  readonly address: number;
  readonly identity: Identity;
  readonly board: Board;
  readonly memory: KeyMemory;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** What became of a frame. `ignored`: not for this peripheral, or it has no power. */
export interface Handled {
  readonly outcome: 'ran' | 'resent' | 'refused' | 'ignored';
  readonly reply?: Uint8Array;
}

const ignored: Handled = { outcome: 'ignored' };

/** 8 bytes that name a peripheral: vendor, model, version, low 3 bytes of the serial number. */
const cUidOf = ({ vendor, model, version, serial }: Identity): Uint8Array =>
  Uint8Array.of(...vendor, model, version, serial & 0xff, (serial >>> 8) & 0xff, (serial >>> 16) & 0xff);

export class Peripheral {
  readonly address: number;
  readonly quirks: Quirks = { repeatNonce: false, plaintext: false, nak: undefined, busy: 0 };
  readonly #options: PeripheralOptions;
  readonly #handshake: Handshake;
  #session: SecureSession | undefined;
  #last: { readonly command: Uint8Array; readonly reply: Uint8Array } | undefined;
  #sequence: number | undefined;
  #heardAtMs = 0;
  #rndB: Uint8Array | undefined;
  #powered = true;

  constructor(options: PeripheralOptions) {
    this.address = options.address;
    this.#options = options;
    this.#handshake = new Handshake(options.memory, cUidOf(options.identity));
  }

  /** Whether a secure session stands. */
  get secured(): boolean {
    return this.#session !== undefined;
  }

  /** Takes one good frame from the line. */
  handle(frame: Frame): Handled {
    if (!this.#powered || frame.isReply || !this.#isMine(frame.address)) return ignored;
    this.#timeOut();
    if (this.#last && sameBytes(frame.bytes, this.#last.command)) {
      this.#heardAtMs = this.#options.clock.monotonic();
      return { outcome: 'resent', reply: this.#last.reply };
    }
    if (this.quirks.busy > 0) {
      this.quirks.busy -= 1;
      return { outcome: 'refused', reply: this.#clear({ ...frame, sequence: 0 }, { is: 'busy' }) };
    }
    if (frame.sequence === 0) this.#forget();
    return this.#enter(frame);
  }

  /** Takes a frame with a wrong check. @returns NAK 1 for one of its own, nothing runs */
  handleDamaged(address: number, sequence: number): Uint8Array | undefined {
    if (!this.#powered || address !== this.address) return undefined;
    return this.#clear({ address, sequence, crc: true }, { is: 'nak', nak: nakCodes.badCheck });
  }

  /** Session and outputs are gone at once; the key stays. */
  cutPower(): void {
    this.#powered = false;
    this.#forget();
    this.#sequence = undefined;
    this.#options.board.losePower();
  }

  restorePower(): void {
    this.#powered = true;
  }

  /** Security first, then the sequence, then the command. */
  #enter(frame: Frame): Handled {
    const type = frame.security?.type;
    let data: Uint8Array | undefined = frame.data;
    if (carriesMac(type)) {
      const session = this.#session;
      const genuine = (type === 0x15 || type === 0x17) && session?.accepts(frame.macOver, frame.mac!) === true;
      data = genuine && type === 0x17 ? session.open(frame.data) : frame.data;
      if (!genuine || !data) {
        this.#session = undefined;
        return this.#refuse(frame, nakCodes.securityRequired);
      }
    } else {
      // Anything in clear ends a session (reference 5).
      this.#session = undefined;
    }
    if (frame.sequence !== this.#expected()) return this.#refuse(frame, nakCodes.badSequence);
    this.#sequence = frame.sequence;
    this.#heardAtMs = this.#options.clock.monotonic();
    return this.#perform(frame, data);
  }

  #perform(frame: Frame, data: Uint8Array): Handled {
    const keep = (reply: Uint8Array, outcome: 'ran' | 'refused'): Handled => {
      this.#last = { command: frame.bytes, reply };
      return { outcome, reply };
    };
    const { nak } = this.quirks;
    if (nak && nak.left > 0) {
      nak.left -= 1;
      return keep(this.#encode(frame, { is: 'nak', nak: nak.code }), 'refused');
    }
    const command = decodeCommand(frame.code, data);
    if (command.is === 'bad') return keep(this.#encode(frame, { is: 'nak', nak: command.nak }), 'refused');
    if (frame.security && !carriesMac(frame.security.type)) return this.#greet(frame, frame.security, command, keep);
    const reply = this.#allowed(command)
      ? this.#run(command)
      : ({ is: 'nak', nak: nakCodes.securityRequired } as const);
    return keep(this.#encode(frame, reply), reply.is === 'nak' ? 'refused' : 'ran');
  }

  #greet(
    frame: Frame,
    security: SecurityBlock,
    command: Command,
    keep: (reply: Uint8Array, outcome: 'ran' | 'refused') => Handled,
  ): Handled {
    const answer =
      security.type === 0x11 && command.is === 'challenge'
        ? this.#handshake.challenge(security, command.rndA, this.#nonce())
        : security.type === 0x13 && command.is === 'serverCryptogram'
          ? this.#handshake.finish(security, command.cryptogram)
          : { reply: { is: 'nak', nak: nakCodes.securityUnsupported } as const };
    const handled = keep(
      this.#clear(frame, answer.reply, answer.security),
      answer.reply.is === 'nak' ? 'refused' : 'ran',
    );
    this.#session = answer.session;
    return handled;
  }

  /** Before a session a paired peripheral tells who it is and no more; the handshake needs its security blocks. */
  #allowed(command: Command): boolean {
    if (this.#session) return true;
    if (command.is === 'id' || command.is === 'cap') return true;
    const needsSession = ['keySet', 'challenge', 'serverCryptogram'].includes(command.is);
    return !needsSession && this.#options.memory.scbk() === undefined;
  }

  #run(command: Command): Reply {
    if (command.is !== 'keySet') return this.#options.board.answer(command);
    this.#options.memory.pair(command.key);
    return { is: 'ack' };
  }

  /** A refusal that leaves sequence and stored reply as they are. */
  #refuse(frame: Frame, nak: number): Handled {
    return { outcome: 'refused', reply: this.#encode(frame, { is: 'nak', nak }) };
  }

  #encode(frame: Frame, reply: Reply): Uint8Array {
    const session = this.#session;
    if (!session || this.quirks.plaintext) return this.#clear(frame, reply);
    const { code, data } = encodeReply(reply);
    const { address, sequence, crc } = frame;
    const security = { type: data.length > 0 ? 0x18 : 0x16, data: new Uint8Array() };
    const sealed = data.length > 0 ? session.seal(data) : data;
    const head = frameHead({ address, isReply: true, sequence, crc, security, code, data: sealed });
    return closeFrame(head, session.sign(head));
  }

  #clear(to: Pick<Frame, 'address' | 'sequence' | 'crc'>, reply: Reply, security?: SecurityBlock): Uint8Array {
    const { address, sequence, crc } = to;
    return closeFrame(frameHead({ address, isReply: true, sequence, crc, security, ...encodeReply(reply) }));
  }

  #nonce(): Uint8Array {
    if (!this.#rndB || !this.quirks.repeatNonce) this.#rndB = this.#options.randomBytes(8);
    return this.#rndB;
  }

  #expected(): number {
    if (this.#sequence === undefined) return 0;
    return (this.#sequence % 3) + 1;
  }

  #timeOut(): void {
    if (this.#options.clock.monotonic() - this.#heardAtMs <= offlineAfterMs) return;
    this.#session = undefined;
    this.#last = undefined;
    this.#options.board.forgetEvents();
  }

  /** Sequence 0: as if nothing had been said before. */
  #forget(): void {
    this.#session = undefined;
    this.#last = undefined;
    this.#sequence = undefined;
    this.#handshake.forget();
    this.#options.board.forgetEvents();
  }

  #isMine(address: number): boolean {
    return address === this.address || address === broadcast;
  }
}
