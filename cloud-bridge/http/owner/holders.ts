import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { HolderView, HolderWishes } from '../../../wire/holder.ts';
import { Id, Millis } from '../../../wire/shapes.ts';
import { nameHolders, revokeHolder } from '../../code/holders.ts';
import { accountHolder } from '../../code/receivers.ts';
import { holderLink } from '../../code/show.ts';
import { maskMail } from '../../notify/settings.ts';
import { replanHome } from '../../plan/replan.ts';
import type { Row } from '../../store/schema.ts';
import { orProblem } from '../answer.ts';
import { ownerCaller, ownerOf } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const path = '/v1/homes/:home/holders';
const security = [{ dpop: [] }];

function toView(parts: HttpParts, holder: Row<'holder'>): HolderView {
  const { id, kind, name, flat, note, sender, contact, delivery, holder_group, jkt, until_at, revoked_at } = holder;
  const link = kind === 'account' || revoked_at !== null ? undefined : holderLink(parts, id);
  return {
    holder: id,
    kind: kind as HolderView['kind'],
    name,
    ...(flat === null ? {} : { flat }),
    ...(note === null ? {} : { note }),
    ...(sender === null ? {} : { sender }),
    ...(contact === null ? {} : { contact: maskMail(contact) }),
    ...(delivery === null ? {} : { delivery }),
    ...(holder_group === null ? {} : { group: holder_group }),
    ...(jkt === null ? {} : { device: jkt }),
    ...(until_at === null ? {} : { until: Math.floor(until_at / 1000) }),
    ...(revoked_at === null ? {} : { revoked: revoked_at }),
    ...(link === undefined ? {} : { link }),
  };
}

/** GET /v1/homes/:home/holders: the home itself, then everybody who was named, also those who were taken back. */
export function listHolders(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Who may receive for this home, each with a code of their own.',
    security,
    params: v.strictObject({ home: Id }),
    response: { 200: v.strictObject({ holders: v.array(HolderView) }), default: Problem },
  };
  app.get(path, { schema }, async (request) => {
    const { home } = ownerOf(request).hub;
    const rows = [accountHolder(home), ...(await parts.store.read.holders.ofHome(home))];
    return { holders: rows.map((row) => toView(parts, row)) };
  });
}

/** POST /v1/homes/:home/holders: names one, or several as a group. */
export function addHolders(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Name people who may receive, for one delivery or for all.',
    security,
    params: v.strictObject({ home: Id }),
    body: HolderWishes,
    response: { 201: v.strictObject({ holders: v.array(Id) }), default: Problem },
  };
  app.post(path, { schema, bodyLimit: 32_768 }, (request, reply) => {
    const owner = ownerOf(request);
    return answerOnce(parts, ownerCaller(owner), request, reply, async (tables) => {
      const named = await nameHolders(parts, tables, owner, request.body);
      return named.ok ? accept({ status: 201, body: { holders: named.value.map(({ id }) => id) } }) : named;
    });
  });
}

/** DELETE /v1/homes/:home/holders/:holder: their codes are dead with the answer. */
export function removeHolder(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Take back that somebody may receive.',
    security,
    params: v.strictObject({ home: Id, holder: Id }),
    response: { 200: v.strictObject({ revoked: Millis }), default: Problem },
  };
  app.delete(`${path}/:holder`, { schema }, async (request) => {
    const owner = ownerOf(request);
    const revoked = await parts.store.write(async (tables) => {
      const done = await revokeHolder(parts, tables, owner, request.params.holder);
      // Plans lead to them no more.
      if (done.ok) await replanHome(parts, tables, owner.hub.home, { ends: false });
      return done;
    });
    return orProblem(revoked);
  });
}
