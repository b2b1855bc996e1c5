/** Takes journal batches: verified, committed several hubs at a time, acknowledged after the commit. */

import type { Verdict } from '../../wire/faults.ts';
import { type JournalHeadClaims, verifyJournalHead } from '../../wire/journal.ts';
import { JournalBatch, readMessage, writeMessage } from '../../wire/messages.ts';
import type { Parts } from '../parts.ts';
import type { Tables } from '../store/store.ts';
import { type Applied, applyBatch } from './apply.ts';

export interface Ingest {
  /** Takes one `journal` message. What cannot be taken now is dropped: the hub sends it again until it is acknowledged. */
  take(hubId: string, payload: Buffer): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly hubId: string;
  readonly batch: JournalBatch;
}

/** Batches in one transaction, and batches of one hub that may wait. */
const maxGroup = 64;
const maxWaitingOfHub = 8;
const maxWaiting = 4_096;

type IngestParts = Pick<Parts, 'store' | 'bus' | 'config' | 'signer' | 'keys' | 'log' | 'now'>;

export function ingestOn(parts: IngestParts): Ingest {
  const waiting: Waiting[] = [];
  const ofHub = new Map<string, number>();
  let running: Promise<void> | undefined;

  const count = (hubId: string, by: number): number => {
    const now = (ofHub.get(hubId) ?? 0) + by;
    if (now > 0) ofHub.set(hubId, now);
    else ofHub.delete(hubId);
    return now;
  };

  async function verifyHead({ hubId, batch }: Waiting): Promise<Verdict<JournalHeadClaims>> {
    const hub = await parts.store.read.hubs.find(hubId);
    if (hub === undefined) return { ok: false, code: 'NOT_FOUND' };
    return verifyJournalHead(batch.head, await parts.keys.hub(hub), hubId);
  }

  async function apply(tables: Tables, one: Waiting, head: Verdict<JournalHeadClaims>): Promise<Applied | undefined> {
    const hub = await tables.hubs.find(one.hubId);
    if (hub === undefined) return undefined;
    const at = parts.now();
    const acked = { seq: hub.acked_seq, hash: hub.acked_hash };
    const applied: Applied = head.ok
      ? await applyBatch(parts, tables, hub, one.batch, head.value, at)
      : { is: 'refused', head: acked, code: head.code, seq: one.batch.from };
    if (applied.is !== 'refused') return applied;
    const { code, seq } = applied;
    const hash = head.ok ? head.value.hash : '';
    if (await tables.journals.refuse({ hub: hub.id, code, seq, hash, at })) {
      await tables.events.add([{ party: `home:${hub.home}`, type: 'journal.refused', data: { code, seq, hash }, at }]);
    }
    return applied;
  }

  async function acknowledge(hubId: string, { head }: Applied): Promise<void> {
    const iat = Math.floor(parts.now() / 1000);
    const witness = await parts.signer.witness({ aud: hubId, iat, seq: head.seq, hash: head.hash });
    parts.bus.publish(hubId, 'ack', writeMessage({ v: 1, seq: head.seq, hash: head.hash, witness }));
  }

  async function takeGroup(group: readonly Waiting[]): Promise<void> {
    const heads = await Promise.all(group.map(verifyHead));
    const results = await parts.store.write(async (tables) => {
      const all: [string, Applied][] = [];
      for (const [index, one] of group.entries()) {
        const applied = await apply(tables, one, heads[index]!);
        if (applied !== undefined) all.push([one.hubId, applied]);
      }
      return all;
    });
    for (const [hub, applied] of results) {
      if (applied.is === 'refused') parts.log.journalRefused({ hub, code: applied.code, seq: applied.seq });
      else parts.log.journalTaken({ hub, is: applied.is, seq: applied.head.seq });
    }
    // One acknowledgement for each hub, of how far it has come now.
    await Promise.all([...new Map(results)].map(([hubId, applied]) => acknowledge(hubId, applied)));
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.splice(0, maxGroup);
      try {
        await takeGroup(group);
      } catch (error) {
        // Nothing of the group is committed and nothing is acknowledged: the hubs send it again.
        parts.log.ingestFailed({ batches: group.length, why: error instanceof Error ? error.name : '' });
      }
      for (const one of group) count(one.hubId, -1);
    }
  }

  return {
    take: (hubId, payload) => {
      const read = readMessage('journal', JournalBatch, payload);
      if (!read.ok) return parts.log.messageRefused({ hub: hubId, code: read.code });
      if (waiting.length >= maxWaiting || (ofHub.get(hubId) ?? 0) >= maxWaitingOfHub) {
        return parts.log.messageRefused({ hub: hubId, code: 'RATE_LIMITED' });
      }
      count(hubId, 1);
      waiting.push({ hubId, batch: read.value });
      running ??= drain().finally(() => {
        running = undefined;
      });
    },
    idle: async () => {
      while (running !== undefined) await running;
    },
  };
}
