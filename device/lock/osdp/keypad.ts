/** The keys of an OSDP reader, as they are pressed. No courier ever has a code (R1); what the household types here is never written down. */
import type { Clock } from '../../clock/clock.ts';
import type { Peripheral } from './peripheral.ts';

export interface Keypad {
  /**
   * Calls back with the keys of one report: 1..32 of 0-9, *, #, A-D, in order. A reader may tell each key by itself or all at once.
   * @returns unsubscribe
   */
  onKeys(listener: (keys: string) => void): () => void;
}

export interface OsdpKeypadOptions {
  readonly peripheral: Pick<Peripheral, 'onNews'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Number of the reader, from 0. */
  readonly reader: number;
  /** Told once for each time that too many keys came. */
  readonly onFlood: () => void;
}

/** More than a person presses. */
const maxKeys = 32;
const windowMs = 10_000;

/**
 * Takes at most 32 keys in 10 s; a report beyond that is dropped whole, and so is all that follows until the 10 s are over (T20).
 * Keeps no key.
 */
export function osdpKeypad({ peripheral, clock, reader, onFlood }: OsdpKeypadOptions): Keypad {
  const listeners = new Set<(keys: string) => void>();
  let sinceMs = Number.NEGATIVE_INFINITY;
  let taken = 0;

  peripheral.onNews((news) => {
    if (news.is !== 'reply' || news.reply.is !== 'keypad' || news.reply.reader !== reader) return;
    const { keys } = news.reply;
    const nowMs = clock.monotonic();
    if (nowMs - sinceMs >= windowMs) {
      sinceMs = nowMs;
      taken = 0;
    }
    const wasFlooded = taken > maxKeys;
    taken += keys.length;
    if (taken <= maxKeys) for (const listener of listeners) listener(keys);
    else if (!wasFlooded) onFlood();
  });
  return {
    onKeys: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
