/** The codes and users that a lock keeps by itself: asked by a signed order, answered by the hub for this device alone. */
import { compactDecrypt } from 'jose';
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import {
  type LockAnswerClaims,
  type LockOrder,
  LockResult,
  lockAnswerForm,
  lockOrderForm,
  maxOrderSeconds,
} from '../../../../wire/lock-order.ts';
import { hashOf, newId } from '../../common/bytes.ts';
import { signDocument, verifyDocument } from '../device/documents.ts';
import type { Place } from '../home/course.ts';
import type { KnownLock } from './known.ts';

const Answered = v.object({ answer: v.string() });
/** A hub may ask a lock over the air for a minute; then the cloud says that it did not answer. */
const patienceMs = 65_000;
const wrap = { keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'] };

async function opened(sealed: string, place: Place): Promise<Verdict<LockResult>> {
  try {
    const { plaintext } = await compactDecrypt(sealed, place.keys.seal.privateKey, wrap);
    const parsed = v.safeParse(LockResult, JSON.parse(new TextDecoder().decode(plaintext)));
    return parsed.success ? accept(parsed.output) : refuse('LOCK_ANSWER_MALFORMED');
  } catch {
    return refuse('LOCK_ANSWER_MALFORMED', { why: 'sealed' });
  }
}

/** What an order says, to be signed. @param jti  that of what is sealed for it */
export function claimsOf({ home, signer }: Place, door: string, order: LockOrder, jti = newId()) {
  const iat = signer.nowS();
  return { aud: home.hub, jti, iat, exp: iat + maxOrderSeconds, door, order };
}

/** Sends an order that this device signed. @returns the hub's answer to exactly this one, verified and opened */
export async function sendOrder(place: Place, order: string): Promise<Verdict<LockResult>> {
  const { api, path, home, keys } = place;
  const call = { method: 'POST', path: `${path}/locks/orders`, body: { order }, patienceMs } as const;
  const reply = await api.call(call, Answered);
  if (!reply.ok) return reply;
  const verified = await verifyDocument(lockAnswerForm, reply.value.answer, [home.hubKey], 'LOCK_ANSWER_NOT_GENUINE');
  if (!verified.ok) return verified;
  const answer: LockAnswerClaims = verified.value.claims;
  const isMine = answer.iss === home.hub && answer.order === (await hashOf(order)) && answer.to === keys.seal.kid;
  return isMine ? opened(answer.sealed, place) : refuse('LOCK_ANSWER_NOT_GENUINE');
}

type Did<K extends LockResult['did']> = Extract<LockResult, { did: K }>;
type Harmless = Exclude<LockOrder, { do: 'codes.add' | 'users.add' }>;

/**
 * Orders something at a lock that lets nobody in who could not come in before: a list, or that something goes.
 * @returns what came of it; LOCK_CAPABILITY_MISSING where the lock keeps nothing of its own
 */
export async function orderAtLock<O extends Harmless>(
  place: Place,
  door: string,
  order: O,
): Promise<Verdict<Did<O['do']>>> {
  const text = await signDocument(lockOrderForm, claimsOf(place, door, order), place.signer.key);
  const result = await sendOrder(place, text);
  if (!result.ok) return result;
  const isThat = (one: LockResult): one is Did<O['do']> => one.did === order.do;
  return isThat(result.value) ? accept(result.value) : refuse('LOCK_ANSWER_MALFORMED');
}

async function everyPage<E extends { readonly id: number }>(
  ask: (after: { after?: number }) => Promise<Verdict<{ readonly entries: readonly E[]; readonly more: boolean }>>,
): Promise<Verdict<readonly E[]>> {
  const all: E[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await ask(last === undefined ? {} : { after: last.id });
    if (!page.ok) return page;
    all.push(...page.value.entries);
    if (!page.value.more || page.value.entries.length === 0) return accept(all);
  }
}

const readCodes = (place: Place, door: string) =>
  everyPage(async (after) => {
    const list = await orderAtLock(place, door, { do: 'codes.list', ...after });
    return list.ok ? accept({ entries: list.value.codes, more: list.value.more }) : list;
  });

const readUsers = (place: Place, door: string) =>
  everyPage(async (after) => {
    const list = await orderAtLock(place, door, { do: 'users.list', ...after });
    return list.ok ? accept({ entries: list.value.users, more: list.value.more }) : list;
  });

export interface ReadLock extends KnownLock {
  /** Without one it keeps no codes. */
  readonly hasKeypad: boolean;
}

/** Reads both lists of a lock, all pages of them. @returns LOCK_CAPABILITY_MISSING where it keeps neither */
export async function readLock(place: Place, door: string): Promise<Verdict<ReadLock>> {
  const codes = await readCodes(place, door);
  if (!codes.ok && codes.code !== 'LOCK_CAPABILITY_MISSING') return codes;
  const users = await readUsers(place, door);
  if (!users.ok) return users;
  return accept({ door, codes: codes.ok ? codes.value : [], users: users.value, hasKeypad: codes.ok });
}
