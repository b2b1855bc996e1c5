/** What a receipt says of a stop: from what was done and seen, and from nobody's word. Pure. */
import * as v from 'valibot';
import { hashOf, newId } from '../../wire/jws.ts';
import type { Place, Plan } from '../../wire/plan.ts';
import type { ReceiptClaims } from '../../wire/receipt.ts';
import type { HomePosition, Presence, StopActClaims, StopEnd } from '../../wire/stop.ts';
import type { StopReceiptClaims, unproven } from '../../wire/stop-receipt.ts';
import { goodProofs } from '../delivery/progress.ts';
import { metresBetween } from '../stop/place.ts';
import type { Row } from '../store/schema.ts';

export interface StopFacts {
  readonly delivery: Row<'delivery'>;
  readonly attempt: Row<'attempt'>;
  readonly plan: Plan;
  /** In order. */
  readonly acts: readonly Row<'stop_act'>[];
  /** What the holder who received is to the home. */
  readonly holderKind: string | undefined;
  /** The hub's receipt of a visit in this attempt. */
  readonly visit: { readonly text: string; readonly claims: ReceiptClaims } | undefined;
  readonly hub: { readonly id: string; readonly kid: string };
  readonly home: HomePosition | undefined;
  /** ms */
  readonly now: number;
}

type Claims = Omit<StopReceiptClaims, 'iss'>;

/** As many as a receipt names: the last ones. */
const maxActs = 32;

export const signedActs = (acts: readonly Row<'stop_act'>[]): readonly Row<'stop_act'>[] =>
  acts.filter(({ jti }) => jti !== null).slice(-maxActs);

const claimsOf = (row: Row<'stop_act'>): StopActClaims =>
  JSON.parse(Buffer.from(row.text.split('.')[1] ?? '', 'base64url').toString('utf8')) as StopActClaims;

const lastOf = <A extends StopActClaims['act']>(
  acts: readonly Row<'stop_act'>[],
  act: A,
): Extract<StopActClaims, { act: A }> | undefined => {
  const row = signedActs(acts).findLast(({ kind, refused }) => kind === act && refused === null);
  return row && (claimsOf(row) as Extract<StopActClaims, { act: A }>);
};

const holderKinds = ['account', 'household', 'neighbour', 'gift', 'reception'] as const;
const isRight = ({ kind, text }: Row<'stop_act'>): boolean =>
  kind === 'compared' && (JSON.parse(text) as { is?: unknown }).is === 'right';

function receiverOf({ acts, attempt, holderKind }: StopFacts): Claims['receiver'] {
  const wrongEntries = attempt.tries;
  if (attempt.how !== 'handed-over') return { proven: 'nobody', wrongEntries };
  if (!acts.some(isRight)) return { proven: 'recipient-device', wrongEntries };
  const typedBy = lastOf(acts, 'hand-over')?.typedBy;
  const holder = holderKinds.find((kind) => kind === holderKind);
  return {
    proven: 'code-holder',
    ...(holder === undefined ? {} : { holder }),
    ...(typedBy === undefined ? {} : { typedBy }),
    wrongEntries,
  };
}

function placeOf({ attempt, acts, plan, visit, holderKind }: StopFacts): Place | undefined {
  switch (attempt.how as StopEnd) {
    case 'handed-over':
      return holderKind === 'neighbour' ? 'neighbour' : 'in-person';
    case 'put':
      return lastOf(acts, 'put')?.place;
    case 'inside':
      return plan.find((one) => 'door' in one && one.door === visit?.claims.door)?.place ?? 'inside';
    case 'picked-up-later':
      return 'pick-up';
    default:
      return undefined;
  }
}

function metresOf({ acts, home }: StopFacts): number | undefined {
  const position = lastOf(acts, 'arrive')?.position;
  return position === undefined || home === undefined ? undefined : Math.round(metresBetween(position, home));
}

/** Said by name, so that nobody reads more into a receipt than it holds. */
function notProven(facts: StopFacts, claims: Pick<Claims, 'receiver' | 'handover'>): (typeof unproven)[number][] {
  const { visit } = facts;
  const isAtDoor = claims.handover.presence === 'felt' || claims.handover.presence === 'heard';
  const isSecured = visit !== undefined && goodProofs.has(visit.claims.proof);
  const lacks: Readonly<Record<(typeof unproven)[number], boolean>> = {
    receiver: claims.receiver.proven === 'nobody',
    place: !isAtDoor && visit === undefined && claims.handover.photo === undefined,
    presence: !isAtDoor && visit === undefined,
    ring: claims.handover.rangAt === undefined,
    wait: claims.handover.rangAt === undefined,
    photo: claims.handover.photo === undefined,
    door: !isSecured,
    contents: true,
    condition: true,
  };
  return (Object.keys(lacks) as (typeof unproven)[number][]).filter((what) => lacks[what]);
}

export function receiptClaims(facts: StopFacts): Claims {
  const { delivery, attempt, acts, visit, hub, now } = facts;
  const place = placeOf(facts);
  const metres = metresOf(facts);
  const photo = lastOf(acts, 'put')?.photo;
  const left = attempt.how === 'left' ? lastOf(acts, 'leave')?.reason : undefined;
  const jkt = signedActs(acts).at(-1)?.jkt ?? visit?.claims.jkt;
  const maybe = <K extends string>(name: K, value: number | null | undefined) =>
    value === null || value === undefined ? {} : { [name]: value };
  const handover: Claims['handover'] = {
    ...(jkt === undefined ? {} : { jkt }),
    presence: attempt.presence as Presence,
    ...maybe('arrivedAt', attempt.arrived_at ?? visit?.claims.arrivedAt),
    ...maybe('rangAt', attempt.rang_at),
    endedAt: attempt.closed_at ?? now,
    ...maybe('metres', metres),
    ...(photo === undefined ? {} : { photo }),
  };
  const receiver = receiverOf(facts);
  return {
    ...{ jti: newId(), iat: Math.floor(now / 1000), hub: hub.id, hubKey: hub.kid, carrier: delivery.carrier },
    ...{ delivery: delivery.id, door: delivery.door, attempt: attempt.number, day: attempt.day },
    end: v.parse(v.string(), attempt.how) as StopEnd,
    ...(left === undefined ? {} : { left }),
    ...(place === undefined ? {} : { place }),
    ...{ receiver, handover },
    ...(visit === undefined
      ? {}
      : { visit: { id: visit.claims.visit, receipt: hashOf(visit.text), proof: visit.claims.proof } }),
    acts: signedActs(acts).map(({ text }) => hashOf(text)),
    contents: 'not-checked',
    notProven: notProven(facts, { receiver, handover }),
  };
}
