import t from 'tap';
import { addDays, dayOf, endOfDay, onDay, startOfDay } from '../../wire/local-day.ts';

const hourMs = 3_600_000;
const lengthOf = (zone: string, day: string): number => (endOfDay(zone, day) - startOfDay(zone, day)) / hourMs;

t.test('S022: a day ends at the first moment of the next one, by the clock of its own zone', async (t) => {
  t.equal(endOfDay('Europe/Berlin', '2026-11-21'), Date.parse('2026-11-21T23:00:00Z'));
  t.equal(endOfDay('Europe/Berlin', '2026-07-21'), Date.parse('2026-07-21T22:00:00Z'));
  t.equal(endOfDay('America/New_York', '2026-12-31'), Date.parse('2027-01-01T05:00:00Z'));
  t.equal(endOfDay('Asia/Kathmandu', '2026-11-21'), Date.parse('2026-11-21T18:15:00Z'));
  t.equal(endOfDay('Pacific/Kiritimati', '2026-11-21'), Date.parse('2026-11-21T10:00:00Z'));
});

t.test('days with a change of the clocks have 23 or 25 hours', async (t) => {
  t.equal(lengthOf('Europe/Berlin', '2026-03-29'), 23);
  t.equal(lengthOf('Europe/Berlin', '2026-10-25'), 25);
  t.equal(lengthOf('Europe/Berlin', '2026-10-26'), 24);
  t.equal(lengthOf('Australia/Lord_Howe', '2026-10-04'), 23.5);
});

t.test('a day without a midnight begins when its first moment comes', async (t) => {
  // Cairo goes from 23:59 to 01:00 on the last Friday of April.
  t.equal(startOfDay('Africa/Cairo', '2026-04-24'), Date.parse('2026-04-23T22:00:00Z'));
  t.equal(lengthOf('Africa/Cairo', '2026-04-24'), 23);
  // Samoa left a whole day out.
  t.equal(endOfDay('Pacific/Apia', '2011-12-29'), startOfDay('Pacific/Apia', '2011-12-31'));
});

t.test('every moment lies in the day that it is said to be of', async (t) => {
  const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'Asia/Tehran', 'Africa/Casablanca', 'America/Havana', 'UTC'];
  for (const zone of zones) {
    for (let at = Date.parse('2026-01-01T00:00:00Z'); at < Date.parse('2027-01-01T00:00:00Z'); at += 97 * hourMs) {
      const day = dayOf(zone, at);
      const isWithin = startOfDay(zone, day) <= at && at < endOfDay(zone, day);
      if (!isWithin) t.fail(`${zone} ${new Date(at).toISOString()}`);
      if (dayOf(zone, endOfDay(zone, day) - 1) !== day) t.fail(`${zone} ${day}: its last millisecond`);
    }
  }
  t.equal(addDays('2026-12-31', 1), '2027-01-01');
  t.equal(addDays('2026-03-01', -1), '2026-02-28');
});

t.test('the same time on another day, whatever the clocks did between', async (t) => {
  const ten = Date.parse('2026-10-24T08:00:00Z');
  t.equal(onDay('Europe/Berlin', ten, '2026-10-26'), Date.parse('2026-10-26T09:00:00Z'), 'ten o’clock again');
  t.equal(onDay('Europe/Berlin', ten, '2026-10-25'), Date.parse('2026-10-25T09:00:00Z'), 'on the day of the change');
  t.equal(onDay('Europe/Berlin', ten, '2026-10-24'), ten);
  t.equal(onDay('Europe/Berlin', ten + 7, '2026-03-29'), Date.parse('2026-03-29T08:00:00.007Z'));
  t.equal(onDay('America/New_York', ten, '2026-11-01'), Date.parse('2026-11-01T09:00:00Z'), 'four in the morning');
});
