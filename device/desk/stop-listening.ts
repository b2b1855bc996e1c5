/**
 * Listens at the bells and keypads of doors while couriers are there: somebody was felt, or the number that one courier alone was shown
 * was heard. Nothing opens by it. What is typed is compared key by key and kept nowhere (R1).
 *
 * Whoever rings says not who they are. Of one courier who is there it is told as felt; where several are, or where the courier said only
 * afterwards that they are there, it is told as someone, which proves less (S027, T29).
 */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { RequestBody } from '../../wire/messages.ts';
import { type NoticedStop, toStopsText } from '../../wire/stop-notice.ts';
import type { Doorbell } from '../doorbell/doorbell.ts';
import type { Draft } from '../journal/journal.ts';
import type { Keypad } from '../lock/osdp/keypad.ts';
import { type AwaitedParts, type AwaitedStop, AwaitedStops, isNumberIn } from './awaited-stops.ts';

export interface StopListeningParts extends AwaitedParts {
  /** The doors of this hub, each with its bell and keypad where it has them. */
  readonly doors: ReadonlyMap<
    string,
    { readonly installed: { readonly keypad?: Keypad; readonly bell?: Doorbell }; readonly hasDoorstep?: boolean }
  >;
  readonly note: (kind: Draft['kind'], body: Draft['body'], door: string) => void;
}

type Expected = Omit<Extract<RequestBody, { op: 'stop.expect' }>, 'op'>;

export interface StopListening {
  /** Is this stop listened for now, or only known of at a door without a keypad? */
  knows(stop: Pick<Expected, 'delivery' | 'attempt' | 'door'>): boolean;
  /** Bells are heard from now on. */
  start(): void;
  /** A later word about the same attempt takes the place of the one before. @returns DOOR_UNKNOWN, LOCK_CAPABILITY_MISSING, MESSAGE_EXPIRED */
  expect(expected: Expected): Promise<Verdict<Record<string, unknown>>>;
  /** That courier is there no more. Harmless where none is expected. */
  forget(delivery: string, attempt: number): Verdict<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Whoever rings and then says "I am here" needs no longer, ms. */
const rangBeforeMs = 2 * 60_000;

type By = 'bell' | 'keys';
const toStop = ({ delivery, attempt }: NoticedStop): NoticedStop => ({ delivery, attempt });

/** Of a press while nobody is expected only the time is remembered, and for two minutes it counts. */
export function stopListening({ doors, clock, note, store }: StopListeningParts): StopListening {
  const awaited = new AwaitedStops({ clock, store }, () => listen());
  /** Door -> when somebody rang last, monotonic ms. */
  const rangMs = new Map<string, number>();
  const leaving: (() => void)[] = [];
  /** Door -> ends the listening at its keys: where nobody is expected, nobody listens. */
  const ears = new Map<string, () => void>();

  const someone = (door: string, stops: readonly AwaitedStop[], among: number, by: By): void => {
    const news = stops.filter(({ told }) => told === 'nothing');
    if (news.length === 0) return;
    note('stop.someone', { stops: toStopsText(news), among, by }, door);
    for (const stop of news) stop.told = 'someone';
  };
  const onSomebody = (door: string, by: By): void => {
    const here = awaited.atDoor(door);
    if (here.length > 1) {
      someone(door, here, here.length, by);
      return;
    }
    const [stop] = here;
    if (stop === undefined || stop.told === 'felt' || stop.told === 'heard') return;
    note('stop.felt', { ...toStop(stop), by }, door);
    stop.told = 'felt';
  };
  const onKeys = (door: string, keys: string): void => {
    const here = awaited.atDoor(door);
    const nowMs = clock.monotonic();
    const heard = here.filter((stop) => stop.told !== 'heard' && isNumberIn(stop, keys, nowMs));
    for (const stop of heard) {
      note('stop.heard', { ...toStop(stop) }, door);
      stop.told = 'heard';
    }
    if (heard.length === 0) onSomebody(door, 'keys');
    awaited.keep();
  };
  const onPress = (door: string, atMs: number): void => {
    rangMs.set(door, atMs);
    onSomebody(door, 'bell');
    awaited.keep();
  };

  const listen = (): void => {
    for (const [door, { installed }] of doors) {
      const isExpected = awaited.atDoor(door).length > 0;
      const ear = ears.get(door);
      if (isExpected && ear === undefined && installed.keypad !== undefined) {
        ears.set(
          door,
          installed.keypad.onKeys((keys) => onKeys(door, keys)),
        );
      } else if (!isExpected && ears.delete(door)) ear?.();
    }
  };

  for (const [door, { installed }] of doors) {
    const { bell } = installed;
    if (bell !== undefined) leaving.push(bell.onPress((atMs) => onPress(door, atMs)));
  }
  listen();
  return {
    knows: ({ delivery, attempt, door }) =>
      awaited.atDoor(door).some((one) => one.delivery === delivery && one.attempt === attempt),
    start: () => {
      for (const { installed } of doors.values()) installed.bell?.start();
    },
    expect: async (expected) => {
      const { door, number, ...of } = expected;
      const entrance = doors.get(door);
      if (entrance === undefined) return refuse('DOOR_UNKNOWN');
      const { keypad, bell } = entrance.installed;
      const isKnownOf = bell !== undefined || entrance.hasDoorstep === true;
      const isHeard = number === undefined ? isKnownOf : keypad !== undefined;
      if (!isHeard) return refuse('LOCK_CAPABILITY_MISSING', { capability: number === undefined ? 'bell' : 'keypad' });
      const isAwaited = awaited.expect({ ...of, door, ...(number === undefined ? {} : { number }) });
      const rangAgoMs = clock.monotonic() - (rangMs.get(door) ?? Number.NEGATIVE_INFINITY);
      const mine = awaited.atDoor(door).filter((one) => one.delivery === of.delivery && one.attempt === of.attempt);
      if (rangAgoMs <= rangBeforeMs) someone(door, mine, 0, 'bell');
      awaited.keep();
      return isAwaited ? accept({}) : refuse('MESSAGE_EXPIRED');
    },
    forget: (delivery, attempt) => {
      awaited.forget({ delivery, attempt });
      return accept({});
    },
    close: async () => {
      for (const leave of [...leaving.splice(0), ...ears.values()]) leave();
      ears.clear();
      awaited.close();
      await Promise.all([...doors.values()].map(({ installed }) => installed.bell?.close()));
    },
  };
}
