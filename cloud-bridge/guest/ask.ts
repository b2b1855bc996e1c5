/** A guest asks to come in now: a grant for the window of a rule that stands open, bound to the pinned device. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { type GrantClaims, grantForm } from '../../wire/grant.ts';
import { hashOf, newId, peek } from '../../wire/jws.ts';
import { nextWindows, windowAt } from '../../wire/occurrences.ts';
import type { Rule } from '../../wire/rule-book.ts';
import { grantWindow } from '../delivery/assign.ts';
import { revokeGrant } from '../delivery/revoke.ts';
import { epochOf } from '../home/epoch.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { BoundGuest } from './find.ts';
import { rulesOfGuest } from './rules.ts';

type AskParts = Pick<Parts, 'keys' | 'signer' | 'now'>;

export interface Asked {
  /** `waiting`: the owner says yes to each visit of this rule. */
  readonly state: 'granted' | 'waiting-for-owner';
  /** End of the grant, seconds. */
  readonly until: number;
}

export interface VisitWish {
  readonly rule: string;
  /** The guest's visit before, which has ended: the same grant would be the same visit. */
  readonly after?: string | undefined;
}

const toAsked = ({ state, exp_s }: Pick<Row<'grant_issued'>, 'state' | 'exp_s'>): Asked => ({
  state: state === 'ready' ? 'granted' : 'waiting-for-owner',
  until: exp_s,
});

/** @returns the rule when it holds now; NOT_FOUND for one that is not this guest's; RULE_… and when the next time is */
async function openRule(
  parts: AskParts,
  tables: Tables,
  hub: Row<'hub'>,
  guest: BoundGuest,
  wanted: string,
): Promise<Verdict<Rule>> {
  const nowS = Math.floor(parts.now() / 1000);
  const { rules, leaseS } = await rulesOfGuest(tables, hub, parts.keys, guest);
  const rule = rules.find((one) => one.id === wanted);
  if (rule === undefined) return refuse('NOT_FOUND');
  if (nowS >= leaseS) return refuse('RULE_BOOK_LEASE_OVER');
  const visits = (await tables.guests.visitsOf(guest.id)).get(rule.id) ?? 0;
  if (visits >= rule.visits) return refuse('RULE_USED_UP');
  if (windowAt(rule, nowS) !== undefined) return accept(rule);
  const [next] = nextWindows(rule, nowS, 1);
  return refuse('RULE_OUTSIDE_WINDOW', next === undefined ? {} : { next: next.from });
}

async function isEndedBy(tables: Tables, grant: Row<'grant_issued'>, after: string | undefined): Promise<boolean> {
  return after !== undefined && (await tables.visits.find(after))?.jti === grant.jti;
}

/** Could this grant still open anything: is it of this rule as it stands now, of this epoch, and not over? */
function stillFits(grant: Row<'grant_issued'>, rule: Rule, hub: Row<'hub'>, nowS: number): boolean {
  const read = peek(grantForm, grant.text);
  const window = windowAt(rule, nowS);
  if (!read.ok || window === undefined || grant.rule !== rule.id) return false;
  const { nbf, exp, epoch, door, entries } = read.value.claims;
  const isWithin = nowS < exp && nbf >= window.from && exp <= window.until;
  const state = rule.consent === 'auto' || grant.approval !== null ? 'ready' : 'waiting';
  return isWithin && grant.state === state && epoch === epochOf(hub) && door === rule.door && entries <= rule.entries;
}

/**
 * The same wish again is the same grant, until its visit has ended. Call `mailbox.bring(guest.hub)` after the commit: an older grant
 * may have been ended.
 * @returns INVITATION_PENDING before the owner has accepted; NOT_FOUND for a rule that is not this guest's; RULE_… when it does not hold now
 */
export async function askForVisit(
  parts: AskParts,
  tables: Tables,
  guest: BoundGuest,
  wish: VisitWish,
): Promise<Verdict<Asked>> {
  if (guest.state !== 'accepted') return refuse('INVITATION_PENDING');
  const hub = await tables.hubs.find(guest.hub);
  if (hub === undefined) return refuse('NOT_FOUND');
  const open = await openRule(parts, tables, hub, guest, wish.rule);
  if (!open.ok) return open;
  const rule = open.value;
  const nowS = Math.floor(parts.now() / 1000);
  const [older] = await tables.grants.ofTask(guest.token);
  if (older !== undefined) {
    const isSame = stillFits(older, rule, hub, nowS) && !(await isEndedBy(tables, older, wish.after));
    if (isSame) return accept(toAsked(older));
    await revokeGrant(parts, tables, older);
  }
  const window = grantWindow({ from_s: 0, until_s: rule.until }, rule, nowS);
  if (window === undefined) return refuse('RULE_OUTSIDE_WINDOW');
  return accept(toAsked(await issue(parts, tables, hub, guest, rule, window)));
}

async function issue(
  parts: AskParts,
  tables: Tables,
  hub: Row<'hub'>,
  guest: BoundGuest,
  rule: Rule,
  window: { readonly nbf: number; readonly exp: number },
): Promise<Row<'grant_issued'>> {
  const claims: Omit<GrantClaims, 'iss'> = {
    aud: hub.id,
    jti: newId(),
    sub: guest.id,
    door: rule.door,
    purpose: 'guest',
    rule: rule.id,
    iat: Math.floor(parts.now() / 1000),
    ...window,
    entries: rule.entries,
    epoch: epochOf(hub),
    cnf: { jkt: guest.jkt },
  };
  const text = await parts.signer.grant(claims);
  const grant: Row<'grant_issued'> = {
    jti: claims.jti,
    hub: hub.id,
    delivery: null,
    task: guest.token,
    jkt: guest.jkt,
    hash: hashOf(text),
    text,
    assignment: null,
    approval: null,
    state: rule.consent === 'auto' ? 'ready' : 'waiting',
    exp_s: claims.exp,
    guest: guest.id,
    rule: rule.id,
    door: rule.door,
  };
  await tables.grants.add(grant);
  if (grant.state === 'waiting') {
    const data = { guest: guest.id, grant: text };
    await tables.events.add([{ party: `home:${hub.home}`, type: 'approval.wanted', data, at: parts.now() }]);
  }
  return grant;
}
