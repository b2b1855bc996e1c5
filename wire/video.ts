/** The signed documents around sealed pictures: who may watch, how far the chain reaches, what an owner's device sees. Schemas alone: they run in a browser too. */
import * as v from 'valibot';
import type { DocumentForm } from './jws.ts';
import { Count, DoorId, Hash, HubId, Id, Millis, Seconds } from './shapes.ts';

/** 128 random bits, base64url. */
export const StreamId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/));
/** Frames of one stream: 32 bits. */
const Seq = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1));
const Side = v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(8192));
/** A JWE as `sealFor` makes it. */
const Sealed = v.pipe(v.string(), v.minLength(16), v.maxLength(12_288));

export const VideoKeyClaims = v.strictObject({
  iss: HubId,
  stream: StreamId,
  door: DoorId,
  /** Absent when the owner looks outside a visit. */
  visit: v.optional(Id),
  /** When the camera was started, ms. */
  iat: Millis,
  codec: v.picklist(['jpeg', 'h264']),
  width: v.optional(Side),
  height: v.optional(Side),
  /** Version of the owner list whose devices the key is sealed for. */
  owners: Count,
  /** JWE of the 32 bytes of the key, for the `seal` key of each device in that list. */
  sealed: Sealed,
});
export type VideoKeyClaims = v.InferOutput<typeof VideoKeyClaims>;

/** Who may watch a stream. Signed by the hub: ECDH-ES does not say who sent a key, so a relay could start a stream of its own. */
export const videoKeyForm: DocumentForm<typeof VideoKeyClaims> = {
  typ: 'videokey+jwt',
  algs: ['EdDSA'],
  maxBytes: 24_576,
  key: 'kid',
  claims: VideoKeyClaims,
  malformed: 'VIDEO_KEY_MALFORMED',
  notGenuine: 'VIDEO_KEY_NOT_GENUINE',
};

export const VideoHeadClaims = v.strictObject({
  iss: HubId,
  stream: StreamId,
  /** The last frame that the hash covers; 0 before the first. */
  seq: Seq,
  hash: Hash,
  at: Millis,
  /** The last of its stream, and how it ended. `lost`: the camera failed, or the hub was restarted. */
  end: v.optional(v.picklist(['stopped', 'lost'])),
  /** Frames so far that the relay did not acknowledge while they were fresh: they arrive late. */
  late: v.optional(Seq),
});
export type VideoHeadClaims = v.InferOutput<typeof VideoHeadClaims>;

/** The hub's signature under a stream so far, about once a second. */
export const videoHeadForm: DocumentForm<typeof VideoHeadClaims> = {
  typ: 'videohead+jwt',
  algs: ['EdDSA'],
  maxBytes: 1024,
  key: 'kid',
  claims: VideoHeadClaims,
  malformed: 'VIDEO_HEAD_MALFORMED',
  notGenuine: 'VIDEO_HEAD_NOT_GENUINE',
};

export const VideoShareClaims = v.strictObject({
  aud: HubId,
  stream: StreamId,
  iat: Seconds,
  /** Thumbprint of the `seal` key of the device that it is for. */
  to: Hash,
  /** JWE of the 32 bytes of the key for that device alone. */
  sealed: Sealed,
});
export type VideoShareClaims = v.InferOutput<typeof VideoShareClaims>;

/** An owner's device gives a later one the key of an earlier stream. */
export const videoShareForm: DocumentForm<typeof VideoShareClaims> = {
  typ: 'videoshare+jwt',
  algs: ['ES256'],
  maxBytes: 4096,
  key: 'kid',
  claims: VideoShareClaims,
  malformed: 'VIDEO_SHARE_MALFORMED',
  notGenuine: 'VIDEO_SHARE_NOT_GENUINE',
};

export const SightClaims = v.strictObject({
  aud: HubId,
  jti: Id,
  iat: Seconds,
  stream: StreamId,
  seq: v.pipe(Seq, v.minValue(1)),
  /** SHA-256 of the picture's plaintext: only who could open it knows it. */
  picture: Hash,
});
export type SightClaims = v.InferOutput<typeof SightClaims>;

/** "I see this picture now": what a `watched` rule asks of an owner's device (R5). */
export const sightForm: DocumentForm<typeof SightClaims> = {
  typ: 'sight+jwt',
  algs: ['ES256'],
  maxBytes: 1024,
  key: 'kid',
  claims: SightClaims,
  malformed: 'SIGHT_MALFORMED',
  notGenuine: 'SIGHT_NOT_GENUINE',
};

/** Longest time that one look asks for, seconds. */
export const maxLookSeconds = 60;

export const LookClaims = v.pipe(
  v.strictObject({ aud: HubId, jti: Id, iat: Seconds, exp: Seconds, door: DoorId }),
  v.check(({ iat, exp }) => exp > iat && exp - iat <= maxLookSeconds, 'a look lasts at most a minute'),
);
export type LookClaims = v.InferOutput<typeof LookClaims>;

/** An owner's device asks for a live picture outside a visit. Said again while the owner looks. */
export const lookForm: DocumentForm<typeof LookClaims> = {
  typ: 'look+jwt',
  algs: ['ES256'],
  maxBytes: 1024,
  key: 'kid',
  claims: LookClaims,
  malformed: 'LOOK_MALFORMED',
  notGenuine: 'LOOK_NOT_GENUINE',
};

/** How long recordings are kept when the owner says nothing, hours. */
export const defaultKeepHours = 72;
export const maxKept = 64;

export const RetentionClaims = v.strictObject({
  aud: HubId,
  version: Count,
  iat: Seconds,
  keepHours: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(720)),
  /** Visits whose recordings stay until they leave this list: a dispute. */
  keep: v.pipe(v.array(Id), v.maxLength(maxKept)),
  /** The hub may photograph what a courier has put down, where a door has a camera for it. Left out: it never does. */
  doorPhotos: v.optional(v.boolean()),
});
export type RetentionClaims = v.InferOutput<typeof RetentionClaims>;

/** How long the owner keeps recordings, and whether the hub takes photos. An older version is refused. */
export const retentionForm: DocumentForm<typeof RetentionClaims> = {
  typ: 'retention+jwt',
  algs: ['ES256'],
  maxBytes: 4096,
  key: 'kid',
  claims: RetentionClaims,
  malformed: 'RETENTION_MALFORMED',
  notGenuine: 'RETENTION_NOT_GENUINE',
};
