/** How this device gets into its home: by what it pinned, or by an invitation; believed only when the hub signed it in. */
import type { FaultCode } from '../../../../wire/faults.ts';
import { readInvitation } from '../../../../wire/invitation.ts';
import type { Passkey } from '../../../../wire/passkey.ts';
import { canHavePasskeys } from '../../common/passkey.ts';
import { logIn, register } from '../../viewer/account.ts';
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
  /** What the person chooses on the screen that is told. */
  readonly choose: () => Promise<PasskeyChoice>;
}

/** `make` one, `use` one that this person has, or go on without. */
export type PasskeyChoice = 'make' | 'use' | 'without';

/** What browsers list the passkey under. */
const passkeyName = 'Doorward';

/**
 * The passkey that the hub is to pin with this device, made or used when its person says so.
 * @returns undefined without one: the browser has none, the cloud has no accounts, or the person wants none
 */
async function findPasskey(api: Api, { tell, choose }: Entering): Promise<Passkey | undefined> {
  let stage: Known['stage'] = { at: 'invited' };
  while (canHavePasskeys()) {
    tell({ stage });
    const choice = await choose();
    if (choice === 'without') return undefined;
    const found = choice === 'make' ? await register(api, passkeyName) : await logIn(api);
    if (found.ok) return found.value;
    if (found.code === 'NOT_FOUND') return undefined;
    stage = { at: 'invited', code: found.code };
  }
  return undefined;
}

/** Logs this device in again, as often as it takes. */
export async function comeBack(api: Api, { tell, choose, isClosed }: Entering): Promise<void> {
  let stage: Known['stage'] = { at: 'out' };
  while (!isClosed()) {
    tell({ stage, line: 'open' });
    await choose();
    const found = await logIn(api);
    if (found.ok) return;
    stage = { at: 'out', code: found.code };
  }
}

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
    await rest((await store.get('recovery')) === undefined ? askEveryMs : askSlowlyMs);
  }
  return undefined;
}
