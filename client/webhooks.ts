/** Checks what is posted to your webhook (Standard Webhooks, version 1). */
import type { Events } from './api.ts';

/** What was posted. */
export type WebhookMessage = {
  readonly [T in keyof Events]: {
    /** The same at every try: do each once. */
    readonly id: string;
    /** More than 1: a repeat. */
    readonly attempt: number;
    readonly type: T;
    readonly timestamp: string;
    /** Number of the event in your stream. */
    readonly sequence: number;
    readonly data: Events[T];
  };
}[keyof Events];

const toleranceS = 300;
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Compares without telling by its time how much was right. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let differs = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) differs |= a[i]! ^ (b[i] ?? 0);
  return differs === 0;
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/**
 * @param headers  by small letters, as Node has them
 * @param body     exactly as it came
 * @param secrets  `whsec_…`: during a rotation both
 * @returns the message, or undefined when none of the secrets has signed it or it is older than five minutes: answer 400
 */
export async function verifyWebhook(
  headers: Headers,
  body: string,
  secrets: string | readonly string[],
  now: number = Date.now(),
): Promise<WebhookMessage | undefined> {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name] ?? ''),
  ) as [string, string, string];
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > toleranceS) return undefined;
  const given = signatures.split(' ').flatMap((one) => (/^v1,[\w+/]+=*$/.test(one) ? [fromBase64(one.slice(3))] : []));
  for (const secret of [secrets].flat()) {
    const bytes = fromBase64(secret.replace(/^whsec_/, ''));
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
    const expected = new Uint8Array(await crypto.subtle.sign('HMAC', key, signed));
    if (!given.some((one) => isSame(expected, one))) continue;
    const attempt = Number(headers['doorward-attempt'] ?? 1);
    return { id, attempt, ...(JSON.parse(body) as object) } as WebhookMessage;
  }
  return undefined;
}
