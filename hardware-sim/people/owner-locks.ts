/** What an owner has done at a lock that keeps codes and users of its own: orders signed on the phone, answers that only it can open. */
import * as v from 'valibot';
import type { FaultCode, FaultDetail } from '../../wire/faults.ts';
import { hashOf, newId, signDocument, thumbprintOf, toVerifyKey } from '../../wire/jws.ts';
import {
  type ListedCode,
  type ListedUser,
  type LockOrder,
  type LockResult,
  lockOrderForm,
  maxOrderSeconds,
  type NewCode,
  type NewUser,
} from '../../wire/lock-order.ts';
import type { EcJwk } from '../../wire/shapes.ts';
import { verifyHubKey } from '../../wire/verify-hub-key.ts';
import { openResult, sealForLock, verifyLockAnswer } from '../../wire/verify-lock-order.ts';
import type { HttpClient, HttpRefusal, Reply } from './http.ts';
import type { DeviceKeys } from './keys.ts';
import type { Pinned } from './owner-state.ts';

const Answered = v.object({ answer: v.string() });
const Status = v.object({ sealKey: v.string() });
type Did<K extends LockResult['did']> = Extract<LockResult, { did: K }>;

const refusal = (code: FaultCode, detail: FaultDetail = {}): HttpRefusal => ({ ok: false, code, status: 0, detail });

/** The phone as its orders to locks see it. */
export interface LockPhone {
  readonly http: HttpClient;
  readonly keys: DeviceKeys;
  pinned(): Pinned;
}

/**
 * Every method signs one order and resolves with what the hub answered to exactly this one, for this phone.
 * All return LOCK_ORDER_…, CLOCK_… or what the lock says when it is refused; LOCK_ANSWER_… or HUB_KEY_… with status 0 when this phone
 * does not believe what came back.
 */
export class OwnerLocks {
  readonly #phone: LockPhone;

  constructor(phone: LockPhone) {
    this.#phone = phone;
  }

  /** All codes of the keypad, page by page. */
  codes(door: string): Promise<Reply<readonly ListedCode[]>> {
    return everyPage(async (after) => {
      const reply = await this.#order(door, { do: 'codes.list', ...after });
      return reply.ok ? { ...reply, value: { entries: reply.value.codes, more: reply.value.more } } : reply;
    });
  }

  /** All users of the lock. */
  users(door: string): Promise<Reply<readonly ListedUser[]>> {
    return everyPage(async (after) => {
      const reply = await this.#order(door, { do: 'users.list', ...after });
      return reply.ok ? { ...reply, value: { entries: reply.value.users, more: reply.value.more } } : reply;
    });
  }

  /** The digits leave this phone sealed for the hub alone (R1). */
  addCode(door: string, code: Omit<NewCode, 'jti'>): Promise<Reply<Did<'codes.add'>>> {
    return this.#add(door, 'codes.add', code);
  }

  /** @returns its number and the key that the new phone or fob seals with: shown once */
  addUser(door: string, user: Omit<NewUser, 'jti'>): Promise<Reply<Did<'users.add'>>> {
    return this.#add(door, 'users.add', user);
  }

  removeCode(door: string, id: number): Promise<Reply<Did<'codes.remove'>>> {
    return this.#order(door, { do: 'codes.remove', id });
  }

  removeUser(door: string, id: number): Promise<Reply<Did<'users.remove'>>> {
    return this.#order(door, { do: 'users.remove', id });
  }

  /** Signs an order as the methods above do, and sends nothing. */
  async sign(door: string, order: LockOrder, jti = newId()): Promise<string> {
    const { http, keys } = this.#phone;
    const iat = Math.floor(http.clock.now() / 1000);
    const claims = { aud: this.#phone.pinned().hub, jti, iat, exp: iat + maxOrderSeconds, door, order };
    return signDocument(lockOrderForm, claims, keys.sign);
  }

  /** Sends an order that this phone has signed. @returns what came of it, opened */
  async send(order: string): Promise<Reply<LockResult>> {
    const { http, keys } = this.#phone;
    const { home, hub, hubKey } = this.#phone.pinned();
    const path = `/v1/homes/${home}/locks/orders`;
    const reply = await http.call({ method: 'POST', path, body: { order }, proof: keys.sign, once: newId() }, Answered);
    if (!reply.ok) return reply;
    const of = { hubId: hub, order: hashOf(order), to: thumbprintOf(keys.device.seal) };
    const answer = await verifyLockAnswer(reply.value.answer, await toVerifyKey(hubKey), of);
    if (!answer.ok) return refusal(answer.code, answer.detail);
    const result = await openResult(answer.value.sealed, keys.seal.privateKey);
    return result.ok ? { ok: true, status: reply.status, value: result.value } : refusal(result.code, result.detail);
  }

  /** The key of the hub that digits are sealed for, as the hub signed it. */
  async hubSeal(): Promise<Reply<EcJwk>> {
    const { http, keys } = this.#phone;
    const { home, hub, hubKey } = this.#phone.pinned();
    const reply = await http.call({ method: 'GET', path: `/v1/homes/${home}/hub`, proof: keys.sign }, Status);
    if (!reply.ok) return reply;
    const key = await verifyHubKey(reply.value.sealKey, await toVerifyKey(hubKey), hub);
    return key.ok ? { ok: true, status: reply.status, value: key.value.seal } : refusal(key.code, key.detail);
  }

  async #add<K extends 'codes.add' | 'users.add'>(
    door: string,
    act: K,
    asked: Omit<NewCode, 'jti'> | Omit<NewUser, 'jti'>,
  ): Promise<Reply<Did<K>>> {
    const key = await this.hubSeal();
    if (!key.ok) return key;
    const jti = newId();
    const sealed = await sealForLock(key.value, { ...asked, jti } as NewCode | NewUser);
    return this.#order<K>(door, { do: act, sealed } as Extract<LockOrder, { do: K }>, jti);
  }

  async #order<K extends LockOrder['do']>(
    door: string,
    order: Extract<LockOrder, { do: K }>,
    jti?: string,
  ): Promise<Reply<Did<K>>> {
    const reply = await this.send(await this.sign(door, order, jti));
    if (!reply.ok) return reply;
    if (reply.value.did !== order.do) return refusal('LOCK_ANSWER_NOT_GENUINE', { why: 'act' });
    return { ...reply, value: reply.value as Did<K> };
  }
}

interface Page<E> {
  readonly entries: readonly E[];
  readonly more: boolean;
}

async function everyPage<E extends { readonly id: number }>(
  ask: (after: { after?: number }) => Promise<Reply<Page<E>>>,
): Promise<Reply<readonly E[]>> {
  const all: E[] = [];
  for (;;) {
    const last = all.at(-1);
    const reply = await ask(last === undefined ? {} : { after: last.id });
    if (!reply.ok) return reply;
    const { entries, more } = reply.value;
    all.push(...entries);
    if (!more || entries.length === 0) return { ...reply, value: all };
  }
}
