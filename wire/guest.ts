/**
 * A guest: who is invited by a link, is bound to the device that opens it, and is accepted by the owner at first use.
 *
 * The link has one secret of 256 bits behind its `#`, which no server is sent. What the cloud is told is derived from it: a token to
 * find the invitation by. The guest's device proves the secret over the thumbprint of its key; only the owner's device, which made the
 * secret, can check that. So the cloud can slip in no key of its own. Pure; it runs in a browser too.
 */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { isSameProof, proveSecret } from './secret-proof.ts';
import { Count, DoorId, Hash, Seconds, Slug } from './shapes.ts';

/** An invitation has to be opened within so long, seconds. */
export const inviteGuestForS = 7 * 86_400;

/** What the cloud finds an invitation by, 43 characters: it says nothing about the secret. */
export const guestToken = (secret: string): Promise<string> => proveSecret(secret, 'doorward-guest-token-1');

/** The guest's device proves the secret for its key. @param jkt  RFC 7638 thumbprint */
export const proveGuest = (secret: string, jkt: string): Promise<string> =>
  proveSecret(secret, `doorward-guest-key-1:${jkt}`);

/** The owner's device checks the proof before it pins the key. @returns INVITATION_NOT_GENUINE when it is of another secret or key */
export async function verifyGuest(
  secret: string,
  device: { readonly jkt: string; readonly proof: string },
): Promise<Verdict<{ readonly jkt: string }>> {
  const isGenuine = isSameProof(await proveGuest(secret, device.jkt), device.proof);
  return isGenuine ? accept({ jkt: device.jkt }) : refuse('INVITATION_NOT_GENUINE');
}

/**
 * `open`: nobody has opened the link. `claimed`: a device has, and the owner has not pinned it. `accepted`: a rule book names it.
 * `ended`: refused or revoked. `dead`: a second device opened the link. `expired`: nobody opened it in time.
 */
export const guestStates = ['open', 'claimed', 'accepted', 'ended', 'dead', 'expired'] as const;

/** A guest as its owner's devices see it. No name: the owner keeps that where the cloud cannot read it. */
export const GuestEntry = v.strictObject({
  /** The id that rules and revocations name. */
  guest: Slug,
  state: v.picklist(guestStates),
  /** Until when the link may be opened first. */
  expires: Seconds,
  /** The device that has opened the link: pin `jkt` when `verifyGuest` says so, and the digits are those on the guest's phone. */
  device: v.optional(v.strictObject({ jkt: Hash, check: v.string(), proof: Hash })),
  /** Of an ended guest. */
  ending: v.optional(
    v.strictObject({
      /** The hub has said that it knows. Until then the guest may still come in, at the latest until `certainBy`. */
      confirmed: v.boolean(),
      certainBy: Seconds,
    }),
  ),
});
export type GuestEntry = v.InferOutput<typeof GuestEntry>;

/** From (inclusive) until (exclusive), seconds. */
export const GuestWindow = v.strictObject({ from: Seconds, until: Seconds });

/** One rule as its guest sees it: nothing else of the home. */
export const GuestDoor = v.strictObject({
  rule: Slug,
  door: DoorId,
  kind: v.picklist(['latch', 'bolt', 'barrier']),
  camera: v.picklist(['recorded', 'watched', 'off']),
  /** `ask`: the owner says yes to each visit. */
  consent: v.picklist(['ask', 'auto']),
  /** The next times, soonest first; the first may be now. None: it is over. */
  windows: v.array(GuestWindow),
  /** The home's time zone, where the rule names one. */
  zone: v.optional(v.string()),
  /** Visits that are left. */
  left: Count,
});
export type GuestDoor = v.InferOutput<typeof GuestDoor>;

export const GuestView = v.strictObject({
  /** The cloud's clock, seconds. */
  now: Seconds,
  doors: v.array(GuestDoor),
});
export type GuestView = v.InferOutput<typeof GuestView>;
