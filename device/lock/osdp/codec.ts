/**
 * OSDP messages: the commands that a door needs and the replies to them, as CODE and DATA of a frame.
 *
 * @see SIA OSDP v2.2, 6 (commands) and 7 (replies)
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';

/** What OUT does to an output; the others of the standard are not used. @see SIA OSDP v2.2, 6.10, table 13 */
export const outputCode = { offAndAbortTimer: 1, onForTimer: 5 } as const;

/** Colours of a reader's light. @see SIA OSDP v2.2, 6.11 */
export const ledColour = { black: 0, red: 1, green: 2, amber: 3, blue: 4 } as const;

/** What one light of a reader shows for a while; after it, and after a cancel, it is dark. */
export interface LedSetting {
  /** 0..255. */
  readonly reader: number;
  /** 0..255. */
  readonly led: number;
  /** Absent: ends what is shown. */
  readonly shows?: {
    readonly colour: keyof typeof ledColour;
    /** 1..255, in 100 ms. */
    readonly on: number;
    /** 0..255, in 100 ms; 0 is steady. */
    readonly off: number;
    /** 1..65535, in 100 ms: it ends by itself, even if this process dies. */
    readonly timer: number;
  };
}

/** A rhythm that ends by itself. */
export interface BuzzerSetting {
  /** 0..255. */
  readonly reader: number;
  /** 1..255 and 0..255, in 100 ms. */
  readonly on: number;
  readonly off: number;
  /** How often, 1..255. 0 would be for ever, and is not used. Absent: silence. */
  readonly times?: number;
}

export type Command =
  | { readonly is: 'poll' }
  | { readonly is: 'id' }
  | { readonly is: 'capabilities' }
  | { readonly is: 'localStatus' }
  | { readonly is: 'inputs' }
  | { readonly is: 'outputs' }
  | {
      readonly is: 'output';
      /** 0..255. */
      readonly output: number;
      readonly code: (typeof outputCode)[keyof typeof outputCode];
      /** 0..65535, in 100 ms. */
      readonly timer: number;
    }
  | ({ readonly is: 'led' } & LedSetting)
  | ({ readonly is: 'buzzer' } & BuzzerSetting)
  /** `key`: 16 bytes. */
  | { readonly is: 'keyset'; readonly key: Uint8Array }
  /** `rndA`: 8 bytes. */
  | { readonly is: 'challenge'; readonly rndA: Uint8Array }
  /** `cryptogram`: 16 bytes, the server's. */
  | { readonly is: 'scrypt'; readonly cryptogram: Uint8Array };

export type InputLevel = 'inactive' | 'active' | 'unknown';

export type Reply =
  | { readonly is: 'ack' }
  /** `nak`: 1 check, 2 length, 3 unknown command, 4 sequence, 5 security block or key, 6 secure channel needed, 9 record. */
  | { readonly is: 'nak'; readonly nak: number }
  | { readonly is: 'identity'; readonly text: string }
  | { readonly is: 'capabilities'; readonly functions: readonly Capability[] }
  | { readonly is: 'localStatus'; readonly tampered: boolean; readonly powerFailed: boolean }
  /** One level an input, from input 0. */
  | { readonly is: 'inputs'; readonly levels: readonly InputLevel[] }
  /** One an output, from output 0; an echo of commands, no evidence. */
  | { readonly is: 'outputs'; readonly on: readonly boolean[] }
  /** Keys pressed at a reader, 1..255 of 0-9, *, #, A-D. They may be a secret of the household: never logged, never journaled. */
  | { readonly is: 'keypad'; readonly reader: number; readonly keys: string }
  | { readonly is: 'cryptogram'; readonly rndB: Uint8Array; readonly cryptogram: Uint8Array }
  | { readonly is: 'initialMac'; readonly mac: Uint8Array }
  | { readonly is: 'busy' }
  /** A reply that the standard or a vendor knows and a door does not need. */
  | { readonly is: 'other'; readonly code: number };

export interface Capability {
  readonly function: number;
  readonly compliance: number;
  readonly count: number;
}

export const busyCode = 0x79;
const none = new Uint8Array(0);

/** @returns CODE and plaintext DATA */
export function encodeCommand(command: Command): { readonly code: number; readonly data: Uint8Array } {
  switch (command.is) {
    case 'poll':
      return { code: 0x60, data: none };
    case 'id':
      return { code: 0x61, data: Uint8Array.of(0) };
    case 'capabilities':
      return { code: 0x62, data: Uint8Array.of(0) };
    case 'localStatus':
      return { code: 0x64, data: none };
    case 'inputs':
      return { code: 0x65, data: none };
    case 'outputs':
      return { code: 0x66, data: none };
    case 'output': {
      const { output, code, timer } = command;
      return { code: 0x68, data: Uint8Array.of(output, code, timer & 0xff, timer >> 8) };
    }
    case 'led':
      return { code: 0x69, data: ledData(command) };
    case 'buzzer': {
      const { reader, on, off, times } = command;
      const data = times === undefined ? [reader, tone.off, 0, 0, 0] : [reader, tone.standard, on, off, times];
      return { code: 0x6a, data: Uint8Array.from(data) };
    }
    case 'keyset':
      return { code: 0x75, data: Uint8Array.of(1, command.key.length, ...command.key) };
    case 'challenge':
      return { code: 0x76, data: command.rndA };
    case 'scrypt':
      return { code: 0x77, data: command.cryptogram };
  }
}

/** Tone codes of BUZ. @see SIA OSDP v2.2, 6.12 */
const tone = { off: 1, standard: 2 } as const;

/** Temporary setting, 7 bytes; then permanent setting, 5 bytes: dark. On and off times are never both 0. */
function ledData({ reader, led, shows }: LedSetting): Uint8Array {
  const { black } = ledColour;
  const cancel = [1, 0, 0, black, black, 0, 0];
  const set = shows && [2, shows.on, shows.off, ledColour[shows.colour], black, shows.timer & 0xff, shows.timer >> 8];
  return Uint8Array.of(reader, led, ...(set ?? cancel), 1, 1, 0, black, black);
}

const level = (value: number): InputLevel => (value === 0 ? 'inactive' : value === 1 ? 'active' : 'unknown');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const namedKeys: ReadonlyMap<number, string> = new Map([
  [0x7f, '*'],
  [0x0d, '#'],
  [0xf1, 'A'],
  [0xf2, 'B'],
  [0xf3, 'C'],
  [0xf4, 'D'],
]);

/** @see SIA OSDP v2.2, 7.12 */
const toKey = (byte: number): string | undefined =>
  byte >= 0x30 && byte <= 0x39 ? String.fromCharCode(byte) : namedKeys.get(byte);

function identity(data: Uint8Array): Reply {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const vendor = hex(data.subarray(0, 3));
  const firmware = `${data[9]}.${data[10]}.${data[11]}`;
  return {
    is: 'identity',
    text: `vendor ${vendor} model ${data[3]} version ${data[4]} serial ${view.getUint32(5, true)} firmware ${firmware}`,
  };
}

function capabilities(data: Uint8Array): Reply {
  const functions: Capability[] = [];
  for (let at = 0; at < data.length; at += 3)
    functions.push({ function: data[at]!, compliance: data[at + 1]!, count: data[at + 2]! });
  return { is: 'capabilities', functions };
}

/**
 * Reads the CODE and plaintext DATA of a reply. Never throws.
 * @returns the reply, `other` for one that is not needed, or OSDP_FRAME_BAD when its data has the wrong size
 */
export function decodeReply(code: number, data: Uint8Array): Verdict<Reply> {
  const sized = (fits: boolean, read: () => Reply): Verdict<Reply> =>
    fits ? accept(read()) : refuse('OSDP_FRAME_BAD', { reason: 'data', reply: code });
  switch (code) {
    case 0x40:
      return sized(true, () => ({ is: 'ack' }));
    case 0x41:
      return sized(data.length >= 1, () => ({ is: 'nak', nak: data[0]! }));
    case 0x45:
      return sized(data.length >= 12, () => identity(data));
    case 0x46:
      return sized(data.length % 3 === 0, () => capabilities(data));
    case 0x48:
      return sized(data.length >= 2, () => ({
        is: 'localStatus',
        tampered: data[0] !== 0,
        powerFailed: data[1] !== 0,
      }));
    case 0x49:
      return sized(data.length >= 1, () => ({ is: 'inputs', levels: Array.from(data, level) }));
    case 0x4a:
      return sized(data.length >= 1, () => ({ is: 'outputs', on: Array.from(data, (value) => value !== 0) }));
    case 0x53: {
      const keys = Array.from(data.subarray(2), toKey);
      const fits = data.length > 2 && data[1] === keys.length && keys.every((key) => key !== undefined);
      return sized(fits, () => ({ is: 'keypad', reader: data[0]!, keys: keys.join('') }));
    }
    case 0x76:
      return sized(data.length === 32, () => ({
        is: 'cryptogram',
        rndB: data.slice(8, 16),
        cryptogram: data.slice(16, 32),
      }));
    case 0x78:
      return sized(data.length === 16, () => ({ is: 'initialMac', mac: data.slice() }));
    case busyCode:
      return sized(true, () => ({ is: 'busy' }));
    default:
      return accept({ is: 'other', code });
  }
}
