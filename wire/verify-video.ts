/** Verifies the documents around sealed pictures: pure functions of document, keys, time and policy. */
import { accept, refuse, type Verdict } from './faults.ts';
import { type VerifyKey, verifyKnown } from './jws.ts';
import { clockSkewSeconds } from './rule-book.ts';
import {
  type LookClaims,
  lookForm,
  type RetentionClaims,
  retentionForm,
  type SightClaims,
  sightForm,
  type VideoHeadClaims,
  type VideoKeyClaims,
  type VideoShareClaims,
  videoHeadForm,
  videoKeyForm,
  videoShareForm,
} from './video.ts';

/** Verifies who may watch a stream. @returns VIDEO_KEY_MALFORMED, or VIDEO_KEY_NOT_GENUINE also for another hub's */
export async function verifyVideoKey(jws: string, hub: VerifyKey, hubId: string): Promise<Verdict<VideoKeyClaims>> {
  const verified = await verifyKnown(videoKeyForm, jws, [hub], 'VIDEO_KEY_NOT_GENUINE');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  return claims.iss === hubId ? accept(claims) : refuse('VIDEO_KEY_NOT_GENUINE', { why: 'hub' });
}

/** Verifies a checkpoint of this stream. @returns VIDEO_HEAD_MALFORMED, or VIDEO_HEAD_NOT_GENUINE also for another stream's */
export async function verifyVideoHead(
  jws: string,
  hub: VerifyKey,
  of: { readonly hubId: string; readonly stream: string },
): Promise<Verdict<VideoHeadClaims>> {
  const verified = await verifyKnown(videoHeadForm, jws, [hub], 'VIDEO_HEAD_NOT_GENUINE');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  const isOf = claims.iss === of.hubId && claims.stream === of.stream;
  return isOf ? accept(claims) : refuse('VIDEO_HEAD_NOT_GENUINE', { why: 'stream' });
}

/** Verifies a shared key. @param owners  keys of the owner list. @returns VIDEO_SHARE_… when it is refused */
export async function verifyVideoShare(
  jws: string,
  owners: readonly VerifyKey[],
  hubId: string,
): Promise<Verdict<VideoShareClaims>> {
  const verified = await verifyKnown(videoShareForm, jws, owners, 'VIDEO_SHARE_KEY_UNKNOWN');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  return claims.aud === hubId ? accept(claims) : refuse('VIDEO_SHARE_WRONG_HUB');
}

/** Verifies that an owner's device signed this sight; whether the picture is that frame's is the hub's to say. @returns SIGHT_… */
export async function verifySight(
  jws: string,
  owners: readonly VerifyKey[],
  hubId: string,
): Promise<Verdict<{ readonly claims: SightClaims; readonly kid: string }>> {
  const verified = await verifyKnown(sightForm, jws, owners, 'SIGHT_KEY_UNKNOWN');
  if (!verified.ok) return verified;
  const { claims, key } = verified.value;
  return claims.aud === hubId ? accept({ claims, kid: key.kid }) : refuse('SIGHT_WRONG_HUB');
}

/** Verifies a look. @param nowS  the hub's time, seconds. @returns LOOK_… */
export async function verifyLook(
  jws: string,
  owners: readonly VerifyKey[],
  policy: { readonly hubId: string; readonly nowS: number },
): Promise<Verdict<LookClaims>> {
  const verified = await verifyKnown(lookForm, jws, owners, 'LOOK_KEY_UNKNOWN');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if (claims.aud !== policy.hubId) return refuse('LOOK_WRONG_HUB');
  return policy.nowS < claims.exp && policy.nowS + clockSkewSeconds >= claims.iat
    ? accept(claims)
    : refuse('LOOK_LATE', { now: policy.nowS });
}

/** Verifies a retention setting. @param policy.version  of the one in force, -1 for none. @returns RETENTION_… */
export async function verifyRetention(
  jws: string,
  owners: readonly VerifyKey[],
  policy: { readonly hubId: string; readonly version: number },
): Promise<Verdict<RetentionClaims>> {
  const verified = await verifyKnown(retentionForm, jws, owners, 'RETENTION_KEY_UNKNOWN');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if (claims.aud !== policy.hubId) return refuse('RETENTION_WRONG_HUB');
  return claims.version > policy.version ? accept(claims) : refuse('RETENTION_OLD', { has: policy.version });
}
