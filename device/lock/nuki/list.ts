/** A whole list of the lock, read in pages. */
import { Fault, type Verdict } from '../../../wire/faults.ts';
import { FieldReader, join, u16 } from './fields.ts';
import type { Guarded, Page } from './guarded.ts';

/** So few that who waits for a page, as a command of the household, does not wait long: about 1 s without an MTU exchange. */
export const pageEntries = 5;
const attempts = 3;

/** What a list consists of. */
export interface ListOf<T> {
  /** Numbers of its messages. */
  readonly request: number;
  readonly count: number;
  readonly entry: number;
  readonly decode: (payload: Uint8Array) => Verdict<T>;
}

/**
 * Reads every entry once, by its id. Begins anew when the number of entries changes meanwhile: one that is removed moves the others.
 * @throws Fault as `Guarded`; LOCK_REFUSED when it changes each time, or an entry cannot be read
 */
export async function readList<T extends { readonly id: number }>(
  guarded: Guarded,
  { request, decode, ...names }: ListOf<T>,
): Promise<readonly T[]> {
  const page = (offset: number): Promise<Page> =>
    guarded.page({ command: request, body: join(u16(offset), u16(pageEntries)), needs: 'pin' }, names);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = new Map<number, T>();
    let total: number | undefined;
    for (let offset = 0; ; ) {
      const { count, entries } = await page(offset);
      const said = count && new FieldReader(count).u16();
      if (offset > 0 && said !== total) break;
      total = said;
      offset += entries.length;
      const before = found.size;
      for (const one of entries.map(decode)) {
        if (!one.ok) throw new Fault('LOCK_REFUSED', { why: one.code });
        found.set(one.value.id, one.value);
      }
      const isAll = total === undefined ? entries.length < pageEntries : offset >= total;
      if (isAll || found.size === before) return [...found.values()];
    }
  }
  throw new Fault('LOCK_REFUSED', { why: 'the list changes' });
}
