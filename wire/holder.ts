/** Who may receive for a home with a code of their own, and how codes are shown to those who hold them. */
import * as v from 'valibot';
import { MailAddress, NoticeLanguage } from './notifications.ts';
import { PlaceText } from './plan.ts';
import { Count, Hash, Id, Millis, Seconds } from './shapes.ts';
import { presences } from './stop.ts';

/**
 * `account`: whoever lives there; every home has this one. `household`: one of them by name. `neighbour`: where the plan says so.
 * `gift`: to whom one delivery was given. `reception`: for everybody at this address.
 */
export const holderKinds = ['account', 'household', 'neighbour', 'gift', 'reception'] as const;

/** One line of plain text, as short as a sign at a door. */
const Short = v.pipe(PlaceText, v.maxLength(60));

/** Somebody whom the owner names. */
export const HolderWish = v.strictObject({
  kind: v.picklist(['household', 'neighbour', 'gift', 'reception']),
  /** As the courier reads it at the door. */
  name: Short,
  flat: v.optional(Short),
  /** Where to find them. */
  note: v.optional(PlaceText),
  /** For whom they receive, as they know them: it stands in their mail and on their page. */
  sender: v.optional(Short),
  /** Their code goes there. */
  contact: v.optional(MailAddress),
  language: v.optional(NoticeLanguage),
  /** Of a household member: their own owner device. */
  device: v.optional(Hash),
  until: v.optional(Seconds),
});
export type HolderWish = v.InferOutput<typeof HolderWish>;

/** Named together: a group, each with a code of their own (S044). */
export const HolderWishes = v.strictObject({
  /** For this delivery only; a gift is always for one. */
  delivery: v.optional(Id),
  holders: v.pipe(v.array(HolderWish), v.minLength(1), v.maxLength(24)),
});

/** A holder as the owner sees them. */
export const HolderView = v.strictObject({
  holder: Id,
  kind: v.picklist(holderKinds),
  /** Empty: whoever lives there. */
  name: v.string(),
  flat: v.optional(v.string()),
  note: v.optional(v.string()),
  sender: v.optional(v.string()),
  /** `a…@example.org` */
  contact: v.optional(v.string()),
  delivery: v.optional(Id),
  group: v.optional(Id),
  device: v.optional(Hash),
  until: v.optional(Seconds),
  revoked: v.optional(Millis),
  /** The page that shows them their codes; the owner passes it on. */
  link: v.optional(v.string()),
});
export type HolderView = v.InferOutput<typeof HolderView>;

/** `nobody`: a call or a visitor that asks for the code now is a fraud (S026, T29). */
export const doorStates = ['nobody', 'here', 'over'] as const;

/** What makes a code useless to all but the courier at the door. */
const stop = {
  delivery: Id,
  attempt: Count,
  /** Who is at the door, as far as it is known. */
  door: v.picklist(doorStates),
  /** Since when the courier is there. */
  since: v.optional(Millis),
  presence: v.picklist(presences),
  /** `YYYY-MM-DD` at the home, and the moment at which the code dies. */
  day: v.string(),
  dies: Millis,
  carrier: v.string(),
  goods: v.optional(v.string()),
  sender: v.optional(v.string()),
};

/** When codes are shown: they are, or not before the courier is there, or not before the parcel is on its way or its day begins. */
export const showings = ['now', 'on-arrival', 'on-the-way'] as const;

/** The codes of one delivery, for its owner. */
export const CodesView = v.strictObject({
  ...stop,
  /** Is a code needed at all? */
  asked: v.boolean(),
  shown: v.picklist(showings),
  triesLeft: Count,
  /** Other parcels of the order, today: the same codes. */
  together: Count,
  codes: v.array(
    v.strictObject({
      holder: Id,
      kind: v.picklist(holderKinds),
      name: v.string(),
      flat: v.optional(v.string()),
      place: v.picklist(['in-person', 'neighbour']),
      /** Left out while it is not shown, and for those who have a page of their own. */
      digits: v.optional(v.string()),
      link: v.optional(v.string()),
    }),
  ),
});
export type CodesView = v.InferOutput<typeof CodesView>;

/** What a holder's own page shows: their codes, and nothing else of the home. */
export const HolderCodes = v.strictObject({
  name: v.string(),
  sender: v.optional(v.string()),
  language: v.optional(NoticeLanguage),
  stops: v.array(
    v.strictObject({ ...v.omit(v.strictObject(stop), ['goods', 'sender']).entries, digits: v.optional(v.string()) }),
  ),
});
export type HolderCodes = v.InferOutput<typeof HolderCodes>;

/** Of a holder's own page. */
export const HolderToken = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}$/));

const Fragment = v.pipe(v.string(), v.regex(/^#[^@]+@https?:\/\/[^\s/?#;,'@]+$/));

/** Where a holder sees their codes: `…/receive/#<token>@<API>`. Behind the `#`: neither the host of the page nor a log on the way sees it. */
export const toHolderUrl = (pages: string, token: string, api: string): string => `${pages}/receive/#${token}@${api}`;

/** @param fragment  of such a URL, with its `#`. @returns undefined for one that was cut off or changed on its way */
export function readHolderFragment(fragment: string): { readonly token: string; readonly api: string } | undefined {
  if (!v.is(Fragment, fragment)) return undefined;
  const at = fragment.indexOf('@');
  const [token, api] = [fragment.slice(1, at), fragment.slice(at + 1)];
  return v.is(HolderToken, token) && URL.canParse(api) ? { token, api } : undefined;
}
