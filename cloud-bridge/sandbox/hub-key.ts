/** The key that signs receipts of the sandbox: it follows from the vault's key, and no hub, issuer or owner has it. */
import { createPrivateKey } from 'node:crypto';
import * as v from 'valibot';
import { type SignKey, toSignKey } from '../../wire/jws.ts';
import { Hash, OkpJwk } from '../../wire/shapes.ts';
import type { Vault } from '../vault/vault.ts';

/** PKCS #8 of an Ed25519 key (RFC 8410 section 7), up to its 32 bytes. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
const PrivateOkp = v.object({ ...OkpJwk.entries, d: Hash });

export interface SandboxKey {
  readonly key: SignKey;
  /** Public. */
  readonly jwk: OkpJwk;
}

export async function sandboxKeyOf(vault: Pick<Vault, 'derive'>): Promise<SandboxKey> {
  const der = Buffer.concat([pkcs8Head, vault.derive('sandbox-hub')]);
  const jwk = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  const { d, ...open } = v.parse(PrivateOkp, jwk);
  return { key: await toSignKey({ ...open, d }), jwk: open };
}
