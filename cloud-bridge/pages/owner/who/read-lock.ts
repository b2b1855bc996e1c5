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
import { signDocument, verifyDocument } from '../../viewer/documents.ts';
import type { Place } from '../home/course.ts';
import type { KnownLock } from './known.ts';

const Answered = v.object({ answer: v.string() });
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

/**
 * Orders something at a lock that lets nobody in who could not come in before: a list, or that something goes.
 * @returns the hub's answer, verified; LOCK_CANNOT where the lock keeps nothing of its own
 */
export async function orderAtLock(
  place: Place,
  door: string,
  order: Exclude<LockOrder, { do: 'codes.add' | 'users.add' }>,
): Promise<Verdict<LockResult>> {
  const { api, path, home, keys, signer } = place;
  const iat = signer.nowS();
  const claims = { aud: home.hub, jti: newId(), iat, exp: iat + maxOrderSeconds, door, order };
  const text = await signDocument(lockOrderForm, claims, signer.key);
  const reply = await api.call({ method: 'POST', path: `${path}/locks/orders`, body: { order: text } }, Answered);
  if (!reply.ok) return reply;
  const verified = await verifyDocument(lockAnswerForm, reply.value.answer, [home.hubKey], 'LOCK_ANSWER_NOT_GENUINE');
  if (!verified.ok) return verified;
  const answer: LockAnswerClaims = verified.value.claims;
  const isMine = answer.iss === home.hub && answer.order === (await hashOf(text)) && answer.to === keys.seal.kid;
  return isMine ? opened(answer.sealed, place) : refuse('LOCK_ANSWER_NOT_GENUINE');
}

/** Reads both lists of a lock, all pages of them. */
export async function readLock(place: Place, door: string): Promise<Verdict<KnownLock>> {
  const codes: KnownLock['codes'][number][] = [];
  const users: KnownLock['users'][number][] = [];
  for (let after: number | undefined; ; after = codes.at(-1)?.id) {
    const list = await orderAtLock(place, door, { do: 'codes.list', ...(after === undefined ? {} : { after }) });
    if (!list.ok) return list;
    if (list.value.did !== 'codes.list') return refuse('LOCK_ANSWER_MALFORMED');
    codes.push(...list.value.codes);
    if (!list.value.more) break;
  }
  for (let after: number | undefined; ; after = users.at(-1)?.id) {
    const list = await orderAtLock(place, door, { do: 'users.list', ...(after === undefined ? {} : { after }) });
    if (!list.ok) return list;
    if (list.value.did !== 'users.list') return refuse('LOCK_ANSWER_MALFORMED');
    users.push(...list.value.users);
    if (!list.value.more) break;
  }
  return accept({ door, codes, users });
}
