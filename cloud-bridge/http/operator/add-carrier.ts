import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { accept, refuse } from '../../../wire/faults.ts';
import { toVerifyKey } from '../../../wire/jws.ts';
import { SignJwk, Slug } from '../../../wire/shapes.ts';
import { partnerKinds } from '../../delivery/purpose.ts';
import { addSecret } from '../../oauth/client.ts';
import { operatorCaller } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const Wish = v.strictObject({
  /** The company's name, as couriers and owners read it. */
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64)),
  jwk: SignJwk,
  kind: v.pipe(
    v.optional(v.picklist(partnerKinds), 'carrier'),
    v.description('`carrier` brings parcels; `company` sends its staff to work in homes.'),
  ),
  /** It plays at virtual doors, and reaches no real one, ever. */
  sandbox: v.optional(v.boolean(), false),
});

const isKey = (jwk: SignJwk): Promise<boolean> =>
  toVerifyKey(jwk).then(
    () => true,
    () => false,
  );

/** POST /v1/carriers: registers a carrier, or a service company, with the public key that it signs assignments with. Its id is its client id; the client secret is shown once. */
export function addCarrier(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Register a carrier, or a service company.',
    security: [{ bearer: [] }],
    body: Wish,
    response: { 201: v.strictObject({ carrier: Slug, clientSecret: v.string() }), default: Problem },
  };
  app.post('/v1/carriers', { schema }, (request, reply) =>
    answerOnce(parts, operatorCaller, request, reply, async (tables) => {
      const { name, jwk, kind, sandbox } = request.body;
      if (!(await isKey(jwk))) return refuse('BODY_MALFORMED', { where: 'jwk' });
      const carrier = `${sandbox ? 'sandbox' : kind}-${randomBytes(10).toString('hex')}`;
      const at = parts.now();
      const row = {
        id: carrier,
        name,
        jwk: JSON.stringify(jwk),
        kind,
        sandbox: sandbox ? 1 : 0,
        created_at: at,
      };
      await tables.parties.add(row);
      const made = await addSecret(tables, carrier, at);
      return made.ok ? accept({ status: 201, body: { carrier, clientSecret: made.value.clientSecret } }) : made;
    }),
  );
}
