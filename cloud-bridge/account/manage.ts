/** What a person sees and ends of an account: devices that are logged in, passkeys. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { livingSession } from './admit.ts';
import type { AccountParts } from './parts.ts';

export interface AccountView {
  readonly passkeys: readonly {
    readonly id: string;
    readonly createdAt: number;
    readonly usedAt: number;
    readonly transports: readonly string[];
    /** This device has logged in with it. */
    readonly current: boolean;
  }[];
  readonly sessions: readonly {
    /** Thumbprint of the device's key. */
    readonly device: string;
    readonly createdAt: number;
    /** Within ten minutes. */
    readonly seenAt: number;
    readonly passkey: string;
    /** This device. */
    readonly current: boolean;
  }[];
}

/** @returns SESSION_ENDED */
export async function showAccount({ store }: AccountParts, jkt: string): Promise<Verdict<AccountView>> {
  const session = await livingSession(store.read, jkt);
  if (!session.ok) return session;
  const { account, passkey } = session.value;
  const { accounts, sessions } = store.read;
  const [passkeys, open] = await Promise.all([accounts.passkeysOf(account), sessions.of(account)]);
  return accept({
    passkeys: passkeys.map((one) => ({
      ...{ id: one.id, createdAt: one.created_at, usedAt: one.used_at },
      ...{ transports: JSON.parse(one.transports) as string[], current: one.id === passkey },
    })),
    sessions: open.map((one) => ({
      ...{ device: one.jkt, createdAt: one.created_at, seenAt: one.seen_at },
      ...{ passkey: one.passkey, current: one.jkt === jkt },
    })),
  });
}

/** `this` device, all `others`, `all`, or the one whose key has this thumbprint. */
export type Which = 'this' | 'others' | 'all' | { readonly device: string };

const isMeant = (which: Which, jkt: string, { jkt: one }: Row<'session'>): boolean =>
  which === 'all' ||
  (which === 'this' && one === jkt) ||
  (which === 'others' && one !== jkt) ||
  (typeof which === 'object' && which.device === one);

async function endSessions(
  { sessions }: Tables,
  account: string,
  at: number,
  ends: (session: Row<'session'>) => boolean,
): Promise<number> {
  const ended = (await sessions.of(account)).filter(ends).map(({ jkt }) => jkt);
  await sessions.end(ended, at);
  return ended.length;
}

/** Ends sessions of the account: those devices are out at once. @returns how many; SESSION_ENDED, NOT_FOUND for a device that has none */
export function endWhich(parts: AccountParts, jkt: string, which: Which): Promise<Verdict<{ ended: number }>> {
  return parts.store.write(async (tables) => {
    const session = await livingSession(tables, jkt);
    if (!session.ok) return session;
    const ended = await endSessions(tables, session.value.account, parts.now(), (one) => isMeant(which, jkt, one));
    return ended === 0 && typeof which === 'object' ? refuse('NOT_FOUND') : accept({ ended });
  });
}

/**
 * Takes a passkey away, for a phone that is lost: what has logged in with it is logged out.
 * @returns SESSION_ENDED; NOT_FOUND for one that is not of this account; CREDENTIAL_LAST; CREDENTIAL_IN_USE for the one that this
 *   device has logged in with
 */
export function removePasskey(parts: AccountParts, jkt: string, id: string): Promise<Verdict<{ ended: number }>> {
  return parts.store.write(async (tables) => {
    const session = await livingSession(tables, jkt);
    if (!session.ok) return session;
    const { account, passkey } = session.value;
    const passkeys = await tables.accounts.passkeysOf(account);
    if (!passkeys.some((one) => one.id === id)) return refuse('NOT_FOUND');
    if (passkeys.length === 1) return refuse('CREDENTIAL_LAST');
    if (id === passkey) return refuse('CREDENTIAL_IN_USE');
    await tables.accounts.removePasskey(id);
    return accept({ ended: await endSessions(tables, account, parts.now(), (one) => one.passkey === id) });
  });
}
