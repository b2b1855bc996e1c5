/** What everybody may ask. */
import type { App, HttpParts } from '../parts.ts';
import { health } from './health.ts';
import { openapiDocument } from './openapi-document.ts';

export function publicRoutes(app: App, parts: HttpParts): void {
  health(app, parts);
  openapiDocument(app);
}
