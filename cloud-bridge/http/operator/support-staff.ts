/** Who works in support: added with a token that is shown once, ended at once. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { accept, refuse } from '../../../wire/faults.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { Id, Millis } from '../../../wire/shapes.ts';
import { StaffName, toSupportUrl } from '../../../wire/support.ts';
import { orProblem } from '../answer.ts';
import { operatorCaller } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const security = [{ bearer: [] }];
const Listed = v.strictObject({ staff: Id, name: v.string(), since: Millis, ended: v.nullable(Millis) });

/** POST and GET /v1/support-staff, POST …/:staff/end */
export function supportStaff(app: App, parts: HttpParts): void {
  const add = {
    summary: 'Add a member of the support staff. Owners read the name.',
    security,
    body: v.strictObject({ name: StaffName }),
    response: {
      201: v.strictObject({ staff: Id, token: v.string(), url: v.optional(v.string()) }),
      default: Problem,
    },
  };
  app.post('/v1/support-staff', { schema: add }, (request, reply) =>
    answerOnce(parts, operatorCaller, request, reply, async (tables) => {
      const staff = newId();
      const token = `dws_${randomBytes(32).toString('base64url')}`;
      const { name } = request.body;
      const row = { id: staff, name, token: hashOf(token), seal: null, created_at: parts.now(), ended_at: null };
      await tables.supportStaff.add(row);
      const [pages] = parts.config.pagesOrigins;
      // Whoever opens it is signed in.
      const link = pages === undefined ? {} : { url: toSupportUrl(pages, { token, api: parts.publicUrl() }) };
      return accept({ status: 201, body: { staff, token, ...link } });
    }),
  );

  const list = {
    summary: 'Who works in support, and who did.',
    security,
    response: { 200: v.strictObject({ staff: v.array(Listed) }), default: Problem },
  };
  app.get('/v1/support-staff', { schema: list }, async () => {
    const rows = await parts.store.read.supportStaff.all();
    return {
      staff: rows.map(({ id, name, created_at, ended_at }) => ({
        staff: id,
        name,
        since: created_at,
        ended: ended_at,
      })),
    };
  });

  const end = {
    summary: 'End the access of a member of the support staff.',
    security,
    params: v.strictObject({ staff: Id }),
    body: Empty,
    response: { 200: v.strictObject({ ended: Id }), default: Problem },
  };
  app.post('/v1/support-staff/:staff/end', { schema: end }, async (request) => {
    const ended = await parts.store.write(async (tables) => {
      const found = await tables.supportStaff.find(request.params.staff);
      if (found === undefined) return refuse('NOT_FOUND');
      if (found.ended_at === null) await tables.supportStaff.end(found.id, parts.now());
      return accept(found.id);
    });
    return { ended: orProblem(ended) };
  });
}
