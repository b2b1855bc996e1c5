/** Ways in under the owner's rules, as the hub reads them: `device/grant/allow.ts` and the second signatures. */
import { type Window, windowAt, windowsOf } from '../../../../wire/occurrences.ts';
import { clockSkewSeconds, type Rule, type RuleBookClaims } from '../../../../wire/rule-book.ts';
import type { Approved, Known } from './known.ts';
import type { Means, Opening, State, Stop } from './opening.ts';
import { clip, merge } from './spans.ts';

/** Whether an end is signed, and whether the hub has it. */
function endOf({ endings }: Known, kind: 'rule' | 'guest' | 'grant', id: string): 'none' | 'on-its-way' | 'confirmed' {
  const found = endings.filter(({ ends }) => ends.kind === kind && ends.id === id);
  if (found.length === 0) return 'none';
  return found.some(({ confirmed }) => confirmed) ? 'confirmed' : 'on-its-way';
}

function endOfRule(known: Known, { id, party }: Rule): ReturnType<typeof endOf> {
  const both = [endOf(known, 'rule', id), ...(party.kind === 'guest' ? [endOf(known, 'guest', party.id)] : [])];
  return (['confirmed', 'on-its-way'] as const).find((one) => both.includes(one)) ?? 'none';
}

/** The owner is asked each time, so nothing hangs on the lease; whoever is not asked for, and guests, live on it (T06). */
const livesOnLease = ({ consent, party }: Rule): boolean => consent === 'auto' || party.kind === 'guest';

/** How long the rules of a book count, seconds: not before its date, the ones that live on it not past its lease. */
function termOf(rule: Rule, book: RuleBookClaims): Window {
  return {
    from: book.iat - clockSkewSeconds,
    until: livesOnLease(rule) ? book.exp : Number.MAX_SAFE_INTEGER,
  };
}

const same = (a: Rule, b: Rule): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A rule in every book that may be in force: the hub's own, and the one that is on its way. */
interface Held {
  readonly rule: Rule;
  readonly books: readonly RuleBookClaims[];
  readonly is: State;
}

function heldRules({ book, next }: Known): readonly Held[] {
  const mine = (book?.rules ?? []).map((rule): Held => {
    const stays = next === undefined || next.rules.some((one) => same(one, rule));
    return {
      rule,
      books: [book, stays ? next : undefined].filter((one) => one !== undefined),
      is: stays ? 'in-force' : 'ending',
    };
  });
  const coming = (next?.rules ?? []).filter((rule) => !book?.rules.some((one) => same(one, rule)));
  return [...mine, ...coming.map((rule): Held => ({ rule, books: [next!], is: 'waiting' }))];
}

function meansOf({ party, consent }: Rule): Means {
  if (consent === 'ask') return 'asked';
  return party.kind === 'guest' ? 'guest' : 'alone';
}

const stopOf = ({ id, party }: Rule): Stop => ({
  by: 'revocation',
  ends: party.kind === 'guest' ? { kind: 'guest', id: party.id } : { kind: 'rule', id },
});

/** Farther than any lease: seconds. */
const farS = 30 * 86_400;

/** When a rule lets somebody in, in every book that may be in force. */
const windowsIn = ({ rule, books }: Held, within: Window): readonly Window[] =>
  merge(books.flatMap((book) => clip(windowsOf(rule, within), termOf(rule, book))));

/**
 * The last moment at which this rule lets somebody in whom the hub does not ask about, with nothing new from the owner. The hub's clock
 * may be a little behind.
 */
function lastOf(held: Held, nowS: number): number {
  if (held.rule.consent === 'ask') return nowS;
  const last = windowsIn(held, { from: nowS, until: nowS + farS }).at(-1);
  return last === undefined ? nowS : last.until + clockSkewSeconds;
}

/** One a rule that could let somebody in. */
export function ruleOpenings(known: Known, within: Window): readonly Opening[] {
  return heldRules(known).flatMap((held) => {
    const { rule } = held;
    const end = endOfRule(known, rule);
    const left = rule.visits - known.visitsOf(rule.id);
    if (end === 'confirmed' || left <= 0 || !known.doors.some(({ id }) => id === rule.door)) return [];
    return [
      {
        who: { kind: rule.party.kind, id: rule.party.id },
        by: meansOf(rule),
        door: rule.door,
        windows: windowsIn(held, within),
        is: end === 'on-its-way' ? 'ending' : held.is,
        camera: rule.camera,
        rule: rule.id,
        left,
        stop: stopOf(rule),
        lastS: lastOf(held, known.nowS),
      } satisfies Opening,
    ];
  });
}

/**
 * When a grant lies wholly within the window that stands open, as the hub asks it: where two occurrences overlap, the first one counts,
 * so it is looked at between every two edges.
 */
function fitting(rule: Rule, { nbf, exp }: Approved['grant'], { from, until }: Window): readonly Window[] {
  if (from >= until) return [];
  const windows = windowsOf(rule, { from, until });
  const edges = [...new Set([from, until, ...windows.flatMap((one) => [one.from, one.until])])].sort((a, b) => a - b);
  return edges.slice(0, -1).flatMap((edge, index) => {
    const open = windowAt(rule, edge);
    return open !== undefined && nbf >= open.from && exp <= open.until
      ? [{ from: edge, until: edges[index + 1]! }]
      : [];
  });
}

/** A yes that was given: it opens without another one. Only where its rule asks; elsewhere it adds nothing. */
export function approvedOpening(
  { grant, approval, assignment }: Approved,
  known: Known,
  within: Window,
): readonly Opening[] {
  const held = heldRules(known).find(({ rule }) => rule.id === grant.rule && rule.consent === 'ask');
  if (held === undefined || held.rule.door !== grant.door || grant.epoch < known.epoch) return [];
  const { rule } = held;
  const ends = [endOf(known, 'grant', grant.jti), endOfRule(known, rule)];
  if (ends.includes('confirmed') || known.visitsOf(rule.id) >= rule.visits) return [];
  if (known.usesOf(grant.jti) >= grant.entries || grant.entries > rule.entries) return [];
  if (assignment !== undefined && known.usesOf(assignment.jti) >= rule.entries) return [];
  const from = Math.max(grant.nbf, assignment?.nbf ?? 0);
  const until = Math.min(grant.exp, approval.exp, assignment?.exp ?? grant.exp);
  const open = fitting(rule, grant, { from, until });
  const inTerm = merge(held.books.flatMap((book) => clip(open, termOf(rule, book))));
  return [
    {
      who: { kind: rule.party.kind, id: rule.party.id },
      by: 'approved',
      door: rule.door,
      windows: clip(inTerm, within),
      is: ends.includes('on-its-way') ? 'ending' : held.is,
      camera: rule.camera,
      rule: rule.id,
      stop: { by: 'revocation', ends: { kind: 'grant', id: grant.jti } },
      lastS: Math.max(known.nowS, ...inTerm.map((one) => one.until + clockSkewSeconds)),
    },
  ];
}
