/** Claims a home with the secret of the code that its hub shows, and believes the answer only when the hub proves the same secret. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import { type HandoverClaim, proveHandover, verifyHandover } from '../../../../wire/handover.ts';
import type { HandoverLink } from '../../../../wire/handover-link.ts';
import type { Passkey } from '../../../../wire/passkey.ts';
import { Hash, HubId, Id, Jws, OkpJwk } from '../../../../wire/shapes.ts';
import type { Api } from '../device/api.ts';
import { findListed, importKey } from '../device/join.ts';
import type { DeviceKeys } from '../device/keys.ts';
import type { Pinned } from '../device/pinned.ts';

const HandedOver = v.object({ home: Id, hub: HubId, ownerList: Jws, proof: Hash, hubKey: OkpJwk });

/**
 * Has the hub pin this device as its first and only one.
 * @param api  the API of the link
 * @param before  what this device has pinned so far: an older owner list of the same hub is none
 * @returns what this device may pin; HANDOVER_CLOSED, HANDOVER_NOT_GENUINE, OWNER_LIST_…, NOT_FOUND, HUB_OFFLINE, HUB_SILENT, CLOUD_SILENT
 */
export async function claimHome(
  api: Api,
  { api: base, ...code }: HandoverLink,
  keys: DeviceKeys,
  passkey?: Passkey,
  before?: Pinned,
): Promise<Verdict<Pinned>> {
  const device = { sign: keys.sign.jwk, seal: keys.seal.jwk, ...(passkey && { passkey }) };
  const body: HandoverClaim = { hub: code.hub, device, proof: await proveHandover('phone', code, device) };
  const reply = await api.call({ method: 'POST', path: '/v1/handover', body }, HandedOver);
  if (!reply.ok) return reply;
  const { home, hub, hubKey, proof } = reply.value;
  const key = await importKey(hubKey);
  if (key?.kid !== code.key || hub !== code.hub) return refuse('HANDOVER_NOT_GENUINE', { why: 'hub key' });
  const proved = await verifyHandover('hub', code, device, proof);
  if (!proved.ok) return proved;
  const ownerList = before?.hub === hub ? before.ownerList : 0;
  const listed = await findListed(reply.value.ownerList, { hub, key, ownerList }, keys);
  if (!listed.ok) return listed;
  return accept({ api: base, home, hub, hubKey: code.key, ownerList: listed.value.version });
}
