/** Client id and secret of a request: HTTP Basic or, at the token endpoint, in the form (RFC 6749 section 2.3.1). */

export interface Credentials {
  readonly client: string;
  readonly secret: string;
}

/** Both are form-encoded before they are joined. @returns undefined for what does not decode */
function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

export const isBasic = (header: string | undefined): boolean => /^Basic\b/i.test(header ?? '');

/** @returns undefined when the header holds none */
export function basicOf(header: string | undefined): Credentials | undefined {
  const [, base64] = /^Basic ([A-Za-z0-9+/=]{1,512})$/i.exec(header ?? '') ?? [];
  if (base64 === undefined) return undefined;
  const text = Buffer.from(base64, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const [client, secret] = [formDecode(text.slice(0, Math.max(0, colon))), formDecode(text.slice(colon + 1))];
  return client && secret ? { client, secret } : undefined;
}
