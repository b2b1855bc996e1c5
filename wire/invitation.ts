/**
 * How a later owner device is invited: a link with a one-time secret of 128 bits, shown by a device that is pinned.
 *
 * The new device makes its keys and asks the cloud, which carries the question to the home's devices. The one that made the link
 * signs the keys in only when the proof fits: the cloud never has the secret, so it cannot slip in a key of its own. Pure; it runs
 * in a browser too.
 */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { ApiOrigin, readFragment, writeFragment } from './fragment.ts';
import { OwnerDevice } from './owner-device.ts';
import { passkeyText } from './passkey.ts';
import { isSameProof, proveSecret } from './secret-proof.ts';
import { Hash, HubId, Id } from './shapes.ts';
import { thumbprint } from './thumbprint.ts';

/** What the link says after its `#`, which no server is sent. */
export const Invitation = v.strictObject({
  api: ApiOrigin,
  home: Id,
  hub: HubId,
  /** Thumbprint of the hub's Ed25519 key: what the new device pins. */
  hubKey: Hash,
  /** 128 random bits or more. */
  secret: Id,
});
export type Invitation = v.InferOutput<typeof Invitation>;

/** What a device that wants to be pinned sends. The cloud tells it to the home's devices as it is. */
export const DeviceRequest = v.strictObject({ ...OwnerDevice.entries, proof: Hash });
export type DeviceRequest = v.InferOutput<typeof DeviceRequest>;

/** An invitation is good for one device and this long, ms. */
export const inviteForMs = 10 * 60_000;

const prefix = '#invite=';

/** @returns the fragment of the link: `#invite=` and base64url of JSON */
export const toInvitation = ({ api, home, hub, hubKey, secret }: Invitation): string =>
  writeFragment(prefix, { api, home, hub, hubKey, secret });

/** Reads the fragment of a link. @returns HANDOVER_MALFORMED when it is none */
export const readInvitation = (fragment: string): Verdict<Invitation> => readFragment(prefix, Invitation, fragment);

/** HMAC-SHA-256 of the secret's bytes over `thumbprint(sign).thumbprint(seal)` and, with a passkey, `.` and its text; base64url: 43 characters. */
export async function proveInvitation(secret: string, device: OwnerDevice): Promise<string> {
  const said = [await thumbprint(device.sign), await thumbprint(device.seal)];
  if (device.passkey !== undefined) said.push(passkeyText(device.passkey));
  return proveSecret(secret, said.join('.'));
}

/** Checks a proof in constant time. @returns HANDOVER_NOT_GENUINE when it is of another secret or of other keys */
export async function verifyInvited(secret: string, request: DeviceRequest): Promise<Verdict<DeviceRequest>> {
  const { proof, ...device } = request;
  return isSameProof(await proveInvitation(secret, device), proof) ? accept(request) : refuse('HANDOVER_NOT_GENUINE');
}
