/** Takes in a photo from the courier's phone or from a hub, or refuses it and keeps nothing of it. */
import * as v from 'valibot';
import { maxPhotosOfAttempt } from '../../wire/delivery-photo.ts';
import { accept, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import { type Plan, photoKeepDays } from '../../wire/plan.ts';
import type { Parts } from '../parts.ts';
import { deliveryWishesOf, planOf, wishBookOf, zoneOf } from '../plan/wishes.ts';
import type { StopTask } from '../stop/find-task.ts';
import { readStanding, type Standing } from '../stop/standing.ts';
import { step } from '../stop/step.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { isPutDown, whyNoPhoto } from './wanted.ts';

export type PhotoParts = Pick<Parts, 'now' | 'config' | 'store' | 'keys' | 'photos'>;

const dayMs = 86_400_000;

/** @returns undefined: this device may put the parcel down here now */
function whyNotPut({ stop, terms }: Standing, by: string): FaultCode | undefined {
  let why: FaultCode = 'PHOTO_NOT_WANTED';
  for (const { place } of terms.plan.filter(isPutDown)) {
    const turn = step(stop, { on: 'put', by, place, photo: true }, terms);
    const refused = turn.effects.find((one) => one.do === 'refuse');
    if (refused === undefined) return undefined;
    why = refused.code;
  }
  return why;
}

/**
 * May this device send a photo of this stop now?
 * @returns PHOTO_NOT_WANTED, without a reason: the courier need not know which; STOP_… where the parcel cannot be put down yet or any more
 */
export async function mayPhotograph(
  parts: Pick<Parts, 'now' | 'config'>,
  tables: Tables,
  { delivery, task }: StopTask,
): Promise<Verdict<Standing>> {
  const book = await wishBookOf(tables, delivery.home);
  const plan: Plan = planOf(delivery);
  const { photosOffIn } = parts.config;
  const terms = { wishes: book.wishes, forThisOne: deliveryWishesOf(delivery), zone: zoneOf(parts, book), photosOffIn };
  if (whyNoPhoto(plan, terms) !== undefined) return refuse('PHOTO_NOT_WANTED');
  const standing = await readStanding(parts, tables, delivery);
  if (standing === undefined || !standing.isPlanned) return refuse('PHOTO_NOT_WANTED');
  const why = whyNotPut(standing, task.jkt ?? '');
  return why === undefined ? accept(standing) : refuse(why);
}

const Header = v.object({ alg: v.optional(v.string()), enc: v.literal('A256GCM') });
const Several = v.object({ protected: v.string(), recipients: v.array(v.unknown()) });

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What is known of a photo from now on. Its file is for the caller to keep. */
export async function notePhoto(
  { now }: Pick<Parts, 'now'>,
  tables: Tables,
  { delivery, attempt }: Pick<Standing, 'delivery' | 'attempt'>,
  { hash, jkt, taken_by }: Pick<Row<'delivery_photo'>, 'hash' | 'jkt' | 'taken_by'>,
): Promise<Row<'delivery_photo'>> {
  const { wishes } = await wishBookOf(tables, delivery.home);
  const at = now();
  const row = {
    ...{ hash, home: delivery.home, delivery: delivery.id, attempt: attempt.number },
    ...{ jkt, taken_by, at, deleting_at: null },
    until_at: at + dayMs * (wishes?.photoDays ?? photoKeepDays),
  };
  await tables.photos.add(row);
  const data = { delivery: delivery.id, attempt: attempt.number, photo: hash, by: taken_by };
  await tables.events.add([{ party: `home:${delivery.home}`, type: 'photo.taken', data, at }]);
  return row;
}

/** For how many it is sealed; 0 for what is not sealed at all. Whether for the right ones nobody sees who cannot open it. */
function countOf(sealed: string): number {
  const several = v.safeParse(Several, sealed.startsWith('{') ? parse(sealed) : undefined);
  const header = several.success ? several.output.protected : (sealed.split('.', 1)[0] ?? '');
  const read = v.safeParse(Header, parse(Buffer.from(header, 'base64url').toString('utf8')));
  if (!read.success) return 0;
  return several.success ? several.output.recipients.length : read.output.alg === 'ECDH-ES+A256KW' ? 1 : 0;
}

export interface SentPhoto {
  readonly sealed: string;
  /** Version of the owner list that it is sealed for. */
  readonly ownerList: number;
  readonly jkt: string;
  readonly by: 'courier' | 'hub';
}

/**
 * The same photo again gets the same answer.
 * @returns PHOTO_NOT_WANTED, PHOTO_KEYS_OLD, PHOTO_UNFIT, RATE_LIMITED, STOP_…; TASK_LINK_DEAD
 */
export async function takePhoto(
  parts: PhotoParts,
  found: (tables: Tables) => Promise<StopTask>,
  { sealed, ownerList, jkt, by }: SentPhoto,
): Promise<Verdict<Row<'delivery_photo'>>> {
  const hash = hashOf(sealed);
  const judge = async (tables: Tables): Promise<Verdict<Standing | Row<'delivery_photo'>>> => {
    const own = await found(tables);
    const before = await tables.photos.find(hash);
    if (before !== undefined && before.delivery === own.delivery.id && before.jkt === jkt) return accept(before);
    if (own.isDead) return refuse('TASK_LINK_DEAD');
    const may = await mayPhotograph(parts, tables, own);
    if (!may.ok) return may;
    const hub = await tables.hubs.find(own.delivery.hub);
    if (hub === undefined || hub.owner_version !== ownerList) return refuse('PHOTO_KEYS_OLD');
    const { devices } = await parts.keys.owners(hub);
    if (before !== undefined || countOf(sealed) !== devices.length) return refuse('PHOTO_UNFIT');
    const { delivery, attempt } = may.value;
    const taken = await tables.photos.ofAttempt(delivery.id, attempt.number);
    return taken.length >= maxPhotosOfAttempt ? refuse('RATE_LIMITED', { what: 'photos' }) : may;
  };

  const first = await judge(parts.store.read);
  if (!first.ok) return first;
  if ('hash' in first.value) return accept(first.value);
  const draft = await parts.photos.draft(hash, sealed);
  const taken = parts.store.write(async (tables): Promise<Verdict<Row<'delivery_photo'>>> => {
    // The owner may have switched photos off meanwhile; or the same was sent twice at once, and is there.
    const again = await judge(tables);
    if (!again.ok) return again;
    if ('hash' in again.value) return accept(again.value);
    const row = await notePhoto(parts, tables, again.value, { hash, jkt, taken_by: by });
    await draft.keep();
    return accept(row);
  });
  return taken.finally(() => draft.drop());
}
