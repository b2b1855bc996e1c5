/** A carrier's client secrets: replaced without a gap, with the secret itself and never with a token that somebody found. */
import type { FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { accept, Fault } from '../../../wire/faults.ts';
import { Id, Millis } from '../../../wire/shapes.ts';
import { addSecret, endSecret, findClient } from '../../oauth/client.ts';
import { carrierCaller } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { basicOf } from './credentials.ts';

const carrierOf = (request: FastifyRequest): string => request.getDecorator<string>('client');

const common = { tags: ['carrier'], security: [{ client: [] }] };
const Listed = v.strictObject({
  secret: Id,
  since: Millis,
  lastUsed: v.pipe(v.nullable(Millis), v.description('When a token was asked for with it last.')),
});
export const NewSecret = v.strictObject({
  secret: Id,
  clientSecret: v.pipe(v.string(), v.description('Shown once.')),
});

/** GET and POST /oauth/secrets, POST …/:secret/end */
export function secretRoutes(app: App, parts: HttpParts): void {
  app.decorateRequest('client');
  app.addHook('onRequest', async (request) => {
    const given = basicOf(request.headers.authorization);
    const client = given && (await findClient(parts.store.read, given.client, given.secret));
    if (client === undefined) throw new Fault('CLIENT_UNKNOWN');
    parts.charge(`carrier:${client.carrier}`);
    request.setDecorator('client', client.carrier);
  });

  const list = {
    ...common,
    summary: 'Your client secrets, oldest first.',
    operationId: 'listSecrets',
    response: { 200: v.strictObject({ secrets: v.array(Listed) }), default: Problem },
  };
  app.get('/oauth/secrets', { schema: list }, async (request) => {
    const rows = await parts.store.read.clients.secretsOf(carrierOf(request));
    return {
      secrets: rows.map(({ id, created_at, used_at }) => ({ secret: id, since: created_at, lastUsed: used_at })),
    };
  });

  const add = {
    ...common,
    summary: 'Make a second client secret. Both are good until you end one.',
    operationId: 'addSecret',
    body: Empty,
    response: { 201: NewSecret, default: Problem },
  };
  app.post('/oauth/secrets', { schema: add }, (request, reply) => {
    const carrier = carrierOf(request);
    return answerOnce(parts, carrierCaller(carrier), request, reply, async (tables) => {
      const made = await addSecret(tables, carrier, parts.now());
      return made.ok ? accept({ status: 201, body: made.value }) : made;
    });
  });

  const end = {
    ...common,
    summary: 'End a client secret, with every token that it was used for. The last one stays.',
    operationId: 'endSecret',
    params: v.strictObject({ secret: Id }),
    body: Empty,
    response: { 200: v.strictObject({ ended: Id }), default: Problem },
  };
  app.post('/oauth/secrets/:secret/end', { schema: end }, (request, reply) => {
    const carrier = carrierOf(request);
    return answerOnce(parts, carrierCaller(carrier), request, reply, async (tables) => {
      const ended = await endSecret(tables, carrier, request.params.secret, parts.now());
      return ended.ok ? accept({ status: 200, body: ended.value }) : ended;
    });
  });
}
