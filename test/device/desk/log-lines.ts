/** Lines of a lock's own log, as the driver hands them over. */
import type { LogEntry, LogWhat } from '../../../device/lock/nuki/log-entry.ts';

export const byHand: LogWhat = { is: 'action', action: 1, trigger: 'manual', completion: 'success' };

/** 12:00:00 on 21 September 2026, by the lock's clock. */
export const noon = { year: 2026, month: 9, day: 21, hour: 12, minute: 0, second: 0 };

export const logLine = (index: number, change: Partial<LogEntry> = {}): LogEntry => ({
  index,
  time: noon,
  authorizationId: 17,
  name: 'Ann',
  what: byHand,
  ...change,
});
