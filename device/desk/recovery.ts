/**
 * The wait of a recovery: 24 hours of trusted time, then one more look into the cloud's mailbox for a veto, then the device is added.
 *
 * It counts by the monotonic clock, and only between two looks that both found trusted time: a time of day that is set forward, a power
 * cut or a hub that is switched off shortens nothing (T26, T27). A hub that cannot reach the cloud adds nobody, for it would hear no veto.
 */
import { Fault, type FaultCode, type Verdict } from '../../wire/faults.ts';
import { thumbprintOf } from '../../wire/jws.ts';
import { recoveryWaitMs } from '../../wire/recovery.ts';
import type { Clock } from '../clock/clock.ts';
import type { Trust } from '../grant/trust.ts';
import type { TrustStore } from '../journal/journal.ts';
import type { Notes } from '../notes.ts';

export interface RecoveryParts {
  readonly trust: Pick<Trust, 'inForce' | 'reads' | 'addRecovered'>;
  readonly store: Pick<TrustStore, 'number' | 'keepNumber'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>;
  /** Trusted time, ms, or why there is none. */
  readonly trustedNow: () => Verdict<number>;
  readonly notes: Pick<Notes, 'write' | 'alarm'>;
  /** Asks the cloud for what it keeps for this hub. */
  readonly greet: () => void;
}

/** A recovery that waits. */
export interface RecoveryView {
  readonly recovery: string;
  /** Thumbprint of the key that the new device signs with. */
  readonly device: string;
  /** Of trusted time, ms; 0: it waits for a last word of the cloud. */
  readonly leftMs: number;
}

export interface RecoveryDesk {
  /** Looks at what waits now: after every document, and every ten seconds by itself. */
  look(): void;
  /**
   * A hello was answered, and what came with it was taken.
   * @param askedMs  when it was said, by the monotonic clock
   * @returns true when the list of owner devices is another now
   */
  greeted(askedMs: number): Promise<boolean>;
  view(): RecoveryView | undefined;
  stop(): void;
}

const lookEveryMs = 10_000;
/** What has been waited is written down at most this often: so much is waited again after a crash. */
const keepEveryMs = 60_000;

interface Waiting {
  readonly id: string;
  readonly device: string;
  waitedMs: number;
  keptMs: number;
  /** The last look that found trusted time, by the monotonic clock. */
  trustedAtMs: number | undefined;
  /** When it had waited long enough. */
  ripeAtMs?: number;
}

export function recoveryDesk(parts: RecoveryParts): RecoveryDesk {
  const { trust, store, clock, notes } = parts;
  let waiting: Waiting | undefined;
  let cancel: (() => void) | undefined;
  let isStopped = false;

  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (error instanceof Fault) return undefined;
      throw error;
    }
  };

  const begin = (id: string, device: string): Waiting => {
    const waitedMs = attempt(() => store.number('recovery-waited')) ?? 0;
    if (waitedMs === 0) {
      void notes.write({
        at: clock.now(),
        kind: 'recovery.asked',
        body: { recovery: id, device, waitMs: recoveryWaitMs },
      });
      notes.alarm('RECOVERY_ASKED', { recovery: id });
    }
    return { id, device, waitedMs, keptMs: waitedMs, trustedAtMs: undefined };
  };

  const end = async (
    kind: 'recovery.done' | 'recovery.ended',
    body: Record<string, string | number>,
  ): Promise<void> => {
    waiting = undefined;
    await notes.write({ at: clock.now(), kind, body });
    await notes.write({ at: clock.now(), kind: 'alarm.cleared', body: { code: 'RECOVERY_ASKED' } });
  };

  const keep = (one: Waiting): void => {
    if (one.waitedMs - one.keptMs >= 1) attempt(() => store.keepNumber('recovery-waited', one.waitedMs));
    one.keptMs = one.waitedMs;
  };

  const count = (one: Waiting): void => {
    const atMs = clock.monotonic();
    const isTrusted = parts.trustedNow().ok;
    if (isTrusted && one.trustedAtMs !== undefined) one.waitedMs += Math.max(0, atMs - one.trustedAtMs);
    one.trustedAtMs = isTrusted ? atMs : undefined;
    if (one.waitedMs - one.keptMs >= keepEveryMs) keep(one);
    if (one.waitedMs < recoveryWaitMs) return;
    one.ripeAtMs ??= atMs;
    parts.greet();
  };

  const look = (): void => {
    const { pending } = trust.inForce().recovery;
    if (waiting !== undefined && pending?.jti !== waiting.id) {
      const { id } = waiting;
      const why = attempt(() => trust.reads().uses.isEnded('recovery', id)) ? 'vetoed' : 'replaced';
      void end('recovery.ended', { recovery: id, why });
    }
    if (pending !== undefined) waiting ??= begin(pending.jti, thumbprintOf(pending.device.sign));
    if (waiting !== undefined) count(waiting);
  };

  const add = async (one: Waiting): Promise<boolean> => {
    const now = parts.trustedNow();
    if (!now.ok) return false;
    const added = await trust.addRecovered(one.id, Math.floor(now.value / 1000));
    // It was vetoed in this very moment, and that is told already.
    if (waiting !== one) return added.ok;
    const refusal: FaultCode | undefined = added.ok ? undefined : added.code;
    if (refusal === undefined) await end('recovery.done', { recovery: one.id, device: one.device });
    else await end('recovery.ended', { recovery: one.id, why: refusal });
    return added.ok;
  };

  const repeat = (): void => {
    cancel = clock.after(lookEveryMs, () => {
      look();
      if (!isStopped) repeat();
    });
  };
  repeat();

  return {
    look,
    greeted: async (askedMs) => {
      if (waiting?.ripeAtMs === undefined || isStopped) return false;
      // Only what was said after the wait was over proves that no veto lies in the cloud.
      return askedMs >= waiting.ripeAtMs && add(waiting);
    },
    view: () =>
      waiting && {
        recovery: waiting.id,
        device: waiting.device,
        leftMs: Math.max(0, Math.round(recoveryWaitMs - waiting.waitedMs)),
      },
    stop: () => {
      isStopped = true;
      cancel?.();
      if (waiting !== undefined) keep(waiting);
    },
  };
}
