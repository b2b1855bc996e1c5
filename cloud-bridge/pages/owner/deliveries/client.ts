/** Plans of deliveries, standing wishes and the people who may receive, as the cloud keeps them. */
import * as v from 'valibot';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import { HolderView, type HolderWish } from '../../../../wire/holder.ts';
import { type DeliveryWishes, PlanView, WishBook, type Wishes } from '../../../../wire/plan.ts';
import type { Place } from '../home/course.ts';

type At = Pick<Place, 'api' | 'path'>;
const pathOf = ({ path }: At, delivery: string): string => `${path}/deliveries/${delivery}`;

export const readPlan = (at: At, delivery: string): Promise<Verdict<PlanView>> =>
  at.api.call({ method: 'GET', path: `${pathOf(at, delivery)}/plan` }, PlanView);

/** Takes the place of what was set for this delivery before. */
export const changePlan = (at: At, delivery: string, body: DeliveryWishes): Promise<Verdict<PlanView>> =>
  at.api.call({ method: 'PUT', path: `${pathOf(at, delivery)}/plan`, body }, PlanView);

/** Nobody here has ordered it. */
export const block = (at: At, delivery: string): Promise<Verdict<unknown>> =>
  at.api.call({ method: 'POST', path: `${pathOf(at, delivery)}/not-mine`, body: {} }, v.unknown());

export const readWishes = (at: At): Promise<Verdict<WishBook>> =>
  at.api.call({ method: 'GET', path: `${at.path}/wishes` }, WishBook);

/** @param version  one above the version that was read */
export const putWishes = (at: At, version: number, wishes: Wishes): Promise<Verdict<unknown>> =>
  at.api.call({ method: 'PUT', path: `${at.path}/wishes`, body: { version, wishes } }, v.unknown());

const Holders = v.object({ holders: v.array(HolderView) });
const Named = v.object({ holders: v.array(v.string()) });

/** Neighbours who may receive whatever comes, in the order in which they were named. */
export async function readNeighbours(at: At): Promise<Verdict<readonly HolderView[]>> {
  const read = await at.api.call({ method: 'GET', path: `${at.path}/holders` }, Holders);
  if (!read.ok) return read;
  const isNeighbour = ({ kind, revoked, delivery }: HolderView): boolean =>
    kind === 'neighbour' && revoked === undefined && delivery === undefined;
  return accept(read.value.holders.filter(isNeighbour));
}

/** @returns the new holder's id */
export async function nameNeighbour(at: At, wish: Omit<HolderWish, 'kind'>): Promise<Verdict<string>> {
  const body = { holders: [{ kind: 'neighbour', ...wish }] };
  const named = await at.api.call({ method: 'POST', path: `${at.path}/holders`, body }, Named);
  return named.ok ? accept(named.value.holders[0] ?? '') : named;
}
