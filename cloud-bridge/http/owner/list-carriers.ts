import * as v from 'valibot';
import { Id, SignJwk, Slug } from '../../../wire/shapes.ts';
import { kindOf, partnerKinds } from '../../delivery/purpose.ts';
import type { Row } from '../../store/schema.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const maxListed = 200;

const CarrierView = v.strictObject({
  carrier: v.pipe(Slug, v.description('The id that rules name.')),
  name: v.string(),
  kind: v.pipe(v.picklist(partnerKinds), v.description('A rule names it by the same kind.')),
  jwk: v.pipe(
    SignJwk,
    v.description(
      "The key that its assignments are signed with, as this service knows it: compare it with the carrier's own word.",
    ),
  ),
});

/** GET /v1/homes/:home/carriers: for whom an owner can make a rule. */
export function listCarriers(app: App, parts: HttpParts): void {
  const schema = {
    summary: `The carriers and service companies that this service works with, ${maxListed} at most, by name.`,
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    response: { 200: v.strictObject({ carriers: v.array(CarrierView) }), default: Problem },
  };
  app.get('/v1/homes/:home/carriers', { schema }, async () => {
    const rows = await parts.store.read.parties.all(maxListed);
    const toView = (row: Row<'carrier'>) => ({
      ...{ carrier: row.id, name: row.name, kind: kindOf(row) },
      jwk: JSON.parse(row.jwk) as SignJwk,
    });
    return { carriers: rows.map(toView) };
  });
}
