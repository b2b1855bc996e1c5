/** How this device becomes one of a home's: by a link that a pinned device shows, believed only when the hub signed it in. */
import * as v from 'valibot';
import { DoorFacts } from '../../../../wire/enrolment.ts';
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import { type Invitation, proveInvitation } from '../../../../wire/invitation.ts';
import type { VerifyKey } from '../../../../wire/jws.ts';
import { type OwnerListClaims, ownerListForm } from '../../../../wire/owner.ts';
import type { OwnerDevice } from '../../../../wire/owner-device.ts';
import type { Passkey } from '../../../../wire/passkey.ts';
import { HubId, Id, Jws, OkpJwk } from '../../../../wire/shapes.ts';
import type { Home } from '../video/stream-key.ts';
import type { Api } from './api.ts';
import { toVerifyKey, verifyDocument } from './documents.ts';
import type { DeviceKeys } from './keys.ts';
import type { Pinned } from './pinned.ts';

const HomeView = v.object({
  home: Id,
  hub: HubId,
  online: v.boolean(),
  doors: v.array(DoorFacts),
  ownerList: Jws,
  hubKey: OkpJwk,
});

/** The home, as far as the hub's own signature vouches for it. */
export interface JoinedHome extends Home {
  readonly pinned: Pinned;
  readonly devices: OwnerListClaims['devices'];
  /** That the hub pinned with this device: what widens access is confirmed with it. */
  readonly passkey: Passkey | undefined;
  /** The cloud's word. */
  readonly doors: readonly DoorFacts[];
  readonly online: boolean;
}

/** What an invitation makes this device pin. */
export const toPinned = ({ api, home, hub, hubKey }: Invitation): Pinned => ({ api, home, hub, hubKey, ownerList: 0 });

/**
 * Asks the home's devices to sign this one in: both keys, and its passkey where it has one, under the secret of the invitation, which
 * the cloud does not have.
 */
export async function askToJoin(
  api: Api,
  { home, secret }: Invitation,
  keys: DeviceKeys,
  passkey?: Passkey,
): Promise<Verdict<unknown>> {
  const device = { sign: keys.sign.jwk, seal: keys.seal.jwk, ...(passkey && { passkey }) };
  const body = { ...device, proof: await proveInvitation(secret, device) };
  return api.call({ method: 'POST', path: `/v1/homes/${home}/device-requests`, body }, v.unknown());
}

/**
 * Reads the home and believes only what the hub signed: its key has the pinned thumbprint, and this device's own keys stand in
 * its owner list, which is no older than the last one.
 * @returns NOT_FOUND while this device is in no list yet; OWNER_LIST_… when the list is not genuine
 */
export async function readHome(api: Api, pinned: Pinned, keys: DeviceKeys): Promise<Verdict<JoinedHome>> {
  const reply = await api.call({ method: 'GET', path: `/v1/homes/${pinned.home}` }, HomeView);
  if (!reply.ok) return reply;
  const { hubKey: jwk, hub, doors, online } = reply.value;
  const hubKey = await importKey(jwk);
  if (hubKey?.kid !== pinned.hubKey || hub !== pinned.hub) return refuse('OWNER_LIST_NOT_GENUINE', { why: 'hub key' });
  const listed = await findListed(reply.value.ownerList, { ...pinned, key: hubKey }, keys);
  if (!listed.ok) return listed;
  const { version, devices, mine } = listed.value;
  const owners = await Promise.all(devices.map(({ sign }) => toVerifyKey(sign)));
  const { kid, privateKey } = keys.seal;
  return accept({
    pinned: { ...pinned, ownerList: version },
    hub,
    hubKey,
    owners,
    devices,
    passkey: mine.passkey,
    doors,
    online,
    seal: { kid, privateKey },
  });
}

/**
 * Believes an owner list that the hub signed and this device's own keys stand in, and that is no older than the last one.
 * @param hub.ownerList  version of that last one
 * @returns OWNER_LIST_… when it is none
 */
export async function findListed(
  jws: string,
  { hub, key, ownerList }: { readonly hub: string; readonly key: VerifyKey; readonly ownerList: number },
  keys: DeviceKeys,
): Promise<Verdict<Pick<OwnerListClaims, 'version' | 'devices'> & { readonly mine: OwnerDevice }>> {
  const list = await verifyDocument(ownerListForm, jws, [key], 'OWNER_LIST_NOT_GENUINE');
  if (!list.ok) return list;
  const { iss, version, devices } = list.value.claims;
  if (iss !== hub) return refuse('OWNER_LIST_NOT_GENUINE', { why: 'another hub' });
  if (version < ownerList) return refuse('OWNER_LIST_NOT_GENUINE', { why: 'older list' });
  const isMine = ({ sign, seal }: OwnerDevice): boolean => sameKey(sign, keys.sign.jwk) && sameKey(seal, keys.seal.jwk);
  const mine = devices.find(isMine);
  if (mine === undefined) return refuse('OWNER_LIST_NOT_GENUINE', { why: 'not in it' });
  return accept({ version, devices, mine });
}

const sameKey = (a: { x: string; y: string }, b: { x: string; y: string }): boolean => a.x === b.x && a.y === b.y;

/** @returns undefined for what is no point of its curve */
export async function importKey(jwk: OkpJwk): Promise<VerifyKey | undefined> {
  try {
    return await toVerifyKey(jwk);
  } catch {
    return undefined;
  }
}
