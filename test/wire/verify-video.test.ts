import t from 'tap';
import type { FaultCode, Verdict } from '../../wire/faults.ts';
import { type DocumentForm, hashOf, newId, signDocument } from '../../wire/jws.ts';
import { clockSkewSeconds } from '../../wire/rule-book.ts';
import {
  verifyLook,
  verifyRetention,
  verifySight,
  verifyVideoHead,
  verifyVideoKey,
  verifyVideoShare,
} from '../../wire/verify-video.ts';
import {
  lookForm,
  maxKept,
  maxLookSeconds,
  retentionForm,
  sightForm,
  videoHeadForm,
  videoKeyForm,
  videoShareForm,
} from '../../wire/video.ts';
import { withByteFlipped, withClaims, withHeader } from '../device/grant/rows/tamper.ts';
import { newCast, newHubId } from '../support/keys.ts';

const cast = await newCast();
const { nowS, hubId, doorId: door } = cast;
const owners = [cast.owner.sign];
const stream = newId();
const hash = hashOf('a chain');
const sealed = 'x'.repeat(200);
const elsewhere = newHubId();

const key = { iss: hubId, stream, door, visit: newId(), iat: nowS * 1000, codec: 'jpeg', owners: 1, sealed };
const head = { iss: hubId, stream, seq: 5, hash, at: nowS * 1000 };
const share = { aud: hubId, stream, iat: nowS, to: hash, sealed };
const sight = { aud: hubId, jti: newId(), iat: nowS, stream, seq: 5, picture: hash };
const look = { aud: hubId, jti: newId(), iat: nowS, exp: nowS + 60, door };
const retention = { aud: hubId, version: 2, iat: nowS, keepHours: 48, keep: [newId()] };

const byHub = (form: DocumentForm<never>, claims: object, signer = cast.hub) =>
  signDocument(form, claims as never, signer);
const byOwner = (form: DocumentForm<never>, claims: object, signer = cast.owner.sign) =>
  signDocument(form, claims as never, signer);
const keyJws = (change = {}, signer = cast.hub) => byHub(videoKeyForm as never, { ...key, ...change }, signer);
const headJws = (change = {}, signer = cast.hub) => byHub(videoHeadForm as never, { ...head, ...change }, signer);
const shareJws = (change = {}, signer = cast.owner.sign) =>
  byOwner(videoShareForm as never, { ...share, ...change }, signer);
const sightJws = (change = {}, signer = cast.owner.sign) =>
  byOwner(sightForm as never, { ...sight, ...change }, signer);
const lookJws = (change = {}, signer = cast.owner.sign) => byOwner(lookForm as never, { ...look, ...change }, signer);
const retentionJws = (change = {}, signer = cast.owner.sign) =>
  byOwner(retentionForm as never, { ...retention, ...change }, signer);

const verifies = {
  key: (jws: string) => verifyVideoKey(jws, cast.hub, hubId),
  head: (jws: string) => verifyVideoHead(jws, cast.hub, { hubId, stream }),
  share: (jws: string) => verifyVideoShare(jws, owners, hubId),
  sight: (jws: string) => verifySight(jws, owners, hubId),
  look: (jws: string) => verifyLook(jws, owners, { hubId, nowS }),
  retention: (jws: string) => verifyRetention(jws, owners, { hubId, version: 1 }),
};
const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);

t.test('what is good is taken, and says what was signed', async (t) => {
  t.same(await verifies.key(await keyJws()), { ok: true, value: key });
  t.same(await verifies.key(await keyJws({ width: 640, height: 480, codec: 'h264' })), {
    ok: true,
    value: { ...key, width: 640, height: 480, codec: 'h264' },
  });
  t.same(await verifies.head(await headJws({ end: 'lost', late: 3 })), {
    ok: true,
    value: { ...head, end: 'lost', late: 3 },
  });
  t.same(await verifies.share(await shareJws()), { ok: true, value: share });
  t.same(await verifies.sight(await sightJws()), { ok: true, value: { claims: sight, kid: cast.owner.sign.kid } });
  t.same(await verifies.look(await lookJws()), { ok: true, value: look });
  t.same(await verifies.retention(await retentionJws()), { ok: true, value: retention });
});

/** What is wrong, which verifier, the document, the one code that has to come of it. */
const rows: [string, keyof typeof verifies, () => Promise<string>, FaultCode][] = [
  [
    'a key with a claim of its own',
    'key',
    async () => withClaims(await keyJws(), { admin: true }),
    'VIDEO_KEY_MALFORMED',
  ],
  [
    'a key without its wrap',
    'key',
    async () => withClaims(await keyJws(), { sealed: undefined }),
    'VIDEO_KEY_MALFORMED',
  ],
  ['a key of another codec', 'key', async () => withClaims(await keyJws(), { codec: 'vp8' }), 'VIDEO_KEY_MALFORMED'],
  [
    'a stream id of 15 bytes',
    'key',
    async () => withClaims(await keyJws(), { stream: 'A'.repeat(20) }),
    'VIDEO_KEY_MALFORMED',
  ],
  ['T36: a relay starts a stream of its own', 'key', () => keyJws({}, cast.stranger.ed), 'VIDEO_KEY_NOT_GENUINE'],
  [
    'a stranger under the name of the hub',
    'key',
    async () => withHeader(await keyJws({}, cast.stranger.ed), { kid: cast.hub.kid }),
    'VIDEO_KEY_NOT_GENUINE',
  ],
  [
    'a key of another door put into its place',
    'key',
    async () => withClaims(await keyJws(), { owners: 2 }),
    'VIDEO_KEY_NOT_GENUINE',
  ],
  ['a key in the name of another hub', 'key', () => keyJws({ iss: elsewhere }), 'VIDEO_KEY_NOT_GENUINE'],
  ['one bit of a key', 'key', async () => withByteFlipped(await keyJws(), 2), 'VIDEO_KEY_NOT_GENUINE'],
  [
    'a checkpoint without its hash',
    'head',
    async () => withClaims(await headJws(), { hash: undefined }),
    'VIDEO_HEAD_MALFORMED',
  ],
  [
    'a checkpoint past 32 bits',
    'head',
    async () => withClaims(await headJws(), { seq: 2 ** 32 }),
    'VIDEO_HEAD_MALFORMED',
  ],
  ['another end', 'head', async () => withClaims(await headJws(), { end: 'cut' }), 'VIDEO_HEAD_MALFORMED'],
  ['a checkpoint of a stranger', 'head', () => headJws({}, cast.stranger.ed), 'VIDEO_HEAD_NOT_GENUINE'],
  [
    'a checkpoint that reaches less far than it was signed for',
    'head',
    async () => withClaims(await headJws(), { seq: 4 }),
    'VIDEO_HEAD_NOT_GENUINE',
  ],
  ['a checkpoint of another stream', 'head', () => headJws({ stream: newId() }), 'VIDEO_HEAD_NOT_GENUINE'],
  ['a checkpoint of another hub', 'head', () => headJws({ iss: elsewhere }), 'VIDEO_HEAD_NOT_GENUINE'],
  [
    'a share without its target',
    'share',
    async () => withClaims(await shareJws(), { to: undefined }),
    'VIDEO_SHARE_MALFORMED',
  ],
  ['a share of a stranger', 'share', () => shareJws({}, cast.stranger.ec), 'VIDEO_SHARE_KEY_UNKNOWN'],
  [
    'a share for another target than was signed for',
    'share',
    async () => withClaims(await shareJws(), { to: hashOf('x') }),
    'VIDEO_SHARE_NOT_GENUINE',
  ],
  ['a share of another home', 'share', () => shareJws({ aud: elsewhere }), 'VIDEO_SHARE_WRONG_HUB'],
  ['a sight of frame 0', 'sight', async () => withClaims(await sightJws(), { seq: 0 }), 'SIGHT_MALFORMED'],
  [
    'a sight without its picture',
    'sight',
    async () => withClaims(await sightJws(), { picture: undefined }),
    'SIGHT_MALFORMED',
  ],
  ['R5: a relay sees for the owner', 'sight', () => sightJws({}, cast.stranger.ec), 'SIGHT_KEY_UNKNOWN'],
  [
    'R5: a sight of a later frame than was signed for',
    'sight',
    async () => withClaims(await sightJws(), { seq: 6 }),
    'SIGHT_NOT_GENUINE',
  ],
  ['a sight for another hub', 'sight', () => sightJws({ aud: elsewhere }), 'SIGHT_WRONG_HUB'],
  ['a look without a door', 'look', async () => withClaims(await lookJws(), { door: undefined }), 'LOOK_MALFORMED'],
  [
    'a look of a second too much',
    'look',
    async () => withClaims(await lookJws(), { exp: nowS + maxLookSeconds + 1 }),
    'LOOK_MALFORMED',
  ],
  ['a look that ends as it begins', 'look', async () => withClaims(await lookJws(), { exp: nowS }), 'LOOK_MALFORMED'],
  ['a look of a stranger', 'look', () => lookJws({}, cast.stranger.ec), 'LOOK_KEY_UNKNOWN'],
  [
    'a look at another door than was signed for',
    'look',
    async () => withClaims(await lookJws(), { door: 'door-00000000000000000000' }),
    'LOOK_NOT_GENUINE',
  ],
  ['a look at another hub', 'look', () => lookJws({ aud: elsewhere }), 'LOOK_WRONG_HUB'],
  ['a look that is over', 'look', () => lookJws({ iat: nowS - 60, exp: nowS }), 'LOOK_LATE'],
  [
    'a look dated ahead',
    'look',
    () => lookJws({ iat: nowS + clockSkewSeconds + 1, exp: nowS + clockSkewSeconds + 2 }),
    'LOOK_LATE',
  ],
  [
    'an hour too few',
    'retention',
    async () => withClaims(await retentionJws(), { keepHours: 0 }),
    'RETENTION_MALFORMED',
  ],
  [
    'an hour too many',
    'retention',
    async () => withClaims(await retentionJws(), { keepHours: 721 }),
    'RETENTION_MALFORMED',
  ],
  [
    'half an hour',
    'retention',
    async () => withClaims(await retentionJws(), { keepHours: 1.5 }),
    'RETENTION_MALFORMED',
  ],
  [
    'a dispute too many',
    'retention',
    async () => withClaims(await retentionJws(), { keep: Array.from({ length: maxKept + 1 }, newId) }),
    'RETENTION_MALFORMED',
  ],
  ['a setting of a stranger', 'retention', () => retentionJws({}, cast.stranger.ec), 'RETENTION_KEY_UNKNOWN'],
  [
    'a dispute taken out after signing',
    'retention',
    async () => withClaims(await retentionJws(), { keep: [] }),
    'RETENTION_NOT_GENUINE',
  ],
  ['a setting for another hub', 'retention', () => retentionJws({ aud: elsewhere }), 'RETENTION_WRONG_HUB'],
  ['the version in force', 'retention', () => retentionJws({ version: 1 }), 'RETENTION_OLD'],
  ['an older version', 'retention', () => retentionJws({ version: 0 }), 'RETENTION_OLD'],
];

t.test('each wrong thing is refused with its own code', async (t) => {
  for (const [says, by, make, expected] of rows) t.equal(code(await verifies[by](await make())), expected, says);
});

t.test('every refusal of these verifiers has a row', async (t) => {
  const reached = new Set(rows.map(([, , , expected]) => expected));
  for (const expected of [
    ...['VIDEO_KEY_MALFORMED', 'VIDEO_KEY_NOT_GENUINE', 'VIDEO_HEAD_MALFORMED', 'VIDEO_HEAD_NOT_GENUINE'],
    ...['VIDEO_SHARE_MALFORMED', 'VIDEO_SHARE_KEY_UNKNOWN', 'VIDEO_SHARE_NOT_GENUINE', 'VIDEO_SHARE_WRONG_HUB'],
    ...['SIGHT_MALFORMED', 'SIGHT_KEY_UNKNOWN', 'SIGHT_NOT_GENUINE', 'SIGHT_WRONG_HUB'],
    ...['LOOK_MALFORMED', 'LOOK_KEY_UNKNOWN', 'LOOK_NOT_GENUINE', 'LOOK_WRONG_HUB', 'LOOK_LATE'],
    ...[
      'RETENTION_MALFORMED',
      'RETENTION_KEY_UNKNOWN',
      'RETENTION_NOT_GENUINE',
      'RETENTION_WRONG_HUB',
      'RETENTION_OLD',
    ],
  ]) {
    t.ok(reached.has(expected as FaultCode), expected);
  }
});

t.test('a look is good to its last second, from as early as clocks may differ', async (t) => {
  t.equal(code(await verifyLook(await lookJws(), owners, { hubId, nowS: nowS + 59 })), 'ok');
  t.equal(code(await verifyLook(await lookJws(), owners, { hubId, nowS: nowS + 60 })), 'LOOK_LATE');
  t.equal(code(await verifyLook(await lookJws(), owners, { hubId, nowS: nowS - clockSkewSeconds })), 'ok');
  t.equal(code(await verifyLook(await lookJws(), owners, { hubId, nowS: nowS - clockSkewSeconds - 1 })), 'LOOK_LATE');
});

t.test('the first setting may have version 0', async (t) => {
  t.equal(code(await verifyRetention(await retentionJws({ version: 0 }), owners, { hubId, version: -1 })), 'ok');
});
