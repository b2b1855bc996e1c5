/**
 * What a visitor may see of a door, and when: the device of a ready grant, while that grant's time runs and its visit is not over; and the
 * device of a task with a planned stop, on its day, until the stop is closed. To everybody else, and before and after, there is nothing.
 */

import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { grantForm } from '../../wire/grant.ts';
import { peek } from '../../wire/jws.ts';
import { startOfDay } from '../../wire/local-day.ts';
import { isOver } from '../delivery/progress.ts';
import type { Parts } from '../parts.ts';
import { wishBookOf, zoneOf } from '../plan/wishes.ts';
import { isPlanned } from '../stop/standing.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { grantOf, type OwnLink } from '../visit/prepare.ts';

export interface ShownHint {
  readonly hint: Row<'door_hint'>;
  /** What it is noted by that the door was found: a guest's grant, or the link of a task. */
  readonly foundBy: string;
  readonly about: { readonly delivery: string } | { readonly guest: string | null };
}

/** What may be looked for now, and where. */
interface Way extends Omit<ShownHint, 'hint'> {
  readonly door: string;
  readonly hub: string;
}

type HintParts = Pick<Parts, 'now' | 'config'>;

/** @returns NOT_FOUND for whatever is not to be seen now */
export async function hintFor(parts: HintParts, tables: Tables, own: OwnLink): Promise<Verdict<ShownHint>> {
  const way = (await wayOfGrant(parts, tables, own)) ?? (await wayOfStop(parts, tables, own));
  if (way === undefined) return refuse('NOT_FOUND');
  const { door, hub, foundBy, about } = way;
  const hint = await tables.hints.find(door);
  return hint === undefined || hint.hub !== hub ? refuse('NOT_FOUND') : accept({ hint, foundBy, about });
}

async function wayOfGrant({ now }: HintParts, tables: Tables, own: OwnLink): Promise<Way | undefined> {
  const grant = await grantOf(tables, own);
  const read = grant?.state === 'ready' ? peek(grantForm, grant.text) : undefined;
  if (grant === undefined || read?.ok !== true) return undefined;
  const { door, nbf, exp } = read.value.claims;
  const nowS = now() / 1000;
  if (nowS < nbf || nowS >= exp || (await isEnded(tables, grant))) return undefined;
  const { hub, jti, guest, delivery } = grant;
  if (delivery === null) return { door, hub, foundBy: jti, about: { guest } };
  return { door, hub, foundBy: own.link, about: { delivery } };
}

/** A stop may need no door to be opened, and has one to be found. */
async function wayOfStop(parts: HintParts, tables: Tables, { link }: OwnLink): Promise<Way | undefined> {
  const task = await tables.tasks.find(link);
  const delivery = task && (await tables.deliveries.find(task.delivery));
  if (delivery === undefined || isOver(delivery.state)) return undefined;
  const attempt = await tables.attempts.find(delivery.id, delivery.attempt);
  const book = await wishBookOf(tables, delivery.home);
  if (attempt === undefined || attempt.state === 'closed' || !isPlanned(delivery, book)) return undefined;
  const at = parts.now();
  if (at < startOfDay(zoneOf(parts, book), attempt.day) || at >= attempt.dies_at) return undefined;
  return { door: delivery.door, hub: delivery.hub, foundBy: link, about: { delivery: delivery.id } };
}

async function isEnded(tables: Tables, { delivery, jti, hub }: Row<'grant_issued'>): Promise<boolean> {
  if (delivery !== null) return isOver((await tables.deliveries.find(delivery))?.state ?? 'cancelled');
  for (const { id } of await tables.visits.ofGrant(jti)) {
    if ((await tables.journals.ofVisit(hub, id)).some(({ kind }) => kind === 'visit.ended')) return true;
  }
  return false;
}
