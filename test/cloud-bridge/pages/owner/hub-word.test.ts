import t from 'tap';
import { bookInDiary, endInDiary, type SignedEntries } from '../../../../cloud-bridge/pages/owner/rules/hub-word.ts';
import { gather } from '../../../../cloud-bridge/pages/owner/who/gather.ts';

type Entry = SignedEntries['entries'][number];
const entry = (seq: number, kind: Entry['kind'], body: Entry['body']): Entry => ({ seq, at: 1_000 * seq, kind, body });
const taken = (seq: number, body: Entry['body']) => entry(seq, 'document.accepted', body);
const diaryOf = (entries: readonly Entry[], seen?: number): SignedEntries => ({
  entries,
  seen: seen === undefined ? undefined : { seq: seen },
});
const revoked = taken(7, { type: 'revocation', by: 'owner', ends: 'guest', of: 'maria', hash: 'h' });

t.test('T06: the hub’s word is an entry of its journal, under a head that it has signed', async (t) => {
  const ends = { kind: 'guest', id: 'maria' } as const;
  t.same(endInDiary(diaryOf([revoked], 7), ends), { is: 'signed', seq: 7, atMs: 7_000 });
  t.equal(endInDiary(diaryOf([revoked], 6), ends), undefined, 'not while no signed head covers it');
  t.equal(endInDiary(diaryOf([revoked]), ends), undefined, 'nor while there is none');
  t.equal(endInDiary(diaryOf([revoked], 7), { kind: 'rule', id: 'maria' }), undefined, 'nor for something else');
  t.equal(endInDiary(diaryOf([revoked], 7), { kind: 'guest', id: 'bob' }), undefined);
  t.equal(
    endInDiary(diaryOf([{ ...revoked, kind: 'document.refused' }], 7), ends),
    undefined,
    'nor when it was refused',
  );
  const epoch = taken(8, { type: 'revocation', by: 'owner', ends: 'epoch', of: 3 });
  t.ok(endInDiary(diaryOf([epoch], 8), { kind: 'epoch', epoch: 2 }), 'a later epoch ends an earlier one');
  t.notOk(endInDiary(diaryOf([epoch], 8), { kind: 'epoch', epoch: 4 }));
});

t.test('a rule book is in force when the hub has taken it, or a later one', async (t) => {
  const diary = diaryOf([taken(3, { type: 'ruleBook', version: 5 })], 3);
  t.match(bookInDiary(diary, 5), { is: 'signed', seq: 3 });
  t.match(bookInDiary(diary, 4), { is: 'signed' });
  t.equal(bookInDiary(diary, 6), undefined);
});

t.test('what is asked of the page: only what is proven has ended, and what the journal tells is counted', async (t) => {
  const ends = { kind: 'rule', id: 'r' } as const;
  const standing = { book: undefined, next: undefined, endings: [], approved: [], carriers: [] };
  const entries = [
    entry(1, 'visit.unlock', { grant: 'g', rule: 'r', firstOfVisit: true }),
    entry(2, 'visit.unlock', { grant: 'g', rule: 'r', firstOfVisit: false }),
    entry(3, 'recovery.asked', { recovery: 'a', device: 'd', waitMs: 86_400_000 }),
    entry(4, 'recovery.ended', { recovery: 'a' }),
    entry(5, 'recovery.asked', { recovery: 'b', device: 'd', waitMs: 86_400_000 }),
  ];
  const known = (
    word: { readonly is: 'said' } | { readonly is: 'signed'; readonly seq: number; readonly atMs: number },
  ) =>
    gather(
      { doors: [], diary: diaryOf(entries, 5) },
      [{ kid: 'k' }],
      { ...standing, endings: [{ ends, word }] },
      [],
      100,
    );
  t.same(known({ is: 'said' }).endings, [{ ends, confirmed: false }], 'R3: the service’s word ends nothing');
  const proven = known({ is: 'signed', seq: 1, atMs: 1 });
  t.same(proven.endings, [{ ends, confirmed: true }]);
  t.equal(proven.visitsOf('r'), 1);
  t.equal(proven.usesOf('g'), 2);
  t.same(proven.recovery, { id: 'b', fromS: 86_405 });
  t.same(proven.devices, [{ kid: 'k', ending: false }]);
});
