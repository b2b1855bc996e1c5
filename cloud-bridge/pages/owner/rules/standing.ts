/** The documents that decide who may come in, read from the cloud and believed only as this device has verified them. */
import * as v from 'valibot';
import { approvalForm } from '../../../../wire/approval.ts';
import { type AssignmentClaims, assignmentForm } from '../../../../wire/assignment.ts';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import { type GrantClaims, grantForm } from '../../../../wire/grant.ts';
import { fromBase64Url } from '../../../../wire/media.ts';
import { splitAsserted } from '../../../../wire/passkey.ts';
import { revocationForm } from '../../../../wire/revocation.ts';
import { SignJwk, Slug } from '../../../../wire/shapes.ts';
import { verifyDocument } from '../device/documents.ts';
import type { Place } from '../home/course.ts';
import type { Diary } from '../home/known.ts';
import { verifyBook } from '../home/rule-book.ts';
import type { Approved } from '../who/known.ts';
import type { Standing } from './held.ts';
import { bookInDiary, endInDiary } from './hub-word.ts';

const Kept = v.object({ document: v.string(), confirmed: v.boolean() });
const Documents = v.object({
  ruleBooks: v.array(Kept),
  revocations: v.array(Kept),
  approved: v.array(v.object({ grant: v.string(), approval: v.string(), assignment: v.optional(v.string()) })),
});
const Carriers = v.object({
  carriers: v.array(
    v.object({ carrier: Slug, name: v.string(), kind: v.picklist(['carrier', 'company']), jwk: SignJwk }),
  ),
});

/** What a document says, unverified: a grant is the cloud's own word, and what it says of itself can only make it worse for it. */
function peekClaims<S extends v.GenericSchema>(schema: S, jws: string): v.InferOutput<S> | undefined {
  const bytes = fromBase64Url(jws.split('.')[1] ?? '');
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

async function toBook(place: Place, { document, confirmed }: v.InferOutput<typeof Kept>, diary: Diary) {
  const claims = await verifyBook(place, document);
  if (claims === undefined) return [];
  const proven = bookInDiary(diary, claims.version);
  return [{ claims, word: proven ?? (confirmed ? ({ is: 'said' } as const) : undefined) }];
}

async function toEnd(place: Place, { document, confirmed }: v.InferOutput<typeof Kept>, diary: Diary) {
  const verified = await verifyDocument(revocationForm, document, place.home.owners, 'REVOCATION_KEY_UNKNOWN');
  if (!verified.ok || verified.value.claims.aud !== place.home.hub) return [];
  const { ends } = verified.value.claims;
  return [{ ends, word: endInDiary(diary, ends) ?? (confirmed ? ({ is: 'said' } as const) : undefined) }];
}

async function toApproved(
  place: Place,
  one: v.InferOutput<typeof Documents>['approved'][number],
): Promise<readonly Approved[]> {
  const { jws } = splitAsserted(one.approval);
  const verified = await verifyDocument(approvalForm, jws, place.home.owners, 'APPROVAL_KEY_UNKNOWN');
  const grant: GrantClaims | undefined = peekClaims(grantForm.claims, one.grant);
  const assignment: AssignmentClaims | undefined = peekClaims(assignmentForm.claims, one.assignment ?? '');
  return verified.ok && grant !== undefined ? [{ grant, approval: verified.value.claims, assignment }] : [];
}

/** @returns what stands; or why the cloud did not say */
export async function readStanding(place: Place, diary: Diary): Promise<Verdict<Standing>> {
  const { api, path } = place;
  const [documents, carriers] = await Promise.all([
    api.call({ method: 'GET', path: `${path}/documents` }, Documents),
    api.call({ method: 'GET', path: `${path}/carriers` }, Carriers),
  ]);
  if (!documents.ok) return documents;
  if (!carriers.ok) return carriers;
  const { ruleBooks, revocations, approved } = documents.value;
  const books = (await Promise.all(ruleBooks.map((one) => toBook(place, one, diary)))).flat();
  books.sort((a, b) => b.claims.version - a.claims.version);
  const [newest] = books;
  const seen = (await place.store.get('ruleBook')) ?? 0;
  if (newest !== undefined && newest.claims.version > seen) await place.store.put('ruleBook', newest.claims.version);
  return accept({
    book: books.find(({ word }) => word !== undefined),
    next: newest?.word === undefined ? newest : undefined,
    endings: (await Promise.all(revocations.map((one) => toEnd(place, one, diary)))).flat(),
    approved: (await Promise.all(approved.map((one) => toApproved(place, one)))).flat(),
    carriers: carriers.value.carriers,
  });
}
