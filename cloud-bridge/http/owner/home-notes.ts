import * as v from 'valibot';
import { refuse } from '../../../wire/faults.ts';
import { Count, Id } from '../../../wire/shapes.ts';
import { orProblem } from '../answer.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const params = v.strictObject({ home: Id });
const Sealed = v.pipe(
  v.string(),
  v.minLength(16),
  v.maxLength(32_768),
  v.description('A JWE for the owner devices (ECDH-ES+A256KW): names of doors and the like. Nobody else can read it.'),
);
const Note = v.strictObject({
  version: v.pipe(Count, v.description('0 while there is none.')),
  sealed: v.nullable(Sealed),
});

/** GET /v1/homes/:home/notes */
export function showHomeNotes(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'What the household keeps for its own devices, sealed.',
    security: [{ dpop: [] }],
    params,
    response: { 200: Note, default: Problem },
  };
  app.get('/v1/homes/:home/notes', { schema }, async (request) => {
    const note = await parts.store.read.homes.note(ownerOf(request).hub.home);
    return { version: note?.version ?? 0, sealed: note?.sealed ?? null };
  });
}

/** PUT /v1/homes/:home/notes: replaces it, unless another device has done so meanwhile. */
export function putHomeNotes(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Replace what the household keeps for its own devices.',
    security: [{ dpop: [] }],
    params,
    body: v.strictObject({
      version: v.pipe(Count, v.description('One above the version that you have read.')),
      sealed: Sealed,
    }),
    response: { 200: v.strictObject({ version: Count }), default: Problem },
  };
  app.put('/v1/homes/:home/notes', { schema, bodyLimit: 65_536 }, async (request) => {
    const { home } = ownerOf(request).hub;
    const { version, sealed } = request.body;
    const put = await parts.store.write(async ({ homes }) => {
      const has = (await homes.note(home))?.version ?? 0;
      if (version !== has + 1) return refuse('HOME_NOTES_OLD', { has });
      await homes.putNote({ home, version, sealed });
      return { ok: true, value: version } as const;
    });
    return { version: orProblem(put) };
  });
}
