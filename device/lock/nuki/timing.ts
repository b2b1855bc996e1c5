/** How long things may take between hub and lock, ms. */
import { type AskTiming, askTiming } from './advert.ts';

export interface NukiTiming extends AskTiming {
  /** For one connection, discovery included. */
  readonly connectMs: number;
  /** For one answer, and for one write. */
  readonly replyMs: number;
  /** For one page of a list, from the request to its end. */
  readonly pageMs: number;
  /** From ACCEPTED to the end of the motion. */
  readonly motionMs: number;
  /** For everything that `lock` does, connecting and asking afterwards included. */
  readonly lockMs: number;
  /** For `state`, connecting included. */
  readonly stateMs: number;
  /** Between two questions while the motor runs, or after it was blocked. */
  readonly againMs: number;
  /** Rest before a command that the lock was too busy for is sent again. */
  readonly busyMs: number;
  /** The connection is kept so long after a question or a command, so that the next one need not wait. */
  readonly lingerMs: number;
  /** Without an advert for this long, and without a connection, the lock is away. */
  readonly awayMs: number;
  /** The configuration is read again after so long, with the next question; sooner when the lock says that it is another. */
  readonly configMs: number;
  /** Rest after a question that failed, doubled up to `pollMs`. */
  readonly retryMs: number;
}

/** The document gives no times; these are what peers use. */
export const defaultTiming: NukiTiming = {
  ...askTiming,
  connectMs: 5_000,
  replyMs: 3_000,
  pageMs: 6_000,
  motionMs: 15_000,
  lockMs: 30_000,
  stateMs: 2_000,
  againMs: 2_000,
  busyMs: 1_000,
  lingerMs: 5_000,
  awayMs: 60_000,
  configMs: 60 * 60_000,
  retryMs: 2_000,
};
