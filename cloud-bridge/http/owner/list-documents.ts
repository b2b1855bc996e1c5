import * as v from 'valibot';
import { peek } from '../../../wire/jws.ts';
import { AnyDocument } from '../../../wire/messages.ts';
import { splitAsserted } from '../../../wire/passkey.ts';
import { revocationForm } from '../../../wire/revocation.ts';
import { ruleBookForm } from '../../../wire/rule-book.ts';
import { Id, Jws } from '../../../wire/shapes.ts';
import { retentionForm } from '../../../wire/video.ts';
import type { Row } from '../../store/schema.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** Rule books that a hub has not confirmed, at most. */
const maxBooks = 8;

const Kept = v.strictObject({
  document: AnyDocument,
  confirmed: v.pipe(v.boolean(), v.description("By this service's word; what proves it is the hub's journal.")),
});
const Approved = v.strictObject({ grant: Jws, approval: AnyDocument, assignment: v.optional(Jws) });

const toKept = ({ text, settled }: Row<'document'>): v.InferOutput<typeof Kept> => ({
  document: text,
  confirmed: settled === 'taken',
});

/** From the newest down to the one that the hub has confirmed: older ones are out of force. */
function inForce(books: readonly Row<'document'>[]): readonly Row<'document'>[] {
  const confirmed = books.findIndex(({ settled }) => settled === 'taken');
  return confirmed < 0 ? books : books.slice(0, confirmed + 1);
}

/** What revocations about the rules of these books name. */
function namedIn(books: readonly Row<'document'>[]): readonly string[] {
  const things = books.flatMap(({ text }) => {
    const read = peek(ruleBookForm, splitAsserted(text).jws);
    const rules = read.ok ? read.value.claims.rules : [];
    return rules.flatMap(({ id, party }) => [`rule:${id}`, ...(party.kind === 'guest' ? [`guest:${party.id}`] : [])]);
  });
  return [...new Set(things)];
}

/** GET /v1/homes/:home/documents: what decides who may come in, as far as this service carries it. */
export function listDocuments(app: App, parts: HttpParts): void {
  const schema = {
    summary:
      'The signed documents that decide who may come in: rule books, ends of their rules and guests, and approvals.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    response: {
      200: v.strictObject({
        ruleBooks: v.pipe(v.array(Kept), v.description('Newest first, down to the one that the hub goes by.')),
        revocations: v.pipe(v.array(Kept), v.description('Of rules and guests in those books, oldest first.')),
        retention: v.optional(v.pipe(Kept, v.description('The newest setting of how long recordings are kept.'))),
        approved: v.pipe(v.array(Approved), v.description('Grants with a yes of the owner that are not over.')),
      }),
      default: Problem,
    },
  };
  app.get('/v1/homes/:home/documents', { schema }, async (request) => {
    const { hub } = ownerOf(request);
    const { documents, grants } = parts.store.read;
    const books = inForce(await documents.fromNewest(hub.id, ruleBookForm.typ, maxBooks));
    const ends = await documents.about(hub.id, revocationForm.typ, namedIn(books));
    const retention = await documents.newest(hub.id, retentionForm.typ);
    const approved = await grants.approved(hub.id, Math.floor(parts.now() / 1000));
    return {
      ruleBooks: books.map(toKept),
      revocations: ends.map(toKept),
      ...(retention === undefined ? {} : { retention: toKept(retention) }),
      approved: approved.map(({ text, approval, assignment }) => ({
        grant: text,
        approval: approval!,
        ...(assignment === null ? {} : { assignment }),
      })),
    };
  });
}
