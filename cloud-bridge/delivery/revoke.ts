/** Ends grants with the issuer's key. The hub is told at once if it is there, else at its next hello. */
import { hashOf, newId } from '../../wire/jws.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** A revocation is kept this much longer than the grant that it ends, seconds: the hub's clock may be behind. */
const graceSeconds = 3_600;

/** Call `mailbox.bring(grant.hub)` after the commit. */
export async function revokeGrant(
  parts: Pick<Parts, 'signer' | 'now'>,
  tables: Tables,
  grant: Row<'grant_issued'>,
): Promise<void> {
  const nowS = Math.floor(parts.now() / 1000);
  await tables.grants.revoke(grant.jti);
  if (nowS >= grant.exp_s + graceSeconds) return;
  const text = await parts.signer.revocation({
    aud: grant.hub,
    jti: newId(),
    iat: nowS,
    ends: { kind: 'grant', id: grant.jti },
  });
  await tables.documents.add({
    hub: grant.hub,
    hash: hashOf(text),
    typ: 'revocation+jwt',
    kid: parts.signer.kid,
    version: null,
    about: `grant:${grant.jti}`,
    text,
    exp_s: grant.exp_s + graceSeconds,
    at: parts.now(),
  });
}

/** Ends the grant of a task link, if there is one. @returns true when the hub has something to learn */
export async function revokeGrantOf(
  parts: Pick<Parts, 'signer' | 'now'>,
  tables: Tables,
  task: string,
): Promise<boolean> {
  const grant = await tables.grants.ofTask(task);
  if (grant === undefined) return false;
  await revokeGrant(parts, tables, grant);
  return true;
}
