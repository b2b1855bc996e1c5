import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { AnyDocument } from '../../../wire/messages.ts';
import { Id, Seconds } from '../../../wire/shapes.ts';
import { forwardDocument, takeDocument } from '../../home/take-document.ts';
import { ownerCaller, ownerOf } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const maxBodyBytes = 65_536;
const Accepted = v.strictObject({
  accepted: v.string(),
  pending: v.boolean(),
  certainBy: v.optional(
    v.pipe(
      Seconds,
      v.description('Of a pending revocation: the last moment at which what it ends could still open a door.'),
    ),
  ),
});

/** POST /v1/homes/:home/documents: any document that an owner's device has signed. 202: it goes with the hub's next hello. */
export function putDocument(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Hand in a document that an owner device has signed.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    body: v.strictObject({ document: AnyDocument }),
    response: { 200: Accepted, 202: Accepted, default: Problem },
  };
  app.post('/v1/homes/:home/documents', { schema, bodyLimit: maxBodyBytes }, (request, reply) => {
    const owner = ownerOf(request);
    return answerOnce(parts, ownerCaller(owner), request, reply, async (tables) => {
      const hub = (await tables.hubs.find(owner.hub.id)) ?? owner.hub;
      const taken = await takeDocument(parts, tables, hub, request.body.document);
      if (!taken.ok) return taken;
      return accept(async () => {
        const forwarded = await forwardDocument(parts, hub, taken.value);
        return forwarded.ok
          ? accept({ status: forwarded.value.pending ? 202 : 200, body: forwarded.value })
          : forwarded;
      });
    });
  });
}
