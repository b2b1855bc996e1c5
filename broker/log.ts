/** Everything the broker writes to its log: a closed list of events, one JSON line each. The log is help, never evidence. */
import { type DestinationStream, destination, pino } from 'pino';
import type { FaultCode } from '../wire/faults.ts';
import type { Role } from './identity.ts';

/** Event -> what it carries. `client` is a certificate name, `claimed` and `topic` are what the other side wrote, cut to 128 characters. */
export interface LogEvents {
  /** The broker takes connections now. */
  'broker.listening': { host: string; port: number };
  'broker.stopped': { connections: number };
  /** New certificates are in force for new connections. */
  'broker.reloaded': Record<never, never>;
  /** New certificates were refused; the old ones stay. */
  'broker.reload.failed': { code: FaultCode };
  /** As much is under way as may be: senders of this line wait. At most every 10 s for each. */
  'broker.overloaded': {
    code: 'BROKER_OVERLOADED';
    line: 'hubs' | 'media';
    messages: number;
    bytes: number;
    waiting: number;
  };
  /** A connection that never became a client's. */
  'connection.refused': { code: FaultCode; address: string; reason: string };
  'client.connected': { client: string; role: Role; address: string };
  'client.disconnected': { client: string; code: FaultCode | null };
  /** The CONNECT was answered with a refusal. */
  'connect.refused': { code: FaultCode; client: string; claimed: string; topic?: string };
  'publish.refused': { code: FaultCode; client: string; topic: string };
  'subscribe.refused': { code: FaultCode; client: string; topic: string };
  /** The client was disconnected for what it sent, or for what it did not take. */
  'client.refused': { code: FaultCode; client: string; reason: string };
  /** The client is read more slowly for a while. At most every 10 s for each. */
  'client.slowed': { code: 'BROKER_TOO_FAST'; client: string; waitMs: number };
  /** Pictures, or their acknowledgements, were dropped for a media client that takes them too slowly: so many since the start, over all. At most every 10 s for each. */
  'media.dropped': { code: 'BROKER_SUBSCRIBER_SLOW'; client: string; dropped: number };
}

export type LogEvent = keyof LogEvents;

/** Where log events go. One call, one line. */
export type BrokerLog = <E extends LogEvent>(event: E, fields: LogEvents[E]) => void;

export const logLevels = ['info', 'warn', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const told: ReadonlySet<LogEvent> = new Set([
  'broker.listening',
  'broker.stopped',
  'broker.reloaded',
  'client.connected',
  'client.disconnected',
]);

/**
 * @param level  `info` says everything, `warn` only what was refused or went wrong
 * @param into  a stream with `write(line)`; standard error when left out
 * @returns a log of lines `{"level","time","event",...fields}`
 */
export function makeLog(level: LogLevel, into?: DestinationStream): BrokerLog {
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    into ?? destination({ fd: 2, sync: true }),
  );
  return (event, fields) => logger[told.has(event) ? 'info' : 'warn']({ event, ...fields });
}

/** @returns at most 128 characters of what a stranger wrote */
export const cut = (text: string): string => text.slice(0, 128);

/**
 * Lets each key through once a period, so that a flood of refusals is no flood of lines. Forgets everything each period.
 * @param periodMs  > 0
 */
export function oncePer(periodMs: number): (key: string, nowMs: number) => boolean {
  let seen = new Set<string>();
  let sinceMs = Number.NEGATIVE_INFINITY;
  return (key, nowMs) => {
    if (nowMs - sinceMs >= periodMs) [seen, sinceMs] = [new Set(), nowMs];
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
}
