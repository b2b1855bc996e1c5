/** The hub of the sandbox: what it would journal of a visit is read as a real journal is, and it seals the receipts of its stops. */
import { accept, Fault } from '../../wire/faults.ts';
import { hashOf, newId, signDocument } from '../../wire/jws.ts';
import { receiptForm } from '../../wire/receipt.ts';
import { sandboxHub } from '../../wire/sandbox.ts';
import { stopSealForm } from '../../wire/stop-receipt.ts';
import type { Line } from '../bus/line.ts';
import { followVisit } from '../stop/follow-visit.ts';
import type { StopParts } from '../stop/happen.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { SandboxKey } from './hub-key.ts';
import type { VisitMove } from './scripts.ts';

export type VisitParts = StopParts & { readonly sandboxKey: SandboxKey };

const entryOf = (what: string) => ({ seq: 1, hash: hashOf(what) });

async function bodyOf(
  { sandboxKey, now }: VisitParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  move: VisitMove,
  visitMs: number,
) {
  if (move.kind !== 'visit.ended') return {};
  const { outcome, proof } = move;
  const jkt = (await tables.tasks.living(delivery.id))?.jkt ?? hashOf(delivery.id);
  const claims = {
    ...{ iss: sandboxHub, visit: newId(), door: delivery.door, delivery: delivery.id, jkt },
    ...{ arrivedAt: now() - visitMs, endedAt: now(), outcome, proof, entry: entryOf(delivery.id) },
  };
  return { outcome, proof, receipt: await signDocument(receiptForm, claims, sandboxKey.key) };
}

/** @param visitMs  how long it is said to have taken */
export async function moveVisit(
  parts: VisitParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  move: VisitMove,
  visitMs: number,
): Promise<void> {
  const body = await bodyOf(parts, tables, delivery, move, visitMs);
  await followVisit(parts, tables, delivery, { kind: move.kind, body });
}

/** The line to all hubs, and to the one that there is not: that one answers here, and has seen nothing itself. */
export const withSandboxHub = (line: Line, { key }: SandboxKey, now: () => number): Line => ({
  ...line,
  ask: async (hubId, request, withinMs) => {
    if (hubId !== sandboxHub) return line.ask(hubId, request, withinMs);
    if (request.op !== 'stop.seal') throw new Fault('HUB_OFFLINE');
    const receipt = hashOf(request.receipt);
    const claims = {
      ...{ iss: sandboxHub, receipt, iat: Math.floor(now() / 1000) },
      ...{ saw: { presence: 'nothing' as const }, entry: entryOf(receipt) },
    };
    return accept({ seal: await signDocument(stopSealForm, claims, key) });
  },
});
