/** How this device gets into its home: by what it pinned, an invitation or a hand-over; believed only when the hub signed it in. */
import type { FaultCode } from '../../../../wire/faults.ts';
import { readHandoverFragment } from '../../../../wire/handover-link.ts';
import { readInvitation } from '../../../../wire/invitation.ts';
import { type Api, connectApi } from '../device/api.ts';
import { askToJoin, type JoinedHome, readHome, toPinned } from '../device/join.ts';
import { lettersOf } from '../device/letters.ts';
import type { Pinned } from '../device/pinned.ts';
import { comeBack, type Entering, findPasskey } from './entering.ts';
import { takeOver } from './take-over.ts';

const askEveryMs = 2_000;
/** A recovery takes a day. */
const askSlowlyMs = 30_000;

/** The home that this device belongs to, or asks to belong to; undefined for none. */
export async function findPinned(entering: Entering): Promise<Pinned | undefined> {
  const { store, keys, fragment, tell } = entering;
  const kept = await store.get('pinned');
  const found = (pinned: Pinned): Pinned => {
    const isIn = pinned.ownerList > 0;
    tell({ stage: isIn ? { at: 'home' } : { at: 'asking', letters: lettersOf(keys.sign.kid) } });
    return pinned;
  };
  const refused = (what: 'link' | 'question', code: FaultCode): undefined => {
    tell({ stage: { at: 'refused', what, code } });
    return undefined;
  };
  if (fragment.startsWith('#handover=')) {
    const link = readHandoverFragment(fragment);
    if (!link.ok) {
      tell({ stage: { at: 'not-taken', code: link.code } });
      return undefined;
    }
    const taken = await takeOver(link.value, entering);
    if (taken !== 'left') return taken && found(taken);
  }
  if (!fragment.startsWith('#invite=')) {
    if (kept !== undefined) return found(kept);
    tell({ stage: { at: 'alone' } });
    return undefined;
  }
  const invitation = readInvitation(fragment);
  if (!invitation.ok) return refused('link', invitation.code);
  if (kept !== undefined && kept.ownerList > 0 && kept.hub === invitation.value.hub) return found(kept);
  const pinned = toPinned(invitation.value);
  const api = connectApi(pinned.api, keys.sign);
  const passkey = await findPasskey(api, entering);
  const asked = await askToJoin(api, invitation.value, keys, passkey);
  if (!asked.ok) return refused('question', asked.code);
  await store.put('pinned', pinned);
  return found(pinned);
}

/** Waits until the hub has signed this device in, and the cloud says so. */
export async function enter(api: Api, pinned: Pinned, entering: Entering): Promise<JoinedHome | undefined> {
  const { store, keys, tell, rest, isClosed } = entering;
  while (!isClosed()) {
    const home = await readHome(api, pinned, keys);
    if (home.ok) {
      await store.put('pinned', home.value.pinned);
      return home.value;
    }
    if (home.code === 'SESSION_ENDED') {
      await comeBack(api, entering);
      continue;
    }
    const isNew = pinned.ownerList === 0;
    if (home.code === 'CLOUD_SILENT') tell({ line: 'lost' });
    else if (isNew && home.code === 'NOT_FOUND') tell({ line: 'open' });
    else tell({ stage: { at: 'refused', what: 'home', code: home.code } });
    const recovery = await store.get('recovery');
    await rest(isNew && recovery !== undefined && !recovery.isDone ? askSlowlyMs : askEveryMs);
  }
  return undefined;
}
