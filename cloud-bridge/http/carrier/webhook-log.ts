import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { Count, Id, Millis } from '../../../wire/shapes.ts';
import { Replay, replay, rotateSecret } from '../../webhook/manage.ts';
import { orProblem } from '../answer.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { managing, ownWebhook } from './own-webhook.ts';

const security = [{ oauth2: ['webhooks'] }];
const params = v.strictObject({ webhook: Id });

const Attempt = v.strictObject({
  n: v.pipe(Count, v.description('Counts the attempts of this webhook.')),
  message: v.pipe(v.string(), v.description('Its webhook-id.')),
  type: v.string(),
  attempt: v.pipe(Count, v.description('1 for the first try of this message; a repeat has more.')),
  at: Millis,
  ms: v.pipe(v.nullable(Count), v.description('null: it is under way, or its end is not known.')),
  status: v.nullable(Count),
  error: v.pipe(v.nullable(v.string()), v.description('STATUS, TIMEOUT, or why there was no connection.')),
  body: v.pipe(v.nullable(v.string()), v.description('The first kB of what your server answered.')),
});

const whole = (min: number, max: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,13}$/), v.transform(Number), v.minValue(min), v.maxValue(max));
const Page = v.strictObject({
  before: v.optional(v.pipe(whole(1, 2 ** 40), v.description('`n` of the last attempt of the page before.'))),
  message: v.optional(v.pipe(v.string(), v.maxLength(64), v.description('Only tries of this message.'))),
  limit: v.optional(v.pipe(whole(1, 100), v.description('1 to 100; else 50.')), '50'),
});

/** What was posted to a webhook and how it went; what is to be posted again; a new secret. */
export function webhookLog(app: App, parts: HttpParts): void {
  const list = {
    operationId: 'listAttempts',
    tags: ['carrier'],
    summary: 'Every try to post to a webhook in the last 30 days, the newest first.',
    security,
    params,
    querystring: Page,
    response: {
      200: v.strictObject({ attempts: v.array(Attempt), before: v.nullable(Count) }),
      default: Problem,
    },
  };
  app.get('/v1/webhooks/:webhook/attempts', { schema: list }, async (request) => {
    const { read } = parts.store;
    const { id } = orProblem(await ownWebhook(read, carrierOf(request), request.params.webhook));
    const { before, message, limit } = request.query;
    const rows = await read.webhooks.attempts(id, { before, message, limit });
    return {
      attempts: rows.map(({ webhook: _, ...attempt }) => attempt),
      before: rows.length === limit ? (rows.at(-1)?.n ?? null) : null,
    };
  });

  const again = {
    operationId: 'replayWebhook',
    tags: ['carrier'],
    summary: 'Post one message again, or all since a time, under the ids that they had.',
    security,
    params,
    body: Replay,
    response: {
      200: v.strictObject({
        queued: Count,
        goOnSince: v.pipe(v.nullable(Millis), v.description('There are more: ask again since then.')),
      }),
      default: Problem,
    },
  };
  app.post('/v1/webhooks/:webhook/replays', { schema: again }, (request, reply) => {
    const carrier = carrierOf(request);
    return answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const own = await ownWebhook(tables, carrier, request.params.webhook);
      if (!own.ok) return own;
      const queued = await replay(managing(parts), tables, own.value, request.body);
      return queued.ok ? accept({ status: 200, body: queued.value }) : queued;
    });
  });

  const rotate = {
    operationId: 'rotateWebhookSecret',
    tags: ['carrier'],
    summary: 'Make a new secret. The one before signs beside it for a day.',
    security,
    params,
    body: Empty,
    response: { 201: v.strictObject({ secret: v.string(), oldUntil: Millis }), default: Problem },
  };
  app.post('/v1/webhooks/:webhook/secret-rotations', { schema: rotate }, (request, reply) => {
    const carrier = carrierOf(request);
    return answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const own = await ownWebhook(tables, carrier, request.params.webhook);
      if (!own.ok) return own;
      return accept({ status: 201, body: await rotateSecret(managing(parts), tables, own.value) });
    });
  });
}
