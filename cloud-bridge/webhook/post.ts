/** Posts one message to an address that a carrier named: no redirect, no long wait, nothing but the beginning of the answer. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { Fault } from '../../wire/faults.ts';
import { type Allowed, checkAddress, lookupWithin, type Reach } from '../outward/address.ts';
import { retryAfterMs } from '../outward/retry-after.ts';
import { longestWaitMs } from './schedule.ts';

/** What came back: an answer, or the reason why there is none. */
export type Posted =
  | { readonly status: number; readonly body: string; readonly retryAfterMs?: number }
  | { readonly error: string };

export interface Poster {
  /** Never rejects. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Posted>;
}

/** Bytes of an answer that are kept. */
const keptBytes = 1_024;

export const webhookAddress = (reach: Reach): Allowed => ({ reach, ports: [8443], code: 'WEBHOOK_ADDRESS_REFUSED' });

async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= keptBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, keptBytes).toString('utf8');
}

const nameOf = (error: unknown): string =>
  error instanceof Fault ? error.code : ((error as NodeJS.ErrnoException).code ?? 'CLOSED');

/** @param timeoutMs  for all of it: connecting, sending, the answer */
export function httpPoster(reach: Reach, timeoutMs: number): Poster {
  const allowed = webhookAddress(reach);
  const lookup = lookupWithin(allowed);

  function send(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Posted> {
    return new Promise((resolve) => {
      const options = { method: 'POST', headers: { ...headers, connection: 'close' }, agent: false as const, lookup };
      const take = (response: IncomingMessage): void => {
        const { statusCode: status = 0 } = response;
        const asked = retryAfterMs(response.headers['retry-after'], longestWaitMs);
        const answer = (text: string): Posted => ({
          status,
          body: text,
          ...(asked === undefined ? {} : { retryAfterMs: asked }),
        });
        readStart(response).then(
          (text) => resolve(answer(text)),
          () => resolve(answer('')),
        );
      };
      const sent: ClientRequest = (url.protocol === 'https:' ? tlsRequest : request)(url, options, take);
      const late = setTimeout(() => {
        resolve({ error: 'TIMEOUT' });
        sent.destroy();
      }, timeoutMs);
      sent.on('error', (error) => resolve({ error: nameOf(error) }));
      sent.on('close', () => {
        clearTimeout(late);
        resolve({ error: 'CLOSED' });
      });
      sent.end(body);
    });
  }

  return {
    post: async (text, headers, body) => {
      const url = checkAddress(text, allowed);
      return url.ok ? send(url.value, headers, body) : { error: url.code };
    },
  };
}
