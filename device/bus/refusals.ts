/** Counts what was refused and has it journaled: the first of a kind at once, then at most once a period with the count. */
import type { FaultCode } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';

const periodMs = 60_000;

export interface RefusalCounter {
  count(code: FaultCode): void;
  /** Writes what was counted since the last lines, and ends the timers. */
  close(): void;
}

/** @param write  journals one line: this code, this often since the last line */
export function refusalCounter(clock: Clock, write: (code: FaultCode, count: number) => void): RefusalCounter {
  const counting = new Map<FaultCode, { since: number; readonly cancel: () => void }>();
  const settle = (code: FaultCode): void => {
    const since = counting.get(code)?.since ?? 0;
    counting.delete(code);
    if (since > 0) write(code, since);
  };
  return {
    count: (code) => {
      const known = counting.get(code);
      if (known !== undefined) {
        known.since += 1;
        return;
      }
      counting.set(code, { since: 0, cancel: clock.after(periodMs, () => settle(code)) });
      write(code, 1);
    },
    close: () => {
      for (const [code, { cancel }] of counting) {
        cancel();
        settle(code);
      }
    },
  };
}
