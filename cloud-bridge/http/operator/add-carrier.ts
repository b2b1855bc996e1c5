import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { accept, refuse } from '../../../wire/faults.ts';
import { hashOf, toVerifyKey } from '../../../wire/jws.ts';
import { SignJwk, Slug } from '../../../wire/shapes.ts';
import { operatorCaller } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const Wish = v.strictObject({
  /** The company's name, as couriers and owners read it. */
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64)),
  jwk: SignJwk,
});

const isKey = (jwk: SignJwk): Promise<boolean> =>
  toVerifyKey(jwk).then(
    () => true,
    () => false,
  );

/** POST /v1/carriers: registers a carrier with the public key that it signs assignments with. The API key is shown once. */
export function addCarrier(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Register a carrier.',
    security: [{ bearer: [] }],
    body: Wish,
    response: { 201: v.strictObject({ carrier: Slug, apiKey: v.string() }), default: Problem },
  };
  app.post('/v1/carriers', { schema }, (request, reply) =>
    answerOnce(parts, operatorCaller(request), request, reply, async ({ parties }) => {
      const { name, jwk } = request.body;
      if (!(await isKey(jwk))) return refuse('BODY_MALFORMED', { where: 'jwk' });
      const carrier = `carrier-${randomBytes(10).toString('hex')}`;
      const apiKey = `dwc_${randomBytes(32).toString('base64url')}`;
      const row = { id: carrier, name, jwk: JSON.stringify(jwk), api_key: hashOf(apiKey), created_at: parts.now() };
      await parties.add(row);
      return accept({ status: 201, body: { carrier, apiKey } });
    }),
  );
}
