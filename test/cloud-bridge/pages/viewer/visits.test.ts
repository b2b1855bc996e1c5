import t from 'tap';
import { followVisits, type Visits } from '../../../../cloud-bridge/pages/viewer/visits.ts';
import { type EntryKind, toEntryText } from '../../../../wire/journal.ts';
import { door, start } from '../device.ts';

const visit = 'v'.repeat(22);
const entry = (kind: EntryKind, at = start, of = visit): string =>
  toEntryText({ seq: 1, at, door, visit: of, kind, body: {}, prev: 'h'.repeat(43) });
const follow = (...texts: readonly string[]): Visits =>
  texts.reduce<Visits>((visits, text) => followVisits(visits, text, start + 1000), []);

t.test('a visit runs from its first entry to its last', async (t) => {
  t.match(follow(entry('visit.arrived')), [{ visit, door, kind: 'visit.arrived' }]);
  t.match(follow(entry('visit.prepared'), entry('door.opened')), [{ visit, kind: 'door.opened' }]);
  t.same(follow(entry('visit.arrived'), entry('visit.ended')), []);
});

t.test('what is no entry of a running visit begins none', async (t) => {
  t.same(follow('nonsense'), []);
  t.same(follow(entry('door.opened')), []);
  t.same(follow(entry('visit.arrived', start - 2 * 86_400_000)), [], 'its end was missed days ago');
});
