/** What concerns the printed code: which one counts, who asks with it for a new device, and when that device is added (DESIGN 3). */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { peek, type SignKey, signDocument, thumbprintOf, toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import { maxOwnerDevices } from '../../wire/owner.ts';
import { maxRecoveryVetoes, type RecoveryMark, recoveryForm, recoveryPinForm } from '../../wire/recovery.ts';
import { verifyRecovery, verifyRecoveryCode, verifyRecoveryPin } from '../../wire/verify-recovery.ts';
import type { TrustStore } from '../journal/journal.ts';
import type { InForce, RecoveryInForce } from './in-force.ts';
import type { Change } from './taken.ts';

/** What changes with a pin: the code of before, its vetoes and what was asked with it are gone. */
export interface NextPin extends Pick<Change, 'count' | 'keep'> {
  readonly text: string;
  readonly next: Pick<InForce, 'recovery' | 'texts'>;
}

/** The next pin, signed by the hub. @param mark  undefined: nobody recovers this home with a code */
export async function toNextPin(
  mark: RecoveryMark | undefined,
  inForce: InForce,
  hubKey: SignKey,
  nowS: number,
): Promise<NextPin> {
  const version = inForce.recovery.version + 1;
  const claims = { iss: inForce.hubId, version, iat: nowS, ...(mark === undefined ? {} : { mark }) };
  const text = await signDocument(recoveryPinForm, claims, hubKey);
  const key = mark === undefined ? undefined : await toVerifyKey(mark.key);
  const recovery = { version, key, vetoes: 0, pending: undefined };
  return {
    text,
    next: { recovery, texts: { ...inForce.texts, recoveryPin: text } },
    count: [{ name: 'recovery-vetoes', value: 0 }],
    keep: { recovery: '', recoveryPin: text },
  };
}

/** Takes a new code of an owner's; the one in force again changes nothing. @returns OWNER_MISSING or RECOVERY_CODE_… when it is refused */
export async function takeRecoveryCode(
  text: string,
  inForce: InForce,
  hubKey: SignKey,
  nowS: number,
): Promise<Verdict<Change>> {
  const { hubId, owners, recovery } = inForce;
  if (owners === undefined) return refuse('OWNER_MISSING');
  const verified = await verifyRecoveryCode(text, owners.keys, { hubId, version: recovery.version });
  if (!verified.ok) return verified;
  const { version, mark } = verified.value;
  const { text: recoveryPin, ...change }: NextPin = await toNextPin(mark, inForce, hubKey, nowS);
  return accept({ taken: { took: 'recoveryCode', version, recoveryPin, changed: true }, ...change });
}

/**
 * Takes the request to add a device: from now on it waits. One at a time; the same again changes nothing.
 * @param isOver  whether this one was vetoed or done before
 * @returns OWNER_MISSING, RECOVERY_…, OWNER_CHANGE_NO_PASSKEY or OWNER_CHANGE_FULL when it is refused
 */
export async function takeRecovery(
  text: string,
  inForce: InForce,
  isOver: (id: string) => boolean,
): Promise<Verdict<Change>> {
  const { hubId, owners, recovery } = inForce;
  if (owners === undefined) return refuse('OWNER_MISSING');
  const verified = await verifyRecovery(text, recovery.key, hubId);
  if (!verified.ok) return verified;
  const { jti: id, device } = verified.value;
  if (isOver(id)) return refuse('RECOVERY_OVER');
  const taken = { took: 'recovery', id, device: thumbprintOf(device.sign) } as const;
  if (recovery.pending !== undefined) {
    const isSame = recovery.pending.jti === id && thumbprintOf(recovery.pending.device.sign) === taken.device;
    return isSame
      ? accept({ taken: { ...taken, changed: false } })
      : refuse('RECOVERY_PENDING', { recovery: recovery.pending.jti });
  }
  if (recovery.vetoes >= maxRecoveryVetoes) return refuse('RECOVERY_SPENT', { vetoes: recovery.vetoes });
  // No way round finger, face and PIN: where devices have a passkey, the new one has one.
  if (device.passkey === undefined && owners.keys.some(({ passkey }) => passkey !== undefined)) {
    return refuse('OWNER_CHANGE_NO_PASSKEY');
  }
  if (owners.devices.length >= maxOwnerDevices) return refuse('OWNER_CHANGE_FULL', { most: maxOwnerDevices });
  return accept({
    taken: { ...taken, changed: true },
    next: { recovery: { ...recovery, pending: verified.value } },
    count: [{ name: 'recovery-waited', value: 0 }],
    keep: { recovery: text },
  });
}

/** Reads back what waits and what it waits with; whatever does not hold is left out. @param hubKey  the hub's own, which signed the pin */
export async function loadRecovery(
  store: Pick<TrustStore, 'document' | 'number'>,
  hubId: string,
  hubKey: VerifyKey,
): Promise<{ readonly recovery: RecoveryInForce; readonly pinText: string | undefined }> {
  const [pinText, text] = [store.document('recoveryPin'), store.document('recovery')];
  const claimed = peek(recoveryPinForm, pinText ?? '');
  const pin = await verifyRecoveryPin(pinText ?? '', hubKey, hubId);
  const mark = pin.ok ? pin.value.mark : undefined;
  const key = mark === undefined ? undefined : await toVerifyKey(mark.key);
  const asked = peek(recoveryForm, text ?? '').ok ? await verifyRecovery(text ?? '', key, hubId) : undefined;
  const recovery = {
    version: claimed.ok ? claimed.value.claims.version : -1,
    key,
    vetoes: store.number('recovery-vetoes'),
    pending: asked?.ok ? asked.value : undefined,
  };
  return { recovery, pinText: pin.ok ? pinText : undefined };
}
