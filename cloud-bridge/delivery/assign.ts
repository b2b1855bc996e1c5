/** Takes the assignment of a carrier, or of a service company, and issues the grant for it, inside the owner's rule. */
import { assignmentForm, verifyAssignment } from '../../wire/assignment.ts';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { type GrantClaims, maxGrantSeconds } from '../../wire/grant.ts';
import { hashOf, newId, peek, toVerifyKey } from '../../wire/jws.ts';
import { windowAt, windowsOf } from '../../wire/occurrences.ts';
import { clockSkewSeconds, type Rule } from '../../wire/rule-book.ts';
import { epochOf } from '../home/epoch.ts';
import type { Parts } from '../parts.ts';
import { doorsOf, planOf } from '../plan/wishes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { grantOf } from '../visit/prepare.ts';
import { ruleFor } from './announce.ts';
import { changeDelivery } from './change.ts';
import { isOver } from './progress.ts';
import { purposeOf } from './purpose.ts';
import { revokeGrant } from './revoke.ts';

type AssignParts = Pick<Parts, 'keys' | 'signer' | 'now'>;
export type Assigned = { readonly state: 'granted' | 'waiting-for-owner' };

/**
 * The time of a grant: where the delivery's window and the rule's first meet, from now on, at most 24 hours.
 * @returns undefined when nothing is left of it
 */
export function grantWindow(
  delivery: Pick<Row<'delivery'>, 'from_s' | 'until_s'>,
  rule: Pick<Rule, 'from' | 'until' | 'recurs'>,
  nowS: number,
): { readonly nbf: number; readonly exp: number } | undefined {
  const { from_s: from, until_s } = delivery;
  const [first] = windowsOf(rule, { from: Math.max(from, nowS), until: until_s });
  const open = first && windowAt(rule, first.from);
  if (open === undefined) return undefined;
  // The hub's clock may be a little behind.
  const nbf = Math.max(from, open.from, nowS - clockSkewSeconds);
  const exp = Math.min(until_s, open.until, nbf + maxGrantSeconds);
  return nowS < exp && nbf < exp ? { nbf, exp } : undefined;
}

const stateOf = (grant: Pick<Row<'grant_issued'>, 'state'>): Assigned => ({
  state: grant.state === 'ready' ? 'granted' : 'waiting-for-owner',
});

/** The door that an assignment is for, where the plan leads there; else the delivery's own, and its verification says what is wrong. */
function doorOf(delivery: Row<'delivery'>, jws: string): string {
  const read = peek(assignmentForm, jws);
  const named = read.ok ? read.value.claims.door : delivery.door;
  return doorsOf(planOf(delivery)).has(named) ? named : delivery.door;
}

async function verify(
  parts: AssignParts,
  rule: Rule,
  delivery: Row<'delivery'>,
  jkt: string,
  jws: string,
): Promise<Verdict<unknown>> {
  const read = peek(assignmentForm, jws);
  if (!read.ok) return read;
  if (rule.party.kind === 'guest') return refuse('RULE_WRONG_PARTY');
  // One that begins later is as good: the hub checks again when it is used.
  const nowS = Math.max(Math.floor(parts.now() / 1000), read.value.claims.nbf);
  return verifyAssignment(jws, await toVerifyKey(rule.party.jwk), {
    party: rule.party.id,
    hubId: delivery.hub,
    door: rule.door,
    delivery: delivery.id,
    jkt,
    nowS,
  });
}

async function issue(
  parts: AssignParts,
  hub: Row<'hub'>,
  delivery: Row<'delivery'>,
  rule: Rule,
  jkt: string,
  window: { readonly nbf: number; readonly exp: number },
): Promise<{ text: string; claims: Omit<GrantClaims, 'iss'> }> {
  const claims: Omit<GrantClaims, 'iss'> = {
    aud: hub.id,
    jti: newId(),
    // A pseudonym for this device at this carrier.
    sub: `courier:${hashOf(`${delivery.carrier}:${jkt}`).slice(0, 22)}`,
    door: rule.door,
    purpose: purposeOf(delivery),
    rule: rule.id,
    iat: Math.floor(parts.now() / 1000),
    ...window,
    entries: rule.entries,
    epoch: epochOf(hub),
    cnf: { jkt },
    delivery: delivery.id,
  };
  return { text: await parts.signer.grant(claims), claims };
}

/**
 * Call `mailbox.bring(delivery.hub)` after the commit: an older grant may have been ended.
 * @returns DELIVERY_ENDED, TASK_NOT_CLAIMED, DELIVERY_NOT_ALLOWED or ASSIGNMENT_… when it is refused
 */
export async function assign(
  parts: AssignParts,
  tables: Tables,
  carrier: Row<'carrier'>,
  delivery: Row<'delivery'>,
  jws: string,
): Promise<Verdict<Assigned>> {
  if (isOver(delivery.state)) return refuse('DELIVERY_ENDED');
  const door = doorOf(delivery, jws);
  if (!doorsOf(planOf(delivery)).has(door)) return refuse('DELIVERY_NOT_ALLOWED');
  const task = await tables.tasks.living(delivery.id);
  if (!task?.jkt) return refuse('TASK_NOT_CLAIMED');
  const hub = await tables.hubs.find(delivery.hub);
  if (hub === undefined) return refuse('DELIVERY_NOT_ALLOWED');
  const rule = await ruleFor(parts, tables, carrier, {
    hub,
    door,
    from: delivery.from_s,
    until: delivery.until_s,
  });
  const window = rule && grantWindow(delivery, rule, Math.floor(parts.now() / 1000));
  if (rule === undefined || window === undefined) return refuse('DELIVERY_NOT_ALLOWED');
  const verified = await verify(parts, rule, delivery, task.jkt, jws);
  if (!verified.ok) return verified;

  const older = await grantOf(tables, { link: task.token, door });
  if (older?.assignment === jws) return accept(stateOf(older));
  if (older !== undefined) await revokeGrant(parts, tables, older);
  const { text, claims } = await issue(parts, hub, delivery, rule, task.jkt, window);
  const state = rule.consent === 'auto' ? 'ready' : 'waiting';
  await tables.grants.add({
    jti: claims.jti,
    hub: hub.id,
    delivery: delivery.id,
    task: task.token,
    jkt: task.jkt,
    hash: hashOf(text),
    text,
    assignment: jws,
    approval: null,
    state,
    exp_s: claims.exp,
    guest: null,
    rule: rule.id,
    door: claims.door,
  });
  const answer = stateOf({ state });
  const at = parts.now();
  await changeDelivery(tables, delivery, answer, at);
  if (state === 'waiting') {
    const data = { delivery: delivery.id, grant: text };
    await tables.events.add([{ party: `home:${hub.home}`, type: 'approval.wanted', data, at }]);
  }
  return accept(answer);
}
