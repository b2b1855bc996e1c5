/** What concerns the owner's devices themselves: who they are, what they have looked at, where they set the clock's mark. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { type SignKey, signDocument, thumbprintOf } from '../../wire/jws.ts';
import { ownerListForm, verifyClearance, verifyClockReset, verifyOwnerChange } from '../../wire/owner.ts';
import type { OwnerDevice } from '../../wire/owner-device.ts';
import { type InForce, toOwners } from './in-force.ts';
import type { Change } from './taken.ts';

/** The next owner list, signed by the hub. A rule book of a device that is no longer in it goes with the device. */
export async function toNextOwners(
  devices: readonly OwnerDevice[],
  inForce: InForce,
  hubKey: SignKey,
  nowS: number,
): Promise<{ text: string; next: Partial<InForce> & Pick<InForce, 'owners'> }> {
  const version = (inForce.owners?.version ?? 0) + 1;
  const claims = { iss: inForce.hubId, version, iat: nowS, devices: [...devices] };
  const [text, owners] = await Promise.all([signDocument(ownerListForm, claims, hubKey), toOwners(claims)]);
  const rules = owners.keys.some(({ kid }) => kid === inForce.rules?.signedBy) ? inForce.rules : undefined;
  return { text, next: { owners, rules, texts: { ...inForce.texts, ownerList: text } } };
}

/** Takes a change of the owner devices. @returns OWNER_MISSING or OWNER_CHANGE_… when it is refused */
export async function takeOwnerChange(
  text: string,
  inForce: InForce,
  hubKey: SignKey,
  nowS: number,
): Promise<Verdict<Change>> {
  const { hubId, owners } = inForce;
  if (owners === undefined) return refuse('OWNER_MISSING');
  const verified = await verifyOwnerChange(text, owners.keys, { hubId, version: owners.version });
  if (!verified.ok) return verified;
  const { add, remove, version } = verified.value;
  const added = add === undefined ? undefined : thumbprintOf(add.sign);
  const stay = owners.devices.filter(({ sign }) => ![remove, added].includes(thumbprintOf(sign)));
  const list = await toNextOwners(add === undefined ? stay : [...stay, add], inForce, hubKey, nowS);
  return accept({
    taken: { took: 'ownerChange', version, ownerList: list.text, added: add, removed: remove, changed: true },
    next: list.next,
    keep: { ownerList: list.text },
  });
}

/** Takes "I have looked"; whether that alarm stands is the visit machine's to say. @returns CLEARANCE_… when it is refused */
export async function takeClearance(text: string, inForce: InForce): Promise<Verdict<Change>> {
  const verified = await verifyClearance(text, inForce.owners?.keys ?? [], { hubId: inForce.hubId });
  if (!verified.ok) return verified;
  const { door, alarm } = verified.value;
  return accept({ taken: { took: 'clearance', door, alarm, changed: true } });
}

/** Takes a reset of the clock's mark. @param nonce  the clock's own that is out @returns CLOCK_RESET_… when it is refused */
export async function takeClockReset(
  text: string,
  inForce: InForce,
  nonce: string | undefined,
): Promise<Verdict<Change>> {
  const verified = await verifyClockReset(text, inForce.owners?.keys ?? [], { hubId: inForce.hubId, nonce });
  if (!verified.ok) return verified;
  const { mark } = verified.value;
  return accept({ taken: { took: 'clockReset', nonce: verified.value.nonce, markS: mark, changed: true } });
}
