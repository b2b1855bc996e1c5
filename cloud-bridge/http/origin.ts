/** Which pages may use the API from a browser (Fetch standard, CORS): those of the configured origins, and no other. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CloudConfig } from '../config/schema.ts';

const methods = 'GET, POST, PUT, DELETE';
const headers = 'Authorization, Content-Type, DPoP, Idempotency-Key, Last-Event-ID';
const preflightSeconds = '600';

/** May a page of this origin use the API? */
export const isPage = (config: Pick<CloudConfig, 'pagesOrigins'>, origin: string | undefined): origin is string =>
  origin !== undefined && config.pagesOrigins.includes(origin);

/**
 * Lets the pages read what is answered. Headers are set on the raw answer, so that event streams have them too.
 * @returns true for a preflight of theirs, which is answered
 */
export function answerPages(
  config: Pick<CloudConfig, 'pagesOrigins'>,
  request: FastifyRequest,
  reply: FastifyReply,
): boolean {
  if (config.pagesOrigins.length > 0) reply.raw.setHeader('vary', 'Origin');
  const { origin } = request.headers;
  if (!isPage(config, origin)) return false;
  reply.raw.setHeader('access-control-allow-origin', origin);
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
  reply
    .code(204)
    .headers({
      'access-control-allow-methods': methods,
      'access-control-allow-headers': headers,
      'access-control-max-age': preflightSeconds,
    })
    .send();
  return true;
}
