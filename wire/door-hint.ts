/** How a visitor finds a door: which of several it is, what to do with the parcel there, and the owner's photo of it from outside. */
import * as v from 'valibot';

/** Doors of one site that look alike (S052): which one the courier has to confirm. */
export const doorPlaces = ['1A', '1B', '1C', '1D', '1E', '1F', '1G'] as const;

/** Longest drop instruction, in characters. */
export const maxInstruction = 200;
/** Largest photo, bytes. */
export const maxPhotoBytes = 120_000;
/** Longest and shortest side of a photo, pixels. */
export const photoSides = { most: 1600, least: 64 } as const;

/** Plain text on one line: no control characters, nothing that turns the direction of reading, no blanks around it. */
export const Instruction = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(maxInstruction),
  v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]+$/u),
  v.check((text) => text.trim() === text && text !== ''),
);

/** Standard base64 with its padding. */
export const Photo = v.pipe(v.string(), v.maxLength(Math.ceil(maxPhotoBytes / 3) * 4), v.base64());

export const photoTypes = ['image/jpeg', 'image/webp'] as const;
export type PhotoType = (typeof photoTypes)[number];

/** What an owner sets for a door, as a whole. */
export const DoorHint = v.pipe(
  v.strictObject({
    place: v.optional(v.picklist(doorPlaces)),
    instruction: v.optional(Instruction),
    photo: v.optional(Photo),
  }),
  v.check((hint) => Object.values(hint).some((one) => one !== undefined), 'an empty hint is deleted instead'),
);
export type DoorHint = v.InferOutput<typeof DoorHint>;

/** What a visitor is shown first; the photo comes by itself. */
export const HintView = v.strictObject({
  place: v.optional(v.picklist(doorPlaces)),
  instruction: v.optional(v.string()),
  hasPhoto: v.boolean(),
  /** The visitor has said that the door was found. */
  isFound: v.boolean(),
});
export type HintView = v.InferOutput<typeof HintView>;
