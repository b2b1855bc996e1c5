/**
 * The links that visitors open: a courier's task, a guest's invitation. All that says which one stands behind the `#`, so that neither the
 * host of the page nor a log on the way sees it. Pure, and without a library: it is part of the little that a phone loads first.
 */

/** What the visitor's page needs of a task link. */
export interface TaskLink {
  /** 256 random bits, base64url: 43 characters. */
  readonly token: string;
  /** The API, no path. */
  readonly api: string;
}

/** What an invitation says. */
export interface GuestLink {
  /** 256 random bits, base64url: 43 characters. Made by the owner's device, and kept there until the guest is accepted. */
  readonly secret: string;
  /** The API, no path. */
  readonly api: string;
}

const taskForm = /^#([A-Za-z0-9_-]{43})@(https?:\/\/[^\s/?#;,'@]+)$/;
const guestForm = /^#guest=([A-Za-z0-9_-]{43})@(https?:\/\/[^\s/?#;,'@]+)$/;

/** Where a visitor opens a task: `…/visit/#<token>@<API>`. @param pages  origin of the pages */
export const toTaskUrl = (pages: string, { token, api }: TaskLink): string => `${pages}/visit/#${token}@${api}`;

/** The link for a message or a QR code: `…/visit/#guest=<secret>@<API>`. @param pages  origin of the pages */
export const toGuestUrl = (pages: string, { secret, api }: GuestLink): string =>
  `${pages}/visit/#guest=${secret}@${api}`;

/** @param fragment  of a task's URL, with its `#`. @returns undefined for one that was cut off or changed on its way, and for a guest's */
export function readTaskFragment(fragment: string): TaskLink | undefined {
  const [, token, api] = taskForm.exec(fragment) ?? [];
  return token !== undefined && api !== undefined && URL.canParse(api) ? { token, api } : undefined;
}

/** @param fragment  of a URL, with its `#`. @returns undefined for one that was cut off or changed on its way, and for a task's */
export function readGuestFragment(fragment: string): GuestLink | undefined {
  const [, secret, api] = guestForm.exec(fragment) ?? [];
  return secret !== undefined && api !== undefined && URL.canParse(api) ? { secret, api } : undefined;
}

/** Where the cloud tells what a task is. */
export const taskPath = (token: string): string => `/v1/tasks/${token}`;
