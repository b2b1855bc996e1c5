/** Logs a device in: a passkey of the account has signed its challenge, with finger, face or PIN. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { Passkey } from '../../wire/passkey.ts';
import type { Row } from '../store/schema.ts';
import { useChallenge } from './challenge.ts';
import { type Answered, toBytes, toPasskey } from './credential.ts';
import type { AccountParts } from './parts.ts';

/** The same for a passkey that nobody knows and for a signature that does not hold: nobody learns which accounts there are. */
const refused = refuse('LOGIN_REFUSED', { why: 'passkey' });

/** @returns the counter of the passkey after this use, undefined when the answer does not hold */
async function verify(
  { party }: AccountParts,
  known: Row<'passkey'>,
  challenge: string,
  answered: Answered,
): Promise<number | undefined> {
  const { id, clientDataJSON, authenticatorData, signature, userHandle } = answered;
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON, authenticatorData, signature, ...(userHandle === undefined ? {} : { userHandle }) },
      },
      expectedChallenge: challenge,
      expectedOrigin: [...party.origins],
      expectedRPID: party.id,
      credential: { id, publicKey: toBytes(known.public_key), counter: known.counter },
    });
    const isOwn = userHandle === undefined || userHandle === known.account;
    return verified && isOwn ? authenticationInfo.newCounter : undefined;
  } catch {
    // The library throws for every answer that does not hold.
    return undefined;
  }
}

/** @returns LOGIN_REFUSED, or the passkey that was used, as a hub may pin it */
export async function logIn(parts: AccountParts, jkt: string, answered: Answered): Promise<Verdict<Passkey>> {
  const used = await useChallenge(parts, jkt, 'log-in');
  if (!used.ok) return used;
  const known = await parts.store.read.accounts.passkey(answered.id);
  if (known === undefined) return refused;
  const counter = await verify(parts, known, used.value.challenge, answered);
  const passkey =
    counter === undefined ? undefined : await toPasskey(known.id, toBytes(known.public_key), parts.party.id);
  if (counter === undefined || passkey === undefined) return refused;
  return parts.store.write(async ({ accounts, sessions }) => {
    // It may have been removed meanwhile.
    if ((await accounts.passkey(known.id)) === undefined) return refused;
    const at = parts.now();
    await accounts.usePasskey(known.id, counter, at);
    await sessions.open({ jkt, account: known.account, passkey: known.id, created_at: at, seen_at: at });
    return accept(passkey);
  });
}
