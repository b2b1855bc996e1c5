/** The HTTP server: limits, problems, the OpenAPI document, and one plugin for each role. */
import swagger from '@fastify/swagger';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { Fault, faults } from '../../wire/faults.ts';
import type { Parts } from '../parts.ts';
import { accountRoutes } from './account/routes.ts';
import { carrierRoutes } from './carrier/routes.ts';
import { courierRoutes } from './courier/routes.ts';
import { guestRoutes } from './guest/routes.ts';
import { holderRoutes } from './holder/routes.ts';
import { hubRoutes } from './hub/routes.ts';
import { liveRoute } from './live.ts';
import { oauthRoutes } from './oauth/routes.ts';
import { openapi, toDocumentedRoute } from './openapi.ts';
import { operatorRoutes } from './operator/routes.ts';
import { answerPages } from './origin.ts';
import { ownerRoutes } from './owner/routes.ts';
import { type App, defaultBodyBytes, type HttpParts } from './parts.ts';
import { toFault, toProblem } from './problem.ts';
import { publicRoutes } from './public/routes.ts';
import { type Buckets, bucketsOf } from './rate.ts';
import { recoveryRoutes } from './recovery/routes.ts';
import { compileSchema, type ValibotProvider } from './schemas.ts';
import { supportRoutes } from './support/routes.ts';
import { visitRoutes } from './visit/routes.ts';

/** Seconds of its rate that a caller may use at once. */
const burstSeconds = 4;
const refusalBurstSeconds = 20;

/** Refusals that prove nobody: they count against the address that they come from. */
const proveNobody = (status: number): boolean => status === 401 || status === 404;

/** What to prove, and how (RFC 6750 section 3, RFC 9449 section 7.1). */
function challengeOf({ code, detail }: Fault, request: FastifyRequest): string | undefined {
  if (code === 'SCOPE_MISSING') return `Bearer error="insufficient_scope", scope="${detail.scope}"`;
  if (code === 'CLIENT_UNKNOWN') return 'Basic realm="doorward"';
  if (faults[code].http !== 401) return undefined;
  const came = /^Bearer /.test(request.headers.authorization ?? '');
  return `Bearer${came ? ' error="invalid_token"' : ''}, DPoP algs="ES256"`;
}

function answerProblem(
  parts: Parts,
  refusals: Buckets,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const fault = toFault(error);
  const { http, retry } = faults[fault.code];
  if (proveNobody(http)) refusals.take(request.ip);
  if (fault.code === 'INTERNAL') {
    const cause = fault.cause instanceof Error ? fault.cause : fault;
    parts.log.requestFailed({ request: request.id, route: request.routeOptions.url ?? '', why: cause.stack ?? '' });
  }
  const challenge = challengeOf(fault, request);
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  if (http === 429 || (http === 503 && retry === 'later')) reply.header('retry-after', '1');
  // What an unforeseen error carries along is for the log alone.
  const detail = fault.code === 'INTERNAL' ? {} : fault.detail;
  reply
    .code(http)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(fault.code, detail, request.id)));
}

/** @returns the app, not listening yet; `inject` works */
export async function buildApp(parts: Parts): Promise<App> {
  const { config } = parts;
  const monotonic = (): number => performance.now();
  const callers = bucketsOf(config.requestsPerSecond, config.requestsPerSecond * burstSeconds, monotonic);
  const refusals = bucketsOf(config.refusalsPerSecond, config.refusalsPerSecond * refusalBurstSeconds, monotonic);
  const http: HttpParts = {
    ...parts,
    charge: (caller) => {
      if (!callers.take(caller)) throw new Fault('RATE_LIMITED');
    },
  };

  const app = fastify({
    bodyLimit: defaultBodyBytes,
    trustProxy: config.trustProxy,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 64 },
    frameworkErrors: (_error, request, reply) => {
      answerProblem(parts, refusals, new Fault('NOT_FOUND'), request as FastifyRequest, reply as FastifyReply);
    },
  }).withTypeProvider<ValibotProvider>();

  app.setValidatorCompiler(compileSchema);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error, request, reply) => answerProblem(parts, refusals, error, request, reply));
  app.setNotFoundHandler((request, reply) => answerProblem(parts, refusals, new Fault('NOT_FOUND'), request, reply));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('cache-control', 'no-store');
    if (answerPages(config, request, reply)) return;
    done(refusals.has(request.ip) ? undefined : new Fault('RATE_LIMITED'));
  });
  app.addHook('onResponse', (request, reply, done) => {
    parts.log.request({
      request: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    });
    done();
  });

  await app.register(swagger, {
    openapi,
    transform: toDocumentedRoute,
  } as Parameters<typeof swagger>[1]);
  const roles = [
    publicRoutes,
    operatorRoutes,
    hubRoutes,
    recoveryRoutes,
    ownerRoutes,
    accountRoutes,
    carrierRoutes,
    courierRoutes,
    guestRoutes,
    holderRoutes,
    visitRoutes,
    supportRoutes,
  ];
  for (const routes of roles) await app.register(async (scope) => routes(scope as unknown as App, http));
  await app.register(async (scope) => oauthRoutes(scope as unknown as App, http, ({ ip }) => void refusals.take(ip)));
  await liveRoute(app, http);
  await app.ready();
  return app;
}
