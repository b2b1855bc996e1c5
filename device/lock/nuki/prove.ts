/** Finds out what became of a pairing that was cut off at its last message. */
import { Fault } from '../../../wire/faults.ts';
import { command } from './command.ts';
import type { CredentialStore, Credentials } from './credentials.ts';
import { meaningOf } from './error-report.ts';
import { NukiSession, Reported, type SessionOptions } from './session.ts';
import { defaultTiming } from './timing.ts';

/** What a session needs, but the credentials: those are the pending ones. */
export type ProveOptions = Pick<SessionOptions, 'link' | 'clock' | 'randomBytes'> & { readonly store: CredentialStore };

/**
 * Asks the lock under the pending credentials. When it answers they are current.
 * @returns the credentials; undefined when the lock dropped them, which are kept until the next pairing replaces them: its no comes in clear
 * @throws Fault NUKI_NOT_PAIRED when nothing is pending; as `GattLink.connect`; LOCK_SILENT, LINK_CLOSED when it cannot be told
 */
export async function provePairing({ store, ...options }: ProveOptions): Promise<Credentials | undefined> {
  const credentials = await store.pending();
  if (credentials === undefined) throw new Fault('NUKI_NOT_PAIRED');
  const deaf = (): void => undefined;
  const session = new NukiSession({ ...options, credentials, timing: defaultTiming, onStates: deaf, onDropped: deaf });
  try {
    await session.exchange('question', () => session.request(command.states));
  } catch (cause) {
    if (cause instanceof Reported && meaningOf(cause.report.error).code === 'NUKI_NOT_AUTHORIZED') return undefined;
    throw cause;
  } finally {
    await session.close();
  }
  await store.keepProven(credentials);
  return credentials;
}
