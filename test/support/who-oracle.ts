/**
 * Asks the hub's own decision who gets a door open at a moment: with real signed documents, and without a thought about windows. Whoever
 * holds every key but the owner's tries whatever they could have signed; a grant of one second needs to fit nothing but the moment.
 */
import { decideGrant } from '../../device/grant/decide.ts';
import { accept } from '../../wire/faults.ts';
import { type GrantBundle, grantForm } from '../../wire/grant.ts';
import { newId, type SignKey, signDocument } from '../../wire/jws.ts';
import type { Party, Rule, RuleBookClaims } from '../../wire/rule-book.ts';
import { type Counts, contextOf, inForceOf } from './decision.ts';
import { approvalOf, assignmentOf, type Cast, ruleBookOf } from './keys.ts';

/** Somebody at the door: what a rule calls them, and their keys. */
export interface Somebody {
  readonly party: Party;
  /** A carrier's or company's own key. */
  readonly signs: SignKey;
  /** The device that knocks. */
  readonly phone: SignKey;
}

/** How a hub stands, and what does not change during the week. */
export interface HubScene {
  readonly cast: Cast;
  readonly doors: readonly string[];
  readonly book: RuleBookClaims;
  readonly epoch: number;
  readonly counts: Counts;
  readonly approved: readonly { readonly bundle: GrantBundle; readonly who: Somebody; readonly door: string }[];
}

/** Who, where, by which means: as one line. */
export const lineOf = (kind: string, id: string, door: string, by: string): string => `${kind} ${id} ${by} ${door}`;

export interface HubOracle {
  /** Everybody that gets a door open at this moment, of those who try under a rule of their own. */
  ask(atS: number): Promise<ReadonlySet<string>>;
  /** Of everybody, at every door, under every rule. */
  askAll(atS: number, everybody: readonly Somebody[]): Promise<ReadonlySet<string>>;
}

const purposes = { carrier: 'delivery', company: 'service', guest: 'guest' } as const;

export async function hubOracle(scene: HubScene, everybody: readonly Somebody[]): Promise<HubOracle> {
  const { cast, doors, book, epoch, counts } = scene;
  const inForce = await inForceOf(cast, { ruleBook: await ruleBookOf(cast, book) }, epoch);
  const opens = async (bundle: GrantBundle, atS: number): Promise<boolean> => {
    const context = contextOf(cast, inForce, {
      now: accept(atS * 1000),
      hasDoor: (door) => doors.includes(door),
      uses: counts,
    });
    return (await decideGrant(bundle, context)).ok;
  };

  async function tries(who: Somebody, rule: Rule, door: string, atS: number): Promise<string | undefined> {
    const { kind, id } = who.party;
    const times = { iat: atS, nbf: atS, exp: atS + 1 };
    const delivery = kind === 'guest' ? undefined : newId();
    const grant = await signDocument(
      grantForm,
      {
        ...{ iss: 'doorward', aud: cast.hubId, jti: newId(), sub: 'somebody', door, rule: rule.id, entries: 1, epoch },
        ...{ purpose: purposes[kind], cnf: { jkt: who.phone.kid }, ...times, ...(delivery && { delivery }) },
      },
      cast.issuer,
    );
    const assigned = delivery && {
      assignment: await assignmentOf(
        cast,
        { iss: id, door, delivery, cnf: { jkt: who.phone.kid }, ...times },
        who.signs,
      ),
    };
    const bundle = { grant, ...assigned };
    if (await opens(bundle, atS)) return lineOf(kind, id, door, kind === 'guest' ? 'guest' : 'alone');
    const approval = await approvalOf(cast, grant, { door, iat: atS, exp: atS + 1 });
    return (await opens({ ...bundle, approval }, atS)) ? lineOf(kind, id, door, 'asked') : undefined;
  }

  async function approvedAt(atS: number): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { bundle, who, door } of scene.approved) {
      const { approval: _, ...unapproved } = bundle;
      if ((await opens(bundle, atS)) && !(await opens(unapproved, atS))) {
        found.push(lineOf(who.party.kind, who.party.id, door, 'approved'));
      }
    }
    return found;
  }

  const isFor = ({ party }: Somebody, rule: Rule): boolean =>
    party.kind === rule.party.kind && party.id === rule.party.id;

  const collect = async (
    atS: number,
    attempts: readonly (readonly [Somebody, Rule, string])[],
  ): Promise<ReadonlySet<string>> => {
    const lines = new Set(await approvedAt(atS));
    for (const [who, rule, door] of attempts) {
      const line = await tries(who, rule, door, atS);
      if (line !== undefined) lines.add(line);
    }
    return lines;
  };

  return {
    ask: (atS) =>
      collect(
        atS,
        book.rules.flatMap((rule) =>
          everybody.filter((who) => isFor(who, rule)).map((who) => [who, rule, rule.door] as const),
        ),
      ),
    askAll: (atS, all) =>
      collect(
        atS,
        book.rules.flatMap((rule) =>
          all.flatMap((who) => [...new Set([...doors, rule.door])].map((door) => [who, rule, door] as const)),
        ),
      ),
  };
}
