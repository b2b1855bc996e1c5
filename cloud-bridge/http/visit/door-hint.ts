/** How to find the door, for the one device that may go there now. To any other caller, at any other time: the same as if there were nothing. */
import type { FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { HintView, photoTypes } from '../../../wire/door-hint.ts';
import { Fault, type FaultCode } from '../../../wire/faults.ts';
import { TaskToken } from '../../../wire/task.ts';
import { noteFound } from '../../hint/found.ts';
import { hintFor } from '../../hint/show.ts';
import type { OwnLink } from '../../visit/prepare.ts';
import { orProblem } from '../answer.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import type { LinkRoutes } from './link-routes.ts';

const params = v.strictObject({ token: TaskToken });
const security = [{ dpop: [] }];
const photo = {
  description: 'The picture, and nothing else in it.',
  content: Object.fromEntries(photoTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
} as const;

/** These are about the request, not about what it asks for. */
const toldPlainly: readonly FaultCode[] = ['UNAUTHENTICATED', 'PROOF_REPLAYED', 'RATE_LIMITED'];

/** @throws Fault NOT_FOUND whatever the link lacks: its state is nobody else's business */
async function ownOrNothing(
  { own }: LinkRoutes,
  parts: HttpParts,
  request: FastifyRequest,
  token: string,
): Promise<OwnLink> {
  try {
    return await own(parts, request, token);
  } catch (error) {
    if (error instanceof Fault && !toldPlainly.includes(error.code)) throw new Fault('NOT_FOUND');
    throw error;
  }
}

export function doorHint(app: App, parts: HttpParts, routes: LinkRoutes): void {
  const { read } = parts.store;
  const shown = async (request: FastifyRequest, token: string) =>
    orProblem(await hintFor(parts, read, await ownOrNothing(routes, parts, request, token)));

  const forText = { summary: 'How to find the door.', security, params, response: { 200: HintView, default: Problem } };
  app.get(`${routes.path}/:token/hint`, { schema: forText }, async (request): Promise<HintView> => {
    const { hint, foundBy } = await shown(request, request.params.token);
    const { place, instruction } = hint;
    return {
      ...(place === null ? {} : { place: place as NonNullable<HintView['place']> }),
      ...(instruction === null ? {} : { instruction }),
      hasPhoto: hint.photo !== null,
      isFound: await read.hints.isFound(foundBy),
    };
  });

  const forPhoto = { summary: 'The photo of the door.', security, params, response: { 200: photo, default: Problem } };
  app.get(`${routes.path}/:token/hint/photo`, { schema: forPhoto }, async (request, reply) => {
    const { hint } = await shown(request, request.params.token);
    if (hint.photo === null || hint.photo_type === null) throw new Fault('NOT_FOUND');
    return reply.type(hint.photo_type).send(Buffer.from(hint.photo, 'base64'));
  });

  const forFound = {
    summary: 'Say that the door was found and the instruction read.',
    ...{ security, params, body: Empty, response: { 200: Empty, default: Problem } },
  };
  app.post(`${routes.path}/:token/hint/found`, { schema: forFound }, async (request) => {
    const own = await ownOrNothing(routes, parts, request, request.params.token);
    return orProblem(await parts.store.write((tables) => noteFound(parts, tables, own)));
  });
}
