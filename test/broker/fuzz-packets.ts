/** What a hostile client might send: sound packets and forbidden ones, and what becomes of them when bytes are turned. */
import { topics } from '../../wire/topics.ts';
import {
  connectPacket,
  disconnectPacket,
  packet,
  pingPacket,
  pubackPacket,
  publishPacket,
  subscribePacket,
  unsubscribePacket,
} from './bytes.ts';

/** Numbers that a seed decides. */
export interface Dice {
  /** 0 <= n < sides, whole. */
  roll(sides: number): number;
  pick<T>(from: readonly T[]): T;
}

/** @param seed  any whole number: the same gives the same */
export function makeDice(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (sides: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
  return { roll, pick: (from) => from[roll(from.length)]! };
}

/** CONNECTs of one client: the sound one, and one for each way to be refused. */
export const connectsOf = (id: string, other: string): readonly Buffer[] => {
  const will = (topic: string, flags: number) => connectPacket(id, { flags, payload: [topic, 'gone'] });
  return [
    connectPacket(id),
    connectPacket(other),
    connectPacket(id, { level: 5 }),
    connectPacket(id, { name: 'MQIsdp', level: 3 }),
    connectPacket(id, { flags: 0 }),
    connectPacket(id, { keepaliveS: 0 }),
    will(topics.up(id, 'presence'), 6),
    will(topics.up(id, 'presence'), 0x26),
    will(topics.up(id, 'presence'), 0x16),
    will(topics.up(other, 'presence'), 6),
    connectPacket(id, { flags: 0xc2, payload: ['user', 'password'] }),
    connectPacket('x'.repeat(5_000)),
    pingPacket,
  ];
};

/** What may follow a CONNECT, and what may not. */
export const packetsOf = (id: string, other: string): readonly Buffer[] => [
  publishPacket(topics.up(id, 'journal'), 'entry'),
  publishPacket(topics.up(id, 'ask'), 'q', 0),
  publishPacket(topics.answer('cloud-1', id), 'answer'),
  publishPacket(topics.up(other, 'journal'), 'forged'),
  publishPacket(topics.down(other, 'request'), 'forged'),
  publishPacket(topics.sealed(other), 'forged', 0),
  publishPacket(topics.mediaAck(other), 'forged', 0),
  publishPacket('$SYS/x', 'x'),
  publishPacket(topics.up(id, 'presence'), 'kept', 3),
  publishPacket(topics.up(id, 'journal'), 'twice', 4),
  publishPacket(topics.up(id, 'journal'), 'x'.repeat(140_000)),
  subscribePacket(topics.hubFilters(id)),
  subscribePacket(topics.hubFilters(other)),
  subscribePacket(['#', '+/#', '$SYS/#', '$share/a/#']),
  subscribePacket(['a/'.repeat(200)]),
  subscribePacket([topics.mediaShardFilter(0), topics.mediaAck(other)], 0),
  subscribePacket(['a#b', 'a+']),
  subscribePacket([topics.down(id, 'ack')], 2),
  unsubscribePacket(topics.hubFilters(id)),
  pubackPacket(1),
  packet(0x62, Buffer.from([0, 1])),
  connectPacket(id),
  pingPacket,
  disconnectPacket,
];

/** Turns, cuts, stretches or splices; now and then leaves as it is. */
export function mutate(dice: Dice, bytes: Buffer, spare: Buffer): Buffer {
  const out = Buffer.from(bytes);
  switch (dice.roll(8)) {
    case 0:
    case 1:
      return out;
    case 2:
      out[dice.roll(out.length)]! ^= 1 << dice.roll(8);
      return out;
    case 3:
      for (let turn = 1 + dice.roll(6); turn > 0; turn--) out[dice.roll(out.length)] = dice.roll(256);
      return out;
    case 4:
      return out.subarray(0, 1 + dice.roll(out.length));
    case 5:
      return Buffer.concat([out, Buffer.from(Array.from({ length: 1 + dice.roll(12) }, () => dice.roll(256)))]);
    case 6: {
      const at = dice.roll(out.length);
      return Buffer.concat([out.subarray(0, at), spare.subarray(dice.roll(spare.length))]);
    }
    default:
      // The announced length alone.
      if (out.length > 1) out[1] = dice.roll(256);
      return out;
  }
}
