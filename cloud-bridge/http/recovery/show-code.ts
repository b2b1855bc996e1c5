import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { Hash, HubId, Id, OkpJwk } from '../../../wire/shapes.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const CodeView = v.strictObject({
  home: Id,
  hub: HubId,
  hubKey: OkpJwk,
  note: v.pipe(
    Hash,
    v.description('By it the holder of the code knows that this is the hub that the code was made for.'),
  ),
});

/** GET /v1/recovery-codes/:kid: the home of a code, for the one who has it. */
export function showRecoveryCode(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Find the home of a recovery code, by the thumbprint of the key that the code derives.',
    params: v.strictObject({ kid: Hash }),
    response: { 200: CodeView, default: Problem },
  };
  app.get('/v1/recovery-codes/:kid', { schema }, async (request) => {
    const code = await parts.store.read.recoveries.byKid(request.params.kid);
    const hub = code && (await parts.store.read.hubs.find(code.hub));
    if (hub === undefined || typeof code?.note !== 'string') throw new Fault('NOT_FOUND');
    return { home: hub.home, hub: hub.id, hubKey: JSON.parse(hub.sign_jwk) as OkpJwk, note: code.note };
  });
}
