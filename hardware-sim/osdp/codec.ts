/** OSDP commands as a peripheral understands them, replies as it writes them (reference 4). All numbers little endian. */

export const commandCodes = {
  poll: 0x60,
  id: 0x61,
  cap: 0x62,
  localStatus: 0x64,
  inputStatus: 0x65,
  outputStatus: 0x66,
  readerStatus: 0x67,
  output: 0x68,
  led: 0x69,
  buzzer: 0x6a,
  communication: 0x6e,
  keySet: 0x75,
  challenge: 0x76,
  serverCryptogram: 0x77,
} as const;

export const replyCodes = {
  ack: 0x40,
  nak: 0x41,
  id: 0x45,
  cap: 0x46,
  localStatus: 0x48,
  inputStatus: 0x49,
  outputStatus: 0x4a,
  keypad: 0x53,
  communication: 0x54,
  clientCryptogram: 0x76,
  initialMac: 0x78,
  busy: 0x79,
} as const;

/** Why a peripheral refuses. */
export const nakCodes = {
  badCheck: 1,
  badLength: 2,
  unknownCommand: 3,
  badSequence: 4,
  securityUnsupported: 5,
  securityRequired: 6,
  badRecord: 9,
} as const;

/** One record of OUT. `code` 0..6; `timer` counts 100 ms and is used by codes 5 and 6. */
export interface OutputRecord {
  readonly output: number;
  readonly code: number;
  readonly timer: number;
}

/** What a light shows while it runs: colours 0..7 of the reference, on and off times in 100 ms. */
export interface Blink {
  readonly on: number;
  readonly off: number;
  readonly onColour: number;
  readonly offColour: number;
}

/** One record of LED. */
export interface LedRecord {
  readonly reader: number;
  readonly led: number;
  /** `set` runs for `timer` times 100 ms, then what is permanent is shown again. */
  readonly temporary: { readonly is: 'nop' | 'cancel' } | ({ readonly is: 'set'; readonly timer: number } & Blink);
  readonly permanent: { readonly is: 'nop' } | ({ readonly is: 'set' } & Blink);
}

export interface BuzzerRecord {
  readonly reader: number;
  /** 1 off, 2 the default tone. */
  readonly tone: number;
  readonly on: number;
  readonly off: number;
  /** 0: until another command. */
  readonly count: number;
}

export type Command =
  | { readonly is: 'poll' | 'id' | 'cap' | 'localStatus' | 'inputStatus' | 'outputStatus' }
  | { readonly is: 'output'; readonly records: readonly OutputRecord[] }
  | { readonly is: 'led'; readonly records: readonly LedRecord[] }
  | { readonly is: 'buzzer'; readonly record: BuzzerRecord }
  | { readonly is: 'communication'; readonly address: number; readonly baudRate: number }
  | { readonly is: 'keySet'; readonly key: Uint8Array }
  | { readonly is: 'challenge'; readonly rndA: Uint8Array }
  | { readonly is: 'serverCryptogram'; readonly cryptogram: Uint8Array };

const bad = (nak: number): { readonly is: 'bad'; readonly nak: number } => ({ is: 'bad', nak });

function decodeOutput(data: Uint8Array): Command | { readonly is: 'bad'; readonly nak: number } {
  if (data.length === 0 || data.length % 4 !== 0) return bad(nakCodes.badLength);
  const records: OutputRecord[] = [];
  for (let at = 0; at < data.length; at += 4) {
    records.push({ output: data[at]!, code: data[at + 1]!, timer: data[at + 2]! | (data[at + 3]! << 8) });
  }
  return { is: 'output', records };
}

const blink = ([on = 0, off = 0, onColour = 0, offColour = 0]: Uint8Array): Blink => ({ on, off, onColour, offColour });

function decodeLed(data: Uint8Array): Command | { readonly is: 'bad'; readonly nak: number } {
  if (data.length === 0 || data.length % 14 !== 0) return bad(nakCodes.badLength);
  const records: LedRecord[] = [];
  for (let at = 0; at < data.length; at += 14) {
    const [reader = 0, led = 0, temporary = 0] = data.subarray(at, at + 3);
    const brief = blink(data.subarray(at + 3, at + 7));
    const timer = data[at + 7]! | (data[at + 8]! << 8);
    const permanent = data[at + 9]!;
    const lasting = blink(data.subarray(at + 10, at + 14));
    // A setting without any time would blink infinitely fast.
    const isEmpty = (code: number, set: number, { on, off }: Blink): boolean => code === set && on + off === 0;
    if (temporary > 2 || permanent > 1 || isEmpty(temporary, 2, brief) || isEmpty(permanent, 1, lasting)) {
      return bad(nakCodes.badRecord);
    }
    records.push({
      reader,
      led,
      temporary: temporary === 2 ? { is: 'set', timer, ...brief } : { is: temporary === 1 ? 'cancel' : 'nop' },
      permanent: permanent === 1 ? { is: 'set', ...lasting } : { is: 'nop' },
    });
  }
  return { is: 'led', records };
}

/** Reads a command's data in clear. @returns `bad` with the NAK code to answer: unknown command, or a length that does not fit */
export function decodeCommand(code: number, data: Uint8Array): Command | { readonly is: 'bad'; readonly nak: number } {
  const sized = (bytes: number, make: () => Command) => (data.length === bytes ? make() : bad(nakCodes.badLength));
  switch (code) {
    case commandCodes.poll:
      return sized(0, () => ({ is: 'poll' }));
    case commandCodes.id:
      return sized(1, () => ({ is: 'id' }));
    case commandCodes.cap:
      return sized(1, () => ({ is: 'cap' }));
    case commandCodes.localStatus:
      return sized(0, () => ({ is: 'localStatus' }));
    case commandCodes.inputStatus:
      return sized(0, () => ({ is: 'inputStatus' }));
    case commandCodes.outputStatus:
      return sized(0, () => ({ is: 'outputStatus' }));
    case commandCodes.output:
      return decodeOutput(data);
    case commandCodes.led:
      return decodeLed(data);
    case commandCodes.buzzer: {
      const [reader = 0, tone = 0, on = 0, off = 0, count = 0] = data;
      return sized(5, () => ({ is: 'buzzer', record: { reader, tone, on, off, count } }));
    }
    case commandCodes.communication: {
      const baud = data.slice(1);
      return sized(5, () => ({
        is: 'communication',
        address: data[0]!,
        baudRate: new DataView(baud.buffer).getUint32(0, true),
      }));
    }
    case commandCodes.keySet:
      if (data.length !== 18) return bad(nakCodes.badLength);
      if (data[0] !== 1 || data[1] !== 16) return bad(nakCodes.badRecord);
      return { is: 'keySet', key: data.slice(2) };
    case commandCodes.challenge:
      return sized(8, () => ({ is: 'challenge', rndA: data.slice() }));
    case commandCodes.serverCryptogram:
      return sized(16, () => ({ is: 'serverCryptogram', cryptogram: data.slice() }));
    default:
      return bad(nakCodes.unknownCommand);
  }
}

/** 12 bytes of PDID. */
export interface Identity {
  readonly vendor: readonly [number, number, number];
  readonly model: number;
  readonly version: number;
  /** 0..2^32-1 */
  readonly serial: number;
  readonly firmware: readonly [number, number, number];
}

/** One row of PDCAP. */
export interface Capability {
  readonly function: number;
  readonly compliance: number;
  readonly count: number;
}

/** Level of one input: 2 and above come from supervised loops. */
export const inputLevels = { inactive: 0, active: 1, short: 2, open: 3, fault: 4, unknown: 5 } as const;
export type InputLevel = (typeof inputLevels)[keyof typeof inputLevels];

export type Reply =
  | { readonly is: 'ack' | 'busy' }
  | { readonly is: 'nak'; readonly nak: number }
  | { readonly is: 'id'; readonly identity: Identity }
  | { readonly is: 'cap'; readonly capabilities: readonly Capability[] }
  | { readonly is: 'localStatus'; readonly tampered: boolean; readonly powerFailed: boolean }
  | { readonly is: 'inputStatus'; readonly inputs: readonly InputLevel[] }
  | { readonly is: 'outputStatus'; readonly outputs: readonly boolean[] }
  /** `keys`: of 0-9, *, # and A-D. */
  | { readonly is: 'keypad'; readonly reader: number; readonly keys: string }
  | { readonly is: 'communication'; readonly address: number; readonly baudRate: number }
  | {
      readonly is: 'clientCryptogram';
      /** 8 bytes that name the peripheral. */
      readonly cUid: Uint8Array;
      readonly rndB: Uint8Array;
      readonly cryptogram: Uint8Array;
    }
  | { readonly is: 'initialMac'; readonly mac: Uint8Array };

const le32 = (n: number): number[] => [n & 0xff, (n >>> 8) & 0xff, (n >>> 16) & 0xff, n >>> 24];

/** Digits go as they are in ASCII. */
const keyBytes: Readonly<Record<string, number>> = { '*': 0x7f, '#': 0x0d, A: 0xf1, B: 0xf2, C: 0xf3, D: 0xf4 };

/** @returns code and data in clear */
export function encodeReply(reply: Reply): { readonly code: number; readonly data: Uint8Array } {
  const of = (...data: number[]) => ({ code: replyCodes[reply.is], data: Uint8Array.from(data) });
  switch (reply.is) {
    case 'ack':
    case 'busy':
      return of();
    case 'nak':
      return of(reply.nak);
    case 'id': {
      const { vendor, model, version, serial, firmware } = reply.identity;
      return of(...vendor, model, version, ...le32(serial), ...firmware);
    }
    case 'cap':
      return of(...reply.capabilities.flatMap((row) => [row.function, row.compliance, row.count]));
    case 'localStatus':
      return of(reply.tampered ? 1 : 0, reply.powerFailed ? 1 : 0);
    case 'inputStatus':
      return of(...reply.inputs);
    case 'outputStatus':
      return of(...reply.outputs.map(Number));
    case 'keypad':
      return of(reply.reader, reply.keys.length, ...[...reply.keys].map((key) => keyBytes[key] ?? key.charCodeAt(0)));
    case 'communication':
      return of(reply.address, ...le32(reply.baudRate));
    case 'clientCryptogram':
      return of(...reply.cUid, ...reply.rndB, ...reply.cryptogram);
    case 'initialMac':
      return of(...reply.mac);
  }
}
