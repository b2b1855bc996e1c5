/** Changed envelopes: bytes, JSON, sizes, expiries and ids of requests, whatever they carry. */
import { newId } from '../../../wire/jws.ts';
import { writeMessage } from '../../../wire/messages.ts';
import { mutateClaims } from '../../device/fuzz/mutate.ts';
import type { Random } from '../../device/fuzz/random.ts';
import { type Shoot, unsigned } from './shot.ts';
import { goodBundle, type Stage } from './stage.ts';

/** More at once than the hub takes. */
const burstOf = 80;

export function envelopeShots(stage: Stage): { one: Shoot; burst: Shoot } {
  const { send, home } = stage;

  const sound = async (random: Random): Promise<Record<string, unknown>> =>
    send.envelope(
      await random.pick<() => Promise<object> | object>([
        async () => ({ op: 'visit.prepare', bundle: await goodBundle(stage) }),
        () => ({ op: 'visit.show', visit: newId() }),
        () => ({ op: 'visit.act', visit: newId(), knock: 'e30.e30.AAAA' }),
        () => ({ op: 'document.put', document: 'e30.e30.AAAAAAAAAAAA' }),
        () => ({ op: 'hub.status' }),
        () => ({ op: 'stop.expect', delivery: newId(), attempt: 1, door: home.doors.front, number: '0907', until: 5 }),
        () => ({ op: 'stop.photograph', delivery: newId(), attempt: 1, door: home.doors.front }),
        () => ({ op: 'stop.forget', delivery: newId(), attempt: 1 }),
      ])(),
    );

  const changes: readonly ((envelope: Record<string, unknown>, random: Random) => Buffer)[] = [
    (envelope, random) => Buffer.from(mutateClaims(envelope, random)),
    (envelope, random) => Buffer.from(mutateClaims(envelope, random)),
    (envelope, random) => turned(writeMessage(envelope), random),
    (envelope, random) => turned(writeMessage(envelope), random),
    (envelope, random) => writeMessage({ ...envelope, exp: home.clock.now() - random.int(100_000) }),
    (envelope, random) => writeMessage({ ...envelope, exp: home.clock.now() + 90_100 + random.int(2 ** 40) }),
    (envelope) => writeMessage({ ...envelope, body: { op: newId() } }),
    (envelope, random) => writeMessage({ ...envelope, filler: 'x'.repeat(65_536 + random.int(65_536)) }),
    (_, random) => Buffer.from('['.repeat(random.int(66_000))),
    (_, random) => Buffer.from(Array.from({ length: random.int(2000) }, () => random.int(256))),
    (envelope) => Buffer.from(`{"__proto__":{"op":"hub.status"},${JSON.stringify(envelope).slice(1)}`),
  ];

  return {
    one: async (random) => [unsigned(await send.raw(random.pick(changes)(await sound(random), random)))],
    burst: async () => {
      const bundle = await goodBundle(stage);
      const payloads = Array.from({ length: burstOf }, () =>
        writeMessage(send.envelope({ op: 'visit.prepare', bundle })),
      );
      const outcomes = await send.burst(payloads);
      const all = outcomes.length === burstOf ? [] : [`${outcomes.length} answers to ${burstOf} requests`];
      return outcomes.map((outcome, index) => unsigned(outcome, index === 0 ? all : []));
    },
  };
}

/** Bits turned, bytes cut off, put in or doubled. */
function turned(bytes: Buffer, random: Random): Buffer {
  const at = random.int(bytes.length);
  switch (random.int(4)) {
    case 0:
      bytes[at]! ^= 1 << random.int(8);
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random.int(256)]), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes, bytes.subarray(at)]);
  }
}
