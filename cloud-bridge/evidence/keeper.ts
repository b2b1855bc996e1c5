/** Sees to it that every stop that is over has its receipt, and every receipt the hub's seal: after each commit, each hello, and each restart. */
import * as v from 'valibot';
import { peek, toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import { sandboxHub } from '../../wire/sandbox.ts';
import { Jws } from '../../wire/shapes.ts';
import { stopReceiptForm, verifyStopSeal } from '../../wire/stop-receipt.ts';
import type { BaseParts } from '../base-parts.ts';
import type { Parts } from '../parts.ts';
import { sandboxTables, tablesFor } from '../sandbox/world.ts';
import { hubKeyOf, signReceipt } from './sign.ts';

export interface EvidenceKeeper {
  /** Receipts for what is over, then seals of hubs that are there. Never fails: what cannot be done now is done at the next look. */
  look(): Promise<void>;
  /** The hub is there: what it has not sealed yet. Never fails. */
  bring(hubId: string): Promise<void>;
  close(): Promise<void>;
}

type KeeperParts = Pick<BaseParts, 'store' | 'line' | 'now'> &
  Pick<Parts, 'signer' | 'sets' | 'presence' | 'sandboxKey'>;

const atOnce = 32;
const Sealed = v.object({ seal: v.pipe(Jws, v.maxLength(2_048)) });

/** What a hub answered, if it is its seal on this receipt. */
async function genuine(answer: unknown, jws: string, hub: VerifyKey): Promise<string | undefined> {
  const sealed = v.safeParse(Sealed, answer);
  const receipt = peek(stopReceiptForm, jws);
  if (!sealed.success || !receipt.ok) return undefined;
  const { seal } = sealed.output;
  return (await verifyStopSeal(seal, { jws, claims: receipt.value.claims }, hub)).ok ? seal : undefined;
}

export function evidenceKeeperOn(parts: KeeperParts): EvidenceKeeper {
  let isClosed = false;
  let turn: Promise<void> = Promise.resolve();
  let isQueued = false;

  async function signAll(): Promise<void> {
    for (let due = await parts.store.read.evidence.unsigned(atOnce); due.length > 0 && !isClosed; ) {
      const signed = await parts.store.write(async (tables) => {
        let count = 0;
        for (const attempt of due) {
          const own = tablesFor(tables, parts.sandboxKey, attempt.home);
          if ((await signReceipt(parts, own, attempt)) !== undefined) count += 1;
        }
        return count;
      });
      due = signed < atOnce ? [] : await parts.store.read.evidence.unsigned(atOnce);
    }
  }

  /** A hub that refuses one is not asked for it again before it comes anew. */
  const refused = new Set<string>();

  /** @throws Fault HUB_OFFLINE, HUB_SILENT */
  async function sealAt(hubId: string): Promise<void> {
    const { read } = parts.store;
    const hub = await (hubId === sandboxHub ? sandboxTables(read, parts.sandboxKey) : read).hubs.find(hubId);
    if (hub === undefined) return;
    const key = await toVerifyKey(hubKeyOf(hub));
    for (const { delivery, number, receipt } of await read.evidence.unsealed(hubId, atOnce)) {
      if (isClosed) return;
      if (receipt === null || refused.has(receipt)) continue;
      const answer = await parts.line.ask(hubId, { op: 'stop.seal', receipt });
      const seal = answer.ok ? await genuine(answer.value, receipt, key) : undefined;
      if (seal === undefined) refused.add(receipt);
      else await parts.store.write((tables) => tables.attempts.change(delivery, number, { seal }));
    }
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work).catch(() => undefined);
    return turn;
  };
  const bring = (hubId: string): Promise<void> =>
    inTurn(async () => {
      refused.clear();
      if (!isClosed) await sealAt(hubId);
    });
  const look = async (): Promise<void> => {
    if (isQueued || isClosed) return turn;
    isQueued = true;
    return inTurn(async () => {
      isQueued = false;
      await signAll();
      const hubs = await parts.store.read.evidence.hubsToAsk(atOnce);
      for (const hubId of hubs) if (!parts.presence.isOffline(hubId)) await sealAt(hubId).catch(() => undefined);
    });
  };
  const forget = parts.store.onEvents((party) => {
    if (party.startsWith('home:')) void look();
  });

  return {
    look,
    bring,
    close: async () => {
      isClosed = true;
      forget();
      await turn;
    },
  };
}
