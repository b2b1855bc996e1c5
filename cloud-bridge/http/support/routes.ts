/** The support's routes: open cases, what happened in them, and pictures that were shared with whoever asks. Nothing else of a home. */
import * as v from 'valibot';
import { refuse } from '../../../wire/faults.ts';
import { EcJwk, Id } from '../../../wire/shapes.ts';
import { CaseRow, SealedPicture, SupportCase } from '../../../wire/support.ts';
import { alwaysCode } from '../../plan/change-wishes.ts';
import type { Row } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';
import { lookAt, lookAtPicture } from '../../support/cases.ts';
import { caseStateOf, historyOf } from '../../support/history.ts';
import { orProblem } from '../answer.ts';
import { findSupport, supportOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { toSealKey } from '../seal-key.ts';

const security = [{ bearer: [] }];
const maxListed = 200;

async function toRow(tables: Tables, one: Row<'support_case'>): Promise<CaseRow> {
  const delivery = await tables.deliveries.find(one.delivery);
  const reason = one.reason as CaseRow['reason'];
  return {
    case: one.id,
    reason,
    openedAt: one.opened_at,
    state: delivery === undefined ? 'cancelled' : caseStateOf(delivery),
  };
}

/** GET /v1/support/cases: names nothing that would have to be told to an owner. */
function listCases(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Cases that owners have opened.',
    security,
    response: { 200: v.strictObject({ name: v.string(), cases: v.array(CaseRow) }), default: Problem },
  };
  app.get('/v1/support/cases', { schema }, async (request) => {
    const { read } = parts.store;
    const open = await read.supportCases.open(maxListed);
    return { name: supportOf(request).name, cases: await Promise.all(open.map((one) => toRow(read, one))) };
  });
}

/** GET /v1/support/cases/:case: the owner is told of every look. */
function showCase(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Status and history of a case. The owner is told that you looked.',
    security,
    params: v.strictObject({ case: Id }),
    response: { 200: SupportCase, default: Problem },
  };
  app.get('/v1/support/cases/:case', { schema }, async (request) => {
    const staff = supportOf(request);
    const now = parts.now();
    return parts.store.write(async (tables) => {
      const one = orProblem(await lookAt(tables, staff, request.params.case, 'history', now));
      const delivery = await tables.deliveries.find(one.delivery);
      if (delivery === undefined) return orProblem(refuse('NOT_FOUND'));
      const carrier = await tables.parties.find(delivery.carrier);
      const pictures = await tables.casePictures.ofCase(one.id, now);
      return {
        ...(await toRow(tables, one)),
        carrier: carrier?.name ?? '',
        from: delivery.from_s,
        until: delivery.until_s,
        parcels: delivery.parcels,
        outcome: delivery.outcome,
        proof: delivery.proof,
        history: await historyOf(tables, delivery),
        pictures: pictures
          .filter((picture) => picture.staff === staff.id)
          .map((picture) => ({ picture: picture.id, until: picture.until_at })),
      };
    });
  });
}

/** GET /v1/support/cases/:case/pictures/:picture: sealed for whoever asks, and for nobody else. */
function showPicture(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'A picture that an owner shared with you. The owner is told that you looked.',
    security,
    params: v.strictObject({ case: Id, picture: Id }),
    response: { 200: v.strictObject({ sealed: SealedPicture }), default: Problem },
  };
  app.get('/v1/support/cases/:case/pictures/:picture', { schema }, async (request) => {
    const staff = supportOf(request);
    const now = parts.now();
    const { case: id, picture } = request.params;
    const sealed = await parts.store.write((tables) =>
      lookAtPicture(tables, staff, picture, (one) => one.id === id, now),
    );
    return { sealed: orProblem(sealed) };
  });
}

/** PUT /v1/support/key: what owners seal pictures to. What was shared before can be opened with the old key alone. */
function putKey(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Set the key that pictures are sealed for. Read its six digits to the owner.',
    security,
    body: v.strictObject({ seal: EcJwk }),
    response: { 200: v.strictObject({ check: v.string() }), default: Problem },
  };
  app.put('/v1/support/key', { schema }, async (request) => {
    const { text, check } = orProblem(await toSealKey(request.body.seal));
    await parts.store.write(({ supportStaff }) => supportStaff.setSeal(supportOf(request).id, text));
    return { check };
  });
}

/** PUT /v1/support/cases/:case/always-code: after an incident. The owner is told, and can undo it (S033). */
function setAlwaysCode(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Ask for a code at every hand-over in this home from now on. The owner is told, and can undo it.',
    security,
    params: v.strictObject({ case: Id }),
    body: Empty,
    response: { 200: v.strictObject({ alwaysCode: v.literal(true) }), default: Problem },
  };
  app.put('/v1/support/cases/:case/always-code', { schema }, async (request) => {
    const staff = supportOf(request);
    const { home } = await parts.store.write(async (tables) => {
      const one = orProblem(await lookAt(tables, staff, request.params.case, 'history', parts.now()));
      await alwaysCode(parts, tables, one.home, staff.name);
      return one;
    });
    const hub = await parts.store.read.hubs.ofHome(home);
    if (hub !== undefined) void parts.mailbox.bring(hub.id);
    return { alwaysCode: true };
  });
}

export function supportRoutes(app: App, parts: HttpParts): void {
  app.decorateRequest('support');
  app.addHook('onRequest', async (request) => {
    const staff = await findSupport(parts, request);
    parts.charge(`support:${staff.id}`);
    request.setDecorator('support', staff);
  });
  listCases(app, parts);
  showCase(app, parts);
  showPicture(app, parts);
  putKey(app, parts);
  setAlwaysCode(app, parts);
}
