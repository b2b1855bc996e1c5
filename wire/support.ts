/** The support view: a case that an owner opens for one delivery, and what support staff see of it. Pages read it. */
import * as v from 'valibot';
import { EcJwk, Hash, Id, Millis, Seconds } from './shapes.ts';

/** What a case is about. No words of the owner: they would name people. */
export const caseReasons = ['missing', 'place', 'lost', 'damaged', 'wrong', 'door', 'visitor', 'other'] as const;
export const CaseReason = v.picklist(caseReasons);
export type CaseReason = v.InferOutput<typeof CaseReason>;

/** A name that owners read; no control characters. */
export const StaffName = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64), v.regex(/^[^\p{C}]+$/u));

/** One look of support, or of the carrier, at a case: every one is written down before anything is answered. */
export const SupportLook = v.strictObject({
  staff: Id,
  name: v.string(),
  what: v.picklist(['history', 'picture']),
  at: Millis,
});

/** A picture that an owner's device shared: nobody but the one that it is for can open it. */
export const SharedPicture = v.strictObject({ picture: Id, staff: Id, at: Millis, until: Millis });
export type SharedPicture = v.InferOutput<typeof SharedPicture>;

/** Six digits that stand for a key: who calls reads them out, and the owner's app shows the same (S028). Made as `deviceCheck`. */
export const Staff = v.strictObject({
  staff: Id,
  name: v.string(),
  seal: v.nullable(EcJwk),
  check: v.nullable(v.string()),
});

/** As the owner sees it. */
export const OwnerCase = v.strictObject({
  case: Id,
  delivery: Id,
  reason: CaseReason,
  openedAt: Millis,
  openedBy: Hash,
  looks: v.array(SupportLook),
  /** Those of support who have looked, and the delivery's carrier where it has a key. */
  staff: v.array(Staff),
  pictures: v.array(SharedPicture),
});
export type OwnerCase = v.InferOutput<typeof OwnerCase>;

/** What happened, without a door, a hub, a home, a device or a person in it. */
export const CaseStep = v.strictObject({ at: Millis, what: v.string(), proof: v.optional(v.string()) });
export type CaseStep = v.InferOutput<typeof CaseStep>;

export const CaseRow = v.strictObject({ case: Id, reason: CaseReason, openedAt: Millis, state: v.string() });
export type CaseRow = v.InferOutput<typeof CaseRow>;

/** As support sees it. */
export const SupportCase = v.strictObject({
  ...CaseRow.entries,
  carrier: v.string(),
  from: Seconds,
  until: Seconds,
  parcels: v.number(),
  outcome: v.nullable(v.string()),
  proof: v.nullable(v.string()),
  history: v.array(CaseStep),
  /** Those that were shared with whoever asks. */
  pictures: v.array(v.strictObject({ picture: Id, until: Millis })),
});
export type SupportCase = v.InferOutput<typeof SupportCase>;

/** Longest that a picture may be shared for, ms. */
export const maxShareMs = 7 * 86_400_000;
/** A JWE of one picture. */
export const SealedPicture = v.pipe(v.string(), v.minLength(100), v.maxLength(700_000), v.regex(/^[\w.-]+$/));

/** What signs a browser of support in. */
export interface SupportLink {
  readonly token: string;
  /** The API, no path. */
  readonly api: string;
}

/** `…/support/#<token>@<API>`: all that is secret stands behind the `#`. @param pages  origin of the pages */
export const toSupportUrl = (pages: string, { token, api }: SupportLink): string => `${pages}/support/#${token}@${api}`;

/** @param fragment  with its `#`. @returns undefined for one that was cut off or is none */
export function readSupportFragment(fragment: string): SupportLink | undefined {
  const [, token, api] = /^#(dws_[\w-]{43})@(https?:\/\/[^\s/?#;,'@]+)$/.exec(fragment) ?? [];
  return token !== undefined && api !== undefined && URL.canParse(api) ? { token, api } : undefined;
}
