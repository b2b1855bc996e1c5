import t from 'tap';
import { newId } from '../../wire/jws.ts';
import { stopsIn, toStopsText } from '../../wire/stop-notice.ts';

t.test('what is written is read: one stop, or all that it may have been', async (t) => {
  const stops = [1, 2, 12].map((attempt) => ({ delivery: newId(), attempt }));
  t.strictSame(stopsIn({ stops: toStopsText(stops), among: 3, by: 'bell' }), stops);
  t.strictSame(stopsIn({ ...stops[1]!, by: 'keys' }), [stops[1]]);
});

t.test('what names no stop is of none', async (t) => {
  const id = newId();
  for (const body of [
    {},
    { delivery: id },
    { delivery: 7, attempt: 1 },
    { stops: '' },
    { stops: `${id}` },
    { attempt: 1 },
  ]) {
    t.strictSame(stopsIn(body), [], JSON.stringify(body));
  }
  for (const attempt of ['-1', '1.5', '1e3', ' 1', 'x', '9'.repeat(20)]) {
    t.strictSame(stopsIn({ stops: `${id}/${attempt}` }), [], attempt);
  }
});
