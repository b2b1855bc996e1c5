/** The evidence of one stop in one file: what anybody needs to check it, years later, without asking Doorward. */
import * as v from 'valibot';
import { Hash, Jws, OkpJwk, SignJwk } from './shapes.ts';

const Signed = (most: number) => v.pipe(Jws, v.maxLength(most));
/** A root or issuer set, as it was published. */
const SetText = v.pipe(v.string(), v.maxLength(16_384));

export const EvidencePack = v.strictObject({
  doorward: v.literal('evidence-1'),
  /** First to newest; each is signed by the one before. */
  roots: v.pipe(v.array(SetText), v.minLength(1), v.maxLength(16)),
  issuers: SetText,
  /** `stopreceipt+jwt`, by the cloud. */
  receipt: Signed(8_192),
  hubKey: OkpJwk,
  /** `stopseal+jwt`, by the hub; absent until it has said what it saw. */
  seal: v.optional(Signed(2_048)),
  /** `receipt+jwt` of the visit at the door, by the hub. */
  visit: v.optional(Signed(2_048)),
  /** `stopact+jwt`, by the courier's device, in order; its hash in place of one that is kept no more. */
  acts: v.pipe(v.array(v.union([Signed(2_048), Hash])), v.maxLength(32)),
  /** By the carrier, over delivery and device. */
  assignment: v.optional(v.strictObject({ text: Signed(2_048), key: SignJwk })),
});
export type EvidencePack = v.InferOutput<typeof EvidencePack>;

/** Largest pack, in characters. */
export const maxPackChars = 400_000;
