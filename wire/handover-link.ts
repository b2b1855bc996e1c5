/** The QR code of a hand-over as a link, which opens the owner's app with all that it needs. Pure; it runs in a browser too. */
import * as v from 'valibot';
import { accept, type Verdict } from './faults.ts';
import { ApiOrigin, readFragment, writeFragment } from './fragment.ts';
import { fromHandoverUri, HandoverCode } from './handover.ts';

/** The code, and where the cloud is that carries the claim: a wrong one carries it nowhere, or is found out. */
export const HandoverLink = v.strictObject({ api: ApiOrigin, ...HandoverCode.entries });
export type HandoverLink = v.InferOutput<typeof HandoverLink>;

const prefix = '#handover=';

/** @returns the fragment of the link: `#handover=` and base64url of JSON */
export const toHandoverFragment = ({ api, hub, key, secret }: HandoverLink): string =>
  writeFragment(prefix, { api, hub, key, secret });

/** Reads the fragment of a link. @returns HANDOVER_MALFORMED when it is none */
export const readHandoverFragment = (fragment: string): Verdict<HandoverLink> =>
  readFragment(prefix, HandoverLink, fragment);

/**
 * Reads what stands under the QR code, as somebody typed or pasted it: the link, or the text without an address.
 * @returns `api` undefined where the text has none; HANDOVER_MALFORMED when it is neither
 */
export function readHandoverText(text: string): Verdict<HandoverCode & { readonly api?: string | undefined }> {
  // A terminal breaks long lines, and whoever copies them takes the breaks along.
  const whole = text.replace(/\s+/g, '');
  const at = whole.indexOf(prefix);
  if (at < 0) return fromHandoverUri(whole);
  const link = readHandoverFragment(whole.slice(at));
  return link.ok ? accept(link.value) : link;
}
