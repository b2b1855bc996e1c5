/** The HCI commands that a controller answers: opcode -> what it does. @see Bluetooth Core 5.4, Vol 4, Part E, 7 */
import type { Controller } from './controller.ts';
import { addressBytes, addressText, leEvent } from './h4.ts';

/** Command complete with return parameters, status first; or command status, and what follows it. */
export type Answer = { readonly complete: readonly number[] } | { readonly status: number; readonly next?: () => void };

type Command = (controller: Controller, parameters: Buffer) => Answer;

const done: Answer = { complete: [0] };
const noConnection = 0x02;
const disallowed = 0x0c;
/** Connecting was cancelled by its host; the status of a connection that does not come. */
const cancelled = 0x02;
/** How many ACL packets the controller holds. */
const aclPackets = 8;

const u16 = (value: number): number[] => [value & 0xff, value >> 8];
const ok: Command = () => done;

/** [length][31 bytes], of which the first `length` count. */
const dataOf = (parameters: Buffer): Buffer =>
  Buffer.from(parameters.subarray(1, 1 + Math.min(parameters[0] ?? 0, 31)));

function connect(controller: Controller, parameters: Buffer): Answer {
  if (controller.initiating !== undefined) return { status: disallowed };
  controller.initiating = {
    addressType: parameters[5]!,
    address: addressText(parameters.subarray(6, 12)),
    supervisionMs: parameters.readUInt16LE(19) * 10,
  };
  return { status: 0, next: () => controller.stir() };
}

function cancelConnect(controller: Controller): Answer {
  if (controller.initiating === undefined) return { complete: [disallowed] };
  controller.initiating = undefined;
  setImmediate(() => controller.failConnect(cancelled));
  return done;
}

function disconnect(controller: Controller, parameters: Buffer): Answer {
  const handle = parameters.readUInt16LE(0);
  const reason = parameters[2]!;
  return { status: 0, next: () => void controller.hangUp(handle, reason) };
}

function updateConnection(controller: Controller, parameters: Buffer): Answer {
  const [handle, interval, latency, timeout] = [0, 4, 6, 8].map((at) => u16(parameters.readUInt16LE(at)));
  const body = Buffer.from([0, ...handle!, ...interval!, ...latency!, ...timeout!]);
  return { status: 0, next: () => controller.send(leEvent(0x03, body)) };
}

export const commands: Readonly<Record<number, Command>> = {
  1030: disconnect,
  3073: ok, // set event mask
  3075: (controller) => {
    controller.reset();
    return done;
  },
  3180: () => ({ complete: [0, 1, 0] }), // read LE host supported
  3181: ok, // write LE host supported
  4097: () => ({ complete: [0, 9, 0, 0, 9, ...u16(0xffff), 0, 0] }), // local version: 5.0, no manufacturer
  4098: () => ({ complete: [0, ...Buffer.alloc(64)] }), // supported commands: none that is optional
  4099: () => ({ complete: [0, 0, 0, 0, 0, 0x60, 0, 0, 0] }), // features: LE, no BR/EDR
  4101: ({ aclBytes }) => ({ complete: [0, ...u16(aclBytes), 0, ...u16(aclPackets), 0, 0] }),
  4105: ({ address }) => ({ complete: [0, ...addressBytes(address)] }),
  5125: (_, parameters) => ({ complete: [0, parameters[0]!, parameters[1]!, 0xc4] }), // RSSI: -60
  8193: ok, // set LE event mask
  8194: ({ aclBytes }) => ({ complete: [0, ...u16(aclBytes), aclPackets] }),
  8195: () => ({ complete: [0, ...Buffer.alloc(8)] }), // LE features: those of 4.0
  8197: ok, // set random address
  8198: ok, // set advertising parameters
  8199: () => ({ complete: [0, 0] }), // advertising power: 0 dBm
  8200: (controller, parameters) => {
    controller.advertData = dataOf(parameters);
    return done;
  },
  8201: (controller, parameters) => {
    controller.scanResponse = dataOf(parameters);
    return done;
  },
  8202: (controller, parameters) => {
    controller.advertising = parameters[0] === 1;
    controller.stir();
    return done;
  },
  8203: ok, // set scan parameters
  8204: (controller, parameters) => {
    controller.setScanning(parameters[0] === 1, parameters[1] === 1);
    return done;
  },
  8205: connect,
  8206: cancelConnect,
  8211: updateConnection,
  8216: () => ({ complete: [0, 1, 2, 3, 4, 5, 6, 7, 8] }), // no randomness is made with it
  8218: (_, parameters) => ({ complete: [0, parameters[0]!, parameters[1]!] }), // long term key
  8219: (_, parameters) => ({ complete: [0, parameters[0]!, parameters[1]!] }), // no long term key
  8217: () => ({ status: noConnection }), // encryption: devices here have none
};
