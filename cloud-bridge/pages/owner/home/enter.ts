/** How this device gets into its home: by what it pinned, or by an invitation; believed only when the hub signed it in. */
import type { FaultCode } from '../../../../wire/faults.ts';
import { readInvitation } from '../../../../wire/invitation.ts';
import { type Api, connectApi } from '../../viewer/api.ts';
import { askToJoin, type JoinedHome, readHome, toPinned } from '../../viewer/join.ts';
import type { DeviceKeys } from '../../viewer/keys.ts';
import { lettersOf } from '../../viewer/letters.ts';
import type { DeviceStore, Pinned } from '../../viewer/store.ts';
import type { Known } from './known.ts';

export interface Entering {
  readonly store: DeviceStore;
  readonly keys: DeviceKeys;
  /** The fragment that the app was opened with. */
  readonly fragment: string;
  readonly tell: (change: Partial<Known>) => void;
  readonly rest: (ms: number) => Promise<void>;
  readonly isClosed: () => boolean;
}

const askEveryMs = 2_000;

/** The home that this device belongs to, or asks to belong to; undefined for none. */
export async function findPinned({ store, keys, fragment, tell }: Entering): Promise<Pinned | undefined> {
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
  if (!fragment.startsWith('#invite=')) {
    if (kept !== undefined) return found(kept);
    tell({ stage: { at: 'alone' } });
    return undefined;
  }
  const invitation = readInvitation(fragment);
  if (!invitation.ok) return refused('link', invitation.code);
  if (kept !== undefined && kept.ownerList > 0 && kept.hub === invitation.value.hub) return found(kept);
  const pinned = toPinned(invitation.value);
  const asked = await askToJoin(connectApi(pinned.api, keys.sign), invitation.value, keys);
  if (!asked.ok) return refused('question', asked.code);
  await store.put('pinned', pinned);
  return found(pinned);
}

/** Waits until the hub has signed this device in, and the cloud says so. */
export async function enter(
  api: Api,
  pinned: Pinned,
  { store, keys, tell, rest, isClosed }: Entering,
): Promise<JoinedHome | undefined> {
  while (!isClosed()) {
    const home = await readHome(api, pinned, keys);
    if (home.ok) {
      await store.put('pinned', home.value.pinned);
      return home.value;
    }
    const isNew = pinned.ownerList === 0;
    if (home.code === 'CLOUD_SILENT') tell({ line: 'lost' });
    else if (isNew && home.code === 'NOT_FOUND') tell({ line: 'open' });
    else tell({ stage: { at: 'refused', what: 'home', code: home.code } });
    await rest(askEveryMs);
  }
  return undefined;
}
