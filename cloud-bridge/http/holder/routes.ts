/** The page of somebody who may receive: its link is all that they have. */
import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { HolderCodes, HolderToken } from '../../../wire/holder.ts';
import { holderOfToken } from '../../code/link.ts';
import { toHolderCodes } from '../../code/show.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** GET /v1/holder-codes/:token */
export function holderRoutes(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'The codes of somebody whom an owner has named, and who is at the door now.',
    params: v.strictObject({ token: HolderToken }),
    response: { 200: HolderCodes, default: Problem },
  };
  app.get('/v1/holder-codes/:token', { schema }, async (request) => {
    const { read } = parts.store;
    const id = holderOfToken(parts.codeKey, request.params.token);
    const holder = id === undefined ? undefined : await read.holders.find(id);
    if (holder === undefined) throw new Fault('NOT_FOUND');
    parts.charge(`holder:${holder.id}`);
    const codes = await toHolderCodes(parts, read, holder);
    if (codes === undefined) throw new Fault('HOLDER_REVOKED');
    return codes;
  });
}
