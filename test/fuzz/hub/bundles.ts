/** Changed grants, assignments and approvals, handed in with `visit.prepare`. */
import type { GrantClaims } from '../../../wire/grant.ts';
import { hashOf, newId, type SignKey } from '../../../wire/jws.ts';
import { mutateClaims, mutateText } from '../../device/fuzz/mutate.ts';
import type { Random } from '../../device/fuzz/random.ts';
import { newDoorId, newHubId } from '../../support/keys.ts';
import type { Shoot } from './shot.ts';
import { assignmentClaims, grantClaims, type Stage } from './stage.ts';

interface Attempt {
  grant: GrantClaims;
  assignment: object;
  approval: object;
  grantKey: SignKey;
  assignmentKey: SignKey;
  approvalKey: SignKey;
}

type Plan = (attempt: Attempt, random: Random) => void;

export function bundleShots(stage: Stage): Shoot {
  const { home, ledger, send } = stage;
  const { cast, doors } = home;
  const far = (random: Random): number => 61 + random.int(100_000);
  const grant =
    (change: (random: Random) => Partial<GrantClaims>): Plan =>
    (attempt, random) => {
      attempt.grant = { ...attempt.grant, ...change(random) };
      attempt.assignment = assignmentClaims(stage, attempt.grant);
    };
  const at = (door: string, rule: string): Plan => grant(() => ({ door, rule }));
  const assigned =
    (change: (random: Random) => object): Plan =>
    (attempt, random) => {
      attempt.assignment = { ...attempt.assignment, ...change(random) };
    };
  const asked =
    (change: (random: Random) => object): Plan =>
    (attempt, random) => {
      attempt.grant = { ...attempt.grant, rule: 'rule-ask' };
      attempt.approval = { ...attempt.approval, ...change(random) };
    };
  const plans: readonly Plan[] = [
    () => undefined,
    at(doors.side, 'rule-side'),
    at(doors.garden, 'rule-garden'),
    at(doors.cellar, 'rule-cellar'),
    at(doors.front, 'rule-filmed'),
    at(doors.front, 'rule-side'),
    at(newDoorId(), 'rule-front'),
    grant(() => ({ rule: newId() })),
    grant(() => ({ aud: newHubId() })),
    grant(() => ({ iss: 'another' })),
    grant((random) => ({ nbf: cast.nowS + far(random), exp: cast.nowS + 200_000 })),
    grant((random) => ({ exp: cast.nowS - random.int(59) })),
    grant((random) => ({ epoch: stage.versions.epoch + random.pick([-1, 1, 9]) })),
    grant((random) => ({ entries: 3 + random.int(17) })),
    grant(() => ({ cnf: { jkt: cast.stranger.ec.kid } })),
    grant(() => ({ purpose: 'guest' as const, rule: 'rule-guest' })),
    assigned(() => ({ aud: newHubId() })),
    assigned(() => ({ delivery: newId() })),
    assigned(() => ({ door: doors.cellar })),
    assigned((random) => ({ exp: cast.nowS - random.int(59) })),
    assigned((random) => ({ nbf: cast.nowS + far(random) })),
    asked(() => ({})),
    asked(() => ({ grant: hashOf(newId()) })),
    asked((random) => ({ exp: cast.nowS - random.int(1000) })),
    asked(() => ({ aud: newHubId() })),
    (attempt) => {
      attempt.grantKey = cast.stranger.ed;
    },
    (attempt) => {
      attempt.assignmentKey = cast.stranger.ec;
    },
    (attempt, random) => {
      asked(() => ({}))(attempt, random);
      attempt.approvalKey = cast.courier;
    },
  ];

  return async (random) => {
    const claims = grantClaims(stage);
    const attempt: Attempt = {
      grant: claims,
      assignment: assignmentClaims(stage, claims),
      approval: { aud: cast.hubId, jti: newId(), iat: cast.nowS, exp: cast.nowS + 600, door: doors.front },
      grantKey: cast.issuer,
      assignmentKey: cast.carrier,
      approvalKey: cast.owner.sign,
    };
    random.pick(plans)(attempt, random);
    const shaken = random.chance(0.4) ? random.pick(['grant', 'assignment', 'approval'] as const) : undefined;
    const again = random.chance(0.7);
    const make = async (which: 'grant' | 'assignment' | 'approval', typ: string, about: object, key: SignKey) => {
      if (shaken !== which) return ledger.sign(typ, about, key);
      if (again) return ledger.sign(typ, mutateClaims(about, random), key);
      return mutateText(await ledger.sign(typ, about, key), random);
    };
    const text = await make('grant', 'grant+jwt', attempt.grant, attempt.grantKey);
    const asks = attempt.grant.rule === 'rule-ask';
    const bundle = {
      grant: text,
      assignment: await make('assignment', 'assignment+jwt', attempt.assignment, attempt.assignmentKey),
      ...(asks && {
        approval: await make(
          'approval',
          'approval+jwt',
          { grant: hashOf(text), ...attempt.approval },
          attempt.approvalKey,
        ),
      }),
    };
    if (random.chance(0.03)) Reflect.deleteProperty(bundle, random.pick(['grant', 'assignment', 'approval']));
    const outcome = await send.request({ op: 'visit.prepare', bundle });
    const violates: string[] = [];
    if (outcome.ok && !ledger.has(bundle.grant, cast.issuer)) violates.push('a grant that the issuer did not sign');
    if (outcome.ok && !ledger.has(bundle.assignment, cast.carrier)) violates.push('a delivery that nobody assigned');
    if (outcome.ok && asks && !ledger.has(bundle.approval, cast.owner.sign)) violates.push('a visit nobody approved');
    const good: readonly SignKey[] = [cast.issuer, cast.carrier, cast.owner.sign];
    const byGood = [attempt.grantKey, attempt.assignmentKey, attempt.approvalKey].every((key) => good.includes(key));
    return [{ outcome, changed: true, signedAgain: byGood && (shaken === undefined || again), violates }];
  };
}
