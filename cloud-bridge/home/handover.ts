/** Carries a hand-over to the hub and its answer back. The cloud can make neither proof. */
import * as v from 'valibot';
import { accept, Fault, refuse, type Verdict } from '../../wire/faults.ts';
import { type HandoverClaim, HandoverDone } from '../../wire/handover.ts';
import type { OkpJwk } from '../../wire/shapes.ts';
import type { Parts } from '../parts.ts';
import { takeRecoveryPin } from '../recovery/take-pin.ts';
import { takeOwnerList } from './owner-list.ts';

export interface HandedOver {
  readonly home: string;
  readonly hub: string;
  readonly ownerList: string;
  /** The hub's proof, which the phone checks with the secret. */
  readonly proof: string;
  readonly hubKey: OkpJwk;
}

/** @returns NOT_FOUND, the hub's refusal, or OWNER_LIST_…. @throws Fault HUB_OFFLINE, HUB_SILENT */
export async function handOver(
  parts: Pick<Parts, 'store' | 'line' | 'keys' | 'log'>,
  claim: HandoverClaim,
): Promise<Verdict<HandedOver>> {
  const hub = await parts.store.read.hubs.find(claim.hub);
  if (hub === undefined) return refuse('NOT_FOUND');
  const answer = await parts.line.ask(hub.id, { op: 'handover.claim', claim });
  if (!answer.ok) return answer;
  const done = v.safeParse(HandoverDone, answer.value);
  if (!done.success) throw new Fault('HUB_SILENT', { why: 'the answer does not fit' });
  const { ownerList, recoveryPin, proof } = done.output;
  const taken = await takeOwnerList(parts, hub, ownerList);
  if (!taken.ok) return taken;
  if (recoveryPin !== undefined) {
    const pinned = await takeRecoveryPin(parts, hub, recoveryPin);
    if (!pinned.ok) return pinned;
  }
  return accept({ home: hub.home, hub: hub.id, ownerList, proof, hubKey: JSON.parse(hub.sign_jwk) as OkpJwk });
}
