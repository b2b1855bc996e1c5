/** The shape of one whole MQTT 3.1.1 packet from a client, checked before any parser sees it. */
import { type Refusal, refuse } from '../wire/faults.ts';

/** First nibble of a packet: what a client may send here. PUBREC, PUBREL, PUBCOMP belong to QoS 2, which is not carried. */
export const packetType = {
  connect: 1,
  publish: 3,
  puback: 4,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
} as const;

/** Filters in one SUBSCRIBE or UNSUBSCRIBE, at most: what every broker takes. */
export const maxFilters = 8;

const malformed = (reason: string): Refusal => refuse('BROKER_PACKET_MALFORMED', { reason });

/**
 * Checks one packet.
 * @param first  first byte: type and flags
 * @param body  everything after the remaining length
 * @returns undefined when it is sound, otherwise why it is not
 * @see MQTT 3.1.1, chapter 3
 */
export function checkPacket(first: number, body: Buffer): Refusal | undefined {
  const flags = first & 0x0f;
  switch (first >> 4) {
    case packetType.connect:
      return flags === 0 ? checkConnect(body) : malformed('flags');
    case packetType.publish:
      return checkPublish(flags, body);
    case packetType.puback:
      return flags === 0 && body.length === 2 && body.readUInt16BE(0) !== 0 ? undefined : malformed('puback');
    case packetType.subscribe:
      return flags === 2 ? checkFilters(body, 1) : malformed('flags'); // [MQTT-3.8.1-1]
    case packetType.unsubscribe:
      return flags === 2 ? checkFilters(body, 0) : malformed('flags'); // [MQTT-3.10.1-1]
    case packetType.pingreq:
    case packetType.disconnect:
      return flags === 0 && body.length === 0 ? undefined : malformed('flags or length'); // [MQTT-3.14.1-1]
    case 5:
    case 6:
    case 7:
      return refuse('BROKER_QOS_REFUSED');
    default:
      return malformed('type');
  }
}

/** @returns offset after the length-prefixed field at `at`, or -1 when it does not fit */
function afterField(body: Buffer, at: number): number {
  if (at < 0 || at + 2 > body.length) return -1;
  const end = at + 2 + body.readUInt16BE(at);
  return end <= body.length ? end : -1;
}

const protocolName = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54]); // "MQTT"
const protocolLevel = 4; // 3.1.1 [MQTT-3.1.2-2]

function checkConnect(body: Buffer): Refusal | undefined {
  if (body.length < 10) return malformed('connect');
  const isOurs = body.subarray(0, 6).equals(protocolName) && body[6] === protocolLevel;
  if (!isOurs) return refuse('BROKER_PROTOCOL_REFUSED');
  const flags = body[7]!;
  const [hasUser, hasPassword, hasWill] = [(flags & 0x80) !== 0, (flags & 0x40) !== 0, (flags & 0x04) !== 0];
  if ((flags & 0x01) !== 0) return malformed('reserved flag'); // [MQTT-3.1.2-3]
  if (!hasWill && (flags & 0x38) !== 0) return malformed('will flags'); // [MQTT-3.1.2-11]
  if ((flags & 0x18) === 0x18) return malformed('will qos'); // [MQTT-3.1.2-14]
  if (hasPassword && !hasUser) return malformed('password'); // [MQTT-3.1.2-22]
  let at = afterField(body, 10);
  const fields = (hasWill ? 2 : 0) + (hasUser ? 1 : 0) + (hasPassword ? 1 : 0);
  for (let field = 0; field < fields; field++) at = afterField(body, at);
  return at === body.length ? undefined : malformed('connect payload');
}

function checkPublish(flags: number, body: Buffer): Refusal | undefined {
  const qos = (flags >> 1) & 3;
  if (qos === 3) return malformed('qos'); // [MQTT-3.3.1-4]
  if (qos === 2) return refuse('BROKER_QOS_REFUSED');
  if (qos === 0 && (flags & 0x08) !== 0) return malformed('dup'); // [MQTT-3.3.1-2]
  if ((flags & 0x01) !== 0) return refuse('BROKER_RETAIN_REFUSED');
  const end = afterField(body, 0);
  if (end <= 2) return malformed('topic');
  for (let at = 2; at < end; at++) {
    const byte = body[at]!;
    // Topics are printable ASCII here; NUL and wildcards are forbidden by [MQTT-1.5.3-2] and [MQTT-3.3.2-2].
    if (byte < 0x21 || byte > 0x7e || byte === 0x23 || byte === 0x2b) return malformed('topic');
  }
  if (qos === 0) return undefined;
  if (end + 2 > body.length || body.readUInt16BE(end) === 0) return malformed('packet id'); // [MQTT-2.3.1-1]
  return undefined;
}

/** @param optionBytes  bytes after each filter: 1 (requested QoS) or 0 */
function checkFilters(body: Buffer, optionBytes: 0 | 1): Refusal | undefined {
  if (body.length < 2 || body.readUInt16BE(0) === 0) return malformed('packet id');
  let at = 2;
  let count = 0;
  while (at < body.length) {
    const end = afterField(body, at);
    if (end <= at + 2 || end + optionBytes > body.length) return malformed('filter');
    if (optionBytes === 1 && body[end]! > 2) return malformed('qos'); // [MQTT-3.8.3-4]
    at = end + optionBytes;
    count += 1;
  }
  if (count === 0) return malformed('no filter'); // [MQTT-3.8.3-3]
  return count > maxFilters ? malformed('too many filters') : undefined;
}
