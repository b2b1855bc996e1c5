/** The receipt as its visitor keeps it: the hub's signed words. The page shows when the visit ended; a carrier verifies the rest. */
import * as v from 'valibot';
import { fromBase64Url } from '../../../wire/media.ts';
import { Millis } from '../../../wire/shapes.ts';

const Ended = v.object({ endedAt: Millis });

/** When the visit ended, ms by the hub's clock; undefined where the receipt cannot be read. Its signature is not checked here. */
export function endedAtOf(receipt: string): number | undefined {
  try {
    const bytes = fromBase64Url(receipt.split('.')[1] ?? '');
    const claims = v.safeParse(Ended, JSON.parse(new TextDecoder().decode(bytes)));
    return claims.success ? claims.output.endedAt : undefined;
  } catch {
    return undefined;
  }
}

/** Hands it to the visitor as a file. */
export function saveReceipt(receipt: string): void {
  const day = new Date(endedAtOf(receipt) ?? Date.now()).toISOString().slice(0, 10);
  const url = URL.createObjectURL(new Blob([`${receipt}\n`], { type: 'application/jose' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `doorward-receipt-${day}.jws`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
