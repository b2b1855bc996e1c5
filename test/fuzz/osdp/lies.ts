/** The frames that a hostile peripheral, or somebody on the line, sends in reply to a command. */
import type { Frame } from '../../../hardware-sim/osdp/frame.ts';
import type { Random } from '../../device/fuzz/random.ts';
import type { Traitor } from './traitor.ts';

export interface Lie {
  readonly bytes: Uint8Array;
  /** Check - and, in a session, MAC - were made anew after the change. */
  readonly signedAgain: boolean;
  /** The inputs that it says with a MAC that answers the command. */
  readonly levels?: Uint8Array;
}

const inputsCode = 0x49;
const nakCode = 0x41;
const replyCodes = [0x40, 0x41, 0x45, 0x46, 0x48, 0x49, 0x4a, 0x4b, 0x50, 0x53, 0x76, 0x78, 0x79, 0x90] as const;

export const someBytes = (random: Random, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => random.int(256));

/** @param old  a frame that was authentic once */
export function lie(traitor: Traitor, command: Frame, old: Uint8Array, random: Random): Lie {
  if (random.chance(0.35)) return forged(traitor, command, old, random);
  const type = command.security?.type;
  if (type === 0x11 || type === 0x13) return handshake(traitor, command, random);
  return random.chance(0.85) ? authentic(traitor, command, random) : twisted(traitor, command, random);
}

/** Without the key: bytes turned, cut, spliced, replayed, in clear. */
function forged(traitor: Traitor, command: Frame, old: Uint8Array, random: Random): Lie {
  const inputs = { code: inputsCode, data: Uint8Array.of(0, 1) };
  const sound = Uint8Array.from(random.chance(0.5) ? old : traitor.clear(command, inputs));
  const at = random.int(sound.length);
  const make = random.pick<() => Uint8Array>([
    () => someBytes(random, 1 + random.int(200)),
    () => sound,
    () => {
      sound[at]! ^= 1 << random.int(8);
      return sound;
    },
    () => sound.subarray(0, at + 1),
    () => Buffer.concat([sound.subarray(0, at), someBytes(random, 3), sound.subarray(at)]),
    () => Uint8Array.of(0x53, 0x80, ...someBytes(random, 2), random.int(16)),
    () => new Uint8Array(random.int(3000) + 1).fill(0x53),
    () => traitor.clear(command, { code: 0x79, data: new Uint8Array(0) }, { sequence: 0 }),
    () => traitor.clear(command, { code: nakCode, data: Uint8Array.of(random.int(10)) }),
  ]);
  return { bytes: make(), signedAgain: false };
}

function handshake(traitor: Traitor, command: Frame, random: Random): Lie {
  const isChallenge = command.security?.type === 0x11;
  const challenged: readonly (() => Uint8Array)[] = [
    () => traitor.cryptogram(command, { proof: someBytes(random, 16) }),
    () => traitor.cryptogram(command, { nonce: 'repeated' }),
    () => traitor.cryptogram(command, { nonce: 'repeated' }),
    () => traitor.cryptogram(command, { keyType: random.int(3) }),
    () => traitor.firstMac(command, {}),
  ];
  const scrypted: readonly (() => Uint8Array)[] = [
    () => traitor.firstMac(command, { mac: someBytes(random, 16) }),
    () => traitor.firstMac(command, { status: 0xff }),
    () => traitor.cryptogram(command, {}),
  ];
  const always: readonly (() => Uint8Array)[] = [
    () => traitor.clear(command, { code: nakCode, data: Uint8Array.of(random.int(10)) }),
    () => traitor.clear(command, { code: random.pick(replyCodes), data: someBytes(random, random.int(48)) }),
  ];
  return { bytes: random.pick([...(isChallenge ? challenged : scrypted), ...always])(), signedAgain: true };
}

/** With the key: a good MAC over anything that a reply could say. */
function authentic(traitor: Traitor, command: Frame, random: Random): Lie {
  if (random.chance(0.15)) {
    const said = { code: nakCode, data: Uint8Array.of(random.int(10)) };
    return { bytes: traitor.sign(command, said), signedAgain: true };
  }
  const isInputs = random.chance(0.4);
  const levels = Uint8Array.from({ length: random.int(5) }, () => random.int(7));
  const code = random.chance(0.9) ? random.pick(replyCodes) : random.int(256);
  const length = random.chance(0.05) ? random.int(1390) : random.int(40);
  const said = isInputs ? { code: inputsCode, data: levels } : { code, data: someBytes(random, length) };
  const twist = random.chance(0.9) ? {} : { crc: random.chance(0.5) };
  const bytes = traitor.sign(command, said, twist);
  return { bytes, signedAgain: true, ...(said.code === inputsCode ? { levels: said.data } : {}) };
}

/** With the key, in a frame of another shape than the command asks for. */
function twisted(traitor: Traitor, command: Frame, random: Random): Lie {
  const data = someBytes(random, random.int(20));
  const type = random.pick([0x10, 0x11, 0x12, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0xff]);
  const twist = random.pick([
    { sequence: random.int(4) },
    { address: random.int(128) },
    { security: { type, data: someBytes(random, random.int(8)) } },
    { security: undefined },
  ]);
  const said = { code: random.pick(replyCodes), data };
  const isInputs = said.code === inputsCode;
  // Behind another security block the ciphertext may be read as it is.
  return { bytes: traitor.sign(command, said, twist), signedAgain: true, ...(isInputs ? { levels: data } : {}) };
}
