/**
 * The hand-over: how the first owner device is pinned, in person.
 *
 * The hub shows a QR code with its id, the hash of its key and a one-time secret of 128 bits. The phone proves the secret over
 * both keys; the hub proves it back the same way. The cloud carries both proofs and can make neither. Pure; it runs in a browser too.
 */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { OwnerDevice } from './owner-device.ts';
import { isPoint, isSound } from './owner-key.ts';
import { passkeyText } from './passkey.ts';
import { RecoveryMark } from './recovery.ts';
import { isSameProof, proveSecret } from './secret-proof.ts';
import { Hash, HubId, Id, Jws } from './shapes.ts';
import { thumbprint } from './thumbprint.ts';

/** What the QR code says: `doorward:handover?hub=…&key=…&secret=…`. `key` is the thumbprint of the hub's Ed25519 key. */
export const HandoverCode = v.strictObject({ hub: HubId, key: Hash, secret: Id });
export type HandoverCode = v.InferOutput<typeof HandoverCode>;

/** What the phone sends. */
export const HandoverClaim = v.strictObject({
  hub: HubId,
  device: OwnerDevice,
  /** Of the recovery code that is to count from now on. */
  recovery: v.optional(RecoveryMark),
  proof: Hash,
});
export type HandoverClaim = v.InferOutput<typeof HandoverClaim>;

/** What the hub answers: its list with the phone in it, its pin of the recovery code, and its own proof of the secret over the same. */
export const HandoverDone = v.strictObject({ ownerList: Jws, recoveryPin: v.optional(Jws), proof: Hash });
export type HandoverDone = v.InferOutput<typeof HandoverDone>;

/** A hand-over stays open this long, ms. */
export const handoverForMs = 10 * 60_000;
/** Wrong proofs before the hand-over closes. */
export const maxHandoverTries = 5;

export const toHandoverUri = (code: HandoverCode): string => `doorward:handover?${new URLSearchParams({ ...code })}`;

/** Reads the text of the QR code. @returns HANDOVER_MALFORMED when it is none */
export function fromHandoverUri(uri: string): Verdict<HandoverCode> {
  const query = /^doorward:handover\?(.{1,400})$/.exec(uri)?.[1];
  const parsed = v.safeParse(HandoverCode, Object.fromEntries(new URLSearchParams(query ?? '')));
  return parsed.success ? accept(parsed.output) : refuse('HANDOVER_MALFORMED');
}

/**
 * Proof of the secret over the hub's key, both keys of the phone, its passkey where it has one, and the mark of the recovery code where
 * there is one: HMAC-SHA-256, base64url.
 * @param side  each side has its own label, so that neither proof can be sent back as the other
 */
export async function proveHandover(
  side: 'phone' | 'hub',
  code: HandoverCode,
  device: OwnerDevice,
  recovery?: RecoveryMark,
): Promise<string> {
  const said = [
    'doorward-handover-1',
    side,
    code.hub,
    code.key,
    await thumbprint(device.sign),
    await thumbprint(device.seal),
  ];
  if (device.passkey !== undefined) said.push(passkeyText(device.passkey));
  if (recovery !== undefined) said.push(`recovery ${await thumbprint(recovery.key)} ${recovery.note}`);
  return proveSecret(code.secret, said.join('\n'));
}

/** Checks a proof in constant time. @returns HANDOVER_NOT_GENUINE when it is wrong, or when a key is no point of its curve */
export async function verifyHandover(
  side: 'phone' | 'hub',
  code: HandoverCode,
  device: OwnerDevice,
  proof: string,
  recovery?: RecoveryMark,
): Promise<Verdict<OwnerDevice>> {
  if (!isSameProof(await proveHandover(side, code, device, recovery), proof)) return refuse('HANDOVER_NOT_GENUINE');
  const areKeys = (await isSound(device)) && (recovery === undefined || (await isPoint(recovery.key)));
  return areKeys ? accept(device) : refuse('HANDOVER_NOT_GENUINE', { why: 'key' });
}
