/**
 * What a visitor may see of a door, and when: the device that a ready grant is bound to, while that grant's time runs and its visit is not over. To
 * everybody else, and before and after, there is nothing.
 */

import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { grantForm } from '../../wire/grant.ts';
import { peek } from '../../wire/jws.ts';
import { isOver } from '../delivery/progress.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { grantOf, type OwnLink } from '../visit/prepare.ts';

export interface ShownHint {
  readonly hint: Row<'door_hint'>;
  readonly grant: Row<'grant_issued'>;
}

/** @returns NOT_FOUND for whatever is not to be seen now */
export async function hintFor({ now }: Pick<Parts, 'now'>, tables: Tables, own: OwnLink): Promise<Verdict<ShownHint>> {
  const grant = await grantOf(tables, own);
  const read = grant?.state === 'ready' ? peek(grantForm, grant.text) : undefined;
  if (grant === undefined || read?.ok !== true) return refuse('NOT_FOUND');
  const { door, nbf, exp } = read.value.claims;
  const nowS = now() / 1000;
  if (nowS < nbf || nowS >= exp || (await isEnded(tables, grant))) return refuse('NOT_FOUND');
  const hint = await tables.hints.find(door);
  return hint === undefined || hint.hub !== grant.hub ? refuse('NOT_FOUND') : accept({ hint, grant });
}

async function isEnded(tables: Tables, { delivery, jti, hub }: Row<'grant_issued'>): Promise<boolean> {
  if (delivery !== null) return isOver((await tables.deliveries.find(delivery))?.state ?? 'cancelled');
  for (const { id } of await tables.visits.ofGrant(jti)) {
    if ((await tables.journals.ofVisit(hub, id)).some(({ kind }) => kind === 'visit.ended')) return true;
  }
  return false;
}
