import * as v from 'valibot';
import { Hash } from '../../../wire/shapes.ts';
import { TaskToken } from '../../../wire/task.ts';
import { claimInvitation as claim } from '../../guest/claim.ts';
import { orProblem } from '../answer.ts';
import { proveDevice } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** POST /v1/guests/:token/claim: binds the invitation to the device that proves its key. Until the owner accepts, another device kills it. */
export function claimInvitation(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Bind an invitation to this device. The digits are shown on both phones.',
    security: [{ dpop: [] }],
    params: v.strictObject({ token: TaskToken }),
    body: v.strictObject({
      proof: v.pipe(Hash, v.description("Of the link's secret, over the key: for the owner's device to check.")),
    }),
    response: { 200: v.strictObject({ state: v.literal('claimed'), check: v.string() }), default: Problem },
  };
  app.post('/v1/guests/:token/claim', { schema }, async (request) => {
    const jkt = await proveDevice(parts, request);
    parts.charge(`device:${jkt}`);
    const device = { jkt, proof: request.body.proof };
    return orProblem(await parts.store.write((tables) => claim(parts, tables, request.params.token, device)));
  });
}
