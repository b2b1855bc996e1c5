/** What judging an event leads to, and what is said with it. */
import type { NoticeKind, StandingCode } from './kinds.ts';
import type { TextKey, TitleKey } from './words.ts';

/** What is said: a text of the table, and what may stand in it for those who want detail. */
export interface Said {
  readonly text?: TextKey;
  readonly title?: TitleKey;
  /** Name of the carrier. */
  readonly carrier?: string;
  /** A window, seconds. */
  readonly from?: number;
  readonly until?: number;
  /** As the carrier announced them (T31). */
  readonly goods?: string;
  readonly sender?: string;
}

export type Act =
  /** `except`: the device that did it itself. */
  | {
      readonly do: 'tell';
      readonly kind: NoticeKind;
      readonly about: string;
      readonly says: Said;
      readonly except?: string;
    }
  /** `door`: null for one that only an acknowledgement ends, or the event that says so. */
  | { readonly do: 'raise'; readonly code: StandingCode; readonly door: string | null }
  | { readonly do: 'end'; readonly code: string; readonly door: string | null };
