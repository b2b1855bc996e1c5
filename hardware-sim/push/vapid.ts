/** Checks who sends, as a push service does (RFC 8292): a token signed with the key that the browser subscribed with. */
import { createPublicKey, verify } from 'node:crypto';

export interface Sender {
  /** 65 bytes, base64url. */
  readonly key: string;
  readonly subject: string;
}

const parse = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;

const maxSeconds = 86_400;

/**
 * @param header  `Authorization`
 * @param origin  of this push service
 * @returns undefined when it is not genuine, for another service, over or good for more than a day
 */
export function checkVapid(header: string | undefined, origin: string, nowS: number): Sender | undefined {
  const [, token, key] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(header ?? '') ?? [];
  const [head, body, signature] = token?.split('.') ?? [];
  if (key === undefined || head === undefined || body === undefined || signature === undefined) return undefined;
  try {
    const point = Buffer.from(key, 'base64url');
    const at = (from: number): string => point.subarray(from, from + 32).toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: at(1), y: at(33) }, format: 'jwk' });
    const isSigned = verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    const { aud, exp, sub } = parse(body);
    const isInTime = typeof exp === 'number' && exp > nowS && exp <= nowS + maxSeconds;
    const isOurs = isSigned && parse(head).alg === 'ES256' && aud === origin && isInTime && typeof sub === 'string';
    return isOurs ? { key, subject: sub } : undefined;
  } catch {
    return undefined;
  }
}
