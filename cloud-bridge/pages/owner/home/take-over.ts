/** How this device takes a home over, as its first key: its person holds for it, and the hub's own proof is believed, nothing else. */
import { type FaultCode, faults } from '../../../../wire/faults.ts';
import type { HandoverLink } from '../../../../wire/handover-link.ts';
import type { Passkey } from '../../../../wire/passkey.ts';
import { connectApi } from '../device/api.ts';
import type { Pinned } from '../device/pinned.ts';
import { claimHome } from './claim.ts';
import { type Entering, findPasskey } from './entering.ts';

/** @returns `left` when its person does not want to; undefined when another code has to be scanned */
export async function takeOver(link: HandoverLink, entering: Entering): Promise<Pinned | 'left' | undefined> {
  const { store, keys, tell, choose, isClosed } = entering;
  const before = await store.get('pinned');
  const leaves = before !== undefined && before.ownerList > 0 && before.hub !== link.hub;
  const api = connectApi(link.api, keys.sign);
  let found: { readonly passkey: Passkey | undefined } | undefined;
  let code: FaultCode | undefined;
  while (!isClosed()) {
    tell({ stage: { at: 'handover', leaves, code } });
    if ((await choose()) !== 'take') return 'left';
    found ??= { passkey: await findPasskey(api, entering) };
    tell({ stage: { at: 'claiming' } });
    const claimed = await claimHome(api, link, keys, found.passkey, before);
    if (claimed.ok) {
      await store.put('pinned', claimed.value);
      tell({ stage: { at: 'taken' } });
      await choose();
      return claimed.value;
    }
    code = claimed.code;
    // The same code may do yet.
    if (faults[code].retry !== 'never') continue;
    tell({ stage: { at: 'not-taken', code } });
    return undefined;
  }
  return undefined;
}
