/** Takes this hub out of the lock's own list, so that its key opens nothing any more. */
import { Fault } from '../../../wire/faults.ts';
import { encodeRemoveUser } from './authorization.ts';
import { command } from './command.ts';
import type { Credentials } from './credentials.ts';
import { Guarded } from './guarded.ts';
import { Pin } from './pin.ts';
import { NukiSession, type SessionOptions } from './session.ts';
import { defaultTiming } from './timing.ts';

/** `left-in-lock`: nothing proves that it is gone; someone has to remove it in the app of the lock. */
export type Unpaired = 'removed' | 'left-in-lock';

/**
 * Over a conversation that stands: needs the PIN, and a lock in reach. Never throws a fault. The stored credentials are left alone.
 * @returns `removed` only when the lock itself has said so, under the key that it forgets thereby
 */
export async function unpair(
  guarded: Guarded,
  { authorizationId }: Pick<Credentials, 'authorizationId'>,
): Promise<Unpaired> {
  const body = encodeRemoveUser(authorizationId);
  try {
    await guarded.do({ command: command.removeAuthorization, body, needs: 'pin' });
    return 'removed';
  } catch (cause) {
    if (cause instanceof Fault) return 'left-in-lock';
    throw cause;
  }
}

/** What a session needs, but what it hears by the way. */
export type UnpairOptions = Pick<SessionOptions, 'link' | 'clock' | 'randomBytes' | 'credentials'>;

/** The same where no driver runs, as from a command line: connects, says it, and lets go. */
export async function unpairNuki(options: UnpairOptions): Promise<Unpaired> {
  const deaf = (): void => undefined;
  const session = new NukiSession({ ...options, timing: defaultTiming, onStates: deaf, onDropped: deaf });
  const { clock, credentials } = options;
  const pin = new Pin(credentials, deaf);
  const guarded = new Guarded({ session, clock, pin, timing: defaultTiming, awake: (run) => run() });
  try {
    return await unpair(guarded, credentials);
  } finally {
    await session.close();
  }
}
