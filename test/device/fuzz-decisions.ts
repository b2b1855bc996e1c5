/** Fuzz of the hub's decisions: grants, knocks, documents, signed times and sealed pictures, mutated in structure and value, mostly signed again. */
import type { FaultCode } from '../../wire/faults.ts';
import { newCast } from '../support/keys.ts';
import { clockSurface } from './fuzz/clocks.ts';
import { documentSurface } from './fuzz/documents.ts';
import { grantSurface } from './fuzz/grants.ts';
import { knockSurface } from './fuzz/knocks.ts';
import { Ledger } from './fuzz/ledger.ts';
import { lockOrderSurface } from './fuzz/lock-orders.ts';
import { passkeySurface } from './fuzz/passkeys.ts';
import { pictureSurface } from './fuzz/pictures.ts';
import { Random } from './fuzz/random.ts';
import { recoverySurface } from './fuzz/recoveries.ts';
import { setSurface } from './fuzz/sets.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** How many messages to send. */
  readonly count: number;
  readonly onProgress?: (sent: number) => void;
}

export interface FuzzReport {
  readonly sent: number;
  /** How many of them were signed again with a key that counts. */
  readonly signedAgain: number;
  /** Code -> how often. */
  readonly refused: Readonly<Record<string, number>>;
  readonly accepted: number;
  /** What was accepted and must not have been, in words. Empty, or the hub is broken. */
  readonly violations: readonly string[];
}

/** Codes that a decision can be refused with: a long run reaches each. */
export const decisionFamilies =
  /^(GRANT|RULE|ASSIGNMENT|APPROVAL|KNOCK|GUEST|CLOCK|RETENTION|MEDIA|LOCK_ORDER|LOCK_ANSWER|HUB_KEY|PASSKEY|RECOVERY)_(?!CODE_MISTYPED|CANCELLED|UNAVAILABLE)/;

/** Keys of people are remembered for so many messages, so that memory stays flat. */
const perLedger = 5000;

/** Sends mutated messages at the hub's decisions. @throws whatever a decision throws: none may */
export async function fuzzDecisions({ seed, count, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const random = new Random(seed);
  const cast = await newCast();
  const refused: Partial<Record<FaultCode, number>> = {};
  const violations: string[] = [];
  let [accepted, signedAgain] = [0, 0];
  for (let sent = 0; sent < count; ) {
    const ledger = new Ledger();
    const grants = await grantSurface(cast, ledger);
    const documents = await documentSurface(cast, ledger);
    const surfaces = [
      ...[grants, grants, grants, grants, documents, documents],
      knockSurface(cast, ledger),
      await clockSurface(cast, ledger),
      await setSurface(cast, ledger),
      pictureSurface(cast, ledger),
      await lockOrderSurface(cast, ledger),
      await passkeySurface(cast, ledger),
      await recoverySurface(cast, ledger),
    ];
    for (const end = Math.min(count, sent + perLedger); sent < end; sent++) {
      const shot = await random.pick(surfaces)(random);
      if (shot.signedAgain) signedAgain++;
      for (const what of shot.violates) violations.push(`message ${sent}: ${what}`);
      if (shot.verdict.ok) accepted++;
      else refused[shot.verdict.code] = (refused[shot.verdict.code] ?? 0) + 1;
      if (sent % 1000 === 999) onProgress?.(sent + 1);
    }
  }
  return { sent: count, signedAgain, refused, accepted, violations };
}
