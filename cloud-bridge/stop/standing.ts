/** How a stop stands, read from what is stored. */
import * as v from 'valibot';
import type { Plan } from '../../wire/plan.ts';
import { type Presence, type StopEnd, stopActs } from '../../wire/stop.ts';
import { purposeOf } from '../delivery/purpose.ts';
import type { Parts } from '../parts.ts';
import { whyNoPhotos } from '../photo/wanted.ts';
import { deliveryWishesOf, planOf, type StoredWishes, wishBookOf, zoneOf } from '../plan/wishes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { Stop, Terms } from './state.ts';
import { step } from './step.ts';

export interface Standing {
  readonly delivery: Row<'delivery'>;
  readonly attempt: Row<'attempt'>;
  readonly stop: Stop;
  readonly terms: Terms;
  /** What was done so far, in order. */
  readonly acts: readonly Row<'stop_act'>[];
  /** False: nobody has wished anything for it. It goes as deliveries went before there were plans, and needs no ring. */
  readonly isPlanned: boolean;
  /** After the ring, ms. */
  readonly waitMs: number;
  /** The home's own. */
  readonly zone: string;
}

/** Has the owner, or the carrier, said anything of how this one is to be handed over? Of a service visit there is nothing to hand over. */
export const isPlanned = (delivery: Row<'delivery'>, { wishes }: Pick<StoredWishes, 'wishes'>): boolean =>
  purposeOf(delivery) === 'delivery' && (wishes !== undefined || delivery.can !== null || delivery.wishes !== null);

const AtDoor = v.object({ door: v.string(), isProven: v.optional(v.boolean()) });

/** What the notes of the hub's part add up to. */
function doorsOf(acts: readonly Row<'stop_act'>[]): Pick<Stop, 'inside' | 'tried'> {
  let inside: string | undefined;
  const tried = new Set<string>();
  for (const { kind, text } of acts) {
    if (kind !== 'visit.begun' && kind !== 'visit.ended' && kind !== 'door.failed') continue;
    const { door, isProven } = v.parse(AtDoor, JSON.parse(text));
    if (kind === 'visit.begun') inside = door;
    else if (kind === 'visit.ended' && inside === door) inside = undefined;
    if (kind === 'door.failed' || isProven === false) tried.add(door);
  }
  return { inside, tried: [...tried].sort() };
}

function toStop(attempt: Row<'attempt'>, acts: readonly Row<'stop_act'>[]): Stop {
  return {
    at: attempt.state as Stop['at'],
    device: attempt.jkt ?? undefined,
    presence: attempt.presence as Presence,
    rung: attempt.rang_at === null ? 'no' : 'waiting',
    named: attempt.named ?? undefined,
    comparing: undefined,
    wrong: attempt.tries,
    ...doorsOf(acts),
    end: (attempt.how ?? undefined) as StopEnd | undefined,
  };
}

/** @returns undefined for deliveries of before there were attempts */
export async function readStanding(
  parts: Pick<Parts, 'now' | 'config'>,
  tables: Tables,
  delivery: Row<'delivery'>,
): Promise<Standing | undefined> {
  const attempt = await tables.attempts.find(delivery.id, delivery.attempt);
  if (attempt === undefined) return undefined;
  const [acts, book, task] = [
    await tables.stops.acts(delivery.id, attempt.number),
    await wishBookOf(tables, delivery.home),
    await tables.tasks.living(delivery.id),
  ];
  const plan: Plan = planOf(delivery);
  const zone = zoneOf(parts, book);
  const { photosOffIn } = parts.config;
  const noPhotos = whyNoPhotos({ wishes: book.wishes, forThisOne: deliveryWishesOf(delivery), zone, photosOffIn });
  const terms: Terms = { plan, photos: noPhotos === undefined, device: task?.jkt ?? undefined };
  const waitMs = 1000 * (book.wishes?.waitSeconds ?? parts.config.waitSeconds);
  const stored = toStop(attempt, acts);
  const isOver = attempt.rang_at !== null && parts.now() >= attempt.rang_at + waitMs;
  const stop = isOver ? step(stored, { on: 'waited' }, terms).next : stored;
  return { delivery, attempt, stop, terms, acts, isPlanned: isPlanned(delivery, book), waitMs, zone };
}

const actNames: ReadonlySet<string> = new Set(stopActs);
/** Was it signed by a courier's device? */
export const isAct = ({ kind }: Row<'stop_act'>): boolean => actNames.has(kind);
