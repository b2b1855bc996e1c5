/** The OpenAPI document: what stands in it beside the routes, and how a route is shown. */
import type { FastifySchema } from 'fastify';
import { carrierEventTypes } from '../events/carrier-event-types.ts';
import { toDocumented, toJson } from './schemas.ts';

/** What is posted to webhooks: each event in the envelope of the Standard Webhooks specification. */
const webhooks = Object.fromEntries(
  Object.entries(carrierEventTypes).map(([type, { says, data }]) => {
    const schema = {
      type: 'object',
      required: ['type', 'timestamp', 'sequence', 'data'],
      properties: {
        type: { const: type },
        timestamp: { type: 'string', format: 'date-time' },
        sequence: { type: 'integer', description: 'Number of the event in your stream.' },
        data: toJson(data, 'output'),
      },
    };
    const post = {
      summary: says,
      operationId: type,
      tags: ['carrier'],
      requestBody: { required: true, content: { 'application/json': { schema } } },
      responses: { '2XX': { description: 'Taken. Anything else is tried again; 410 disables the webhook.' } },
    };
    return [type, { post }];
  }),
);

export const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'Doorward cloud',
    description: 'Deliveries, owners, couriers and hubs. Errors are RFC 9457 problem details.',
    version: '1',
  },
  components: {
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer' },
      client: { type: 'http', scheme: 'basic', description: 'Client id and client secret.' },
      oauth2: {
        type: 'oauth2',
        flows: {
          clientCredentials: {
            tokenUrl: '/oauth/token',
            scopes: {
              'deliveries:read': 'See your deliveries and their events.',
              'deliveries:write': 'Announce, assign and cancel deliveries.',
              webhooks: 'Manage your webhooks and read their log.',
            },
          },
        },
      },
      dpop: {
        type: 'apiKey',
        in: 'header',
        name: 'DPoP',
        description: 'RFC 9449 section 4.2, without an access token',
      },
    },
  },
  webhooks,
};

const onceHeader = {
  type: 'object',
  required: ['idempotency-key'],
  properties: {
    'idempotency-key': {
      type: 'string',
      minLength: 8,
      maxLength: 64,
      description: 'The same key with the same request gets the same answer, done once.',
    },
  },
};

interface Shown {
  readonly schema?: FastifySchema;
  readonly url: string;
  readonly route: { readonly method: string | readonly string[] };
}

/** What a carrier posts is done once for each Idempotency-Key; a token is asked for afresh. */
export function toDocumentedRoute({ schema = {}, url, route }: Shown): { schema: FastifySchema; url: string } {
  const isOnce = route.method === 'POST' && schema.tags?.includes('carrier') && url !== '/oauth/token';
  return { schema: toDocumented(isOnce ? { ...schema, headers: onceHeader } : schema), url };
}
