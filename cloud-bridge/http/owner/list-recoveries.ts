import * as v from 'valibot';
import { Id, Jws } from '../../../wire/shapes.ts';
import { toRecoveryView } from '../../recovery/ask.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { RecoveryAnswer } from '../recovery/view.ts';

const most = 32;

const Listed = v.strictObject({
  pin: v.pipe(
    v.nullable(Jws),
    v.description('A recoverypin+jwt of the hub: the code that it goes by, and its version.'),
  ),
  recoveries: v.array(RecoveryAnswer),
});

/** GET /v1/homes/:home/recoveries: newest first. A veto is a revocation+jwt of kind `recovery`. */
export function listRecoveries(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'The recovery code of this home, and who asked for a device with it.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    response: { 200: Listed, default: Problem },
  };
  app.get('/v1/homes/:home/recoveries', { schema }, async (request) => {
    const { hub } = ownerOf(request);
    const { recoveries } = parts.store.read;
    const rows = await recoveries.ofHub(hub.id, most);
    return { pin: (await recoveries.code(hub.id))?.pin ?? null, recoveries: rows.map(toRecoveryView) };
  });
}
