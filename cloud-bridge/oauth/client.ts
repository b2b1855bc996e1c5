/** A carrier as an OAuth client: its secrets, two at a time, and the tokens that it gets for them (RFC 6749 section 4.4). */
import { randomBytes } from 'node:crypto';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf, newId } from '../../wire/jws.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export const scopes = ['deliveries:read', 'deliveries:write', 'webhooks'] as const;
export type Scope = (typeof scopes)[number];

export const tokenSeconds = 3_600;
const maxSecrets = 2;

/** A secret as its carrier knows it. */
export interface NewSecret {
  readonly secret: string;
  /** Shown once. */
  readonly clientSecret: string;
}

/** @returns CLIENT_SECRETS_FULL when there are two */
export async function addSecret(tables: Tables, carrier: string, at: number): Promise<Verdict<NewSecret>> {
  if ((await tables.clients.secretsOf(carrier)).length >= maxSecrets) return refuse('CLIENT_SECRETS_FULL');
  const [secret, clientSecret] = [newId(), `dwc_${randomBytes(32).toString('base64url')}`];
  const hash = hashOf(clientSecret);
  await tables.clients.addSecret({ id: secret, carrier, hash, created_at: at, used_at: null, ended_at: null });
  return accept({ secret, clientSecret });
}

/** Ends a secret and its tokens. @returns NOT_FOUND; CLIENT_SECRET_LAST when it is the only one */
export async function endSecret(
  tables: Tables,
  carrier: string,
  secret: string,
  at: number,
): Promise<Verdict<{ ended: string }>> {
  const living = await tables.clients.secretsOf(carrier);
  if (!living.some(({ id }) => id === secret)) return refuse('NOT_FOUND');
  if (living.length === 1) return refuse('CLIENT_SECRET_LAST');
  await tables.clients.endSecret(secret, at);
  return accept({ ended: secret });
}

/** Ends every secret and every token: for a carrier that has lost its own. @returns the one that counts from now on */
export async function resetSecrets(tables: Tables, carrier: string, at: number): Promise<Verdict<NewSecret>> {
  for (const { id } of await tables.clients.secretsOf(carrier)) await tables.clients.endSecret(id, at);
  return addSecret(tables, carrier, at);
}

/** @returns the secret's row when it is this client's and lives */
export async function findClient(
  tables: Tables,
  client: string,
  clientSecret: string,
): Promise<Row<'client_secret'> | undefined> {
  const found = await tables.clients.secret(hashOf(clientSecret));
  return found?.carrier === client ? found : undefined;
}

/** @returns an opaque token, which is stored as a hash only */
export async function giveToken(
  tables: Tables,
  { id, carrier }: Row<'client_secret'>,
  granted: readonly string[],
  at: number,
): Promise<string> {
  const token = `dwa_${randomBytes(32).toString('base64url')}`;
  const row = { hash: hashOf(token), carrier, secret: id, scope: granted.join(' '), exp_at: at + tokenSeconds * 1000 };
  await tables.clients.addToken(row);
  await tables.clients.useSecret(id, at);
  return token;
}
