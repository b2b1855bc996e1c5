/** Which rules of the owner are a guest's, by the newest rule book that the cloud holds. The hub decides again by its own. */
import { nextWindows } from '../../wire/occurrences.ts';
import type { Rule } from '../../wire/rule-book.ts';
import { ruleBookOf } from '../delivery/rules.ts';
import type { HubKeys } from '../home/keys.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { BoundGuest } from './find.ts';

export interface GuestRules {
  readonly rules: readonly Rule[];
  /** End of the rule book's lease, seconds. */
  readonly leaseS: number;
}

/** Only those that name this guest with this key, and are not revoked. */
export async function rulesOfGuest(
  tables: Tables,
  hub: Row<'hub'>,
  keys: HubKeys,
  guest: BoundGuest,
): Promise<GuestRules> {
  const book = await ruleBookOf(tables, hub, keys);
  const rules: Rule[] = [];
  for (const rule of book?.rules ?? []) {
    const { party } = rule;
    if (party.kind !== 'guest' || party.id !== guest.id || party.jkt !== guest.jkt) continue;
    if (await tables.documents.isAbout(hub.id, 'revocation+jwt', `rule:${rule.id}`)) continue;
    rules.push(rule);
  }
  return { rules, leaseS: book?.exp ?? 0 };
}

/** How many of the next times a guest is shown. */
const mostShown = 4;

export const windowsToShow = (rule: Rule, left: number, nowS: number) =>
  left === 0 ? [] : nextWindows(rule, nowS, Math.min(mostShown, left));
