/** What the journal says of the owner's orders to a lock: entries of the household, sealed. No digits are in any of them (R1, S048). */
import type { FaultCode } from '../../wire/faults.ts';
import type { LockOrder, LockResult } from '../../wire/lock-order.ts';
import type { Draft } from '../journal/journal.ts';
import type { OpenOrder } from './do-lock-order.ts';
import { withName } from './shown-name.ts';

/** Which order an entry is about. */
export interface About {
  readonly at: number;
  readonly door: string;
  /** Its `jti`. */
  readonly order: string;
  /** Thumbprint of the device that signed. */
  readonly by: string;
}

const nameIn = (order: OpenOrder): string => ('asked' in order ? order.asked.name : '');

/** Before the lock hears of it. Digits are in no entry; the name is sealed with the rest of it. */
export const orderedDraft = (order: OpenOrder, { at, door, ...of }: About): Draft =>
  withName(nameIn(order), (name) => ({ at, door, kind: 'lock.ordered', body: { what: order.do, name, ...of } }));

/** The lock did not do it, or did not say whether it did. */
export const failedDraft = (order: OpenOrder, code: FaultCode, { at, door, order: jti }: About): Draft => ({
  ...{ at, door, kind: 'lock.order-failed' },
  body: { what: order.do, code, order: jti },
});

const kindOf = {
  'codes.add': 'lock.code-added',
  'codes.remove': 'lock.code-removed',
  'users.add': 'lock.user-added',
  'users.remove': 'lock.user-removed',
} as const satisfies Partial<Record<LockOrder['do'], Draft['kind']>>;

/** @returns undefined for an order that only looked */
export function doneDraft(order: OpenOrder, result: LockResult, { at, door, ...of }: About): Draft | undefined {
  if (order.do === 'codes.list' || order.do === 'users.list') return undefined;
  const kind = kindOf[order.do];
  const added = 'id' in result ? result.id : 0;
  const id = 'id' in order ? order.id : added;
  if ('id' in order) return { at, door, kind, body: { id, ...of } };
  return withName(nameIn(order), (name) => ({ at, door, kind, body: { id, name, ...of } }));
}
