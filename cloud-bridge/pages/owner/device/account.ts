/** The account of whoever holds this device: made of a passkey, logged in to with one, and seen. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import { accountText, Passkey, verifyAssertion } from '../../../../wire/passkey.ts';
import { Hash, Millis } from '../../../../wire/shapes.ts';
import { answerQuestion, makePasskey } from '../../common/passkey.ts';
import type { Api } from './api.ts';

const Asked = v.object({ challenge: v.string(), rp: v.string(), account: v.optional(v.string(), '') });
const Done = v.object({ passkey: Passkey });
const Ended = v.object({ ended: v.number() });

export const AccountView = v.object({
  passkeys: v.array(v.object({ id: v.string(), createdAt: Millis, usedAt: Millis, current: v.boolean() })),
  sessions: v.array(
    v.object({ device: Hash, createdAt: Millis, seenAt: Millis, passkey: v.string(), current: v.boolean() }),
  ),
});
export type AccountView = v.InferOutput<typeof AccountView>;

/** `this` device, the `others`, `all`, or the one whose key has this thumbprint. */
export type Which = 'this' | 'others' | 'all' | { readonly device: string };

const ask = (api: Api, purpose: 'register' | 'log-in' | 'add') =>
  api.call({ method: 'POST', path: '/v1/account/challenges', body: { for: purpose } }, Asked);

/**
 * Makes a passkey and an account of it, and logs this device in.
 * @param name  what the browser lists the passkey under
 * @returns what a hub may pin, as the browser made it; PASSKEY_CANCELLED, PASSKEY_UNAVAILABLE, LOGIN_REFUSED
 */
export const register = (api: Api, name: string): Promise<Verdict<Passkey>> => make(api, name, 'register', []);

/** A further passkey of the account. @param known  those that it has */
export const addPasskey = (api: Api, name: string, known: readonly string[]): Promise<Verdict<Passkey>> =>
  make(api, name, 'add', known);

async function make(
  api: Api,
  name: string,
  purpose: 'register' | 'add',
  known: readonly string[],
): Promise<Verdict<Passkey>> {
  const asked = await ask(api, purpose);
  if (!asked.ok) return asked;
  const made = await makePasskey(asked.value, name, known);
  if (!made.ok) return made;
  const path = purpose === 'register' ? '/v1/account' : '/v1/account/passkeys';
  const reply = await api.call({ method: 'POST', path, body: made.value.made }, v.unknown());
  return reply.ok ? accept(made.value.passkey) : reply;
}

/**
 * Logs this device in with a passkey of the account.
 * @returns the passkey, as a hub may pin it: the cloud says its key, and it is believed because it has just signed;
 *   PASSKEY_CANCELLED, PASSKEY_UNAVAILABLE, LOGIN_REFUSED
 */
export async function logIn(api: Api): Promise<Verdict<Passkey>> {
  const asked = await ask(api, 'log-in');
  if (!asked.ok) return asked;
  const answer = await answerQuestion(asked.value);
  if (!answer.ok) return answer;
  const reply = await api.call({ method: 'POST', path: '/v1/account/log-ins', body: answer.value }, Done);
  if (!reply.ok) return reply;
  const { passkey } = reply.value;
  const { id, authenticatorData, clientDataJSON, signature } = answer.value;
  const assertion = `${authenticatorData}.${clientDataJSON}.${signature}`;
  const signed = await verifyAssertion(accountText(asked.value.challenge), assertion, passkey);
  return signed.ok && passkey.id === id ? accept(passkey) : refuse('LOGIN_REFUSED', { why: 'another key' });
}

/** @returns SESSION_ENDED when this device is not logged in */
export const showAccount = (api: Api): Promise<Verdict<AccountView>> =>
  api.call({ method: 'GET', path: '/v1/account' }, AccountView);

/** Logs devices out: they are out at once. */
export const endSessions = (api: Api, which: Which): Promise<Verdict<{ ended: number }>> =>
  api.call({ method: 'POST', path: '/v1/account/session-ends', body: { which } }, Ended);

/** Removes a passkey, and logs out what came by it. @returns CREDENTIAL_LAST, CREDENTIAL_IN_USE */
export const removePasskey = (api: Api, passkey: string): Promise<Verdict<{ ended: number }>> =>
  api.call({ method: 'POST', path: '/v1/account/passkey-ends', body: { passkey } }, Ended);
