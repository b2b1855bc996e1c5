/** What a link says after its `#`, which no server is sent: a word, and base64url of JSON. Pure; it runs in a browser too. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { fromBase64Url, toBase64Url } from './media.ts';

/** Where the cloud's API is, no path. */
export const ApiOrigin = v.pipe(v.string(), v.maxLength(256), v.regex(/^https?:\/\/[^\s/?#]+$/));

const maxFragment = 1024;

/** @param prefix  such as `#invite=` */
export const writeFragment = (prefix: string, value: object): string =>
  `${prefix}${toBase64Url(new TextEncoder().encode(JSON.stringify(value)))}`;

/** @returns HANDOVER_MALFORMED when it is none of these */
export function readFragment<S extends v.GenericSchema>(
  prefix: string,
  schema: S,
  fragment: string,
): Verdict<v.InferOutput<S>> {
  if (!fragment.startsWith(prefix) || fragment.length > maxFragment) return refuse('HANDOVER_MALFORMED');
  const bytes = fromBase64Url(fragment.slice(prefix.length));
  if (bytes === undefined) return refuse('HANDOVER_MALFORMED');
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    return parsed.success ? accept(parsed.output) : refuse('HANDOVER_MALFORMED');
  } catch {
    return refuse('HANDOVER_MALFORMED');
  }
}
