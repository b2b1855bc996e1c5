/** The documents that decide who may come in, as this device holds them once it has verified them. */
import type { Ends } from '../../../../wire/revocation.ts';
import type { RuleBookClaims } from '../../../../wire/rule-book.ts';
import type { SignJwk } from '../../../../wire/shapes.ts';
import type { Approved } from '../who/known.ts';
import type { HubWord } from './hub-word.ts';

export interface HeldBook {
  readonly claims: RuleBookClaims;
  /** What shows that the hub goes by it; undefined while nothing does. */
  readonly word: HubWord | undefined;
}

export interface HeldEnd {
  readonly ends: Ends;
  readonly word: HubWord | undefined;
}

export interface CarrierView {
  readonly carrier: string;
  readonly name: string;
  readonly kind: 'carrier' | 'company';
  readonly jwk: SignJwk;
}

export interface Standing {
  /** The newest rule book that the hub has. */
  readonly book: HeldBook | undefined;
  /** A newer one, of which nothing says that the hub has it. */
  readonly next: HeldBook | undefined;
  readonly endings: readonly HeldEnd[];
  readonly approved: readonly Approved[];
  readonly carriers: readonly CarrierView[];
}

/** What the next change stands on. */
export const newestOf = ({ book, next }: Standing): HeldBook | undefined => next ?? book;
