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

/** Ends the grants of a task link, if there are any. @param unless  doors whose grants stay. @returns true when the hub has something to learn */
export async function revokeGrantOf(
  parts: Pick<Parts, 'signer' | 'now'>,
  tables: Tables,
  task: string,
  unless: ReadonlySet<string> = new Set(),
): Promise<boolean> {
  const ended = (await tables.grants.ofTask(task)).filter(({ door }) => door === null || !unless.has(door));
  for (const grant of ended) await revokeGrant(parts, tables, grant);
  return ended.length > 0;
}
