/** Who may come today by a recurring rule. Pure. A part of its own: it knows every clock of the world. */
import { occurrencesIn } from '../../../../wire/occurrences.ts';
import type { Party, RuleBookClaims } from '../../../../wire/rule-book.ts';
import { dayAround } from './story.ts';

/** Somebody whose rule says that they may come today. */
export interface Coming {
  readonly rule: string;
  readonly party: Party;
  readonly door: string;
  /** Seconds. */
  readonly from: number;
  readonly until: number;
}

/** Guests and companies whose recurring rules have an occurrence today, in order. Carriers come with deliveries. */
export function comingToday(book: RuleBookClaims | undefined, nowMs: number): readonly Coming[] {
  const { from, until } = dayAround(nowMs);
  const span = { from: from / 1000, until: until / 1000 };
  const found = (book?.rules ?? []).flatMap((rule) => {
    const { recurs, party, id, door } = rule;
    if (party.kind === 'carrier' || recurs === undefined) return [];
    return occurrencesIn(recurs, span)
      .filter((one) => one.from < rule.until && one.until > rule.from && one.until > nowMs / 1000)
      .map((one) => ({ rule: id, party, door, from: one.from, until: one.until }));
  });
  return found.sort((a, b) => a.from - b.from);
}
