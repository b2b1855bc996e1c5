import t from 'tap';
import { kindWords } from '../../../../cloud-bridge/pages/owner/diary/kind-words.ts';
import { daysOf, isBad } from '../../../../cloud-bridge/pages/owner/diary/story.ts';
import type { DiaryEntry } from '../../../../cloud-bridge/pages/owner/home/known.ts';

const noon = new Date(2026, 10, 21, 12).getTime();
const entry = (seq: number, kind: DiaryEntry['kind'], more: Partial<DiaryEntry> = {}): DiaryEntry => ({
  ...{ seq, kind, at: noon + seq * 1_000, body: {}, seal: 'plain' },
  ...more,
});
const visit = 'v';

t.test('a visit is one story, with its outcome, proof and receipt', async (t) => {
  const [day, ...others] = daysOf([
    entry(1, 'visit.prepared', { visit, body: { delivery: 'd' } }),
    entry(2, 'visit.arrived', { visit, door: 'door' }),
    entry(3, 'door.opened', { visit }),
    entry(9, 'visit.ended', { visit, body: { outcome: 'completed', proof: 'secured', receipt: 'a.b.c' } }),
  ]);
  t.same(others, []);
  t.match(day?.stories, [
    {
      is: 'visit',
      visit,
      door: 'door',
      delivery: 'd',
      outcome: 'completed',
      proof: 'secured',
      receipt: 'a.b.c',
      tookMs: 7_000,
    },
  ]);
});

t.test('a delivery for which nobody came through a door is told by the last seal of its stops', async (t) => {
  const sealed = (seq: number, delivery: string) => entry(seq, 'stop.sealed', { body: { delivery, attempt: 1 } });
  const [day] = daysOf([
    entry(1, 'visit.prepared', { visit, body: { delivery: 'inside' } }),
    entry(2, 'visit.arrived', { visit }),
    sealed(3, 'inside'),
    sealed(4, 'put'),
    entry(5, 'stop.felt', { body: { delivery: 'put', attempt: 2 } }),
    sealed(6, 'put'),
  ]);
  t.same(
    day?.stories.map(({ seq, delivery }) => [seq, delivery]),
    [
      [6, 'put'],
      [5, undefined],
      [4, undefined],
      [3, undefined],
      [2, 'inside'],
    ],
    'and where somebody did, by the visit',
  );
});

t.test('what was prepared and never came is no visit; what goes on has no outcome', async (t) => {
  t.same(daysOf([entry(1, 'visit.prepared', { visit })]), []);
  const [day] = daysOf([entry(1, 'visit.arrived', { visit })]);
  t.notOk('outcome' in day!.stories[0]!);
});

t.test('newest first by number, whatever the clocks said; days by this device’s zone', async (t) => {
  const yesterday = noon - 24 * 3_600_000;
  const days = daysOf([
    entry(1, 'hub.started', { at: yesterday }),
    entry(2, 'lock.offline', { at: noon + 9_000 }),
    entry(3, 'lock.online', { at: noon }),
    entry(4, 'document.accepted'),
  ]);
  t.same(
    days.map(({ stories }) => stories.map(({ seq }) => seq)),
    [[3, 2], [1]],
    'and without what nobody asks about',
  );
});

t.test('what is bad is marked', async (t) => {
  for (const kind of ['alarm.raised', 'grant.refused', 'bolt.failed', 'camera.lost'] as const)
    t.ok(isBad(entry(1, kind)), kind);
  t.notOk(isBad(entry(1, 'alarm.private', { body: { code: 'BOLT_MOVED', over: true } })), 'an alarm that is over');
  for (const kind of ['alarm.cleared', 'door.opened', 'visit.ended'] as const) t.notOk(isBad(entry(1, kind)), kind);
});

t.test('S066: every word for an entry is there in seven languages', async (t) => {
  for (const [kind, texts] of Object.entries(kindWords)) {
    t.equal(texts.length, 7, kind);
    for (const text of texts) t.ok(text.trim().length > 3, `${kind}: ${text}`);
  }
});
