/** A public key that an owner's device is to seal for, as whoever opens it sends it. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { thumbprintOf, toVerifyKey } from '../../wire/jws.ts';
import type { EcJwk } from '../../wire/shapes.ts';
import { deviceCheck } from '../../wire/task.ts';

/** @returns the key as it is stored, and its six digits; BODY_MALFORMED for a point that is on no curve */
export async function toSealKey(seal: EcJwk): Promise<Verdict<{ readonly text: string; readonly check: string }>> {
  const isKey = await toVerifyKey(seal).then(
    () => true,
    () => false,
  );
  if (!isKey) return refuse('BODY_MALFORMED', { where: 'seal' });
  return accept({ text: JSON.stringify(seal), check: deviceCheck(thumbprintOf(seal)) });
}
