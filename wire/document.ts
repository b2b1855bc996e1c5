/** Which type of document a text says it is: read before anything is verified, only to know who should verify it. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { maxAssertionChars } from './passkey.ts';

/** `typ` of every document that a hub takes (RFC 7515 section 4.1.9). */
export const documentTypes = [
  'rootset+jwt',
  'issuerset+jwt',
  'rulebook+jwt',
  'approval+jwt',
  'revocation+jwt',
  'ownerchange+jwt',
  'clearance+jwt',
  'clockreset+jwt',
  'retention+jwt',
  'recoverycode+jwt',
  'recovery+jwt',
] as const;
export type DocumentType = (typeof documentTypes)[number];

/** Longest text of any document with its assertion, in characters; each type has its own smaller limit. */
export const maxDocumentBytes = 49_152 + 1 + maxAssertionChars;

const Typed = v.object({ typ: v.pipe(v.string(), v.maxLength(64)) });
const Several = v.object({ signatures: v.looseTuple([v.object({ protected: v.string() })]) });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The protected header's text: of a compact JWS, or of the first signature of a JSON one (RFC 7515 section 7). */
function headerOf(text: string): string | undefined {
  if (!text.startsWith('{')) return text.split('.', 1)[0];
  const several = v.safeParse(Several, parse(text));
  return several.success ? several.output.signatures[0].protected : undefined;
}

/** @returns DOCUMENT_TOO_BIG, DOCUMENT_MALFORMED or DOCUMENT_TYPE_UNKNOWN when it is none that a hub takes */
export function readDocumentType(text: string): Verdict<DocumentType> {
  if (text.length > maxDocumentBytes) return refuse('DOCUMENT_TOO_BIG', { most: maxDocumentBytes });
  const header = v.safeParse(Typed, parse(Buffer.from(headerOf(text) ?? '', 'base64url').toString('utf8')));
  if (!header.success) return refuse('DOCUMENT_MALFORMED');
  const type = documentTypes.find((one) => one === header.output.typ);
  return type === undefined ? refuse('DOCUMENT_TYPE_UNKNOWN') : accept(type);
}
