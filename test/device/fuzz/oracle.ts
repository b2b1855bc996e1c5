/** Whether a visit may be allowed, written down a second time from DESIGN 3 and without any of the hub's code. */

import type { Cast } from '../../support/keys.ts';
import type { Case } from '../grant/rows/decisions.ts';
import type { Ledger } from './ledger.ts';

// biome-ignore lint/suspicious/noExplicitAny: claims as they came, of any shape
type Claims = any;

const claimsOf = (jws: string): Claims => JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString('utf8'));

/** @returns what a yes to this case violates, in words; empty when a yes is right */
export function violations(cast: Cast, ledger: Ledger, { bundle, context }: Case): string[] {
  const found: string[] = [];
  const must = (holds: boolean, says: string): void => {
    if (!holds) found.push(says);
  };
  const now = context.now.ok ? context.now.value / 1000 : Number.NaN;
  const { rules: book, epoch, issuers } = context.inForce;
  const grant = claimsOf(bundle.grant);
  must(ledger.has(bundle.grant, cast.issuer), 'the issuer signed this grant');
  must(issuers !== undefined && issuers.exp > now, 'an issuer set is in force');
  must(grant.aud === cast.hubId && grant.door === cast.doorId, 'the grant is for this hub and door');
  must(
    grant.nbf <= now && now < grant.exp && grant.exp - grant.nbf <= 86_400,
    'the grant is good now, for a day at most',
  );
  must(grant.epoch === epoch, 'the grant is of this epoch');
  const rule: Claims = book?.claims.rules.find(({ id }) => id === grant.rule);
  must(rule !== undefined, 'the owner signed the rule');
  if (rule === undefined) return found;
  must(rule.door === grant.door, 'the rule is for this door');
  must(rule.from <= now && now < rule.until, 'the rule is good now');
  must(rule.from <= grant.nbf && grant.exp <= rule.until, 'the grant lies within the rule');
  must(grant.entries <= rule.entries, 'no more entries than the rule');
  must(context.uses.usesOf(grant.jti) < grant.entries, 'the grant is not used up');
  must(context.uses.visitsOf(rule.id) < rule.visits, 'the rule is not used up');
  for (const [kind, id] of [
    ['grant', grant.jti],
    ['rule', rule.id],
    ['guest', rule.party.id],
  ] as const) {
    must(!context.uses.isEnded(kind, id), `the ${kind} has not ended`);
  }
  if (rule.party.kind === 'guest') {
    must(grant.purpose === 'guest' && grant.cnf.jkt === rule.party.jkt, "the guest's own key");
    must(now < (book?.claims.exp ?? 0), 'a guest within the lease');
  } else {
    must(grant.purpose === (rule.party.kind === 'carrier' ? 'delivery' : 'service'), 'the right purpose');
    must(ledger.has(bundle.assignment, cast.carrier), 'the carrier signed this assignment');
    const assignment = bundle.assignment === undefined ? {} : claimsOf(bundle.assignment);
    must(assignment.aud === cast.hubId && assignment.door === grant.door, 'assigned here');
    must(assignment.delivery === grant.delivery && assignment.iss === rule.party.id, 'assigned this parcel');
    must(assignment.cnf?.jkt === grant.cnf.jkt, 'assigned to this device');
    must(context.uses.usesOf(assignment.jti) < rule.entries, 'an assignment as often as one grant');
    must(assignment.nbf <= now && now < assignment.exp, 'assigned now');
  }
  if (rule.consent === 'auto') must(now < (book?.claims.exp ?? 0), 'no asking within the lease only');
  else {
    must(ledger.has(bundle.approval, cast.owner.sign), 'the owner signed this approval');
    const approval = bundle.approval === undefined ? {} : claimsOf(bundle.approval);
    must(approval.aud === cast.hubId && approval.door === grant.door && now < approval.exp, 'approved here and now');
  }
  return found;
}
