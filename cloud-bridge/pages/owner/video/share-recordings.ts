/** Lets a device that joined later open what was recorded before: this one wraps the keys for it. */
import { accept, type Verdict } from '../../../../wire/faults.ts';
import type { EcJwk } from '../../../../wire/shapes.ts';
import { type Signer, shareKey } from './orders.ts';
import { readRec } from './rec.ts';
import type { RecordingRow, RecordingsApi } from './recordings.ts';
import type { Home } from './stream-key.ts';

/**
 * Wraps the key of each recording that this device can open itself.
 * @param to    the other device's `seal` key, from the owner list that the hub signed
 * @param tell  called before each, with how many are shared
 * @returns how many are shared; the refusal of the service where it takes one no more
 */
export async function shareRecordings(
  { api, home, signer }: { readonly api: RecordingsApi; readonly home: Home; readonly signer: Signer },
  rows: readonly RecordingRow[],
  to: EcJwk,
  tell: (shared: number) => void,
): Promise<Verdict<number>> {
  let shared = 0;
  for (const { stream } of rows) {
    tell(shared);
    const file = await api.file(stream);
    const rec = file.ok ? readRec(file.value) : file;
    if (!rec.ok) continue;
    const had = await api.shares(stream);
    const made = await shareKey(signer, home, rec.value.key, had.ok ? had.value : [], to);
    if (!made.ok) continue;
    const put = await api.share(stream, made.value);
    if (!put.ok) return put;
    shared += 1;
  }
  return accept(shared);
}
