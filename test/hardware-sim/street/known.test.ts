import t from 'tap';
import { knownOf, visitOf } from '../../../hardware-sim/street/known.ts';
import type { EntryBody, EntryKind } from '../../../wire/journal.ts';

let at = 0;
const record = (kind: EntryKind, door: string, visit?: string, body: EntryBody = {}) => {
  at += 1;
  return { kind, door, at, body, ...(visit === undefined ? {} : { visit }) };
};

t.test('a door is known by the newest entry that tells how it stands', async (t) => {
  const records = [
    record('door.secured', 'one'),
    record('bolt.driven', 'one', 'v', { to: 'unlocked' }),
    record('door.opened', 'one', 'v'),
    record('door.closed', 'one', 'v'),
    record('bolt.driven', 'one', 'v', { to: 'locked' }),
    record('door.secured', 'one', 'v'),
    record('door.opened', 'two'),
    record('visit.ended', 'one', 'v'),
  ];
  const ats = records.map((_, index) => knownOf(records.slice(0, index + 1), 'one').at);
  t.same(ats, ['locked', 'unlocked', 'open', 'closed', 'closed', 'locked', 'locked', 'locked']);
  t.same(knownOf(records, 'two'), { at: 'open', sinceMs: records[6]!.at });
  t.same(knownOf(records, 'three'), { at: 'unknown' }, 'nothing is made up');
});

t.test('only a visit that has not ended can be stopped', async (t) => {
  const records = [
    record('visit.prepared', 'one', 'v'),
    record('visit.arrived', 'one', 'v'),
    record('visit.ended', 'one', 'v'),
    record('visit.prepared', 'two', 'w'),
  ];
  t.equal(visitOf([]), undefined);
  t.same(visitOf(records.slice(0, 1)), { visit: 'v', door: 'one', isAtDoor: false });
  t.same(visitOf(records.slice(0, 2)), { visit: 'v', door: 'one', isAtDoor: true });
  t.equal(visitOf(records.slice(0, 3)), undefined);
  t.same(visitOf(records), { visit: 'w', door: 'two', isAtDoor: false });
});
