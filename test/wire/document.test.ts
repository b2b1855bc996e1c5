import fc from 'fast-check';
import t from 'tap';
import { documentTypes, maxDocumentBytes, readDocumentType } from '../../wire/document.ts';
import { approvalOf, grantOf, issuerSetOf, newCast, revocationOf, rootSetOf, ruleBookOf } from '../support/keys.ts';

const cast = await newCast();

t.test('a document is told by the type in its protected header', async (t) => {
  const made = {
    'rootset+jwt': await rootSetOf(cast),
    'issuerset+jwt': await issuerSetOf(cast),
    'rulebook+jwt': await ruleBookOf(cast),
    'approval+jwt': await approvalOf(cast, 'grant'),
    'revocation+jwt': await revocationOf(cast, { kind: 'epoch', epoch: 1 }),
  };
  for (const [type, text] of Object.entries(made)) t.same(readDocumentType(text), { ok: true, value: type });
});

t.test('a type that a hub does not take is named unknown', async (t) => {
  t.match(readDocumentType(await grantOf(cast)), { code: 'DOCUMENT_TYPE_UNKNOWN' });
  const header = Buffer.from('{"typ":"toString"}').toString('base64url');
  t.match(readDocumentType(`${header}.e30.x`), { code: 'DOCUMENT_TYPE_UNKNOWN' });
});

t.test('what is no document is malformed, and what is too long is not read', async (t) => {
  for (const text of [
    '',
    '.',
    'x',
    '{}',
    '{"signatures":[]}',
    '{"signatures":[{"protected":7}]}',
    '{"signatures":{}}',
  ]) {
    t.match(readDocumentType(text), { code: 'DOCUMENT_MALFORMED' }, text);
  }
  t.match(readDocumentType('{'.repeat(maxDocumentBytes + 1)), { code: 'DOCUMENT_TOO_BIG' });
});

t.test('T13: no text at all makes it throw', async (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      const read = readDocumentType(text);
      return !read.ok || documentTypes.includes(read.value);
    }),
  );
  t.pass('it did not');
});
