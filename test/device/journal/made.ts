/** Stores, drafts and keys for the tests of the journal. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import type { Test } from 'tap';
import type { Draft, HubStore } from '../../../device/journal/journal.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import type { IssuerKeys } from '../../../wire/issuer-set.ts';
import { type SignKey, signDocument, toSignKey } from '../../../wire/jws.ts';
import type { OkpJwk } from '../../../wire/shapes.ts';
import { witnessForm } from '../../../wire/witness.ts';
import { comesTrue } from '../../support/until.ts';

export const hubId = 'hub-aaaaaaaaaaaaaaaaaaaa';
export const door = 'door-bbbbbbbbbbbbbbbbbbbb';
export const visit = 'visit-cccccccccccccccc';
export const startMs = 1_790_000_000_000;

export function makeFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-journal-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function makeStore(t: Test, path = join(makeFolder(t), 'journal.db')): HubStore & { readonly path: string } {
  const store = openHubStore(path, hubId);
  t.teardown(() => store.close());
  return { ...store, path };
}

export const draft = (n: number, more: Partial<Draft> = {}): Draft => ({
  at: startMs + n,
  door,
  kind: 'door.opened',
  body: { n },
  ...more,
});

/** Appends entries 1..count with `n` as their only fact. */
export function fill(store: HubStore, count: number, from = 1): void {
  store.journal.append(Array.from({ length: count }, (_, index) => draft(from + index)));
}

export async function makeSignKey(): Promise<SignKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return toSignKey((await exportJWK(privateKey)) as OkpJwk & { d: string });
}

export const toIssuers = (key: SignKey): IssuerKeys => ({
  version: 1,
  exp: 2 ** 40,
  issuer: 'doorward',
  keys: [{ key, nbf: 0, exp: 2 ** 40 }],
});

export const signWitness = (key: SignKey, head: { seq: number; hash: string }, hub = hubId): Promise<string> =>
  signDocument(witnessForm, { aud: hub, iat: 1_790_000_000, seq: head.seq, hash: head.hash }, key);

/** Waits for something that happens by itself. @returns whether it did within 10 s */
export const until = (condition: () => boolean): Promise<boolean> => comesTrue(condition, 10_000);
