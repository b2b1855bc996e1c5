/** POST /oauth/token (RFC 6749 section 4.4): an access token for a client secret. Its errors are those of RFC 6749 section 5.2. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { Fault, type FaultCode, faults } from '../../../wire/faults.ts';
import { findClient, giveToken, scopes, tokenSeconds } from '../../oauth/client.ts';
import type { App, HttpParts } from '../parts.ts';
import { toFault } from '../problem.ts';
import { bucketsOf } from '../rate.ts';
import { basicOf, type Credentials, isBasic } from './credentials.ts';

/** What else a client sends is ignored, as the standard wants. */
const TokenForm = v.object({
  grant_type: v.pipe(v.string(), v.description('client_credentials')),
  scope: v.optional(v.pipe(v.string(), v.description('Scopes with blanks between; left out: all.'))),
  client_id: v.optional(v.string()),
  client_secret: v.optional(v.string()),
});
type TokenForm = v.InferOutput<typeof TokenForm>;

const Token = v.strictObject({
  access_token: v.string(),
  token_type: v.literal('Bearer'),
  expires_in: v.pipe(v.number(), v.integer(), v.description('Seconds.')),
  scope: v.string(),
});

const oauthErrors = [
  'invalid_request',
  'invalid_client',
  'invalid_scope',
  'unsupported_grant_type',
  'temporarily_unavailable',
  'server_error',
] as const;
type OAuthError = (typeof oauthErrors)[number];
const Refused = v.strictObject({ error: v.picklist(oauthErrors), error_description: v.string() });

/** Tokens that one client may ask for: one a second, a minute's worth at once. A token is good for an hour. */
const tokensPerSecond = 1;
const tokensAtOnce = 60;

function answerError(reply: FastifyReply, status: number, error: OAuthError, says: string): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Basic realm="doorward"');
  if (status === 429 || status === 503) reply.header('retry-after', '1');
  return reply
    .code(status)
    .type('application/json')
    .send(JSON.stringify({ error, error_description: says }));
}

function errorOf(code: FaultCode): OAuthError {
  const { http } = faults[code];
  if (http === 429 || http === 503) return 'temporarily_unavailable';
  return http < 500 ? 'invalid_request' : 'server_error';
}

/** A parameter that comes twice is refused (RFC 6749 section 3.2). @throws Fault BODY_MALFORMED */
function parseForm(text: string): Record<string, string> {
  const form: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in form) throw new Fault('BODY_MALFORMED', { where: name.slice(0, 64) });
    if (value !== '') form[name] = value;
  }
  return form;
}

/** @returns undefined when they come both ways, or half */
function credentialsOf(request: FastifyRequest, { client_id, client_secret }: TokenForm): Credentials | undefined {
  const { authorization } = request.headers;
  if (isBasic(authorization)) return client_secret === undefined ? basicOf(authorization) : undefined;
  return client_id === undefined || client_secret === undefined
    ? undefined
    : { client: client_id, secret: client_secret };
}

export function tokenRoute(app: App, parts: HttpParts, refused: (request: FastifyRequest) => void): void {
  const buckets = bucketsOf(tokensPerSecond, tokensAtOnce, () => performance.now());
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseForm(String(body)));
    } catch (error) {
      done(error as Error);
    }
  });
  app.setErrorHandler((error, request, reply) => {
    const { code } = toFault(error);
    if (code === 'INTERNAL')
      parts.log.requestFailed({ request: request.id, route: '/oauth/token', why: String(error) });
    answerError(reply, faults[code].http, errorOf(code), faults[code].says);
  });
  const schema = {
    summary: 'Get an access token (OAuth 2.0 client credentials).',
    description: 'Client id and secret as HTTP Basic or in the form. Errors as RFC 6749 section 5.2 has them.',
    operationId: 'getToken',
    tags: ['carrier'],
    security: [{ client: [] }],
    consumes: ['application/x-www-form-urlencoded'],
    body: TokenForm,
    response: { 200: Token, default: Refused },
  };
  app.post('/oauth/token', { schema }, async (request, reply) => {
    const form = request.body;
    if (isBasic(request.headers.authorization) && form.client_secret !== undefined) {
      return answerError(reply, 400, 'invalid_request', 'Send the client secret one way, not two.');
    }
    const credentials = credentialsOf(request, form);
    const client = credentials && (await findClient(parts.store.read, credentials.client, credentials.secret));
    if (client === undefined || (form.client_id ?? client.carrier) !== client.carrier) {
      refused(request);
      return answerError(reply, 401, 'invalid_client', 'Client id or secret is wrong, or the secret was ended.');
    }
    if (!buckets.take(client.carrier)) throw new Fault('RATE_LIMITED');
    if (form.grant_type !== 'client_credentials') {
      return answerError(reply, 400, 'unsupported_grant_type', 'Only client_credentials.');
    }
    const wanted = form.scope === undefined ? [...scopes] : [...new Set(form.scope.split(' '))];
    if (!wanted.every((one) => (scopes as readonly string[]).includes(one))) {
      return answerError(reply, 400, 'invalid_scope', `Known are ${scopes.join(', ')}.`);
    }
    const token = await parts.store.write((tables) => giveToken(tables, client, wanted, parts.now()));
    reply.header('pragma', 'no-cache');
    return { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds, scope: wanted.join(' ') };
  });
}
