/** The machine's hands on the lock: commands and looks, with an answer for whatever becomes of them. */
import { Fault, type FaultCode } from '../../wire/faults.ts';
import type { Lock } from '../lock/lock.ts';
import type { DoorProfile } from './profile.ts';
import type { Effect, Event } from './state.ts';
import { type After, within } from './timers.ts';

/** What the machine needs of a lock, or of what stands in for one. */
export type Hands = Pick<Lock, 'lock' | 'unlock' | 'open' | 'state' | 'onReport'>;

/** A look that takes longer is waited for no more, ms. */
const senseLimitMs = 3_000;

/** Sends one command. Resolves, never rejects, with what the lock said to it; a failure that names no code means that nobody knows. */
export async function drive(
  lock: Hands,
  profile: DoorProfile,
  { to, drive }: Extract<Effect, { do: 'bolt.drive' }>,
): Promise<Extract<Event, { on: 'drive.done' | 'drive.failed' }>> {
  const { entry, unlockForMs, expiresInMs } = profile;
  try {
    if (to === 'locked') await lock.lock();
    else if (entry === 'unlock') await lock.unlock({ expiresInMs });
    else await lock.open({ forMs: unlockForMs, expiresInMs });
    return { on: 'drive.done', to, drive };
  } catch (error) {
    return { on: 'drive.failed', to, drive, code: codeOf(error, 'LOCK_SILENT') };
  }
}

/** Looks once. Resolves with nothing when there is no answer: the machine's timer goes on. @throws what `Lock.state` throws */
export async function sense(lock: Hands, after: After): Promise<Event | undefined> {
  const report = await within(after, senseLimitMs, lock.state());
  return report && { on: 'reported', bolt: report.bolt, contact: report.contact, seq: report.seq };
}

export const codeOf = (error: unknown, otherwise: FaultCode): FaultCode =>
  error instanceof Fault ? error.code : otherwise;
