import t from 'tap';
import { lackingBooks } from '../../../cloud-bridge/home/lacking-books.ts';
import { newSoftPasskey } from '../../support/soft-passkey.ts';

const passkey = newSoftPasskey().passkey;
const owners = [{ kid: 'phone', passkey }, { kid: 'old' }];
const book = (version: number, is: 'confirmed' | 'renewed', kid = 'phone') => ({
  ...{ typ: 'rulebook+jwt', kid, version },
  text: is === 'confirmed' ? `book-${version}~a.b.c` : `book-${version}`,
});
const sent = (books: ReturnType<typeof book>[], has: number): number[] => {
  const others = [{ typ: 'approval+jwt', kid: 'phone', version: 4, text: 'x' }];
  return lackingBooks(books.at(-1), [...others, ...books], has, owners).map(({ version }) => version ?? -1);
};

t.test('the newest book is enough when it was confirmed, or when its device has no passkey', async (t) => {
  t.same(sent([], -1), []);
  t.same(sent([book(5, 'confirmed')], 5), [], 'the hub has it');
  t.same(sent([book(4, 'confirmed'), book(5, 'confirmed')], 3), [5]);
  t.same(sent([book(4, 'confirmed'), book(5, 'renewed', 'old')], 3), [5]);
});

t.test('a renewal comes after what it renews', async (t) => {
  t.same(sent([book(3, 'confirmed'), book(4, 'confirmed'), book(5, 'renewed'), book(6, 'renewed')], 2), [4, 5, 6]);
  t.same(sent([book(4, 'renewed', 'old'), book(5, 'renewed')], 2), [4, 5]);
  t.same(sent([book(4, 'confirmed'), book(5, 'renewed')], 4), [5], 'the hub has the one before');
  t.same(sent([book(5, 'renewed')], 2), [5], 'what the hub has confirmed is not pending any more');
});
