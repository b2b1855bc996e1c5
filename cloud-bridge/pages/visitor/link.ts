/** The link that the page was opened from: a courier's task, or a guest's invitation. */
import { guestToken, proveGuest } from '../../../wire/guest.ts';
import { readGuestFragment, readTaskFragment, taskPath } from '../../../wire/visit-link.ts';

export interface VisitorLink {
  readonly isGuest: boolean;
  /** The API, no path. */
  readonly api: string;
  /** What this phone keeps its key by. */
  readonly token: string;
  /** Where the link is in the API. */
  readonly path: string;
  /** What a press says besides the key. @param jkt  its thumbprint */
  readonly claim: (jkt: string) => Promise<object>;
}

/** @param fragment  with its `#`. @returns undefined for one that was cut off or changed on its way */
export async function readLink(fragment: string): Promise<VisitorLink | undefined> {
  const task = readTaskFragment(fragment);
  if (task !== undefined) {
    return { ...task, isGuest: false, path: taskPath(task.token), claim: async () => ({}) };
  }
  const guest = readGuestFragment(fragment);
  if (guest === undefined) return undefined;
  const { secret, api } = guest;
  const token = await guestToken(secret);
  const claim = async (jkt: string) => ({ proof: await proveGuest(secret, jkt) });
  return { isGuest: true, api, token, path: `/v1/guests/${token}`, claim };
}
