/** The hub's log: a closed list of events, JSON lines on stderr. Help for people; evidence is the journal. */
import { writeSync } from 'node:fs';

/** Event -> level. Fields never hold keys, documents or whole messages. */
const events = {
  hubStarted: 'info',
  hubStopped: 'info',
  hubRefusing: 'warn',
  busOnline: 'info',
  busOffline: 'warn',
  busRefused: 'error',
  mediaMissing: 'warn',
  mediaOnline: 'info',
  mediaOffline: 'info',
  mediaRefused: 'error',
  messageRefused: 'warn',
  requestFailed: 'error',
  helloFailed: 'warn',
  documentTaken: 'info',
  documentRefused: 'warn',
  visit: 'info',
  alarm: 'warn',
  lock: 'info',
  lockTrouble: 'warn',
  camera: 'warn',
  secretsUnsettled: 'warn',
  journalFailed: 'error',
  unexpected: 'error',
} as const;

export type LogEvent = keyof typeof events;
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type Log = { readonly [E in LogEvent]: (fields: LogFields) => void };

/** As the logs of broker and cloud number them. */
const levels: Readonly<Record<string, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 };

/**
 * Lines like `{"level":30,"time":"2026-01-02T03:04:05.678Z",…fields,"msg":"hubStarted"}`.
 * Written by hand: a log library would be a twentieth of the hub's start for these few lines.
 * @param level  `trace` to `fatal`, or `silent`
 * @param write  where lines go; standard error when left out. A line that cannot be written is lost: nothing waits for the log
 */
export function openLog(level: string, write = toStandardError): Log {
  const least = levels[level] ?? Number.POSITIVE_INFINITY;
  const logOf = (event: string, at: number) => (fields: LogFields) => {
    if (at < least) return;
    write(`${JSON.stringify({ level: at, time: new Date().toISOString(), ...fields, msg: event })}\n`);
  };
  return Object.fromEntries(Object.entries(events).map(([event, at]) => [event, logOf(event, levels[at]!)])) as Log;
}

function toStandardError(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // a full pipe or a closed terminal is no reason to stop
  }
}
