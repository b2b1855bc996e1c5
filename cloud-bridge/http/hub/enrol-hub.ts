import { EnrolmentAnswer, EnrolmentRequest } from '../../../wire/enrolment.ts';
import { enrol } from '../../enrol/enrol.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const maxBodyBytes = 32_768;

/** POST /v1/hubs/enrol: the installer's one-time token and the hub's proof against a certificate and the keys to pin. */
export function enrolHub(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Enrol a hub.',
    body: EnrolmentRequest,
    response: { 201: EnrolmentAnswer, default: Problem },
  };
  app.post('/v1/hubs/enrol', { schema, bodyLimit: maxBodyBytes }, async (request, reply) =>
    reply.code(201).send(orProblem(await enrol(parts, request.body))),
  );
}
