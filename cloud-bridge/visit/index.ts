/** Which hub a visit happens at, in memory in front of the store: the way of a knock must not wait for a disk. */
import type { Row } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

export interface VisitIndex {
  find(visit: string): Promise<Row<'visit'> | undefined>;
  remember(visit: Row<'visit'>): void;
}

const maxRemembered = 10_000;

export function visitIndexOn(store: Pick<Store, 'read'>): VisitIndex {
  const known = new Map<string, Row<'visit'>>();
  const remember = (visit: Row<'visit'>): void => {
    if (known.size >= maxRemembered) known.delete(known.keys().next().value!);
    known.set(visit.id, visit);
  };
  return {
    remember,
    find: async (id) => {
      const cached = known.get(id);
      if (cached !== undefined) return cached;
      const visit = await store.read.visits.find(id);
      if (visit !== undefined) remember(visit);
      return visit;
    },
  };
}
