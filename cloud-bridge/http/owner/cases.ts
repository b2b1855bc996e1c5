/** Cases, as their owner has them: open one, see who looked, share one picture, end it. */
import * as v from 'valibot';
import { accept, refuse } from '../../../wire/faults.ts';
import { newId, thumbprintOf } from '../../../wire/jws.ts';
import { EcJwk, Id, Millis } from '../../../wire/shapes.ts';
import { CaseReason, maxShareMs, OwnerCase, SealedPicture, SharedPicture } from '../../../wire/support.ts';
import { deviceCheck } from '../../../wire/task.ts';
import { toCarrier } from '../../events/tell.ts';
import type { Row } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';
import { caseOf, closeCase, openCase } from '../../support/cases.ts';
import { recipientsOf } from '../../support/recipients.ts';
import { orProblem } from '../answer.ts';
import { ownerCaller, ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const security = [{ dpop: [] }];
const maxListed = 50;
const maxPictures = 20;
/** A picture, sealed and as base64url. */
const pictureBodyBytes = 720_000;

async function toOwnerCase(tables: Tables, one: Row<'support_case'>, now: number): Promise<OwnerCase> {
  const looks = await tables.supportCases.looks(one.id);
  const nameOf = async (id: string): Promise<string> =>
    ((await tables.supportStaff.find(id)) ?? (await tables.parties.find(id)))?.name ?? '';
  const ids = [...new Set(looks.map(({ staff }) => staff))];
  const names = new Map(await Promise.all(ids.map(async (id) => [id, await nameOf(id)] as const)));
  return {
    case: one.id,
    delivery: one.delivery,
    reason: v.parse(CaseReason, one.reason),
    openedAt: one.opened_at,
    openedBy: one.opened_by,
    looks: looks.map((look) => ({
      staff: look.staff,
      name: names.get(look.staff) ?? '',
      what: look.what === 'picture' ? 'picture' : 'history',
      at: look.at,
    })),
    staff: (await recipientsOf(tables, one)).map(({ id, name, seal }) => {
      const jwk = seal === null ? null : v.parse(EcJwk, JSON.parse(seal));
      return { staff: id, name, seal: jwk, check: jwk === null ? null : deviceCheck(thumbprintOf(jwk)) };
    }),
    pictures: (await tables.casePictures.ofCase(one.id, now)).map(({ id, staff: to, at, until_at }) => ({
      ...{ picture: id, staff: to, at, until: until_at },
    })),
  };
}

/** POST and GET /v1/homes/:home/cases, POST …/:case/close */
export function cases(app: App, parts: HttpParts): void {
  const open = {
    summary: 'Open a case for a delivery: support sees how it went.',
    security,
    params: v.strictObject({ home: Id }),
    body: v.strictObject({ delivery: Id, reason: CaseReason }),
    response: { 201: OwnerCase, default: Problem },
  };
  app.post('/v1/homes/:home/cases', { schema: open }, (request, reply) => {
    const owner = ownerOf(request);
    const who = { home: owner.hub.home, jkt: owner.jkt };
    return answerOnce(parts, ownerCaller(owner), request, reply, async (tables) => {
      const opened = await openCase(tables, who, request.body, parts.now());
      if (!opened.ok) return opened;
      return accept({ status: 201, body: await toOwnerCase(tables, opened.value, parts.now()) });
    });
  });

  const list = {
    summary: 'Open cases, with everyone who looked at them.',
    security,
    params: v.strictObject({ home: Id }),
    response: { 200: v.strictObject({ cases: v.array(OwnerCase) }), default: Problem },
  };
  app.get('/v1/homes/:home/cases', { schema: list }, async (request) => {
    const { read } = parts.store;
    const rows = await read.supportCases.ofHome(ownerOf(request).hub.home, maxListed);
    const listed = rows.filter((one) => one.closed_at === null);
    return { cases: await Promise.all(listed.map((one) => toOwnerCase(read, one, parts.now()))) };
  });

  const close = {
    summary: 'End a case: support sees it no more, and shared pictures are gone.',
    security,
    params: v.strictObject({ home: Id, case: Id }),
    body: Empty,
    response: { 200: v.strictObject({ closed: Id }), default: Problem },
  };
  app.post('/v1/homes/:home/cases/:case/close', { schema: close }, async (request) => {
    const { hub } = ownerOf(request);
    const closed = await parts.store.write(async (tables) => {
      const found = await caseOf(tables, hub.home, request.params.case);
      if (found.ok) await closeCase(tables, found.value, parts.now());
      return found;
    });
    return { closed: orProblem(closed).id };
  });
}

/** POST /v1/homes/:home/cases/:case/pictures, POST …/pictures/:picture/end: exactly this one picture, for one member of support or for the carrier. */
export function casePictures(app: App, parts: HttpParts): void {
  const share = {
    summary:
      'Share one picture with a member of support who has looked at this case, or with the carrier of its delivery, until a time.',
    security,
    params: v.strictObject({ home: Id, case: Id }),
    body: v.strictObject({ staff: Id, until: Millis, sealed: SealedPicture }),
    response: { 201: SharedPicture, default: Problem },
  };
  const path = '/v1/homes/:home/cases/:case/pictures';
  app.post(path, { schema: share, bodyLimit: pictureBodyBytes }, (request, reply) => {
    const owner = ownerOf(request);
    const { staff, sealed } = request.body;
    return answerOnce(parts, ownerCaller(owner), request, reply, async (tables) => {
      const now = parts.now();
      const found = await caseOf(tables, owner.hub.home, request.params.case);
      if (!found.ok) return found;
      const recipient = (await recipientsOf(tables, found.value)).find(({ id }) => id === staff);
      if (found.value.closed_at !== null || recipient === undefined) return refuse('NOT_FOUND');
      if ((await tables.casePictures.ofCase(found.value.id, now)).length >= maxPictures)
        return refuse('RATE_LIMITED', { what: 'pictures' });
      const until = Math.min(request.body.until, now + maxShareMs);
      if (until <= now) return refuse('BODY_MALFORMED', { where: 'until' });
      const picture = { id: newId(), of_case: found.value.id, staff, sealed, at: now, until_at: until };
      await tables.casePictures.add(picture);
      const data = { case: found.value.id, picture: picture.id, until };
      await tables.events.add([{ party: `home:${owner.hub.home}`, type: 'case.shared', data, at: now }]);
      const { delivery } = found.value;
      const shared = { delivery, picture: picture.id, until };
      if (recipient.isCarrier === true) await tables.events.add([toCarrier(staff, 'picture.shared', shared, now)]);
      return accept({ status: 201, body: { picture: picture.id, staff, at: now, until } });
    });
  });

  const end = {
    summary: 'Stop sharing a picture.',
    security,
    params: v.strictObject({ home: Id, case: Id, picture: Id }),
    body: Empty,
    response: { 200: v.strictObject({ ended: Id }), default: Problem },
  };
  app.post(`${path}/:picture/end`, { schema: end }, async (request) => {
    const { hub } = ownerOf(request);
    const { picture } = request.params;
    const ended = await parts.store.write(async (tables) => {
      const found = await caseOf(tables, hub.home, request.params.case);
      if (!found.ok) return found;
      const shared = await tables.casePictures.find(picture);
      if (shared?.of_case !== found.value.id) return refuse('NOT_FOUND');
      await tables.casePictures.drop(picture);
      return accept(picture);
    });
    return { ended: orProblem(ended) };
  });
}
