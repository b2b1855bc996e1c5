/** Neighbours whom the owner has named, and has not taken back. */
import { isRevoked } from '../code/receivers.ts';
import type { Tables } from '../store/store.ts';

/** @param delivery  those who were named for it alone are among them; left out: only those who receive whatever comes */
export async function neighboursOf(
  tables: Pick<Tables, 'holders'>,
  home: string,
  delivery: string | undefined,
  at: number,
): Promise<ReadonlySet<string>> {
  const named = await tables.holders.ofHome(home);
  const living = named.filter((one) => one.kind === 'neighbour' && !isRevoked(one, at));
  return new Set(living.filter((one) => one.delivery === null || one.delivery === delivery).map(({ id }) => id));
}
