/** The guests of the home as this device deals with them: a link for each, whose secret never leaves it but in the link. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import { GuestEntry, guestToken, verifyGuest } from '../../../../wire/guest.ts';
import { toBase64Url } from '../../../../wire/media.ts';
import type { Party } from '../../../../wire/rule-book.ts';
import { Seconds, Slug } from '../../../../wire/shapes.ts';
import { toGuestUrl } from '../../../../wire/visit-link.ts';
import type { Place } from '../home/course.ts';

const Invited = v.object({ guest: Slug, expires: Seconds });
const Listed = v.object({ guests: v.array(GuestEntry) });

export interface Invitation {
  readonly guest: string;
  /** For a message or a QR code. */
  readonly url: string;
  /** Until when it may be opened first, seconds. */
  readonly expires: number;
}

const linkOf = ({ api }: Place, secret: string): string => toGuestUrl(location.origin, { secret, api: api.base });

/** Makes an invitation and keeps its secret here, before anybody sees the link. */
export async function inviteGuest(place: Place): Promise<Verdict<Invitation>> {
  const { api, path, store } = place;
  const secret = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const body = { token: await guestToken(secret) };
  const reply = await api.call({ method: 'POST', path: `${path}/guests`, body }, Invited);
  if (!reply.ok) return reply;
  const { guest, expires } = reply.value;
  await store.put('guests', { ...(await store.get('guests')), [guest]: secret });
  return accept({ guest, expires, url: linkOf(place, secret) });
}

/** The invitation once more. @returns undefined on a device that did not make it */
export async function invitationOf(place: Place, { guest, expires }: GuestEntry): Promise<Invitation | undefined> {
  const secret = (await place.store.get('guests'))?.[guest];
  return secret === undefined ? undefined : { guest, expires, url: linkOf(place, secret) };
}

export async function listGuests({ api, path }: Place): Promise<Verdict<readonly GuestEntry[]>> {
  const reply = await api.call({ method: 'GET', path: `${path}/guests` }, Listed);
  return reply.ok ? accept(reply.value.guests) : reply;
}

/**
 * Who has opened the link, if they proved its secret.
 * @returns INVITATION_DEAD when it is to be accepted no more; TASK_NOT_CLAIMED while nobody has opened it; NOT_FOUND on a device that
 * did not make the link; INVITATION_NOT_GENUINE for a key that the cloud, or anybody else, has slipped in
 */
export async function verifyNewcomer(place: Place, entry: GuestEntry): Promise<Verdict<Party>> {
  const { guest, state, device } = entry;
  if (device === undefined) return refuse('TASK_NOT_CLAIMED');
  if (state !== 'claimed' && state !== 'accepted') return refuse('INVITATION_DEAD', { state });
  const secret = (await place.store.get('guests'))?.[guest];
  if (secret === undefined) return refuse('NOT_FOUND');
  const genuine = await verifyGuest(secret, device);
  return genuine.ok ? accept({ kind: 'guest', id: guest, jkt: device.jkt }) : genuine;
}
