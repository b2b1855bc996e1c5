/** Does one order at a lock that keeps codes and users of its own. It judges nothing: `lock-orders.ts` does. */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import {
  type ListedCode,
  type ListedUser,
  type LockOrder,
  LockResult,
  type LockTimes,
  maxListed,
  type NewCode,
  type NewUser,
} from '../../wire/lock-order.ts';
import type { AccessTimes, LockAdministration, LockCode, LockUser } from '../lock/administration.ts';
import { shownName } from './shown-name.ts';

/** What is ordered, with what was sealed in it opened. */
export type OpenOrder =
  | Exclude<LockOrder, { sealed: string }>
  | { readonly do: 'codes.add'; readonly asked: NewCode }
  | { readonly do: 'users.add'; readonly asked: NewUser };

/** @throws Fault as `LockAdministration` */
export async function doLockOrder(order: OpenOrder, lock: LockAdministration): Promise<LockResult> {
  switch (order.do) {
    case 'codes.list': {
      const { page, more } = pageOf(await lock.codes(), order.after);
      return readable({ did: order.do, codes: page.map(toListedCode), more });
    }
    case 'users.list': {
      const { page, more } = pageOf(await lock.users(), order.after);
      return readable({ did: order.do, users: page.map(toListedUser), more });
    }
    case 'codes.add': {
      const { digits, name, times } = order.asked;
      const { id } = await lock.addCode({ digits, name, ...(times === undefined ? {} : { times }) });
      return { did: order.do, id };
    }
    case 'users.add': {
      const { name, kind, mayActFromAfar, times } = order.asked;
      const asked = { name, kind, mayActFromAfar, ...(times === undefined ? {} : { times }) };
      const { id, key } = await lock.addUser(asked);
      // A shorter one would be a lock that made no key: nobody is handed half a secret.
      if (key.length !== 32) throw new Fault('LOCK_REFUSED', { why: 'key' });
      return { did: order.do, id, key: Buffer.from(key).toString('base64url') };
    }
    case 'codes.remove':
      await lock.removeCode(order.id);
      return { did: order.do };
    case 'users.remove':
      await lock.removeUser(order.id);
      return { did: order.do };
  }
}

/** A lock that lists what is none of its own possible entries is refused by name. */
function readable(list: LockResult): LockResult {
  if (!v.is(LockResult, list)) throw new Fault('LOCK_REFUSED', { why: 'list' });
  return list;
}

/** Entries in the order of their numbers, so that pages fit together whatever the lock's own order is. */
function pageOf<T extends { readonly id: number }>(
  all: readonly T[],
  after = -1,
): { readonly page: readonly T[]; readonly more: boolean } {
  const rest = all.filter(({ id }) => id > after).sort((a, b) => a.id - b.id);
  return { page: rest.slice(0, maxListed), more: rest.length > maxListed };
}

const toListedTimes = ({ fromS, untilS, weekdays, fromMinute, untilMinute }: AccessTimes): LockTimes => ({
  ...{ fromS, untilS, fromMinute, untilMinute },
  weekdays: [...weekdays],
});

function toListedCode({ id, name, enabled, createdS, lastUsedS, uses, times }: LockCode): ListedCode {
  return {
    ...{ id, name: shownName(name), enabled, uses },
    ...(createdS === undefined ? {} : { createdS }),
    ...(lastUsedS === undefined ? {} : { lastUsedS }),
    ...(times === undefined ? {} : { times: toListedTimes(times) }),
  };
}

const toListedUser = (user: LockUser): ListedUser => ({
  ...toListedCode(user),
  kind: user.kind,
  isHub: user.isHub,
  mayActFromAfar: user.mayActFromAfar,
});
