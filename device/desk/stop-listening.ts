/**
 * Listens at the keypads of doors while couriers are there: somebody was felt, or the number that one courier alone was shown was heard.
 * Nothing opens by it. What is typed is compared key by key and kept nowhere (R1).
 */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { RequestBody } from '../../wire/messages.ts';
import type { Clock } from '../clock/clock.ts';
import type { Draft } from '../journal/journal.ts';
import type { Keypad } from '../lock/osdp/keypad.ts';

export interface StopListeningParts {
  /** The doors of this hub, each with its keypad where it has one. */
  readonly doors: ReadonlyMap<
    string,
    { readonly installed: { readonly keypad?: Keypad }; readonly hasDoorstep?: boolean }
  >;
  readonly clock: Clock;
  readonly note: (kind: Draft['kind'], body: Draft['body'], door: string) => void;
}

type Expected = Omit<Extract<RequestBody, { op: 'stop.expect' }>, 'op'>;

export interface StopListening {
  /** Is this stop listened for now, or only known of at a door without a keypad? */
  knows(stop: Pick<Expected, 'delivery' | 'attempt' | 'door'>): boolean;
  /** A later word about the same attempt takes the place of the one before. @returns DOOR_UNKNOWN, LOCK_CAPABILITY_MISSING, MESSAGE_EXPIRED */
  expect(expected: Expected): Promise<Verdict<Record<string, unknown>>>;
  close(): void;
}

/** One stop that is listened for. */
interface Awaited extends Expected {
  /** How many digits of the number the last keys were, for each place in them where it may have begun. */
  begun: readonly number[];
  /** Keys that are still compared: guessing ends here. */
  keysLeft: number;
  lastMs: number;
  felt: boolean;
  heard: boolean;
  readonly forget: () => void;
}

const longestMs = 15 * 60_000;
const maxAtDoor = 8;
/** About ten times the number. */
const maxKeys = 40;
/** After a pause of this length the number begins anew, ms. */
const pauseMs = 10_000;

export function stopListening({ doors, clock, note }: StopListeningParts): StopListening {
  /** In the order in which they were asked for. */
  const awaited = new Map<string, Awaited>();
  /** Door -> ends the listening there: where nobody is expected, nobody listens. */
  const ears = new Map<string, () => void>();

  const atDoor = (door: string): Awaited[] => [...awaited.values()].filter((one) => one.door === door);

  const onKeys = (door: string, keys: string): void => {
    for (const one of atDoor(door)) {
      const { delivery, attempt } = one;
      if (one.heard) continue;
      if (isNumberIn(one, keys, clock.monotonic())) {
        one.heard = true;
        note('stop.heard', { delivery, attempt }, door);
      } else if (!one.felt) {
        one.felt = true;
        note('stop.felt', { delivery, attempt }, door);
      }
    }
  };

  const drop = (key: string): void => {
    const one = awaited.get(key);
    if (one === undefined) return;
    one.forget();
    awaited.delete(key);
    if (atDoor(one.door).length > 0) return;
    ears.get(one.door)?.();
    ears.delete(one.door);
  };

  return {
    knows: ({ delivery, attempt, door }) => awaited.get(`${delivery} ${attempt}`)?.door === door,
    expect: async ({ delivery, attempt, door, number, until }) => {
      const entrance = doors.get(door);
      if (entrance === undefined) return refuse('DOOR_UNKNOWN');
      const { keypad } = entrance.installed;
      if (keypad === undefined && !entrance.hasDoorstep)
        return refuse('LOCK_CAPABILITY_MISSING', { capability: 'keypad' });
      const forMs = Math.min(until - clock.now(), longestMs);
      if (forMs <= 0) return refuse('MESSAGE_EXPIRED');
      const key = `${delivery} ${attempt}`;
      const { felt = false, heard = false } = awaited.get(key) ?? {};
      drop(key);
      const [oldest, ...others] = atDoor(door);
      if (oldest !== undefined && others.length + 1 >= maxAtDoor) drop(`${oldest.delivery} ${oldest.attempt}`);
      const forget = clock.after(forMs, () => drop(key));
      const fresh = { begun: [], keysLeft: maxKeys, lastMs: clock.monotonic(), felt, heard, forget };
      awaited.set(key, { delivery, attempt, door, number, until, ...fresh });
      if (keypad !== undefined && !ears.has(door))
        ears.set(
          door,
          keypad.onKeys((keys) => onKeys(door, keys)),
        );
      return accept({});
    },
    close: () => {
      for (const key of [...awaited.keys()]) drop(key);
    },
  };
}

/** Goes on from the keys before, wherever in them the number began. */
function isNumberIn(one: Awaited, keys: string, nowMs: number): boolean {
  if (nowMs - one.lastMs > pauseMs) one.begun = [];
  one.lastMs = nowMs;
  for (const key of keys) {
    if (one.keysLeft === 0) return false;
    one.keysLeft -= 1;
    one.begun = [...one.begun, 0].filter((count) => one.number[count] === key).map((count) => count + 1);
    if (one.begun.includes(one.number.length)) return true;
  }
  return false;
}
