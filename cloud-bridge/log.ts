/** The cloud's log: a closed list of events, JSON lines on stderr. No token, key, document, address or URL of a caller is in it. */
import { pino } from 'pino';

/** Event -> level. */
const events = {
  cloudStarted: 'info',
  cloudStopped: 'info',
  busOnline: 'info',
  busOffline: 'warn',
  busRefused: 'error',
  mediaOnline: 'info',
  mediaOffline: 'warn',
  mediaRefused: 'error',
  messageRefused: 'warn',
  hubOnline: 'info',
  hubOffline: 'info',
  helloFailed: 'warn',
  hubEnrolled: 'info',
  ownerListTaken: 'info',
  documentSettled: 'info',
  recordingFailed: 'error',
  recordingDeleted: 'info',
  viewerJoined: 'debug',
  viewerLeft: 'debug',
  journalTaken: 'debug',
  journalRefused: 'warn',
  ingestFailed: 'error',
  webhookSent: 'debug',
  webhookFailed: 'warn',
  noticeSent: 'debug',
  noticeFailed: 'warn',
  request: 'debug',
  requestFailed: 'error',
  unexpected: 'error',
} as const;

export type LogEvent = keyof typeof events;
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type Log = { readonly [E in LogEvent]: (fields: LogFields) => void };

/** Fields that never reach the output, whoever puts them in by mistake. */
export const redacted = ['token', 'authorization', 'clientSecret', 'dpop', 'jws', 'document', 'grant', 'knock', 'url'];

/**
 * @param level  `trace` to `error`, or `silent`
 * @param write  where lines go; standard error when left out
 */
export function openLog(level: string, write?: (line: string) => void): Log {
  const destination = write ? { write } : pino.destination({ dest: 2, sync: true });
  const out = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: redacted, censor: '[redacted]' } },
    destination,
  );
  const entries = Object.entries(events).map(([event, at]) => [event, (fields: LogFields) => out[at](fields, event)]);
  return Object.fromEntries(entries) as Log;
}
