/** Recovery with the printed code, as a browser does it: finds the home, asks, and keeps what it waits for. No secret is kept. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import type { Passkey } from '../../../../wire/passkey.ts';
import {
  deriveRecovery,
  isNotedHub,
  type RecoveryMark,
  recoveryCodeForm,
  recoveryForm,
  recoveryPinForm,
  toRecoveryMark,
} from '../../../../wire/recovery.ts';
import { readRecoveryCode } from '../../../../wire/recovery-code.ts';
import { Hash, HubId, Id, Jws, OkpJwk } from '../../../../wire/shapes.ts';
import { newId } from '../../common/bytes.ts';
import { type Api, connectApi } from '../device/api.ts';
import { signDocument, toVerifyKey, verifyDocument } from '../device/documents.ts';
import type { DeviceKeys } from '../device/keys.ts';
import type { DeviceStore } from '../device/store.ts';
import type { Place } from '../home/course.ts';
import { hand, revoke, signWidening, type Taken } from '../home/orders.ts';

const Found = v.object({ home: Id, hub: HubId, hubKey: OkpJwk, note: Hash });
export const Recovery = v.object({
  recovery: Id,
  device: Hash,
  at: v.picklist(['asked', 'waiting', 'vetoed', 'done', 'ended']),
  askedAt: v.number(),
  untilAt: v.number(),
});
export type Recovery = v.InferOutput<typeof Recovery>;
const Listed = v.object({ pin: v.nullable(Jws), recoveries: v.array(Recovery) });

/** It may still come to a new device. */
export const isOpen = ({ at }: Recovery): boolean => at === 'asked' || at === 'waiting';

export interface Lost {
  readonly api: string;
  readonly keys: DeviceKeys;
  readonly store: DeviceStore;
}

/**
 * Asks to be added to the home of the code, and pins that home on this device: it is entered once the hub has signed this device in.
 * @returns RECOVERY_CODE_MISTYPED, NOT_FOUND; RECOVERY_PIN_NOT_GENUINE when the service shows another hub than the code was made for;
 *   OWNER_CHANGE_NO_PASSKEY when this home asks for one
 */
export async function recover(
  { api: base, keys, store }: Lost,
  typed: string,
  passkey?: Passkey,
): Promise<Verdict<Recovery>> {
  const secret = readRecoveryCode(typed);
  if (!secret.ok) return secret;
  const code = await deriveRecovery(secret.value);
  const { kid } = await toVerifyKey(code.jwk);
  const api = connectApi(base, keys.sign);
  const found = await api.call({ method: 'GET', path: `/v1/recovery-codes/${kid}` }, Found);
  if (!found.ok) return found;
  const { home, hub, hubKey: jwk, note } = found.value;
  const { kid: hubKey } = await toVerifyKey(jwk);
  if (!(await isNotedHub(code, { id: hub, key: hubKey }, note))) return refuse('RECOVERY_PIN_NOT_GENUINE');
  const device = { sign: keys.sign.jwk, seal: keys.seal.jwk, ...(passkey && { passkey }) };
  const claims = { aud: hub, jti: newId(), iat: Math.floor(Date.now() / 1000), device };
  const document = await signDocument(recoveryForm, claims, { kid, jwk: code.jwk, privateKey: code.privateKey });
  const asked = await api.call({ method: 'POST', path: '/v1/recoveries', body: { recovery: document } }, Recovery);
  if (!asked.ok) return asked;
  await store.put('pinned', { api: base, home, hub, hubKey, ownerList: 0 });
  await store.put('recovery', { api: base, recovery: asked.value.recovery, ...(passkey && { passkey }) });
  return asked;
}

/** How it stands. */
export const stateOf = (api: Api, recovery: string): Promise<Verdict<Recovery>> =>
  api.call({ method: 'GET', path: `/v1/recoveries/${recovery}` }, Recovery);

/** Who asks, and which code counts: believed with the hub's signature alone. */
export async function readRecoveries({
  api,
  path,
  home,
}: Place): Promise<Verdict<{ version: number; mark: RecoveryMark | undefined; open: readonly Recovery[] }>> {
  const listed = await api.call({ method: 'GET', path: `${path}/recoveries` }, Listed);
  if (!listed.ok) return listed;
  const { pin, recoveries } = listed.value;
  const open = recoveries.filter(isOpen);
  if (pin === null) return accept({ version: -1, mark: undefined, open });
  const read = await verifyDocument(recoveryPinForm, pin, [home.hubKey], 'RECOVERY_PIN_NOT_GENUINE');
  if (!read.ok) return read;
  const { iss, version, mark } = read.value.claims;
  return iss === home.hub ? accept({ version, mark, open }) : refuse('RECOVERY_PIN_NOT_GENUINE');
}

/** Has the hub go by a new code, in place of the one of before. */
export async function pinCode(place: Place, code: string): Promise<Verdict<Taken>> {
  const [secret, known] = [readRecoveryCode(code), await readRecoveries(place)];
  if (!secret.ok) return secret;
  if (!known.ok) return known;
  const mark = await toRecoveryMark(await deriveRecovery(secret.value), {
    id: place.home.hub,
    key: place.home.hubKey.kid,
  });
  const claims = {
    aud: place.signer.hub,
    jti: newId(),
    iat: place.signer.nowS(),
    version: known.value.version + 1,
    mark,
  };
  return hand(place, await signWidening(place, recoveryCodeForm, claims));
}

/** Its device is never added. */
export const veto = (place: Place, recovery: string): Promise<Verdict<Taken>> =>
  revoke(place, { kind: 'recovery', id: recovery });
