/** How carriers prove who they are: OAuth 2.0 client credentials. */
import type { FastifyRequest } from 'fastify';
import type { App, HttpParts } from '../parts.ts';
import { metadataRoute } from './metadata.ts';
import { secretRoutes } from './secrets.ts';
import { tokenRoute } from './token.ts';

/** @param refused  told of each request that proved nobody */
export function oauthRoutes(app: App, parts: HttpParts, refused: (request: FastifyRequest) => void): void {
  metadataRoute(app, parts);
  // Each with its own: one speaks forms and answers as RFC 6749 wants, the other is like the rest of the API.
  app.register(async (scope) => tokenRoute(scope as unknown as App, parts, refused));
  app.register(async (scope) => secretRoutes(scope as unknown as App, parts));
}
