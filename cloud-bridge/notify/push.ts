/** Web Push (RFC 8030): a message, sealed for one browser (RFC 8291), to the push service that it named. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { retryAfterMs } from '../outward/retry-after.ts';
import type { Row } from '../store/schema.ts';
import { checkEndpoint, publicLookup } from './endpoint.ts';
import type { Sent } from './result.ts';

export interface PushKeys {
  /** 65 bytes, base64url: what browsers subscribe with. */
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface PushWish {
  /** JSON of a `PushMessage`, at most 3 kB. */
  readonly text: string;
  /** Takes the place of one with the same topic that waits at the service: 32 of base64url. */
  readonly topic: string;
  /** How long the service keeps it, seconds. */
  readonly ttlS: number;
  readonly loud: boolean;
}

export interface PushSender {
  readonly publicKey: string;
  /** Never rejects. */
  send(to: Row<'notice_device'>, wish: PushWish): Promise<Sent>;
}

export interface PushOptions {
  readonly keys: PushKeys;
  /** Who runs this, for the push service (RFC 8292): `mailto:` or `https:`. */
  readonly contact: string;
  readonly allowLoopback: boolean;
  /** A service that takes longer is asked again later, ms. */
  readonly timeoutMs: number;
}

function toSent({ statusCode = 0, headers }: IncomingMessage): Sent {
  const why = `status ${statusCode}`;
  if (statusCode >= 200 && statusCode < 300) return { is: 'sent' };
  if (statusCode === 404 || statusCode === 410) return { is: 'gone', why };
  if (statusCode === 429 || statusCode >= 500) {
    const afterMs = retryAfterMs(headers['retry-after'], 3_600_000);
    return { is: 'later', why, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  // Redirects are followed nowhere: they would lead past the check of the address.
  return { is: 'never', why };
}

export function pushSender({ keys, contact, allowLoopback, timeoutMs }: PushOptions): PushSender {
  const post = (url: URL, headers: Record<string, string>, body: Buffer): Promise<Sent> =>
    new Promise((resolve) => {
      const options = { method: 'POST', headers, timeout: timeoutMs, agent: false as const };
      const isTls = url.protocol === 'https:';
      const take = (response: IncomingMessage): void => {
        resolve(toSent(response));
        // What else it says is of no use, however long it is.
        response.destroy();
      };
      const sent: ClientRequest = isTls
        ? tlsRequest(url, { ...options, lookup: publicLookup }, take)
        : request(url, options, take);
      const late = setTimeout(() => sent.destroy(), timeoutMs);
      sent.on('timeout', () => sent.destroy());
      sent.on('error', (error) => resolve({ is: 'later', why: (error as NodeJS.ErrnoException).code ?? 'closed' }));
      sent.on('close', () => {
        clearTimeout(late);
        resolve({ is: 'later', why: 'silent' });
      });
      sent.end(body);
    });

  return {
    publicKey: keys.publicKey,
    send: async ({ endpoint, p256dh, auth }, { text, topic, ttlS, loud }) => {
      if (endpoint === null || p256dh === null || auth === null) return { is: 'never', why: 'no subscription' };
      const url = checkEndpoint(endpoint, allowLoopback);
      if (!url.ok) return { is: 'gone', why: 'address' };
      const { default: webPush } = await import('web-push');
      try {
        const { headers, body } = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, text, {
          vapidDetails: { subject: contact, ...keys },
          TTL: Math.max(0, Math.floor(ttlS)),
          urgency: loud ? 'high' : 'low',
          topic,
          contentEncoding: 'aes128gcm',
        });
        return await post(url.value, headers as Record<string, string>, body as Buffer);
      } catch {
        // Keys that are none: nobody could read it.
        return { is: 'gone', why: 'keys' };
      }
    },
  };
}
