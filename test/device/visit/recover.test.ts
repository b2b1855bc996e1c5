import t from 'tap';
import { recover, recoverFrom, toRestarted } from '../../../device/visit/recover.ts';
import type { Entry, EntryBody, EntryKind } from '../../../wire/journal.ts';

const entries = (...kinds: [kind: EntryKind, visit?: string | undefined, body?: EntryBody][]): Entry[] =>
  kinds.map(([kind, visit, body = {}], at) => ({
    seq: at + 1,
    at: 0,
    kind,
    body,
    prev: '',
    ...(visit === undefined ? {} : { visit }),
  }));

const arrival = { grant: 'g', rule: 'r', jkt: 'j', delivery: 'd', arrivedAt: 7, camera: 'off' };

t.test('an empty journal knows nothing', async (t) => {
  t.same(recover([]), { standing: [] });
});

t.test('a visit that has not ended is found, with what it came to', async (t) => {
  const known = { id: 'v', grant: 'g', rule: 'r', jkt: 'j', delivery: 'd', arrivedAt: 7 };
  const arrived: [EntryKind, string, EntryBody] = ['visit.arrived', 'v', arrival];
  t.same(recover(entries(arrived)).visit, { ...known, released: false, opened: false });
  t.same(recover(entries(arrived, ['visit.unlock', 'v'])).visit, { ...known, released: true, opened: false });
  t.same(recover(entries(arrived, ['visit.unlock', 'v'], ['door.opened', 'v'])).visit, {
    ...known,
    released: true,
    opened: true,
  });
  t.equal(recover(entries(arrived, ['visit.unlock', 'v'], ['visit.ended', 'v'])).visit, undefined);
});

t.test('an unlocking whose arrival lies too far back still counts', async (t) => {
  t.match(recover(entries(['visit.unlock', 'v', { grant: 'g', rule: 'r' }])).visit, { id: 'v', released: true });
});

t.test('an end of another visit ends nothing', async (t) => {
  t.equal(recover(entries(['visit.arrived', 'v', arrival], ['visit.ended', 'other'])).visit?.id, 'v');
});

t.test('alarms stand until they were cleared, with the entry that raised them first', async (t) => {
  const { standing } = recover(
    entries(
      ['alarm.raised', undefined, { code: 'DOOR_LEFT_OPEN' }],
      ['alarm.raised', 'v', { code: 'CONTACT_FAULT' }],
      ['alarm.raised', 'v', { code: 'CONTACT_FAULT', again: true }],
      ['alarm.cleared', undefined, { code: 'DOOR_LEFT_OPEN' }],
    ),
  );
  t.same(standing, [{ code: 'CONTACT_FAULT', seq: 2, private: false }]);
});

t.test('alarms that are not of the door are left to others', async (t) => {
  const { standing } = recover(
    entries(['alarm.raised', undefined, { code: 'KNOCKS_REFUSED' }], ['alarm.raised', undefined, { code: 'toString' }]),
  );
  t.same(standing, []);
});

t.test('the machine is not told of the journal its own alarm', async (t) => {
  const recovered = recover(
    entries(
      ['alarm.raised', undefined, { code: 'JOURNAL_FAILED' }],
      ['alarm.raised', undefined, { code: 'LOCK_JAMMED' }],
    ),
  );
  t.equal(recovered.standing.length, 2);
  t.same(toRestarted(recovered), { on: 'restarted', alarms: ['LOCK_JAMMED'] });
});

t.test('the tail of the journal comes newest first and is read oldest first', async (t) => {
  const asked: unknown[] = [];
  const journal = {
    recent: (filter: unknown, limit: number) => {
      asked.push(filter, limit);
      return entries(['visit.arrived', 'v', arrival], ['visit.unlock', 'v']).reverse();
    },
  };
  t.match(recoverFrom(journal, 'door-x').visit, { id: 'v', released: true, delivery: 'd' });
  t.match(asked[0], { door: 'door-x' });
});
