/** Brings stored documents to their hubs, one at a time and in order, until each is confirmed or refused. */
import { type FaultCode, faults, type Verdict } from '../../wire/faults.ts';
import { recoveryCodeForm, recoveryForm } from '../../wire/recovery.ts';
import type { BaseParts } from '../base-parts.ts';
import { fetchRecoveryPin, takeRecoveryPin } from '../recovery/take-pin.ts';
import type { Row } from '../store/schema.ts';
import { takeOwnerList } from './owner-list.ts';

export interface Mailbox {
  /**
   * Hands one document to its hub and keeps what the hub said about it.
   * @throws Fault HUB_OFFLINE, HUB_SILENT; the document stays pending
   */
  hand(document: Row<'document'>): Promise<Verdict<Record<string, unknown>>>;
  /** Hands over everything that is pending. Never fails: what does not arrive goes with the next hello. */
  bring(hubId: string): Promise<void>;
}

/** A hub that has this version already has taken it. */
const hasIt = (document: Row<'document'>, code: FaultCode, has: unknown): boolean =>
  isOld.includes(code) && has === document.version;
const isOld: readonly FaultCode[] = ['RULE_BOOK_OLD', 'OWNER_CHANGE_OLD', 'RETENTION_OLD', 'RECOVERY_CODE_OLD'];

export function mailboxOn(parts: Pick<BaseParts, 'store' | 'line' | 'keys' | 'now' | 'log'>): Mailbox {
  const underWay = new Map<string, Promise<void>>();

  /** A hub answers a change of its owner devices with its new list. */
  const takeList = async (hubId: string, text: string): Promise<void> => {
    const hub = await parts.store.read.hubs.find(hubId);
    if (hub !== undefined) await takeOwnerList(parts, hub, text);
  };

  /** And a new recovery code with its pin; one whose answer was lost is asked for. */
  const takePin = async (hubId: string, answered: unknown): Promise<void> => {
    const hub = await parts.store.read.hubs.find(hubId);
    if (hub === undefined) return;
    if (typeof answered === 'string') await takeRecoveryPin(parts, hub, answered);
    else await fetchRecoveryPin(parts, hub);
  };

  const hand: Mailbox['hand'] = async (document) => {
    const answer = await parts.line.ask(document.hub, { op: 'document.put', document: document.text });
    const settled = answer.ok || hasIt(document, answer.code, answer.detail?.has) ? 'taken' : answer.code;
    if (answer.ok && typeof answer.value.ownerList === 'string') await takeList(document.hub, answer.value.ownerList);
    if (settled === 'taken' && document.typ === recoveryCodeForm.typ) {
      await takePin(document.hub, answer.ok ? answer.value.recoveryPin : undefined);
    }
    if (settled === 'taken' || faults[settled as FaultCode].retry !== 'later') {
      await parts.store.write(async ({ documents, recoveries, hubs, events }) => {
        await documents.settle(document.hub, document.seq, settled);
        const isRefused = document.typ === recoveryForm.typ && settled !== 'taken';
        if (!isRefused) return;
        await recoveries.change(document.hub, document.about ?? '', { state: 'ended' });
        const hub = await hubs.find(document.hub);
        if (hub === undefined) return;
        const data = { recovery: document.about };
        await events.add([{ party: `home:${hub.home}`, type: 'recovery.over', data, at: parts.now() }]);
      });
      parts.log.documentSettled({ hub: document.hub, typ: document.typ, settled });
    }
    return answer;
  };

  async function bringAll(hubId: string): Promise<void> {
    const nowS = Math.floor(parts.now() / 1000);
    for (const document of await parts.store.read.documents.pending(hubId, nowS, 64)) await hand(document);
  }

  return {
    hand,
    bring: (hubId) => {
      const before = underWay.get(hubId) ?? Promise.resolve();
      const next = before.then(() => bringAll(hubId)).catch(() => undefined);
      underWay.set(hubId, next);
      return next.finally(() => {
        if (underWay.get(hubId) === next) underWay.delete(hubId);
      });
    },
  };
}
