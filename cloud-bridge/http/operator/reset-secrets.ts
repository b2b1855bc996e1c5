import * as v from 'valibot';
import { accept, refuse } from '../../../wire/faults.ts';
import { Slug } from '../../../wire/shapes.ts';
import { resetSecrets } from '../../oauth/client.ts';
import { operatorCaller } from '../caller.ts';
import { Empty } from '../empty.ts';
import { NewSecret } from '../oauth/secrets.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** POST /v1/carriers/:carrier/secret-resets: all its secrets and tokens end, and it gets a new one. */
export function resetCarrierSecrets(app: App, parts: HttpParts): void {
  const schema = {
    summary: "End all of a carrier's client secrets and tokens, and make a new secret.",
    security: [{ bearer: [] }],
    params: v.strictObject({ carrier: Slug }),
    body: Empty,
    response: { 201: NewSecret, default: Problem },
  };
  app.post('/v1/carriers/:carrier/secret-resets', { schema }, (request, reply) =>
    answerOnce(parts, operatorCaller, request, reply, async (tables) => {
      const carrier = await tables.parties.find(request.params.carrier);
      if (carrier === undefined) return refuse('NOT_FOUND');
      const made = await resetSecrets(tables, carrier.id, parts.now());
      return made.ok ? accept({ status: 201, body: made.value }) : made;
    }),
  );
}
