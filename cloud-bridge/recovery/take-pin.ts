/** Takes what a hub says that it has pinned as its recovery code: by it a new device finds its home. */
import { accept, type Verdict } from '../../wire/faults.ts';
import { thumbprintOf } from '../../wire/jws.ts';
import { verifyRecoveryPin } from '../../wire/verify-recovery.ts';
import type { BaseParts } from '../base-parts.ts';
import type { Row } from '../store/schema.ts';

/** @returns RECOVERY_PIN_MALFORMED or RECOVERY_PIN_NOT_GENUINE when the hub did not sign it */
export async function takeRecoveryPin(
  parts: Pick<BaseParts, 'store' | 'keys'>,
  hub: Row<'hub'>,
  pin: string,
): Promise<Verdict<void>> {
  const verified = await verifyRecoveryPin(pin, await parts.keys.hub(hub), hub.id);
  if (!verified.ok) return verified;
  const { version, mark } = verified.value;
  await parts.store.write(({ recoveries }) =>
    recoveries.keepCode({
      ...{ hub: hub.id, pin, version },
      kid: mark === undefined ? null : thumbprintOf(mark.key),
      jwk: mark === undefined ? null : JSON.stringify(mark.key),
      note: mark?.note ?? null,
    }),
  );
  return accept(undefined);
}

/** Asks the hub for its pin. @throws Fault HUB_OFFLINE, HUB_SILENT */
export async function fetchRecoveryPin(
  parts: Pick<BaseParts, 'store' | 'keys' | 'line'>,
  hub: Row<'hub'>,
): Promise<void> {
  const status = await parts.line.ask(hub.id, { op: 'hub.status' });
  if (status.ok && typeof status.value.recoveryPin === 'string')
    await takeRecoveryPin(parts, hub, status.value.recoveryPin);
}
