/** Which keypad codes are for those who are forced to open (T46), and which owner devices must not show that one was used. */
import * as v from 'valibot';
import { thumbprintOf } from '../../wire/jws.ts';
import { Duress } from '../../wire/lock-order.ts';
import type { OwnerDevice } from '../../wire/owner-device.ts';
import type { TrustStore } from '../journal/journal.ts';

const Marked = v.record(v.string(), Duress);
type Marked = v.InferOutput<typeof Marked>;

/** The owner devices at a door with such codes: whose eyes see an alarm, and whose see only that a code was used. Thumbprints of seal keys. */
export interface Sides {
  readonly told: readonly string[];
  readonly spared: readonly string[];
}

export interface DuressCodes {
  /** @throws Fault JOURNAL_UNAVAILABLE; it is not marked then */
  mark(door: string, code: number, duress: Duress): void;
  /** @throws Fault JOURNAL_UNAVAILABLE */
  unmark(door: string, code: number): void;
  /** Thumbprints of the devices that are not told when this code is used; undefined for an ordinary code. */
  notFor(door: string, code: number): readonly string[] | undefined;
  /** Undefined at a door without such codes. */
  sides(door: string): Sides | undefined;
  /** Is there a device that would be told? */
  isHeard(duress: Duress): boolean;
}

export function duressCodes(
  store: Pick<TrustStore, 'document' | 'keepDocument'>,
  devices: () => readonly OwnerDevice[],
): DuressCodes {
  const read = (door: string): Marked => {
    const text = store.document(`duress:${door}`);
    const parsed = v.safeParse(Marked, text === undefined ? {} : JSON.parse(text));
    return parsed.success ? parsed.output : {};
  };
  const write = (door: string, marked: Marked): void => store.keepDocument(`duress:${door}`, JSON.stringify(marked));
  return {
    mark: (door, code, duress) => write(door, { ...read(door), [code]: duress }),
    unmark: (door, code) => {
      const { [code]: gone, ...rest } = read(door);
      if (gone !== undefined) write(door, rest);
    },
    notFor: (door, code) => read(door)[code]?.notFor,
    sides: (door) => {
      const marks = Object.values(read(door));
      if (marks.length === 0) return undefined;
      const spared = new Set(marks.flatMap(({ notFor }) => notFor));
      const isSpared = ({ sign }: OwnerDevice): boolean => spared.has(thumbprintOf(sign));
      const sealsOf = (some: readonly OwnerDevice[]): string[] => some.map(({ seal }) => thumbprintOf(seal));
      return {
        told: sealsOf(devices().filter((one) => !isSpared(one))),
        spared: sealsOf(devices().filter(isSpared)),
      };
    },
    isHeard: ({ notFor }) => devices().some(({ sign }) => !notFor.includes(thumbprintOf(sign))),
  };
}
