/** Surface: a grant with its second signatures, under rules and at moments of every kind. */
import { type DecisionContext, decideGrant } from '../../../device/grant/decide.ts';
import type { ApprovalClaims } from '../../../wire/approval.ts';
import type { AssignmentClaims } from '../../../wire/assignment.ts';
import type { GrantClaims } from '../../../wire/grant.ts';
import { hashOf, newId, type SignKey } from '../../../wire/jws.ts';
import type { Rule, RuleBookClaims } from '../../../wire/rule-book.ts';
import type { OkpJwk } from '../../../wire/shapes.ts';
import { Counts, contextOf, inForceOf, type Kept } from '../../support/decision.ts';
import {
  assignmentClaimsOf,
  type Cast,
  carrierRule,
  grantClaimsOf,
  guestRule,
  issuerSetOf,
  newDoorId,
  newHubId,
  ruleBookOf,
} from '../../support/keys.ts';
import type { Ledger } from './ledger.ts';
import { mutateClaims, mutateText } from './mutate.ts';
import { violations } from './oracle.ts';
import type { Random } from './random.ts';
import type { Surface } from './surface.ts';

/** Everything that one attempt is made of; a plan changes some of it. */
interface Attempt {
  grant: GrantClaims;
  grantKey: SignKey;
  assignment: AssignmentClaims | undefined;
  assignmentKey: SignKey;
  /** Undefined when the owner was not asked. */
  approval: ApprovalClaims | undefined;
  approvalKey: SignKey;
  context: DecisionContext;
  readonly counts: Counts;
}

type Plan = (attempt: Attempt, random: Random) => void;

/** Hubs that differ in what is in force, each read from signed documents. */
async function makeWorlds(cast: Cast) {
  const { nowS } = cast;
  const book = (change: Partial<RuleBookClaims>): Promise<Kept> =>
    ruleBookOf(cast, change).then((ruleBook) => ({ ruleBook }));
  const rule = (change: Partial<Rule>) => book({ rules: [carrierRule(cast, change), guestRule(cast)] });
  const key = (times: { nbf: number; exp: number }): Promise<Kept> =>
    issuerSetOf(cast, { keys: [{ jwk: cast.issuer.jwk as OkpJwk, ...times }] }).then((issuerSet) => ({ issuerSet }));
  const kept = {
    auto: {},
    ask: await rule({ consent: 'ask' }),
    guestAsk: await book({ rules: [guestRule(cast, { consent: 'ask' })] }),
    company: await rule({ party: { kind: 'company', id: cast.carrierId, jwk: cast.carrier.jwk } }),
    noBook: { ruleBook: undefined },
    leaseOver: await book({ exp: nowS - 5 }),
    bookEarly: await book({ iat: nowS + 100, exp: nowS + 1000 }),
    notOpen: await rule({ from: nowS + 5 }),
    closed: await rule({ until: nowS - 5 }),
    otherDoor: await rule({ door: newDoorId() }),
    narrow: await rule({ from: nowS - 10, until: nowS + 10 }),
    noIssuers: { issuerSet: undefined },
    issuersOver: { issuerSet: await issuerSetOf(cast, { exp: nowS - 5 }) },
    keyOver: await key({ nbf: 0, exp: nowS - 5 }),
    otherName: { issuerSet: await issuerSetOf(cast, { issuer: 'another' }) },
  };
  const worlds = {} as Record<keyof typeof kept | 'epoch', DecisionContext['inForce']>;
  for (const [name, documents] of Object.entries(kept)) {
    worlds[name as keyof typeof kept] = await inForceOf(cast, documents);
  }
  worlds.epoch = await inForceOf(cast, {}, 3);
  return worlds;
}

/** Plans that each aim at one check; what comes of them is counted, not assumed. */
function makePlans(cast: Cast, worlds: Awaited<ReturnType<typeof makeWorlds>>): { plans: Plan[]; ask: Plan } {
  const { nowS, stranger } = cast;
  const world =
    (name: keyof typeof worlds): Plan =>
    (attempt) => {
      attempt.context = { ...attempt.context, inForce: worlds[name] };
    };
  const grant =
    (change: (random: Random) => Partial<GrantClaims>): Plan =>
    (attempt, random) => {
      attempt.grant = { ...attempt.grant, ...change(random) };
    };
  const assignment =
    (change: (random: Random) => Partial<AssignmentClaims>): Plan =>
    (attempt, random) => {
      attempt.assignment = { ...attempt.assignment!, ...change(random) };
    };
  const asked =
    (change: (random: Random) => Partial<ApprovalClaims>, key = cast.owner.sign): Plan =>
    (attempt, random) => {
      world('ask')(attempt, random);
      attempt.approval = { ...approvalClaims(cast), ...change(random) };
      attempt.approvalKey = key;
    };
  const seen =
    (found: 'behind' | 'forked'): Plan =>
    (attempt, random) => {
      asked(() => ({ seen: { seq: 9, hash: hashOf('9') } }))(attempt, random);
      attempt.context = { ...attempt.context, hasHead: () => found };
    };
  const guest =
    (change: (random: Random) => Partial<GrantClaims>, inForce: keyof typeof worlds = 'auto'): Plan =>
    (attempt, random) => {
      world(inForce)(attempt, random);
      const { delivery: _, ...rest } = attempt.grant;
      const own = { purpose: 'guest', rule: 'rule-guest', cnf: { jkt: cast.guest.kid } } as const;
      attempt.grant = { ...rest, ...own, ...change(random) };
      attempt.assignment = undefined;
    };
  const ended =
    (kind: 'grant' | 'rule' | 'guest', id: (attempt: Attempt) => string, first: Plan = () => {}): Plan =>
    (attempt, random) => {
      first(attempt, random);
      attempt.counts.ended.add(`${kind} ${id(attempt)}`);
    };
  const far = (random: Random): number => 1 + random.int(100_000);
  const otherKey = { cnf: { jkt: stranger.ec.kid } };
  const plans: Plan[] = [
    ...(['noBook', 'leaseOver', 'bookEarly', 'notOpen', 'closed', 'otherDoor', 'narrow'] as const).map(world),
    ...(['noIssuers', 'issuersOver', 'keyOver', 'otherName', 'epoch', 'company', 'ask'] as const).map(world),
    grant(() => ({ aud: newHubId() })),
    grant(() => ({ door: newDoorId() })),
    grant((random) => ({ nbf: nowS + far(random), exp: nowS + 100_000 })),
    grant((random) => ({ iat: nowS + 60 + far(random) })),
    grant((random) => ({ exp: nowS - random.int(59) })),
    grant((random) => ({ exp: nowS - 60 + 86_400 + far(random) })),
    grant((random) => ({ epoch: far(random) })),
    grant((random) => ({ entries: 3 + random.int(18) })),
    grant(() => ({ rule: `rule-${newId()}` })),
    grant(() => ({ rule: 'rule-guest' })),
    grant(() => ({ purpose: 'service' })),
    grant(() => ({ iss: 'another' })),
    grant(() => otherKey),
    grant(() => ({ sub: newId() })),
    guest(() => ({})),
    guest(() => otherKey),
    guest(() => ({ rule: 'rule-carrier' })),
    guest(() => ({}), 'guestAsk'),
    guest(() => ({}), 'leaseOver'),
    ended('grant', ({ grant: { jti } }) => jti),
    ended('rule', ({ grant: { rule } }) => rule),
    ended(
      'guest',
      () => cast.guestId,
      guest(() => ({})),
    ),
    ({ counts, grant: { jti, entries } }, random) => counts.uses.set(jti, entries + random.int(3)),
    ({ counts, grant: { rule } }, random) => counts.visits.set(rule, 2 + random.int(3)),
    (attempt) => {
      attempt.grantKey = stranger.ed;
    },
    (attempt) => {
      attempt.assignment = undefined;
    },
    (attempt) => {
      attempt.assignmentKey = stranger.ec;
    },
    (attempt) => {
      attempt.assignmentKey = cast.issuer;
    },
    ({ counts, assignment: assigned }, random) => counts.uses.set(assigned?.jti ?? '', 2 + random.int(3)),
    assignment(() => ({ aud: newHubId() })),
    assignment(() => ({ door: newDoorId() })),
    assignment(() => ({ delivery: newId() })),
    assignment(() => otherKey),
    assignment(() => ({ iss: 'another' })),
    assignment((random) => ({ nbf: nowS + far(random) })),
    assignment((random) => ({ exp: nowS - random.int(100) })),
    asked(() => ({})),
    asked(() => ({}), stranger.ec),
    asked(() => ({}), cast.courier),
    asked(() => ({ aud: newHubId() })),
    asked(() => ({ grant: hashOf(newId()) })),
    asked(() => ({ door: newDoorId() })),
    asked((random) => ({ iat: nowS + 60 + far(random) })),
    asked((random) => ({ exp: nowS - random.int(100) })),
    seen('behind'),
    seen('forked'),
  ];
  return { plans, ask: asked(() => ({})) };
}

const approvalClaims = (cast: Cast): ApprovalClaims => ({
  aud: cast.hubId,
  jti: newId(),
  iat: cast.nowS - 30,
  exp: cast.nowS + 3600,
  door: cast.doorId,
  // replaced by the hash of the grant as it is signed
  grant: '',
});

/** Which document, besides what a plan does, is changed in its structure, and how. */
type Target = 'grant' | 'assignment' | 'approval';

export async function grantSurface(cast: Cast, ledger: Ledger): Promise<Surface> {
  const worlds = await makeWorlds(cast);
  const { plans, ask } = makePlans(cast, worlds);
  return async (random) => {
    const counts = new Counts();
    const attempt: Attempt = {
      grant: grantClaimsOf(cast),
      grantKey: cast.issuer,
      assignment: assignmentClaimsOf(cast),
      assignmentKey: cast.carrier,
      approval: undefined,
      approvalKey: cast.owner.sign,
      context: contextOf(cast, worlds.auto, { uses: counts }),
      counts,
    };
    // most attempts aim at one check; some change the structure of a document; a few do both
    const aimed = random.chance(0.7);
    const shaken: Target | undefined =
      !aimed || random.chance(0.05) ? random.pick(['grant', 'assignment', 'approval']) : undefined;
    if (aimed) random.pick(plans)(attempt, random);
    else if (shaken === 'approval') ask(attempt, random);
    const again = shaken === undefined || random.chance(0.5);

    const make = async (target: Target, typ: string, claims: object, key: SignKey): Promise<string> => {
      if (shaken !== target) return ledger.sign(typ, claims, key);
      if (again) return ledger.sign(typ, mutateClaims(claims, random), key);
      return mutateText(await ledger.sign(typ, claims, key), random);
    };
    const grant = await make('grant', 'grant+jwt', attempt.grant, attempt.grantKey);
    const { assignment, approval } = attempt;
    const bundle = {
      grant,
      ...(assignment && { assignment: await make('assignment', 'assignment+jwt', assignment, attempt.assignmentKey) }),
      ...(approval && {
        approval: await make(
          'approval',
          'approval+jwt',
          { ...approval, grant: approval.grant || hashOf(grant) },
          attempt.approvalKey,
        ),
      }),
    };
    const verdict = await decideGrant(bundle, attempt.context);
    const violates = verdict.ok ? violations(cast, ledger, { bundle, context: attempt.context }) : [];
    const good = [cast.issuer, cast.carrier, cast.owner.sign];
    const goodKeys = [attempt.grantKey, attempt.assignmentKey, attempt.approvalKey].every((key) => good.includes(key));
    return { verdict, signedAgain: again && goodKeys, violates };
  };
}
