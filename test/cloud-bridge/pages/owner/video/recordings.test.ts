import t from 'tap';
import type { Api, Call } from '../../../../../cloud-bridge/pages/owner/device/api.ts';
import { type RecordingRow, recordingsOf } from '../../../../../cloud-bridge/pages/owner/video/recordings.ts';
import { refuse } from '../../../../../wire/faults.ts';
import { door } from '../../device.ts';

const visit = 'v'.repeat(22);
const row = (n: number, of: string | null = null): RecordingRow => ({
  ...{
    stream: `${n}`.padStart(22, '0'),
    door,
    visit: of,
    startedAt: 1_000 + n,
    bytes: 1,
    frames: 1,
    late: 0,
    complete: true,
  },
});

/** A cloud that lists these, so many a page. */
function cloudOf(rows: readonly RecordingRow[], atOnce: number): { api: Api; asked: string[] } {
  const asked: string[] = [];
  const call = async ({ path }: Call) => {
    asked.push(path);
    const query = new URL(path, 'http://x').searchParams;
    const from = Number(query.get('after') ?? 0);
    const next = from + atOnce < rows.length ? `${from + atOnce}` : null;
    return { ok: true, value: { recordings: rows.slice(from, from + atOnce), next } };
  };
  return { api: { base: '', call, bytes: () => undefined, events: () => undefined } as unknown as Api, asked };
}

t.test('the list is read page by page, to its end, however long it is', async (t) => {
  const rows = Array.from({ length: 1_203 }, (_, n) => row(1_203 - n));
  const { api, asked } = cloudOf(rows, 100);
  const files = recordingsOf(api, 'home', 'kid');
  const first = await files.page();
  t.match(first, { ok: true, value: { next: '100' } });
  t.same(await files.all(), { ok: true, value: rows });
  t.equal(asked.length, 1 + 13);
  const last = await files.page('1200');
  t.same(last.ok && [last.value.rows.length, last.value.next], [3, undefined]);
});

t.test('those of one visit, oldest first; what the service slips in of another is left out', async (t) => {
  const { api, asked } = cloudOf([row(3, visit), row(2, 'w'.repeat(22)), row(1, visit)], 100);
  const found = await recordingsOf(api, 'home', 'kid').ofVisit(visit);
  t.same(found.ok && found.value.map(({ startedAt }) => startedAt), [1_001, 1_003]);
  t.same(asked, [`/v1/homes/home/recordings?visit=${visit}`]);
});

t.test('a service that is silent in the middle of the list is told, not passed over', async (t) => {
  const { api } = cloudOf(
    Array.from({ length: 300 }, (_, n) => row(n)),
    100,
  );
  const silent: Api = {
    ...api,
    call: (call, schema) =>
      call.path.endsWith('after=200') ? Promise.resolve(refuse('CLOUD_SILENT')) : api.call(call, schema),
  };
  t.match(await recordingsOf(silent, 'home', 'kid').all(), { ok: false, code: 'CLOUD_SILENT' });
});
