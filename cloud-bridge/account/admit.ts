/** Whether a device may use what is an owner's: pinned at the home's hub and, with a passkey, logged in to the account that has it. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** How exactly it is known when a device was last seen, ms: not every request is written down. */
export const seenEveryMs = 10 * 60_000;

/** The session of a device. @returns SESSION_ENDED when there is none: never opened, or ended */
export async function livingSession(
  { sessions }: Pick<Tables, 'sessions'>,
  jkt: string,
): Promise<Verdict<Row<'session'>>> {
  const session = await sessions.living(jkt);
  return session === undefined ? refuse('SESSION_ENDED') : accept(session);
}

/**
 * May this device act for the owner of this hub? Phones that are pinned without a passkey need no account.
 * @param jkt  thumbprint of its key, proven
 * @returns NOT_FOUND when it is not pinned there (T23); SESSION_ENDED when its account has ended its session, or it came by another account
 */
export async function admit(
  parts: Pick<Parts, 'store' | 'keys'>,
  hub: Row<'hub'>,
  jkt: string,
): Promise<Verdict<Row<'session'> | undefined>> {
  const { keys } = await parts.keys.owners(hub);
  const key = keys.find(({ kid }) => kid === jkt);
  if (key === undefined) return refuse('NOT_FOUND');
  if (key.passkey === undefined) return accept(undefined);
  const { read } = parts.store;
  const session = await livingSession(read, jkt);
  if (!session.ok) return session;
  // Whoever holds the device, but not its passkey, could log in to an account of his own.
  const passkey = await read.accounts.passkey(key.passkey.id);
  return passkey?.account === session.value.account ? session : refuse('SESSION_ENDED', { why: 'another account' });
}

/** Notes that a session was used, now and then. */
export async function noteSeen(parts: Pick<Parts, 'store' | 'now'>, session: Row<'session'>): Promise<void> {
  const now = parts.now();
  if (now - session.seen_at >= seenEveryMs) await parts.store.write(({ sessions }) => sessions.seen(session.jkt, now));
}
