/** What this device signs for its people: each order is a document that the hub verifies itself. */
import * as v from 'valibot';
import { approvalForm } from '../../../../wire/approval.ts';
import { assignmentForm } from '../../../../wire/assignment.ts';
import { type Refusal, refuse, type Verdict } from '../../../../wire/faults.ts';
import type { DocumentForm } from '../../../../wire/jws.ts';
import { clearanceForm, ownerChangeForm } from '../../../../wire/owner.ts';
import type { OwnerDevice } from '../../../../wire/owner-device.ts';
import { type Ends, revocationForm } from '../../../../wire/revocation.ts';
import type { SeenHead } from '../../../../wire/shapes.ts';
import { hashOf, newId } from '../../common/bytes.ts';
import { signDocument, toVerifyKey, verifyDocument } from '../device/documents.ts';
import { signWidening as confirmed } from '../device/widening.ts';
import type { Asked } from '../today/asked.ts';
import type { Place } from './course.ts';
import { signRetention } from './retention.ts';
import { readRuleBook } from './rule-book.ts';

/**
 * How the cloud took a document. `pending`: the hub is not connected and gets it with its next hello. `certainBy`: of a pending end, the
 * last moment at which what it ends could still open a door, seconds.
 */
const Taken = v.object({ accepted: v.string(), pending: v.boolean(), certainBy: v.optional(v.number()) });
export type Taken = v.InferOutput<typeof Taken>;

/** Signs what narrows or sets. What lets somebody in, and what says that all is well, goes through `signWidening`. */
const sign = <S extends v.GenericSchema>(place: Place, form: DocumentForm<S>, claims: v.InferInput<S>) =>
  signDocument(form, claims, place.signer.key);

/**
 * Signs what widens access: the one place where a finger, a face or a PIN is asked for.
 * @returns PASSKEY_CANCELLED, PASSKEY_UNAVAILABLE
 */
export const signWidening = <S extends v.GenericSchema>(
  { signer, home }: Place,
  form: DocumentForm<S>,
  claims: v.InferInput<S>,
): Promise<Verdict<string>> => confirmed(form, claims, signer.key, home.passkey);

/** @param document  or why there is none */
export async function hand({ api, path }: Place, document: string | Verdict<string>): Promise<Verdict<Taken>> {
  if (typeof document !== 'string' && !document.ok) return document;
  const text = typeof document === 'string' ? document : document.value;
  return api.call({ method: 'POST', path: `${path}/documents`, body: { document: text } }, Taken);
}

const nowS = (place: Place): number => place.signer.nowS();
const once = (place: Place) => ({ aud: place.signer.hub, jti: newId(), iat: nowS(place) });

/** "I have looked." @param alarm  number of the entry that raised it */
export async function clearAlarm(place: Place, door: string, alarm: number): Promise<Verdict<Taken>> {
  return hand(place, await signWidening(place, clearanceForm, { ...once(place), door, alarm }));
}

/** Ends a grant, a guest, a rule, a visit or an epoch. */
export async function revoke(place: Place, ends: Ends): Promise<Verdict<Taken>> {
  return hand(place, await sign(place, revocationForm, { ...once(place), ends }));
}

/** Does the carrier's own key say the same as the grant? @returns why this device does not sign */
async function doubt(place: Place, asked: Asked): Promise<Refusal | undefined> {
  const { claims, assignment } = asked;
  if (claims.aud !== place.signer.hub) return refuse('GRANT_WRONG_HUB');
  const book = await readRuleBook(place);
  if (!book.ok) return book;
  const rule = book.value?.rules.find(({ id }) => id === claims.rule);
  if (rule === undefined) return refuse('RULE_MISSING');
  if (rule.door !== claims.door) return refuse('RULE_WRONG_DOOR');
  if (rule.party.kind === 'guest') return undefined;
  if (assignment === undefined) return refuse('ASSIGNMENT_MISSING');
  const key = await toVerifyKey(rule.party.jwk);
  const assigned = await verifyDocument(assignmentForm, assignment, [key], 'ASSIGNMENT_NOT_GENUINE');
  if (!assigned.ok) return assigned;
  const { iss, aud, door, delivery, cnf, exp } = assigned.value.claims;
  if (iss !== rule.party.id) return refuse('ASSIGNMENT_NOT_GENUINE');
  if (aud !== claims.aud) return refuse('ASSIGNMENT_WRONG_HUB');
  if (door !== claims.door) return refuse('ASSIGNMENT_WRONG_DOOR');
  if (delivery !== claims.delivery) return refuse('ASSIGNMENT_WRONG_DELIVERY');
  if (cnf.jkt !== claims.cnf.jkt) return refuse('ASSIGNMENT_OTHER_DEVICE');
  return nowS(place) >= exp ? refuse('ASSIGNMENT_LATE') : undefined;
}

/**
 * The owner's yes to one grant, after looking that it is for this home, inside a rule, and that the carrier's own key assigned it.
 * @param seen  the newest place of the journal that the hub has signed: a hub that is behind it refuses visits
 * @returns GRANT_…, RULE_… or ASSIGNMENT_… when this device itself refuses to sign
 */
export async function approve(place: Place, asked: Asked, seen: SeenHead | undefined): Promise<Verdict<Taken>> {
  const why = await doubt(place, asked);
  if (why !== undefined) return why;
  const { door, exp } = asked.claims;
  const claims = { ...once(place), exp, door, grant: await hashOf(asked.grant), ...(seen && { seen }) };
  return hand(place, await signWidening(place, approvalForm, claims));
}

/** How long recordings are kept. Those that are kept for a dispute stay all the same. */
export const keepRecordings = async (place: Place, keepHours: number): Promise<Verdict<Taken>> =>
  hand(place, await signRetention(place, () => ({ keepHours })));

/** Recordings of these visits stay until it is said otherwise: they are disputed. */
export const keepVisits = async (place: Place, visits: readonly string[]): Promise<Verdict<Taken>> =>
  hand(place, await signRetention(place, ({ keep }) => ({ keep: [...keep, ...visits] })));

/** Recordings of these visits are kept as long as all others. */
export const letVisitsGo = async (place: Place, visits: readonly string[]): Promise<Verdict<Taken>> =>
  hand(place, await signRetention(place, ({ keep }) => ({ keep: keep.filter((one) => !visits.includes(one)) })));

/** Whether the hub may photograph what couriers put down. */
export const allowDoorPhotos = async (place: Place, doorPhotos: boolean): Promise<Verdict<Taken>> =>
  hand(place, await signRetention(place, () => ({ doorPhotos })));

/** Pins another device, or removes one (thumbprint of its `sign` key). */
export async function changeDevices(
  place: Place,
  change: { readonly add?: OwnerDevice; readonly remove?: string },
): Promise<Verdict<Taken>> {
  const version = place.home.pinned.ownerList + 1;
  const signed = change.add === undefined ? sign : signWidening;
  return hand(place, await signed(place, ownerChangeForm, { ...once(place), version, ...change }));
}
