/**
 * The desk for the owner's orders to a lock that keeps codes and users of its own: the owner's device, and nobody else, has them done.
 *
 * What widens access is on disk before the lock hears of it, asks for trusted time, and is done once for ever; what takes access
 * away waits for neither clock nor disk. The cloud carries orders and answers and can read neither (R1, S048).
 */
import type { CryptoKey } from 'jose';
import { accept, Fault, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';
import { hubKeyForm } from '../../wire/hub-key.ts';
import { hashOf, type SignKey, signDocument, thumbprintOf } from '../../wire/jws.ts';
import {
  type LockOrderClaims,
  type LockResult,
  lockAnswerForm,
  NewCode,
  NewUser,
  narrows,
  widens,
} from '../../wire/lock-order.ts';
import type { EcJwk } from '../../wire/shapes.ts';
import { openForLock, sealResult, verifyLockOrder } from '../../wire/verify-lock-order.ts';
import type { Clock } from '../clock/clock.ts';
import type { Trust } from '../grant/trust.ts';
import type { Draft, GrantStore } from '../journal/journal.ts';
import type { LockAdministration } from '../lock/administration.ts';
import { doLockOrder, type OpenOrder } from './do-lock-order.ts';
import type { DuressCodes } from './duress.ts';
import type { Entrance } from './entrance.ts';
import { doneDraft, failedDraft, orderedDraft } from './lock-order-entries.ts';

export interface LockOrderParts {
  readonly hubId: string;
  readonly keys: { readonly sign: SignKey; readonly seal: EcJwk; readonly open: CryptoKey };
  readonly entrances: ReadonlyMap<string, Pick<Entrance, 'installed' | 'runner'>>;
  readonly trust: Pick<Trust, 'inForce'>;
  /** Trusted time, ms, or why there is none. */
  readonly trustedNow: () => Verdict<number>;
  readonly clock: Pick<Clock, 'now'>;
  readonly used: Pick<GrantStore, 'isEnded' | 'end'>;
  /** Codes for those who are forced (T46). */
  readonly duress: Pick<DuressCodes, 'mark' | 'unmark' | 'isHeard'>;
  /** Resolves when it is on disk. @throws Fault JOURNAL_UNAVAILABLE */
  readonly record: (draft: Draft) => Promise<unknown>;
  /** As far as the disk takes it. */
  readonly note: (draft: Draft) => Promise<unknown>;
  readonly refused: (code: FaultCode) => void;
}

export interface LockOrderDesk {
  /**
   * Takes one order. The same order again gets the same answer, as long as it lives and the hub runs; what changes something at the
   * lock is never done twice, not even after a restart.
   * @returns the hub's signed answer, sealed for the device that signed the order; LOCK_ORDER_…, CLOCK_…, DOOR_UNKNOWN, DOOR_BUSY,
   *   LOCK_CAPABILITY_MISSING, or what the lock says
   * @throws Fault JOURNAL_UNAVAILABLE when the disk refuses what has to be on it first: nothing was done then
   */
  take(jws: string): Promise<Verdict<{ answer: string }>>;
  /** The hub's seal key as a document that it signed: what owners seal digits for. */
  sealKey(): Promise<string>;
}

/** Answers that are remembered for those who ask again. */
const remembered = 16;

/** What was found to be in order, before anything is done. */
interface Taken {
  readonly claims: LockOrderClaims;
  readonly hash: string;
  /** Thumbprint of the key that signed. */
  readonly by: string;
  /** The same device's key that is sealed to. */
  readonly seal: EcJwk;
  readonly lock: LockAdministration;
  readonly isVisited: boolean;
}

export function lockOrderDesk(parts: LockOrderParts): LockOrderDesk {
  const { hubId, keys, used, clock } = parts;
  const answers = new Map<string, { readonly hash: string; readonly answer: Promise<Verdict<{ answer: string }>> }>();
  let sealKey: Promise<string> | undefined;

  const isUsed = ({ jti, order }: LockOrderClaims): boolean => {
    try {
      return used.isEnded('order', jti);
    } catch (error) {
      if (error instanceof Fault && narrows(order)) return false;
      throw error;
    }
  };

  /** Never twice, whatever the clock says by then. A disk that fails keeps nobody's access alive. */
  const use = ({ jti, order }: LockOrderClaims): void => {
    try {
      used.end('order', jti);
    } catch (error) {
      if (!(error instanceof Fault && narrows(order))) throw error;
    }
  };

  const perform = async (taken: Taken): Promise<Verdict<{ answer: string }>> => {
    const { claims, by, lock } = taken;
    const opened = await openOrder(claims, keys.open);
    if (!opened.ok) return opened;
    // Whoever stands at the door is not to wait for a list: the lock does one thing at a time.
    if (taken.isVisited && !narrows(claims.order)) return refuse('DOOR_BUSY');
    const order = opened.value;
    if (order.do === 'codes.add' && order.asked.duress !== undefined && !parts.duress.isHeard(order.asked.duress)) {
      return refuse('DURESS_UNHEARD');
    }
    const about = { at: clock.now(), door: claims.door, order: claims.jti, by };
    if (widens(claims.order) || narrows(claims.order)) use(claims);
    if (widens(claims.order)) await parts.record(orderedDraft(order, about));
    // The device may have been removed while the disk worked.
    if (!isPinned(parts.trust, by)) return refuse('LOCK_ORDER_KEY_UNKNOWN');
    let result: LockResult;
    try {
      result = await doLockOrder(order, lock);
      await noteDuress(order, result, claims.door, lock, parts.duress);
    } catch (error) {
      const code = error instanceof Fault ? error.code : 'INTERNAL';
      if (widens(claims.order) || narrows(claims.order)) await parts.note(failedDraft(order, code, about));
      // What a lock says beside its code is for nobody on the way.
      if (error instanceof Fault) return refuse(code);
      throw error;
    }
    const draft = doneDraft(order, result, { ...about, at: clock.now() });
    if (draft !== undefined) await parts.note(draft);
    return accept({ answer: await answerTo(taken, result, parts) });
  };

  return {
    take: async (jws) => {
      const now = parts.trustedNow();
      const nowS = now.ok ? Math.floor(now.value / 1000) : undefined;
      const { owners } = parts.trust.inForce();
      const verified = await verifyLockOrder(jws, owners?.keys ?? [], { hubId, nowS });
      const device = owners?.devices.find(({ sign }) => verified.ok && thumbprintOf(sign) === verified.value.key.kid);
      if (!verified.ok || device === undefined) {
        const refusal = verified.ok ? refuse('LOCK_ORDER_KEY_UNKNOWN') : verified;
        parts.refused(refusal.code);
        return refusal;
      }
      const { claims, key } = verified.value;
      if (!now.ok && widens(claims.order)) return now;
      const hash = hashOf(jws);
      const known = answers.get(claims.jti);
      if (known !== undefined) return known.hash === hash ? known.answer : refuse('LOCK_ORDER_USED');
      const entrance = parts.entrances.get(claims.door);
      if (entrance === undefined) return refuse('DOOR_UNKNOWN');
      const lock = entrance.installed.administration;
      if (lock === undefined) return refuse('LOCK_CAPABILITY_MISSING');
      if (isUsed(claims)) return refuse('LOCK_ORDER_USED');
      const { at } = entrance.runner.state();
      const isVisited = at !== 'idle' && at !== 'unsecured';
      const answer = perform({ claims, hash, by: key.kid, seal: device.seal, lock, isVisited });
      answers.set(claims.jti, { hash, answer });
      for (const oldest of answers.keys()) {
        if (answers.size <= remembered) break;
        answers.delete(oldest);
      }
      return answer;
    },
    sealKey: () => {
      const iat = Math.floor(clock.now() / 1000);
      sealKey ??= signDocument(hubKeyForm, { iss: hubId, iat, seal: keys.seal }, keys.sign);
      return sealKey;
    },
  };
}

/** A code that is to alarm and is not marked as such would be a false promise: it is taken away again. */
async function noteDuress(
  order: OpenOrder,
  result: LockResult,
  door: string,
  lock: LockAdministration,
  duress: LockOrderParts['duress'],
): Promise<void> {
  if (order.do === 'codes.remove') return forget(door, order.id, duress);
  if (order.do !== 'codes.add' || result.did !== 'codes.add') return;
  try {
    // The number may have been that of an older code.
    duress.unmark(door, result.id);
    if (order.asked.duress !== undefined) duress.mark(door, result.id, order.asked.duress);
  } catch (error) {
    await lock.removeCode(result.id);
    throw error;
  }
}

/** What takes access away waits for no disk: a mark without its code alarms nobody. */
function forget(door: string, code: number, duress: LockOrderParts['duress']): void {
  try {
    duress.unmark(door, code);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}

const isPinned = (trust: Pick<Trust, 'inForce'>, kid: string): boolean =>
  trust.inForce().owners?.keys.some((key) => key.kid === kid) ?? false;

async function openOrder({ jti, order }: LockOrderClaims, key: CryptoKey): Promise<Verdict<OpenOrder>> {
  if (order.do === 'codes.add') {
    const asked = await openForLock(NewCode, order.sealed, key, jti);
    return asked.ok ? accept({ do: order.do, asked: asked.value }) : asked;
  }
  if (order.do === 'users.add') {
    const asked = await openForLock(NewUser, order.sealed, key, jti);
    return asked.ok ? accept({ do: order.do, asked: asked.value }) : asked;
  }
  return accept(order);
}

async function answerTo({ hash, seal }: Taken, result: LockResult, parts: LockOrderParts): Promise<string> {
  const { hubId, keys } = parts;
  const claims = { iss: hubId, order: hash, to: thumbprintOf(seal), sealed: await sealResult(seal, result) };
  return signDocument(lockAnswerForm, claims, keys.sign);
}
