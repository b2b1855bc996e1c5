/**
 * The owner's order to a lock that keeps codes and users of its own, and the hub's answer. Schemas alone: they run in a browser too.
 *
 * Both are carried by the cloud, which learns the door and the kind of the order. Digits, names and times travel in a JWE for the
 * hub's own key, lists and a new user's key in a JWE for the device that signed the order (R1, S048).
 */
import * as v from 'valibot';
import type { DocumentForm } from './jws.ts';
import { DoorId, Hash, HubId, Id, Seconds } from './shapes.ts';

/** Longest life of an order, seconds: long enough for a lock that is asked over the air, and for asking once more. */
export const maxOrderSeconds = 120;
/** Entries of a list in one answer: the next ones are asked for with `after`. */
export const maxListed = 50;

const isJwe = v.regex(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/);
/** The number that the lock gave to a code or a user. */
const InLock = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1));
const Minute = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1439));

/** When a code or a user counts, by the clock of the lock, in UTC. Both minutes 0: the whole day; no weekday: every day. */
export const LockTimes = v.strictObject({
  fromS: Seconds,
  untilS: Seconds,
  /** 0 Monday to 6 Sunday. */
  weekdays: v.pipe(
    v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(6))),
    v.maxLength(7),
    v.check((days) => new Set(days).size === days.length, 'days'),
  ),
  fromMinute: Minute,
  untilMinute: Minute,
});
export type LockTimes = v.InferOutput<typeof LockTimes>;

const bytes = (most: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.check((text) => new TextEncoder().encode(text).length <= most, 'bytes'),
  );

/**
 * Who uses this code is forced to open (T46): it opens like any other, and alarms the other owner devices in silence. Sealed with the
 * digits, so that nobody on the way knows which codes are such.
 */
export const Duress = v.strictObject({
  /** Thumbprints of the `sign` keys of the devices that must show nothing: those in the hands of the one who is forced. */
  notFor: v.pipe(v.array(Hash), v.minLength(1), v.maxLength(16)),
});
export type Duress = v.InferOutput<typeof Duress>;

/** What is sealed of `codes.add`. `jti`: of the order that it is for. Which digits a lock takes, the lock says. */
export const NewCode = v.strictObject({
  jti: Id,
  digits: v.pipe(v.string(), v.regex(/^\d{4,12}$/)),
  name: bytes(20),
  times: v.optional(LockTimes),
  duress: v.optional(Duress),
});
export type NewCode = v.InferOutput<typeof NewCode>;

/** What is sealed of `users.add`. */
export const NewUser = v.strictObject({
  jti: Id,
  name: bytes(32),
  kind: v.picklist(['app', 'fob']),
  mayActFromAfar: v.boolean(),
  times: v.optional(LockTimes),
});
export type NewUser = v.InferOutput<typeof NewUser>;

/** A compact JWE of a `NewCode` or `NewUser` for the hub's seal key (`hub-key.ts`). */
const ForHub = v.pipe(v.string(), v.maxLength(2048), isJwe);
/** Only what comes after this number. */
const after = v.optional(InLock);

export const LockOrder = v.variant('do', [
  v.strictObject({ do: v.literal('codes.list'), after }),
  v.strictObject({ do: v.literal('codes.add'), sealed: ForHub }),
  v.strictObject({ do: v.literal('codes.remove'), id: InLock }),
  v.strictObject({ do: v.literal('users.list'), after }),
  v.strictObject({ do: v.literal('users.add'), sealed: ForHub }),
  v.strictObject({ do: v.literal('users.remove'), id: InLock }),
]);
export type LockOrder = v.InferOutput<typeof LockOrder>;

/** It lets somebody in who could not come in before: never without trusted time, never before the record is on disk. */
export const widens = ({ do: act }: LockOrder): boolean => act === 'codes.add' || act === 'users.add';
/** It only ever takes away: neither clock nor disk stand in its way. */
export const narrows = ({ do: act }: LockOrder): boolean => act === 'codes.remove' || act === 'users.remove';

export const LockOrderClaims = v.pipe(
  v.strictObject({ aud: HubId, jti: Id, iat: Seconds, exp: Seconds, door: DoorId, order: LockOrder }),
  v.check(({ iat, exp }) => exp > iat && exp - iat <= maxOrderSeconds, 'an order is short-lived'),
);
export type LockOrderClaims = v.InferOutput<typeof LockOrderClaims>;

/** Signed by an owner's device. What `widens` carries the assertion of its passkey, where it is pinned with one (`passkey.ts`). */
export const lockOrderForm: DocumentForm<typeof LockOrderClaims> = {
  typ: 'lockorder+jwt',
  algs: ['ES256'],
  maxBytes: 4096,
  key: 'kid',
  claims: LockOrderClaims,
  malformed: 'LOCK_ORDER_MALFORMED',
  notGenuine: 'LOCK_ORDER_NOT_GENUINE',
};

const Listed = {
  id: InLock,
  name: v.pipe(v.string(), v.maxLength(64)),
  enabled: v.boolean(),
  createdS: v.optional(Seconds),
  lastUsedS: v.optional(Seconds),
  uses: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)),
  times: v.optional(LockTimes),
};
/** A code as the owner sees it: never its digits, which the lock gives to nobody. */
export const ListedCode = v.strictObject(Listed);
export type ListedCode = v.InferOutput<typeof ListedCode>;

export const ListedUser = v.strictObject({
  ...Listed,
  kind: v.picklist(['app', 'bridge', 'fob', 'keypad', 'other']),
  isHub: v.boolean(),
  mayActFromAfar: v.boolean(),
});
export type ListedUser = v.InferOutput<typeof ListedUser>;

/** What came of an order. `more`: there are further entries after the last of these. */
export const LockResult = v.variant('did', [
  v.strictObject({
    did: v.literal('codes.list'),
    codes: v.pipe(v.array(ListedCode), v.maxLength(maxListed)),
    more: v.boolean(),
  }),
  v.strictObject({ did: v.literal('codes.add'), id: InLock }),
  v.strictObject({ did: v.literal('codes.remove') }),
  v.strictObject({
    did: v.literal('users.list'),
    users: v.pipe(v.array(ListedUser), v.maxLength(maxListed)),
    more: v.boolean(),
  }),
  /** `key`: the 32 bytes that the new user seals with, base64url. */
  v.strictObject({ did: v.literal('users.add'), id: InLock, key: Hash }),
  v.strictObject({ did: v.literal('users.remove') }),
]);
export type LockResult = v.InferOutput<typeof LockResult>;

export const LockAnswerClaims = v.strictObject({
  iss: HubId,
  /** `hashOf` the order that it answers. */
  order: Hash,
  /** Thumbprint of the `seal` key that it is sealed for: of the device that signed the order, and no other. */
  to: Hash,
  /** A compact JWE of a `LockResult`. */
  sealed: v.pipe(v.string(), v.maxLength(40_960), isJwe),
});
export type LockAnswerClaims = v.InferOutput<typeof LockAnswerClaims>;

/** Signed by the hub: ECDH-ES does not say who sealed, so a cloud could make up an answer. */
export const lockAnswerForm: DocumentForm<typeof LockAnswerClaims> = {
  typ: 'lockanswer+jwt',
  algs: ['EdDSA'],
  maxBytes: 57_344,
  key: 'kid',
  claims: LockAnswerClaims,
  malformed: 'LOCK_ANSWER_MALFORMED',
  notGenuine: 'LOCK_ANSWER_NOT_GENUINE',
};
