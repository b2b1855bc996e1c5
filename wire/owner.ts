/** What concerns owner devices: their list, changes to it, clearing an alarm, resetting the clock's mark. */
import * as v from 'valibot';
import { accept, type FaultCode, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, toVerifyKey, type VerifyKey, verifyKnown } from './jws.ts';
import { Count, DoorId, EcJwk, Hash, HubId, Id, Seconds } from './shapes.ts';

/** Most owner devices of one hub. */
export const maxOwnerDevices = 16;

export const OwnerListClaims = v.strictObject({
  iss: HubId,
  version: Count,
  iat: Seconds,
  /** The owner devices' ES256 keys, and the P-256 keys that phones and hub seal to. */
  devices: v.pipe(v.array(v.strictObject({ sign: EcJwk, seal: EcJwk })), v.maxLength(maxOwnerDevices)),
});
export type OwnerListClaims = v.InferOutput<typeof OwnerListClaims>;
/** One owner device: the key that it signs with and the key that is sealed to. */
export type OwnerDevice = OwnerListClaims['devices'][number];

/** Signed by the hub, so that the cloud cannot slip in a key of its own. */
export const ownerListForm: DocumentForm<typeof OwnerListClaims> = {
  typ: 'ownerlist+jwt',
  algs: ['EdDSA'],
  maxBytes: 8192,
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
    add: v.optional(v.strictObject({ sign: EcJwk, seal: EcJwk })),
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
  maxBytes: 2048,
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
  jws: string,
  owners: readonly VerifyKey[],
  hubId: string,
  codes: { readonly keyUnknown: FaultCode; readonly wrongHub: FaultCode },
): Promise<Verdict<v.InferOutput<S>>> {
  const verified = await verifyKnown(form, jws, owners, codes.keyUnknown);
  if (!verified.ok) return verified;
  return verified.value.claims.aud === hubId ? accept(verified.value.claims) : refuse(codes.wrongHub);
}

/** Verifies a change of the owner list. @returns OWNER_CHANGE_… when it is refused, OWNER_CHANGE_OLD unless its version is the next one */
export async function verifyOwnerChange(
  jws: string,
  owners: readonly VerifyKey[],
  policy: { readonly hubId: string; readonly version: number },
): Promise<Verdict<OwnerChangeClaims>> {
  const verified = await verifyOwned(ownerChangeForm, jws, owners, policy.hubId, {
    keyUnknown: 'OWNER_CHANGE_KEY_UNKNOWN',
    wrongHub: 'OWNER_CHANGE_WRONG_HUB',
  });
  if (!verified.ok) return verified;
  const { version, add, remove } = verified.value;
  if (version !== policy.version + 1) return refuse('OWNER_CHANGE_OLD', { has: policy.version });
  if (add !== undefined) {
    try {
      await toVerifyKey(add.sign);
      await toVerifyKey(add.seal);
    } catch {
      return refuse('OWNER_CHANGE_MALFORMED', { why: 'key' });
    }
  }
  const stay = owners.filter(({ kid }) => kid !== remove).length;
  if (stay === 0 && add === undefined) return refuse('OWNER_CHANGE_LAST_DEVICE');
  if (stay === maxOwnerDevices && add !== undefined) return refuse('OWNER_CHANGE_FULL', { most: maxOwnerDevices });
  return verified;
}

/** Verifies a clearance; whether that alarm stands is the visit machine's to say. @returns CLEARANCE_… when it is refused */
export const verifyClearance = (
  jws: string,
  owners: readonly VerifyKey[],
  policy: { readonly hubId: string },
): Promise<Verdict<ClearanceClaims>> =>
  verifyOwned(clearanceForm, jws, owners, policy.hubId, {
    keyUnknown: 'CLEARANCE_KEY_UNKNOWN',
    wrongHub: 'CLEARANCE_WRONG_HUB',
  });

/** Verifies a clock reset against the one nonce that the hub has out. @returns CLOCK_RESET_… when it is refused */
export async function verifyClockReset(
  jws: string,
  owners: readonly VerifyKey[],
  policy: { readonly hubId: string; readonly nonce: string | undefined },
): Promise<Verdict<ClockResetClaims>> {
  const verified = await verifyOwned(clockResetForm, jws, owners, policy.hubId, {
    keyUnknown: 'CLOCK_RESET_KEY_UNKNOWN',
    wrongHub: 'CLOCK_RESET_WRONG_HUB',
  });
  if (!verified.ok) return verified;
  return policy.nonce !== undefined && verified.value.nonce === policy.nonce
    ? verified
    : refuse('CLOCK_RESET_NONCE_UNKNOWN');
}
