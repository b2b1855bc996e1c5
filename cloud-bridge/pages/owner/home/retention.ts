/** How long recordings are kept, those of which visits stay, and whether the hub takes photos: the owner's own signed word, read before it is said anew. */
import * as v from 'valibot';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import { defaultKeepHours, maxKept, type RetentionClaims, retentionForm } from '../../../../wire/video.ts';
import { signDocument, verifyDocument } from '../device/documents.ts';
import type { Place } from './course.ts';

const Documents = v.object({ retention: v.optional(v.object({ document: v.string() })) });
type Setting = Pick<RetentionClaims, 'version' | 'keepHours' | 'keep' | 'doorPhotos'>;

const unset: Setting = { version: 0, keepHours: defaultKeepHours, keep: [] };

/** As a device of this home signed it; what it is without one where there is none, or none that is genuine. */
async function read({ api, path, home }: Place): Promise<Verdict<Setting>> {
  const reply = await api.call({ method: 'GET', path: `${path}/documents` }, Documents);
  if (!reply.ok) return reply;
  const document = reply.value.retention?.document;
  if (document === undefined) return accept(unset);
  const verified = await verifyDocument(retentionForm, document, home.owners, 'RETENTION_KEY_UNKNOWN');
  return accept(verified.ok && verified.value.claims.aud === home.hub ? verified.value.claims : unset);
}

/** May the hub photograph what couriers put down? Unless somebody here has said so, it may not. */
export async function readDoorPhotos(place: Place): Promise<boolean | undefined> {
  const setting = await read(place);
  return setting.ok ? setting.value.doorPhotos === true : undefined;
}

/**
 * The setting with a change, signed. What was not changed stays. The version is the time: no device has to know the last one.
 * @param keep  the visits that stay, of those that did; the oldest of too many go
 */
export async function signRetention(
  place: Place,
  change: (before: Setting) => Partial<Pick<RetentionClaims, 'keepHours' | 'keep' | 'doorPhotos'>>,
): Promise<Verdict<string>> {
  const before = await read(place);
  if (!before.ok) return before;
  const { keepHours, keep, doorPhotos } = { ...before.value, ...change(before.value) };
  const iat = place.signer.nowS();
  const version = Math.max(iat, before.value.version + 1);
  const claims = {
    ...{ aud: place.signer.hub, version, iat, keepHours, keep: [...new Set(keep)].slice(-maxKept) },
    ...(doorPhotos === undefined ? {} : { doorPhotos }),
  };
  return accept(await signDocument(retentionForm, claims, place.signer.key));
}
