/** What a passkey is to sign: random, for one device key and purpose, for minutes, once. */
import { randomBytes } from 'node:crypto';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf, newId } from '../../wire/jws.ts';
import { accountText } from '../../wire/passkey.ts';
import { livingSession } from './admit.ts';
import type { AccountParts } from './parts.ts';

export const challengeForMs = 5 * 60_000;

export const purposes = ['register', 'log-in', 'add'] as const;
export type Purpose = (typeof purposes)[number];

export interface Challenge {
  /** 256 random bits, base64url. */
  readonly challenge: string;
  /** RP ID. */
  readonly rp: string;
  /** The user handle to make a passkey with, base64url; none to log in. */
  readonly account?: string;
}

/** @returns SESSION_ENDED when a passkey is to be added by a device that is not logged in */
export async function makeChallenge(parts: AccountParts, jkt: string, purpose: Purpose): Promise<Verdict<Challenge>> {
  const challenge = randomBytes(32).toString('base64url');
  const until = parts.now() + challengeForMs;
  return parts.store.write(async (tables) => {
    const session = purpose === 'add' ? await livingSession(tables, jkt) : undefined;
    if (session !== undefined && !session.ok) return session;
    const account = session?.value.account ?? (purpose === 'register' ? newId() : '');
    await tables.challenges.put({ jkt, purpose, challenge, account, until });
    return accept({ challenge, rp: parts.party.id, ...(account === '' ? {} : { account }) });
  });
}

/** What a passkey has to have signed. */
export interface Expected {
  /** As WebAuthn has it, base64url. */
  readonly challenge: string;
  readonly account: string;
}

/** Uses the challenge of this device up. @returns LOGIN_REFUSED when there is none for this purpose, or none any more */
export async function useChallenge(parts: AccountParts, jkt: string, purpose: Purpose): Promise<Verdict<Expected>> {
  const found = await parts.store.write(({ challenges }) => challenges.take(jkt, purpose, parts.now()));
  if (found === undefined) return refuse('LOGIN_REFUSED', { why: 'challenge' });
  return accept({ challenge: hashOf(accountText(found.challenge)), account: found.account });
}
