/** Makes accounts, and adds further passkeys to one: each from a passkey that was just made, with finger, face or PIN. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { Passkey } from '../../wire/passkey.ts';
import type { NewRow } from '../store/schema.ts';
import { livingSession } from './admit.ts';
import { type Purpose, useChallenge } from './challenge.ts';
import { es256, isPlain, type Made, toPasskey, toText } from './credential.ts';
import type { AccountParts } from './parts.ts';

/** Most passkeys of one account. */
export const maxPasskeys = 16;

interface Proven {
  readonly row: NewRow<'passkey'>;
  readonly passkey: Passkey;
}

async function prove(
  parts: AccountParts,
  jkt: string,
  purpose: Exclude<Purpose, 'log-in'>,
  made: Made,
): Promise<Verdict<Proven>> {
  const used = await useChallenge(parts, jkt, purpose);
  if (!used.ok) return used;
  const { challenge, account } = used.value;
  const { id, clientDataJSON, attestationObject, transports } = made;
  const refused = refuse('LOGIN_REFUSED', { why: 'passkey' });
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  try {
    if (!(await isPlain(attestationObject))) return refuse('LOGIN_REFUSED', { why: 'attestation' });
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON, attestationObject },
      },
      expectedChallenge: challenge,
      expectedOrigin: [...parts.party.origins],
      expectedRPID: parts.party.id,
      supportedAlgorithmIDs: [es256],
    });
    if (!verified || registrationInfo.credential.id !== id) return refused;
    const { publicKey, counter } = registrationInfo.credential;
    const passkey = await toPasskey(id, publicKey, parts.party.id);
    if (passkey === undefined) return refused;
    const at = parts.now();
    const times = { created_at: at, used_at: at };
    const text = { public_key: toText(publicKey), transports: JSON.stringify(transports) };
    return accept({ passkey, row: { id, account, counter, ...text, ...times } });
  } catch {
    // The library throws for every passkey that does not hold.
    return refused;
  }
}

/** Makes an account of its first passkey and logs this device in. @returns LOGIN_REFUSED, or what a hub may pin */
export async function register(parts: AccountParts, jkt: string, made: Made): Promise<Verdict<Passkey>> {
  const proven = await prove(parts, jkt, 'register', made);
  if (!proven.ok) return proven;
  const { row, passkey } = proven.value;
  return parts.store.write(async ({ accounts, sessions }) => {
    if (!(await accounts.addPasskey(row))) return refuse('LOGIN_REFUSED', { why: 'passkey' });
    const at = row.created_at;
    await accounts.add({ id: row.account, created_at: at });
    await sessions.open({ jkt, account: row.account, passkey: row.id, created_at: at, seen_at: at });
    return accept(passkey);
  });
}

/** Adds a passkey to the account that this device is logged in to. @returns LOGIN_REFUSED, SESSION_ENDED, ACCOUNT_FULL */
export async function addPasskey(parts: AccountParts, jkt: string, made: Made): Promise<Verdict<Passkey>> {
  const proven = await prove(parts, jkt, 'add', made);
  if (!proven.ok) return proven;
  const { row, passkey } = proven.value;
  return parts.store.write(async (tables) => {
    const session = await livingSession(tables, jkt);
    if (!session.ok || session.value.account !== row.account) return refuse('SESSION_ENDED');
    const { accounts } = tables;
    if ((await accounts.passkeysOf(row.account)).length >= maxPasskeys) {
      return refuse('ACCOUNT_FULL', { most: maxPasskeys });
    }
    return (await accounts.addPasskey(row)) ? accept(passkey) : refuse('LOGIN_REFUSED', { why: 'passkey' });
  });
}
