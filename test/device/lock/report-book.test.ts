import t from 'tap';
import { ReportBook, type Reported } from '../../../device/lock/report-book.ts';

interface Look {
  readonly bolt: 'locked' | 'open';
  readonly contact: 'closed' | 'open';
}

const secured: Look = { bolt: 'locked', contact: 'closed' };

function book() {
  const reports = new ReportBook<Look>();
  const told: Reported<Look>[] = [];
  const unsubscribe = reports.onReport((report) => told.push(report));
  return { reports, told, unsubscribe };
}

t.test('every look is numbered and timed, and is the last from then on', async (t) => {
  const { reports } = book();
  t.equal(reports.last, undefined);
  t.same(reports.add(secured, 10), { ...secured, seq: 1, atMs: 10 });
  const second = reports.add(secured, 25);
  t.same(second, { ...secured, seq: 2, atMs: 25 });
  t.equal(reports.last, second);
});

t.test('the first look is told, and then each that differs in any field', async (t) => {
  const { reports, told } = book();
  reports.add(secured, 0);
  reports.add(secured, 1);
  reports.add({ ...secured, contact: 'open' }, 2);
  reports.add({ bolt: 'open', contact: 'open' }, 3);
  reports.add({ bolt: 'open', contact: 'open' }, 4);
  t.same(
    told.map(({ seq }) => seq),
    [1, 3, 4],
  );
});

t.test('who asked is told what is the same as before, and nothing twice', async (t) => {
  const { reports, told } = book();
  reports.tell();
  t.same(told, [], 'nothing to tell');
  reports.add(secured, 0);
  reports.tell();
  t.equal(told.length, 1, 'it was told when it came');
  reports.add(secured, 1);
  reports.tell();
  reports.tell();
  t.same(
    told.map(({ seq }) => seq),
    [1, 2],
  );
});

t.test('who has left is told no more', async (t) => {
  const { reports, told, unsubscribe } = book();
  unsubscribe();
  reports.add(secured, 0);
  t.same(told, []);
});
