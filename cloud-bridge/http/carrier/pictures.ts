/** Pictures that a household has shared with the carrier of a delivery: sealed for its key, until a time. */
import * as v from 'valibot';
import { EcJwk, Id, Millis } from '../../../wire/shapes.ts';
import { SealedPicture } from '../../../wire/support.ts';
import { lookAtPicture } from '../../support/cases.ts';
import { orProblem } from '../answer.ts';
import { carrierOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { toSealKey } from '../seal-key.ts';
import { ownDelivery } from './own-delivery.ts';

/** PUT /v1/carrier/seal-key */
function putSealKey(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'putSealKey',
    tags: ['carrier'],
    summary:
      'Set the key that households seal pictures for. They are shown its six digits: read them out when you call. What was shared before needs the key of before.',
    security: [{ oauth2: ['deliveries:write'] }],
    body: v.strictObject({ seal: EcJwk }),
    response: { 200: v.strictObject({ check: v.string() }), default: Problem },
  };
  app.put('/v1/carrier/seal-key', { schema }, async (request) => {
    const { id } = carrierOf(request);
    const { text, check } = orProblem(await toSealKey(request.body.seal));
    await parts.store.write(({ parties }) => parties.setSeal(id, text));
    return { check };
  });
}

/** GET /v1/deliveries/:delivery/pictures */
function listPictures(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'listPictures',
    tags: ['carrier'],
    summary: 'Pictures of a delivery that its household shares with you.',
    security: [{ oauth2: ['deliveries:read'] }],
    params: v.strictObject({ delivery: Id }),
    response: {
      200: v.strictObject({ pictures: v.array(v.strictObject({ picture: Id, at: Millis, until: Millis })) }),
      default: Problem,
    },
  };
  app.get('/v1/deliveries/:delivery/pictures', { schema }, async (request) => {
    const carrier = carrierOf(request);
    const { read } = parts.store;
    const { id } = orProblem(await ownDelivery(read, carrier, request.params.delivery));
    const shared = await read.casePictures.ofDelivery(id, carrier.id, parts.now());
    return { pictures: shared.map(({ id: picture, at, until_at: until }) => ({ picture, at, until })) };
  });
}

/** GET /v1/deliveries/:delivery/pictures/:picture */
function showPicture(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'getPicture',
    tags: ['carrier'],
    summary: 'One shared picture: a compact JWE of a JPEG. The household is told that you looked.',
    security: [{ oauth2: ['deliveries:read'] }],
    params: v.strictObject({ delivery: Id, picture: Id }),
    response: { 200: v.strictObject({ sealed: SealedPicture }), default: Problem },
  };
  app.get('/v1/deliveries/:delivery/pictures/:picture', { schema }, async (request) => {
    const carrier = carrierOf(request);
    const now = parts.now();
    const sealed = await parts.store.write(async (tables) => {
      const delivery = await ownDelivery(tables, carrier, request.params.delivery);
      if (!delivery.ok) return delivery;
      const { id } = delivery.value;
      const who = { ...carrier, isCarrier: true } as const;
      return lookAtPicture(tables, who, request.params.picture, (one) => one.delivery === id, now);
    });
    return { sealed: orProblem(sealed) };
  });
}

export function carrierPictures(app: App, parts: HttpParts): void {
  putSealKey(app, parts);
  listPictures(app, parts);
  showPicture(app, parts);
}
