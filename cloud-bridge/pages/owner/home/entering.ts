/** What a device on its way into a home asks of its person: a passkey first of all. */
import type { Passkey } from '../../../../wire/passkey.ts';
import { canHavePasskeys } from '../../common/passkey.ts';
import { logIn, register } from '../device/account.ts';
import type { Api } from '../device/api.ts';
import type { DeviceKeys } from '../device/keys.ts';
import type { DeviceStore } from '../device/store.ts';
import type { Known } from './known.ts';

export interface Entering {
  readonly store: DeviceStore;
  readonly keys: DeviceKeys;
  /** The fragment of the link that was opened; empty for none. */
  readonly fragment: string;
  readonly tell: (change: Partial<Known>) => void;
  readonly rest: (ms: number) => Promise<void>;
  readonly isClosed: () => boolean;
  /** What the person chooses on the screen that is told. */
  readonly choose: () => Promise<Choice>;
}

/** Of a passkey: `make` one, `use` one that this person has, or go on without. Of a home: `take` it over, or `leave` it. */
export type Choice = 'make' | 'use' | 'without' | 'take' | 'leave';

/** What browsers list the passkey under. */
const passkeyName = 'Doorward';

/**
 * The passkey that the hub is to pin with this device, made or used when its person says so.
 * @returns undefined without one: the browser has none, the cloud has no accounts, or the person wants none
 */
export async function findPasskey(api: Api, { tell, choose }: Entering): Promise<Passkey | undefined> {
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
