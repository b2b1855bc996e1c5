/** What concerns owner devices: their list, changes to it, clearing an alarm, resetting the clock's mark. */
import * as v from 'valibot';
import { accept, type FaultCode, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, type VerifyKey, verifyKnown } from './jws.ts';
import { OwnerDevice } from './owner-device.ts';
import { isSound, needUser, type OwnerKey, type Signed, verifySigned } from './owner-key.ts';
import { Count, DoorId, Hash, HubId, Id, Seconds } from './shapes.ts';

/** Most owner devices of one hub. */
export const maxOwnerDevices = 16;

export const OwnerListClaims = v.strictObject({
  iss: HubId,
  version: Count,
  iat: Seconds,
  devices: v.pipe(v.array(OwnerDevice), v.maxLength(maxOwnerDevices)),
});
export type OwnerListClaims = v.InferOutput<typeof OwnerListClaims>;

/** Signed by the hub, so that the cloud cannot slip in a key of its own. */
export const ownerListForm: DocumentForm<typeof OwnerListClaims> = {
  typ: 'ownerlist+jwt',
  algs: ['EdDSA'],
  maxBytes: 32_768,
  key: 'kid',
  claims: OwnerListClaims,
  malformed: 'OWNER_LIST_MALFORMED',
  notGenuine: 'OWNER_LIST_NOT_GENUINE',
};

/** Verifies an owner list with the hub's key, which the reader pinned at hand-over. @returns OWNER_LIST_… when not genuine */
export async function verifyOwnerList(jws: string, hub: VerifyKey): Promise<Verdict<OwnerListClaims>> {
  const verified = await verifyKnown(ownerListForm, jws, [hub], 'OWNER_LIST_NOT_GENUINE');
  return verified.ok ? accept(verified.value.claims) : verified;
}

export const OwnerChangeClaims = v.pipe(
  v.strictObject({
    aud: HubId,
    jti: Id,
    iat: Seconds,
    /** The version of the list that this change makes: one above the list in force. */
    version: Count,
    add: v.optional(OwnerDevice),
    /** Thumbprint of the `sign` key of the device that goes. */
    remove: v.optional(Hash),
  }),
  v.check(({ add, remove }) => add !== undefined || remove !== undefined, 'nothing changes'),
);
export type OwnerChangeClaims = v.InferOutput<typeof OwnerChangeClaims>;

/** Signed by an owner device that is pinned already. */
export const ownerChangeForm: DocumentForm<typeof OwnerChangeClaims> = {
  typ: 'ownerchange+jwt',
  algs: ['ES256'],
  maxBytes: 4096,
  key: 'kid',
  claims: OwnerChangeClaims,
  malformed: 'OWNER_CHANGE_MALFORMED',
  notGenuine: 'OWNER_CHANGE_NOT_GENUINE',
};

export const ClearanceClaims = v.strictObject({
  aud: HubId,
  jti: Id,
  iat: Seconds,
  door: DoorId,
  /** Sequence number of the journal entry that raised the alarm: this one, not the next. */
  alarm: Count,
});
export type ClearanceClaims = v.InferOutput<typeof ClearanceClaims>;

/** "I have looked": an owner signs an `unsecured` door clear. */
export const clearanceForm: DocumentForm<typeof ClearanceClaims> = {
  typ: 'clearance+jwt',
  algs: ['ES256'],
  maxBytes: 2048,
  key: 'kid',
  claims: ClearanceClaims,
  malformed: 'CLEARANCE_MALFORMED',
  notGenuine: 'CLEARANCE_NOT_GENUINE',
};

export const ClockResetClaims = v.strictObject({
  aud: HubId,
  iat: Seconds,
  /** The hub's own nonce, from its status: a reset works once. */
  nonce: Id,
  /** The new mark: nothing before this time is trusted, seconds. */
  mark: Seconds,
});
export type ClockResetClaims = v.InferOutput<typeof ClockResetClaims>;

/** Sets the highest trusted time back after a wild jump forward. */
export const clockResetForm: DocumentForm<typeof ClockResetClaims> = {
  typ: 'clockreset+jwt',
  algs: ['ES256'],
  maxBytes: 2048,
  key: 'kid',
  claims: ClockResetClaims,
  malformed: 'CLOCK_RESET_MALFORMED',
  notGenuine: 'CLOCK_RESET_NOT_GENUINE',
};

async function verifyOwned<S extends v.GenericSchema<unknown, { aud: string }>>(
  form: DocumentForm<S>,
  text: string,
  owners: readonly OwnerKey[],
  hubId: string,
  codes: { readonly keyUnknown: FaultCode; readonly wrongHub: FaultCode },
): Promise<Verdict<Signed<v.InferOutput<S>>>> {
  const verified = await verifySigned(form, text, owners, codes.keyUnknown);
  if (!verified.ok) return verified;
  return verified.value.claims.aud === hubId ? verified : refuse(codes.wrongHub);
}

/**
 * Verifies a change of the owner list. What adds a device widens; a device with a passkey brings in no device without one.
 * @returns OWNER_CHANGE_… when it is refused, OWNER_CHANGE_OLD unless its version is the next one; PASSKEY_…
 */
export async function verifyOwnerChange(
  text: string,
  owners: readonly OwnerKey[],
  policy: { readonly hubId: string; readonly version: number },
): Promise<Verdict<OwnerChangeClaims>> {
  const verified = await verifyOwned(ownerChangeForm, text, owners, policy.hubId, {
    keyUnknown: 'OWNER_CHANGE_KEY_UNKNOWN',
    wrongHub: 'OWNER_CHANGE_WRONG_HUB',
  });
  if (!verified.ok) return verified;
  const { claims, key } = verified.value;
  const { version, add, remove } = claims;
  if (version !== policy.version + 1) return refuse('OWNER_CHANGE_OLD', { has: policy.version });
  if (add !== undefined && !(await isSound(add))) return refuse('OWNER_CHANGE_MALFORMED', { why: 'key' });
  if (add !== undefined && key.passkey !== undefined && add.passkey === undefined) {
    return refuse('OWNER_CHANGE_NO_PASSKEY');
  }
  const stay = owners.filter(({ kid }) => kid !== remove).length;
  if (stay === 0 && add === undefined) return refuse('OWNER_CHANGE_LAST_DEVICE');
  if (stay === maxOwnerDevices && add !== undefined) return refuse('OWNER_CHANGE_FULL', { most: maxOwnerDevices });
  return needUser(verified.value, add !== undefined);
}

/** Verifies a clearance; whether that alarm stands is the visit machine's to say. @returns CLEARANCE_… or PASSKEY_… when it is refused */
export async function verifyClearance(
  text: string,
  owners: readonly OwnerKey[],
  policy: { readonly hubId: string },
): Promise<Verdict<ClearanceClaims>> {
  const verified = await verifyOwned(clearanceForm, text, owners, policy.hubId, {
    keyUnknown: 'CLEARANCE_KEY_UNKNOWN',
    wrongHub: 'CLEARANCE_WRONG_HUB',
  });
  return verified.ok ? needUser(verified.value, true) : verified;
}

/** Verifies a clock reset against the one nonce that the hub has out. @returns CLOCK_RESET_… or PASSKEY_… when it is refused */
export async function verifyClockReset(
  text: string,
  owners: readonly OwnerKey[],
  policy: { readonly hubId: string; readonly nonce: string | undefined },
): Promise<Verdict<ClockResetClaims>> {
  const verified = await verifyOwned(clockResetForm, text, owners, policy.hubId, {
    keyUnknown: 'CLOCK_RESET_KEY_UNKNOWN',
    wrongHub: 'CLOCK_RESET_WRONG_HUB',
  });
  if (!verified.ok) return verified;
  return policy.nonce !== undefined && verified.value.claims.nonce === policy.nonce
    ? needUser(verified.value, true)
    : refuse('CLOCK_RESET_NONCE_UNKNOWN');
}
