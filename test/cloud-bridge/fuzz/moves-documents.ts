/** Signed documents, changed and signed again with good keys, so that they reach the checks behind the signature. */
import { approvalForm } from '../../../wire/approval.ts';
import { assignmentForm } from '../../../wire/assignment.ts';
import { hashOf, newId, type SignKey } from '../../../wire/jws.ts';
import { clearanceForm, clockResetForm, ownerChangeForm } from '../../../wire/owner.ts';
import { revocationForm } from '../../../wire/revocation.ts';
import { ruleBookForm } from '../../../wire/rule-book.ts';
import { newEcJwk, newSignKey } from '../support/keys.ts';
import { mutateJson, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import { type HttpAnswer, nowS, type Street, signAnything } from './street.ts';

/** One message. `signedAgain` when it carries a changed document under a good signature. */
export interface Move {
  readonly name: string;
  readonly signedAgain?: boolean;
  play(street: Street, random: Random): Promise<readonly HttpAnswer[]>;
}

interface Kind {
  readonly typ: string;
  claims(street: Street, random: Random): Promise<Record<string, unknown>> | Record<string, unknown>;
  /** Changes that are wrong in just one way. */
  readonly wrong: readonly ((street: Street, random: Random) => Record<string, unknown>)[];
}

const otherHub = `hub-${'z'.repeat(20)}`;
const wrongHub = () => ({ aud: otherHub });
const unknownClaim = () => ({ admin: true });
const base = (street: Street) => ({ aud: street.hub.id, jti: newId(), iat: nowS() });

const kinds: readonly Kind[] = [
  {
    typ: ruleBookForm.typ,
    claims: (street) => ({
      aud: street.hub.id,
      version: street.ruleBookVersion,
      iat: nowS(),
      exp: nowS() + 600,
      rules: [],
    }),
    wrong: [
      wrongHub,
      (_street, random) => ({ version: random.below(1_000) }),
      (street) => ({ version: street.ruleBookVersion + 1, exp: nowS() + 8 * 86_400 }),
      (street) => ({ version: street.ruleBookVersion + 1, iat: nowS() + 600 }),
    ],
  },
  {
    typ: approvalForm.typ,
    claims: (street) => ({ ...base(street), exp: nowS() + 600, door: street.door, grant: hashOf('a grant') }),
    wrong: [wrongHub, () => ({ grant: hashOf('another') })],
  },
  {
    typ: revocationForm.typ,
    claims: (street, random) => ({
      ...base(street),
      ends: random.pick([
        { kind: 'guest', id: random.id(8) },
        { kind: 'visit', id: newId() },
        { kind: 'grant', id: newId() },
      ]),
    }),
    wrong: [wrongHub, () => ({ ends: { kind: 'epoch', epoch: 500 } })],
  },
  {
    typ: ownerChangeForm.typ,
    claims: async (street) => ({
      ...base(street),
      version: 1,
      add: { sign: await newEcJwk(), seal: await newEcJwk() },
    }),
    wrong: [
      wrongHub,
      () => ({ version: 7 }),
      (street) => ({ add: undefined, remove: street.owner.kid }),
      (street) => ({ add: { sign: { ...street.owner.jwk, x: 'A'.repeat(43) }, seal: street.ownerSeal } }),
    ],
  },
  {
    typ: clearanceForm.typ,
    claims: (street, random) => ({ ...base(street), door: street.door, alarm: random.below(1_000) }),
    wrong: [wrongHub],
  },
  {
    typ: clockResetForm.typ,
    claims: (street) => ({ aud: street.hub.id, iat: nowS(), nonce: newId(), mark: nowS() }),
    wrong: [wrongHub],
  },
];

const nameOf = (typ: string): string => typ.replace('+jwt', '');

/** The hub says no to what comes through, so that a harmless change changes nothing for the next message. */
async function put(street: Street, document: unknown, key?: SignKey): Promise<readonly HttpAnswer[]> {
  street.answer = async () => ({ ok: false, code: 'DOCUMENT_TYPE_UNKNOWN' });
  try {
    return [await street.put(document, key)];
  } finally {
    street.answer = undefined;
  }
}

const movesOf = (kind: Kind): Move[] => [
  {
    name: `${nameOf(kind.typ)}: changed anywhere`,
    signedAgain: true,
    play: async (street, random) => {
      const claims = mutateJson(random, await kind.claims(street, random));
      return put(street, await signAnything(street.owner, kind.typ, claims));
    },
  },
  ...[unknownClaim, ...kind.wrong].map(
    (wrong, index): Move => ({
      name: `${nameOf(kind.typ)}: wrong ${index}`,
      signedAgain: true,
      play: async (street, random) => {
        const claims = { ...(await kind.claims(street, random)), ...wrong(street, random) };
        return put(street, await signAnything(street.owner, kind.typ, claims));
      },
    }),
  ),
  {
    name: `${nameOf(kind.typ)}: a stranger`,
    signedAgain: true,
    play: async (street, random) =>
      put(street, await signAnything(street.stranger, kind.typ, await kind.claims(street, random))),
  },
  {
    name: `${nameOf(kind.typ)}: another signature`,
    play: async (street, random) => {
      const parts = (await signAnything(street.owner, kind.typ, await kind.claims(street, random))).split('.');
      return put(street, `${parts[0]}.${parts[1]}.${random.id(86)}`);
    },
  },
];

/** One delivery for all assignments: none of them is taken. */
const assignmentTasks = new WeakMap<Street, Promise<{ delivery: string; token: string }>>();
const assignmentTask = (street: Street) => {
  const known = assignmentTasks.get(street) ?? street.task(street.courier);
  assignmentTasks.set(street, known);
  return known;
};

const wrongAssignments: readonly ((street: Street) => Record<string, unknown>)[] = [
  unknownClaim,
  wrongHub,
  () => ({ door: `door-${'z'.repeat(20)}` }),
  () => ({ delivery: newId() }),
  () => ({ cnf: { jkt: hashOf('another') } }),
  () => ({ exp: nowS() - 10 }),
  () => ({ iss: 'carrier-else' }),
];

async function assign(
  street: Street,
  change: (claims: Record<string, unknown>) => unknown,
  key = street.carrierKey,
): Promise<readonly HttpAnswer[]> {
  const { delivery } = await assignmentTask(street);
  const claims = {
    iss: street.carrier,
    ...base(street),
    nbf: nowS() - 60,
    exp: nowS() + 600,
    delivery,
    door: street.door,
    cnf: { jkt: street.courier.kid },
  };
  const assignment = await signAnything(key, assignmentForm.typ, change(claims));
  return [await street.bearer(street.carrierToken, 'POST', `/v1/deliveries/${delivery}/assignment`, { assignment })];
}

const assignmentMoves: readonly Move[] = [
  {
    name: 'assignment: changed anywhere',
    signedAgain: true,
    play: (street, random) => assign(street, (claims) => mutateJson(random, claims)),
  },
  ...wrongAssignments.map(
    (wrong, index): Move => ({
      name: `assignment: wrong ${index}`,
      signedAgain: true,
      play: (street) => assign(street, (claims) => ({ ...claims, ...wrong(street) })),
    }),
  ),
  {
    name: 'assignment: another key',
    signedAgain: true,
    play: (street) => assign(street, (claims) => claims, street.stranger),
  },
];

/** An approval of a grant that is really waiting, wrong in its time or its door. */
const grants = new WeakMap<Street, Promise<string>>();
async function waitingGrant(street: Street): Promise<string> {
  const task = await street.task(await newSignKey('ES256'));
  const { device } = (await street.bearer(street.carrierToken, 'GET', `/v1/deliveries/${task.delivery}`)).body;
  const claims = {
    iss: street.carrier,
    ...base(street),
    nbf: nowS() - 60,
    exp: nowS() + 600,
    delivery: task.delivery,
    door: street.door,
    cnf: { jkt: device.jkt },
  };
  const assignment = await signAnything(street.carrierKey, assignmentForm.typ, claims);
  await street.bearer(street.carrierToken, 'POST', `/v1/deliveries/${task.delivery}/assignment`, { assignment });
  const waiting = (await street.as(street.owner, 'GET', `${street.home}/grants?waiting=true`)).body.grants;
  return waiting.find((one: { delivery: string }) => one.delivery === task.delivery).grant;
}

const approvalMoves: readonly Move[] = [
  { name: 'approval: early', change: { iat: nowS() + 100_000 } },
  { name: 'approval: late', change: { exp: nowS() - 10 } },
  { name: 'approval: another door', change: { door: `door-${'z'.repeat(20)}` } },
].map(
  ({ name, change }): Move => ({
    name,
    signedAgain: true,
    play: async (street) => {
      const known = grants.get(street) ?? waitingGrant(street);
      grants.set(street, known);
      const claims = { ...base(street), exp: nowS() + 600, door: street.door, grant: hashOf(await known), ...change };
      return put(street, await signAnything(street.owner, approvalForm.typ, claims));
    },
  }),
);

const otherMoves: readonly Move[] = [
  {
    name: 'document: a type that nobody knows',
    signedAgain: true,
    play: async (street, random) =>
      put(
        street,
        await signAnything(street.owner, random.pick(['JWT', 'toString', 'grant+jwt', '']), { aud: street.hub.id }),
      ),
  },
  {
    name: 'document: no document',
    play: async (street, random) => put(street, mutateText(random, 'this.is.nodocument.at.all')),
  },
  {
    name: 'document: a text changed anywhere',
    play: async (street, random) => {
      const kind = random.pick(kinds);
      return put(
        street,
        mutateText(random, await signAnything(street.owner, kind.typ, await kind.claims(street, random))),
      );
    },
  },
];

export const documentMoves: readonly Move[] = [
  ...kinds.flatMap(movesOf),
  ...assignmentMoves,
  ...approvalMoves,
  ...otherMoves,
];
