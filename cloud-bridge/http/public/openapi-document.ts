import type { App } from '../parts.ts';

/** GET /openapi.json: this API as OpenAPI 3. */
export function openapiDocument(app: App): void {
  let document: object | undefined;
  app.get('/openapi.json', { schema: { summary: 'This API as OpenAPI 3.' } }, async () => {
    document ??= (app as unknown as { swagger(): object }).swagger();
    return document;
  });
}
