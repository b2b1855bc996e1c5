/** How long the owner keeps recordings, and which visits are disputed. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { peek } from '../../wire/jws.ts';
import { verifyRetention } from '../../wire/verify-video.ts';
import { type RetentionClaims, retentionForm } from '../../wire/video.ts';
import type { InForce } from './in-force.ts';
import type { Change } from './taken.ts';

/**
 * Takes a retention setting: the one in force again changes nothing, any other has to have a higher version.
 * @returns OWNER_MISSING or RETENTION_… when it is refused
 */
export async function takeRetention(text: string, inForce: InForce): Promise<Verdict<Change>> {
  const { hubId, owners, retention, texts } = inForce;
  if (owners === undefined) return refuse('OWNER_MISSING');
  if (retention !== undefined && text === texts.retention) return accept({ taken: takenOf(retention, false) });
  const verified = await verifyRetention(text, owners.keys, { hubId, version: retention?.version ?? -1 });
  if (!verified.ok) return verified;
  return accept({
    taken: takenOf(verified.value, true),
    next: { retention: verified.value, texts: { ...texts, retention: text } },
    keep: { retention: text },
  });
}

const takenOf = ({ version, keepHours, keep }: RetentionClaims, changed: boolean) =>
  ({ took: 'retention', version, keepHours, kept: keep.length, changed }) as const;

/**
 * Reads the kept setting without verifying it again: it stays when the device that signed it goes, or a dispute would end with a lost
 * phone. Whoever can write to this disk can delete the recordings themselves.
 * @returns undefined for none, and for another hub's
 */
export function readKeptRetention(text: string | undefined, hubId: string): RetentionClaims | undefined {
  const peeked = peek(retentionForm, text ?? '');
  return peeked.ok && peeked.value.claims.aud === hubId ? peeked.value.claims : undefined;
}
