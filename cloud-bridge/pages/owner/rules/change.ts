/** What the owner's device signs about rules: a change of the rule book, a renewal of its lease, an end. */
import { accept, type Verdict } from '../../../../wire/faults.ts';
import type { Ends } from '../../../../wire/revocation.ts';
import { maxLeaseSeconds, type Rule, ruleBookForm, widens } from '../../../../wire/rule-book.ts';
import { newId } from '../../common/bytes.ts';
import { signDocument } from '../device/documents.ts';
import type { Place } from '../home/course.ts';
import type { Diary } from '../home/known.ts';
import { hand, revoke, signWidening, type Taken } from '../home/orders.ts';
import { withheld } from '../home/rule-book.ts';
import { type HeldBook, newestOf, type Standing } from './held.ts';
import { readStanding } from './standing.ts';

/** Devices that change the rules at the same time come after each other: so often at most. */
const mostAttempts = 4;

/**
 * Changes the rules: reads the newest book, and signs the next one. When another device was faster it reads again, so that nothing of
 * the other's change is lost. A cloud that shows an older book than this device has seen gets nothing signed: its rules may be ended.
 * @param change  of the rules as they are; undefined: nothing is to be done any more
 * @returns RULE_BOOK_OLD for such a book
 */
export async function changeRules(
  place: Place,
  diary: () => Diary,
  change: (rules: readonly Rule[], newest: HeldBook | undefined) => readonly Rule[] | undefined,
): Promise<Verdict<Taken | undefined>> {
  for (let attempt = 1; ; attempt += 1) {
    const standing = await readStanding(place, diary());
    if (!standing.ok) return standing;
    const newest = newestOf(standing.value);
    const old = await withheld(place, newest?.claims);
    if (old !== undefined) return old;
    const rules = change(newest?.claims.rules ?? [], newest);
    if (rules === undefined) return accept(undefined);
    // a book of a device that is gone is out of force, but its number is used up
    const version = Math.max(newest?.claims.version ?? 0, (await place.store.get('ruleBook')) ?? 0) + 1;
    const signed = await signBook(place, diary(), { rules, version }, newest?.claims.rules ?? []);
    if (!signed.ok) return signed;
    const reply = await hand(place, signed.value);
    if (reply.ok) await place.store.put('ruleBook', version);
    if (reply.ok || reply.code !== 'RULE_BOOK_OLD' || attempt === mostAttempts) return reply;
  }
}

async function signBook(
  place: Place,
  diary: Diary,
  { rules, version }: { readonly rules: readonly Rule[]; readonly version: number },
  before: readonly Rule[],
): Promise<Verdict<string>> {
  const { signer } = place;
  const iat = signer.nowS();
  const claims = {
    aud: signer.hub,
    version,
    iat,
    exp: iat + maxLeaseSeconds,
    rules: [...rules],
    ...(diary.seen === undefined ? {} : { seen: diary.seen }),
  };
  if (widens(rules, before)) return signWidening(place, ruleBookForm, claims);
  return accept(await signDocument(ruleBookForm, claims, signer.key));
}

/** Rules that still count: not over, and not ended. */
export function livingRules({ rules, endings }: Pick<Standing, 'endings'> & { rules: readonly Rule[] }, nowS: number) {
  const isEnded = ({ id, party }: Rule): boolean =>
    endings.some(
      ({ ends }) =>
        (ends.kind === 'rule' && ends.id === id) ||
        (ends.kind === 'guest' && party.kind === 'guest' && ends.id === party.id),
    );
  return rules.filter((rule) => rule.until > nowS && !isEnded(rule));
}

/** Less than half of the lease is left: seconds by this device's clock. */
export const isDue = ({ claims: { iat, exp } }: HeldBook, nowS: number): boolean => exp - nowS < (exp - iat) / 2;

/**
 * Renews the lease when less than half of it is left: the same rules, one version higher. Of two devices that do so at once one comes
 * first, and then nothing is left to be done for the other.
 */
export const renewLease = (place: Place, diary: () => Diary): Promise<Verdict<Taken | undefined>> =>
  changeRules(place, diary, (rules, newest) =>
    newest !== undefined && isDue(newest, place.signer.nowS()) ? rules : undefined,
  );

/** Ends a rule, a guest or a grant: at once here, at the hub as soon as it hears of it. Then its rules leave the book, too. */
export async function end(place: Place, diary: () => Diary, ends: Ends): Promise<Verdict<Taken>> {
  const reply = await revoke(place, ends);
  if (!reply.ok) return reply;
  await changeRules(place, diary, (rules) => {
    const left = livingRules({ rules, endings: [{ ends, word: undefined }] }, place.signer.nowS());
    return left.length === rules.length ? undefined : left;
  });
  return reply;
}

/** @returns the rule's new id: one that was never used */
export const newRuleId = (): string => `rule-${newId()}`;
