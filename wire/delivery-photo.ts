/** The photo of a parcel that was put down: sealed on the courier's phone for the household's devices, and told by its hash. */
import * as v from 'valibot';
import { Count, DoorId, Hash, HubId, Id, Jws, Millis, OkpJwk } from './shapes.ts';
import { Position } from './stop.ts';

/** Longest side, pixels. */
export const maxPhotoSide = 1280;
/** Largest picture, bytes; sealed and as text it is a third more. */
export const maxPictureBytes = 900_000;
/** Longest sealed photo, characters. */
export const maxSealedChars = 1_400_000;
/** A photo that is taken again counts too: so many of one attempt. */
export const maxPhotosOfAttempt = 4;

/** A JWE (RFC 7516): compact for one device, general JSON for several. The SHA-256 of this text is what the courier's act names. */
export const SealedPhoto = v.pipe(
  v.string(),
  v.minLength(100),
  v.maxLength(maxSealedChars),
  v.regex(/^(?:[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+|\{.*\})$/),
);

/** What the courier's phone seals for: the household's devices, signed by their hub. */
export const PhotoKeys = v.strictObject({ hub: HubId, hubKey: OkpJwk, ownerList: Jws });
export type PhotoKeys = v.InferOutput<typeof PhotoKeys>;

/** Why a photo passed although it is not a good one: it was refused three times on the phone. */
export const photoFlaws = ['dark', 'bright', 'blurred'] as const;
export type PhotoFlaw = (typeof photoFlaws)[number];

/** What is sealed with the picture, and nowhere else. Position and time are what a phone says: they can be forged. */
export const PhotoFacts = v.strictObject({
  delivery: Id,
  attempt: Count,
  at: Millis,
  position: v.optional(Position),
  /** Taken by the hub, with the camera that is fixed at this door. */
  door: v.optional(DoorId),
  flaws: v.optional(v.array(v.picklist(photoFlaws)), []),
  /** `frame`: all but the frame around the parcel was blurred. `none`: the courier showed more. */
  blurred: v.picklist(['frame', 'none']),
});
export type PhotoFacts = v.InferOutput<typeof PhotoFacts>;

/** What a hub sends of a photo that it took: sealed like a courier's, in one message. */
export const HubPhoto = v.strictObject({
  delivery: Id,
  attempt: Count,
  /** Version of the owner list that it is sealed for. */
  ownerList: Count,
  sealed: SealedPhoto,
});
export type HubPhoto = v.InferOutput<typeof HubPhoto>;
/** Largest picture of a hub, bytes: sealed for as many devices as a home may have, it fits into one message. */
export const maxHubPictureBytes = 86_000;
/** Photos that a hub takes, or tries to take, at one door in an hour. */
export const maxHubPhotosAnHour = 12;

/** Who took a photo. */
export const photographers = ['courier', 'hub'] as const;

/** Bytes of the length in front of the facts. */
const lengthBytes = 4;

/** What is sealed: `[length u32 BE][facts, JSON][picture]`. */
export function packPhoto(facts: PhotoFacts, picture: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(facts));
  const packed = new Uint8Array(lengthBytes + json.length + picture.length);
  new DataView(packed.buffer).setUint32(0, json.length);
  packed.set(json, lengthBytes);
  packed.set(picture, lengthBytes + json.length);
  return packed;
}

export interface Photo {
  readonly facts: PhotoFacts;
  readonly picture: Uint8Array;
}

/** @returns undefined for what is none: whoever seals may seal anything */
export function unpackPhoto(packed: Uint8Array): Photo | undefined {
  if (packed.length < lengthBytes) return undefined;
  const end = lengthBytes + new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  if (end > packed.length) return undefined;
  try {
    const read = v.safeParse(PhotoFacts, JSON.parse(new TextDecoder().decode(packed.subarray(lengthBytes, end))));
    return read.success ? { facts: read.output, picture: packed.subarray(end) } : undefined;
  } catch {
    return undefined;
  }
}

/** One photo, as the owner's devices list it. */
export const PhotoView = v.strictObject({
  photo: Hash,
  delivery: Id,
  attempt: Count,
  at: Millis,
  by: v.picklist(photographers),
  /** The courier's act of putting down names it: without that it is only a try. */
  isProof: v.boolean(),
  /** Then it is deleted, unless a case about this delivery is open. */
  until: Millis,
});
export type PhotoView = v.InferOutput<typeof PhotoView>;
