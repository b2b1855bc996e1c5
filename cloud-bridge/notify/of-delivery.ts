/** What is told of a delivery, or of the visit that a service company has announced: steps, ends, and what stands beside them. */
import * as v from 'valibot';
import { DoorFacts } from '../../wire/enrolment.ts';
import type { StopEnd } from '../../wire/stop.ts';
import { isOver } from '../delivery/progress.ts';
import { purposeOf } from '../delivery/purpose.ts';
import { notMine } from '../plan/not-mine.ts';
import { parcelOf, planOf, wishBookOf } from '../plan/wishes.ts';
import { triedAgain } from '../stop/state.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { kindRow, type NoticeKind } from './kinds.ts';
import type { Act, Said } from './said.ts';
import type { TextKey, TitleKey } from './words.ts';

const deliveredTexts: Readonly<Record<string, TextKey>> = {
  secured: 'deliveredSecured',
  locked: 'deliveredLocked',
  closed: 'deliveredClosed',
};
const failedTexts: Readonly<Record<string, TextKey>> = {
  untouched: 'failedUntouched',
  secured: 'failedSecured',
  locked: 'failedSecured',
  closed: 'failedClosed',
};
/** Delivered without a door, by what it is proven. */
const handedTexts: Readonly<Record<string, TextKey>> = {
  code: 'handedCode',
  recipient: 'handedSaid',
  photo: 'putDown',
  position: 'putDown',
};
/** How the last attempt of a stop came to nothing. */
const stopTexts: Readonly<Record<string, TextKey>> = {
  left: 'triedEnough',
  'tries-used': 'triedEnough',
  'day-over': 'triedEnough',
};

/** State of a delivery -> what is told of it. Any state that closes it is (S064). */
export function stateOf(state: string, proof = '', outcome = ''): { kind: NoticeKind; text?: TextKey } | undefined {
  switch (state) {
    case 'granted':
      return { kind: 'granted' };
    case 'at-door':
      return { kind: 'atDoor' };
    case 'in-progress':
      return { kind: 'inside' };
    case 'delivered':
      return { kind: 'delivered', text: handedTexts[proof] ?? deliveredTexts[proof] ?? 'deliveredClosed' };
    case 'failed':
      return { kind: 'failed', text: stopTexts[outcome] ?? failedTexts[proof] ?? 'failedUnsecured' };
    // An attempt came to nothing, and there is a next one.
    case 'announced':
      return triedAgain.has(outcome as StopEnd) ? { kind: 'failed', text: 'triedAgain' } : undefined;
    case 'cancelled':
      return outcome === notMine ? { kind: 'cancelled', text: 'blocked' } : { kind: 'cancelled' };
    default:
      return undefined;
  }
}

/** Whoever comes to work brings nothing: what is said instead (S094). */
const visitTexts: Readonly<Partial<Record<TextKey, TextKey>>> = {
  planned: 'visitPlanned',
  onTheWay: 'visitOnTheWay',
  atDoor: 'guestAtDoor',
  inside: 'visitInside',
  deliveredSecured: 'overSecured',
  deliveredLocked: 'overSecured',
  deliveredClosed: 'overClosed',
  failedUntouched: 'visitUntouched',
  failedSecured: 'visitFailedSecured',
  failedClosed: 'visitFailedClosed',
  failedUnsecured: 'overUnsecured',
  cancelled: 'visitCancelled',
  blocked: 'visitBlocked',
  oddDelivery: 'visitOdd',
  approvalWanted: 'approvalGuest',
  granted: 'visitGranted',
};

/** A garage is no front door, and work is no parcel. */
async function titleOf(
  tables: Tables,
  delivery: Row<'delivery'>,
  kind: NoticeKind,
): Promise<{ readonly title?: TitleKey }> {
  const door = await tables.hubs.doors.find(delivery.door);
  const known = v.safeParse(DoorFacts, door === undefined ? undefined : JSON.parse(door.facts));
  if (known.success && known.output.kind === 'barrier') return { title: 'garage' };
  const isVisit = purposeOf(delivery) === 'service' && kindRow(kind).title === 'parcel';
  return isVisit ? { title: 'visit' } : {};
}

/** What stands of a delivery beside the text. */
async function facts(tables: Tables, delivery: Row<'delivery'>): Promise<Said> {
  const carrier = await tables.parties.find(delivery.carrier);
  const { goods, sender } = parcelOf(delivery) ?? {};
  return {
    ...(carrier === undefined ? {} : { carrier: carrier.name }),
    ...(goods === undefined ? {} : { goods }),
    ...(sender === undefined ? {} : { sender }),
  };
}

export async function ofDelivery(tables: Tables, id: string, kind: NoticeKind, says: Said): Promise<readonly Act[]> {
  const delivery = await tables.deliveries.find(id);
  if (delivery === undefined) return [];
  // A hub that was away tells late: what is over needs no steps any more.
  if ((kind === 'atDoor' || kind === 'inside') && isOver(delivery.state)) return [];
  const said = { ...(await facts(tables, delivery)), ...(await titleOf(tables, delivery, kind)), ...says };
  const text = says.text ?? kindRow(kind).text;
  const ofVisit = purposeOf(delivery) === 'service' && text !== undefined ? visitTexts[text] : undefined;
  const all = ofVisit === undefined ? said : { ...said, text: ofVisit };
  return [{ do: 'tell', kind, about: `delivery:${id}`, says: all }];
}

/** A code will be needed, and when it comes (S020, S021). */
export async function plannedText(tables: Tables, id: string): Promise<TextKey> {
  const delivery = await tables.deliveries.find(id);
  const isAsked = delivery !== undefined && planOf(delivery).some((step) => step.place === 'in-person' && step.code);
  if (!isAsked) return 'planned';
  const { wishes } = await wishBookOf(tables, delivery.home);
  return wishes?.showCode === 'on-arrival' ? 'plannedLateCode' : 'plannedCode';
}
