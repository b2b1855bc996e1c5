/** How long things may take on an OSDP line. */

export interface OsdpTiming {
  /** Silence after the end of a command before its reply counts as missing, in ms. A short line may have it shorter. */
  readonly replyTimeoutMs: number;
  /** Gap allowed inside a frame, in ms: 20 on the line, the rest is for the latency of USB adapters. */
  readonly gapMs: number;
  /** How often one command is sent again, with the same bytes, before the session is given up. */
  readonly resends: number;
  /** Rest between two exchanges with one peripheral, in ms, 50..200. */
  readonly pollPeriodMs: number;
  /** How often the inputs are asked for, in ms, so that a lost event heals. */
  readonly inputsEveryMs: number;
  /** Without an authentic reply for this long a peripheral is offline, in ms. */
  readonly offlineAfterMs: number;
  /** Rest between two attempts to reach a peripheral that does not answer, in ms. */
  readonly retryMs: number;
  /** Rest after a peripheral was refused for its key or its nonce, in ms. */
  readonly refusedRetryMs: number;
  /** First and longest rest before the port is opened again, in ms; doubled each time, halved at random at most. */
  readonly reopenMs: { readonly first: number; readonly longest: number };
}

/** @see SIA OSDP v2.2, 5.7 (reply within 200 ms, offline after 8 s) */
export const defaultTiming: OsdpTiming = {
  replyTimeoutMs: 200,
  gapMs: 150,
  resends: 3,
  pollPeriodMs: 100,
  inputsEveryMs: 1000,
  offlineAfterMs: 8000,
  retryMs: 1000,
  refusedRetryMs: 10_000,
  reopenMs: { first: 250, longest: 10_000 },
};

/** @returns ms that `bytes` take on the line, 10 bits each */
export const transmitMs = (bytes: number, baudRate: number): number => (bytes * 10_000) / baudRate;
