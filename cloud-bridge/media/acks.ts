/** Tells hubs which frames the relay has in its hands, at once, and which are on its disk. */
import { writeAck } from '../../wire/media.ts';
import type { MediaBus } from '../bus/media.ts';
import type { Range } from './ranges.ts';

export interface Acks {
  /** Handed on. Only frames that came in the same turn of the loop share a message. */
  seen(hubId: string, stream: string, seq: number): void;
  stored(hubId: string, stream: string, ranges: readonly Range[]): void;
}

/** Items of one acknowledgement. */
const maxItems = 512;

export function acksOver(media: Pick<MediaBus, 'ack'>): Acks {
  let waiting = new Map<string, { hubId: string; stream: string; seqs: number[] }>();

  // What cannot be sent is not kept: an acknowledgement that is late says nothing, and the hub asks for what is stored.
  const flush = (): void => {
    const now = waiting;
    waiting = new Map();
    for (const { hubId, stream, seqs } of now.values()) {
      for (let at = 0; at < seqs.length; at += maxItems) {
        media.ack(hubId, writeAck({ kind: 'seen', stream, seqs: seqs.slice(at, at + maxItems) }));
      }
    }
  };

  return {
    seen: (hubId, stream, seq) => {
      if (waiting.size === 0) setImmediate(flush);
      const name = `${hubId}/${stream}`;
      const known = waiting.get(name);
      if (known === undefined) waiting.set(name, { hubId, stream, seqs: [seq] });
      else known.seqs.push(seq);
    },
    stored: (hubId, stream, ranges) => {
      for (let at = 0; at < ranges.length; at += maxItems) {
        media.ack(hubId, writeAck({ kind: 'stored', stream, ranges: ranges.slice(at, at + maxItems) }));
      }
    },
  };
}
