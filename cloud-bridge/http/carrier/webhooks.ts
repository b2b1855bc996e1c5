import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { addWebhook, changeWebhook, WebhookWish } from '../../webhook/manage.ts';
import { orProblem } from '../answer.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { managing, ownWebhook, toWebhookView, WebhookView } from './own-webhook.ts';

const security = [{ oauth2: ['webhooks'] }];
const params = v.strictObject({ webhook: Id });

/** POST and GET /v1/webhooks; GET, PUT and DELETE …/:webhook: where a carrier wants its events posted. */
export function webhookRoutes(app: App, parts: HttpParts): void {
  const add = {
    operationId: 'addWebhook',
    tags: ['carrier'],
    summary: 'Have your events posted to an address. The secret is shown once.',
    security,
    body: WebhookWish,
    response: { 201: v.strictObject({ ...WebhookView.entries, secret: v.string() }), default: Problem },
  };
  app.post('/v1/webhooks', { schema: add }, (request, reply) => {
    const carrier = carrierOf(request);
    return answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const made = await addWebhook(managing(parts), tables, carrier.id, request.body);
      if (!made.ok) return made;
      const { webhook, secret } = made.value;
      return accept({ status: 201, body: { ...toWebhookView(webhook), secret } });
    });
  });

  const list = {
    operationId: 'listWebhooks',
    tags: ['carrier'],
    summary: 'Your webhooks, and how they do.',
    security,
    response: { 200: v.strictObject({ webhooks: v.array(WebhookView) }), default: Problem },
  };
  app.get('/v1/webhooks', { schema: list }, async (request) => ({
    webhooks: (await parts.store.read.webhooks.ofCarrier(carrierOf(request).id)).map(toWebhookView),
  }));

  const show = {
    operationId: 'getWebhook',
    tags: ['carrier'],
    summary: 'One webhook.',
    security,
    params,
    response: { 200: WebhookView, default: Problem },
  };
  app.get('/v1/webhooks/:webhook', { schema: show }, async (request) =>
    toWebhookView(orProblem(await ownWebhook(parts.store.read, carrierOf(request), request.params.webhook))),
  );

  const change = {
    operationId: 'changeWebhook',
    tags: ['carrier'],
    summary: 'Change a webhook as a whole, disable it, or enable it again.',
    security,
    params,
    body: WebhookWish,
    response: { 200: WebhookView, default: Problem },
  };
  app.put('/v1/webhooks/:webhook', { schema: change }, async (request) => {
    const changed = await parts.store.write(async (tables) => {
      const own = await ownWebhook(tables, carrierOf(request), request.params.webhook);
      return own.ok ? changeWebhook(managing(parts), tables, own.value, request.body) : own;
    });
    return toWebhookView(orProblem(changed));
  });

  const remove = {
    operationId: 'removeWebhook',
    tags: ['carrier'],
    summary: 'Remove a webhook, with what waits for it and its log.',
    security,
    params,
    response: { 200: v.strictObject({ removed: Id }), default: Problem },
  };
  app.delete('/v1/webhooks/:webhook', { schema: remove }, async (request) => {
    const removed = await parts.store.write(async (tables) => {
      const own = await ownWebhook(tables, carrierOf(request), request.params.webhook);
      if (own.ok) await tables.webhooks.remove(own.value.id);
      return own;
    });
    return { removed: orProblem(removed).id };
  });
}
