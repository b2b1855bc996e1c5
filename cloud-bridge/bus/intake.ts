/** Hands what comes up from hubs to the parts that take it, in order for each hub. */
import { shardOf } from '../../wire/topics.ts';
import { takeAlarm } from '../home/alarm.ts';
import { answerAsk, readAsk } from '../home/ask.ts';
import { ingestOn } from '../journal/ingest.ts';
import type { Parts } from '../parts.ts';

const maxWaitingOfHub = 32;

/** Starts to listen. @returns resolves when nothing is under way any more */
export function startIntake(parts: Parts): { idle(): Promise<void> } {
  const ingest = ingestOn(parts);
  const lanes = new Map<string, { depth: number; tail: Promise<void> }>();
  const shards = new Set(parts.config.shards ?? Array.from({ length: 16 }, (_, shard) => shard));

  /** One thing of a hub after the other: presence, hello and alarms must not overtake each other. */
  function inOrder(hubId: string, work: () => Promise<void>, name = hubId): void {
    const lane = lanes.get(name) ?? { depth: 0, tail: Promise.resolve() };
    if (lane.depth >= maxWaitingOfHub) {
      parts.log.messageRefused({ hub: hubId, code: 'RATE_LIMITED' });
      return;
    }
    lane.depth += 1;
    lanes.set(name, lane);
    lane.tail = lane.tail
      .then(work)
      .catch((error: unknown) => parts.log.helloFailed({ hub: hubId, why: error instanceof Error ? error.name : '' }))
      .finally(() => {
        lane.depth -= 1;
        if (lane.depth === 0) lanes.delete(name);
      });
  }

  parts.bus.listen({
    message: (hubId, kind, payload) => {
      switch (kind) {
        case 'presence':
          return inOrder(hubId, () => parts.presence.take(hubId, payload));
        case 'journal':
          ingest.take(hubId, payload);
          break;
        case 'ask': {
          const ask = readAsk(parts, hubId, payload);
          // Recordings are looked up and deleted on a disk: a hello never waits for that.
          const lane = ask?.body.op === 'hello' ? hubId : `${hubId} media`;
          if (ask !== undefined) inOrder(hubId, () => answerAsk(parts, hubId, ask), lane);
          break;
        }
        case 'alarm':
          inOrder(hubId, () => takeAlarm(parts, hubId, payload));
          break;
      }
      if (!parts.presence.isOnline(hubId)) inOrder(hubId, () => parts.presence.saw(hubId));
    },
    change: (online) => {
      if (online) parts.presence.askAll(shards, shardOf).catch(() => parts.log.unexpected({ what: 'presence' }));
    },
  });

  return {
    idle: async () => {
      await Promise.all([...lanes.values()].map((lane) => lane.tail));
      await ingest.idle();
    },
  };
}
