/** Signs messages as the Standard Webhooks specification says, version 1. */
import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** @returns `whsec_` and 32 random bytes, base64 */
export const createWebhookSecret = (): string => `${prefix}${randomBytes(32).toString('base64')}`;

/** What is signed, and where it goes in the headers. */
export interface Signed {
  readonly id: string;
  /** Seconds since 1970, of this try. */
  readonly timestamp: number;
  readonly body: string;
}

/** @returns `webhook-signature`: one for each secret that is good now */
export function signatureOf({ id, timestamp, body }: Signed, secrets: readonly string[]): string {
  const sign = (secret: string): string => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  };
  return secrets.map(sign).join(' ');
}
