import * as v from 'valibot';
import { scopes } from '../../oauth/client.ts';
import type { App, HttpParts } from '../parts.ts';

const Metadata = v.strictObject({
  issuer: v.string(),
  token_endpoint: v.string(),
  token_endpoint_auth_methods_supported: v.array(v.string()),
  grant_types_supported: v.array(v.string()),
  response_types_supported: v.array(v.string()),
  scopes_supported: v.array(v.string()),
});

/** GET /.well-known/oauth-authorization-server (RFC 8414): where tokens are had, and how. */
export function metadataRoute(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Where access tokens are had, and how (RFC 8414).',
    operationId: 'getOAuthMetadata',
    tags: ['carrier'],
    response: { 200: Metadata },
  };
  app.get('/.well-known/oauth-authorization-server', { schema }, async () => ({
    issuer: parts.publicUrl(),
    token_endpoint: `${parts.publicUrl()}/oauth/token`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    scopes_supported: [...scopes],
  }));
}
