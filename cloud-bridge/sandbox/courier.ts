/** The courier of the sandbox: a device of its own for each attempt. What it does at a stop is signed and taken as a real courier's is. */
import { createECDH } from 'node:crypto';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf, newId, type SignKey, signDocument, toSignKey } from '../../wire/jws.ts';
import { type StopDeed, stopActForm } from '../../wire/stop.ts';
import { codesOf, readCodeStop } from '../code/of-stop.ts';
import { accountHolderId } from '../code/receivers.ts';
import type { Parts } from '../parts.ts';
import { mayPhotograph, notePhoto } from '../photo/take.ts';
import { planOf } from '../plan/wishes.ts';
import { actAtStop } from '../stop/act.ts';
import type { StopTask } from '../stop/find-task.ts';
import type { StopParts } from '../stop/happen.ts';
import { readStanding, type Standing } from '../stop/standing.ts';
import { verifyAct } from '../stop/verify-act.ts';
import { nonceOf } from '../stop/view.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { CourierMove } from './scripts.ts';

export type CourierParts = StopParts & Pick<Parts, 'codeKey' | 'vault'>;

/** It follows from the vault's key: no play has to keep it. @param second  of two that take the same link */
export function courierKey(
  { vault }: Pick<Parts, 'vault'>,
  { id, attempt }: Row<'delivery'>,
  second = false,
): Promise<SignKey> {
  const d = Buffer.from(vault.derive(`sandbox-courier\n${id}\n${attempt}${second ? '\nsecond' : ''}`));
  // 255 bits are always below the order of P-256.
  d[0]! &= 0x7f;
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  const [x, y] = [ecdh.getPublicKey().subarray(1, 33), ecdh.getPublicKey().subarray(33)];
  const text = (bytes: Buffer): string => bytes.toString('base64url');
  return toSignKey({ kty: 'EC', crv: 'P-256', x: text(x), y: text(y), d: text(d) });
}

/** To whom the plan leads: the household, or the first of its neighbours. */
function holderOf({ home, plan, door }: Row<'delivery'>, whom: 'home' | 'neighbour'): string {
  const step = planOf({ plan, door }).find(({ place }) => place === 'neighbour');
  return whom === 'neighbour' && step?.place === 'neighbour' ? (step.holders[0] ?? '') : accountHolderId(home);
}

/** What whoever was named reads on their page, or what nobody has. */
async function digitsOf(
  { codeKey, config, now }: CourierParts,
  tables: Tables,
  { delivery, attempt, stop }: Standing,
  code: 'right' | 'wrong',
): Promise<string> {
  const codes = codesOf(
    codeKey,
    config.codeDigits,
    await readCodeStop(tables, delivery, attempt, now()),
    stop.named ?? '',
  );
  if (code === 'right') return codes.now;
  const known = new Set([codes.now, ...codes.before]);
  for (let guess = 0; ; guess += 1) {
    const digits = String(guess).padStart(config.codeDigits, '0');
    if (!known.has(digits)) return digits;
  }
}

/** A photo that nobody took: there is no picture, only what is known of one. */
async function photograph(
  parts: CourierParts,
  tables: Tables,
  own: StopTask,
  jkt: string,
): Promise<Verdict<{ readonly hash: string }>> {
  const may = await mayPhotograph(parts, tables, own);
  return may.ok
    ? accept(await notePhoto(parts, tables, may.value, { hash: hashOf(newId()), jkt, taken_by: 'courier' }))
    : may;
}

async function toMove(
  parts: CourierParts,
  tables: Tables,
  own: StopTask,
  standing: Standing,
  move: CourierMove,
  jkt: string,
): Promise<Verdict<StopDeed>> {
  switch (move.act) {
    case 'arrive':
    case 'ring':
      return accept({ act: move.act });
    case 'name':
      return accept({ act: 'name', holder: holderOf(standing.delivery, move.whom) });
    case 'hand-over': {
      const { named: holder } = standing.stop;
      return holder === undefined
        ? refuse('HOLDER_NOT_NAMED')
        : accept({ act: 'hand-over', holder, typedBy: 'recipient' });
    }
    case 'leave':
      return accept({ act: 'leave', reason: move.reason });
    case 'put': {
      const photo = await photograph(parts, tables, own, jkt);
      return photo.ok ? accept({ act: 'put', place: 'drop', photo: photo.value.hash }) : photo;
    }
  }
}

/** @returns what a real courier's device would be answered */
export async function moveCourier(
  parts: CourierParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  move: CourierMove,
): Promise<Verdict<unknown>> {
  const [task, standing] = [await tables.tasks.living(delivery.id), await readStanding(parts, tables, delivery)];
  if (task === undefined || standing === undefined) return refuse('TASK_LINK_DEAD');
  const key = await courierKey(parts, delivery);
  const own: StopTask = { task, delivery, isDead: false };
  const what = await toMove(parts, tables, own, standing, move, key.kid);
  if (!what.ok) return what;
  const act = {
    ...{ delivery: delivery.id, attempt: delivery.attempt, jti: newId(), iat: Math.floor(parts.now() / 1000) },
    ...{ nonce: nonceOf(standing, task), ...what.value },
  };
  const text = await signDocument(stopActForm, act, key);
  const claims = await verifyAct(text, key.kid);
  if (!claims.ok) return claims;
  const digits = move.act === 'hand-over' ? await digitsOf(parts, tables, standing, move.code) : undefined;
  return (await actAtStop(parts, tables, own, { claims: claims.value, text, digits, jkt: key.kid })).verdict;
}
