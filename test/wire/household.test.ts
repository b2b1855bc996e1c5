import fc from 'fast-check';
import t from 'tap';
import {
  dayOf,
  fromHouseholdText,
  householdUnitBytes,
  isHousehold,
  type Note,
  toHouseholdText,
} from '../../wire/household.ts';
import { newId } from '../../wire/jws.ts';
import { newDoorId } from '../support/keys.ts';

const door = newDoorId();
const at = Date.UTC(2026, 0, 5, 9, 4, 5, 678);

t.test('S048: what no visit asked for is the household’s own, and so is the proof that it ended well', async (t) => {
  const visit = newId();
  for (const kind of ['door.moved', 'alarm.private'] as const) {
    t.ok(isHousehold({ kind }));
    t.ok(isHousehold({ kind, visit }));
  }
  t.ok(isHousehold({ kind: 'door.secured' }));
  t.notOk(isHousehold({ kind: 'door.secured', visit }), 'R6: what a visit rests on is in clear');
  for (const kind of ['alarm.raised', 'visit.ended', 'door.opened', 'lock.offline', 'household'] as const) {
    t.notOk(isHousehold({ kind }));
  }
});

t.test('what is sealed is read back, whole', async (t) => {
  const notes = fc.record(
    {
      kind: fc.constantFrom('door.moved', 'alarm.private', 'door.secured'),
      at: fc.nat(),
      body: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string(), fc.boolean(), fc.integer())),
      door: fc.constant(door),
      visit: fc.constant(newId()),
    },
    { requiredKeys: ['kind', 'at', 'body'] },
  );
  fc.assert(
    fc.property(notes, (made) => {
      const note = made as Note;
      const text = toHouseholdText(note);
      const read = fromHouseholdText(text);
      return (
        Buffer.byteLength(text) % householdUnitBytes === 0 &&
        read.ok &&
        JSON.stringify(read.value, Object.keys(note).sort()) === JSON.stringify(note, Object.keys(note).sort())
      );
    }),
  );
  for (const text of ['', '[]', '{}', '{"kind":"door.moved"}', JSON.stringify({ kind: 'x', at, body: {} })]) {
    t.match(fromHouseholdText(text), { ok: false, code: 'MESSAGE_MALFORMED' });
  }
});

t.test('S048: no length tells one note of the household from another', async (t) => {
  const place = { at, door, visit: newId() };
  const longest: readonly Note[] = [
    { ...place, kind: 'door.moved', body: { bolt: 'unavailable', contact: 'unavailable' } },
    { ...place, kind: 'alarm.private', body: { code: 'DOOR_FORCED_OPEN', again: true } },
    { kind: 'alarm.private', at, door, body: { code: 'BOLT_MOVED', over: true } },
    { kind: 'door.secured', at, door, body: { bolt: 'locked', contact: 'closed', report: 2 ** 40 } },
  ];
  for (const note of longest) t.equal(Buffer.byteLength(toHouseholdText(note)), householdUnitBytes);
});

t.test('the day is the day in UTC', async (t) => {
  t.equal(dayOf(at), Date.UTC(2026, 0, 5));
  t.equal(dayOf(Date.UTC(2026, 0, 5)), Date.UTC(2026, 0, 5));
  t.equal(dayOf(0), 0);
});
