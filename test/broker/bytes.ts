/** Raw MQTT 3.1.1 packets for tests, written by hand: never by the library that the broker parses with. */

export const field = (text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** @param first  type and flags. @returns a whole packet */
export function packet(first: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = [first];
  let rest = body.length;
  do {
    head.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(head), body]);
}

export interface ConnectFields {
  readonly name?: string;
  readonly level?: number;
  readonly flags?: number;
  readonly keepaliveS?: number;
  readonly payload?: readonly (string | Buffer)[];
}

/** A CONNECT; sound, clean and with 60 s unless told otherwise. */
export function connectPacket(id: string, fields: ConnectFields = {}): Buffer {
  const { name = 'MQTT', level = 4, flags = 2, keepaliveS = 60, payload = [] } = fields;
  const variable = Buffer.from([level, flags, keepaliveS >> 8, keepaliveS & 0xff]);
  return packet(0x10, field(name), variable, field(id), ...payload.map(field));
}

/** @param flags  low nibble: dup 8, qos 2 or 4, retain 1 */
export const publishPacket = (topic: string, payload: string | Buffer, flags = 2, id = 1): Buffer =>
  packet(
    0x30 | flags,
    field(topic),
    flags & 6 ? Buffer.from([id >> 8, id & 0xff]) : Buffer.alloc(0),
    Buffer.from(payload),
  );

export const subscribePacket = (filters: readonly string[], qos = 1, id = 1): Buffer =>
  packet(0x82, Buffer.from([id >> 8, id & 0xff]), ...filters.flatMap((filter) => [field(filter), Buffer.from([qos])]));

export const unsubscribePacket = (filters: readonly string[], id = 1): Buffer =>
  packet(0xa2, Buffer.from([id >> 8, id & 0xff]), ...filters.map(field));

export const pubackPacket = (id: number): Buffer => Buffer.from([0x40, 2, id >> 8, id & 0xff]);
export const pingPacket = Buffer.from([0xc0, 0]);
export const disconnectPacket = Buffer.from([0xe0, 0]);
