import t from 'tap';
import { lookAheadS, whoCouldOpen } from '../../../../cloud-bridge/pages/owner/who/could-open.ts';
import type { Known } from '../../../../cloud-bridge/pages/owner/who/known.ts';
import { lockWindows } from '../../../../cloud-bridge/pages/owner/who/lock-windows.ts';
import { covers } from '../../../../cloud-bridge/pages/owner/who/spans.ts';
import { isAllowed } from '../../../../hardware-sim/nuki/times.ts';
import type { LockTimes } from '../../../../wire/lock-order.ts';
import type { Rule } from '../../../../wire/rule-book.ts';

const dayS = 86_400;
const nowS = Date.UTC(2026, 9, 22, 6) / 1000;
const week = { from: nowS, until: nowS + lookAheadS };
const door = 'door-aaaaaaaaaaaaaaaaaaaa';
const rule: Rule = {
  id: 'cleaning',
  door,
  party: { kind: 'guest', id: 'maria', jkt: 'A'.repeat(43) },
  from: nowS - dayS,
  until: nowS + 30 * dayS,
  visits: 10,
  entries: 1,
  camera: 'off',
  consent: 'auto',
};
const book = (version: number, rules: readonly Rule[]) => ({
  aud: 'hub-aaaaaaaaaaaaaaaaaaaa',
  version,
  iat: nowS - dayS,
  exp: nowS + 4 * dayS,
  rules: [...rules],
});
const home: Known = {
  nowS,
  doors: [{ id: door, keepsUsers: true }],
  book: book(1, [rule]),
  next: undefined,
  endings: [],
  epoch: 0,
  approved: [],
  visitsOf: () => 0,
  usesOf: () => 0,
  devices: [],
  locks: [],
  recovery: undefined,
};
const named = (known: Known) => whoCouldOpen(known).filter(({ who }) => who.kind !== 'unknown');

t.test('T06: a guest lives on the lease, and that is the last moment at which a revoked one could enter', async (t) => {
  const [opening, ...more] = named(home);
  t.same(more, []);
  t.match(opening, {
    by: 'guest',
    is: 'in-force',
    windows: [{ from: nowS, until: nowS + 4 * dayS }],
    lastS: nowS + 4 * dayS + 60,
    stop: { by: 'revocation', ends: { kind: 'guest', id: 'maria' } },
  });
});

t.test('T39: what is revoked and not confirmed by the hub is named, as ending; confirmed, it is gone', async (t) => {
  const ends = { kind: 'guest', id: 'maria' } as const;
  t.match(named({ ...home, endings: [{ ends, confirmed: false }] }), [{ is: 'ending', lastS: nowS + 4 * dayS + 60 }]);
  t.same(named({ ...home, endings: [{ ends, confirmed: true }] }), []);
  t.match(named({ ...home, next: book(2, []) }), [{ is: 'ending' }], 'a rule that the next book lacks, too');
  t.match(named({ ...home, book: undefined, next: book(2, [rule]) }), [{ is: 'waiting' }]);
});

t.test('a guest of every other week is named in the weeks that count, and in no other', async (t) => {
  // Thursday, 22 October 2026: the seven days reach into the week after.
  const hours = { zone: 'Europe/Berlin', seconds: 3 * 3_600, freq: 'weekly' as const, every: 2, days: ['TU' as const] };
  const since = (start: string) =>
    named({ ...home, book: { ...book(1, [{ ...rule, recurs: { ...hours, start } }]), exp: nowS + 7 * dayS } });
  const from = Date.UTC(2026, 9, 27, 8) / 1000;
  t.match(since('2026-10-13T09:00'), [{ windows: [{ from, until: from + 3 * 3_600 }] }]);
  t.same(since('2026-10-20T09:00'), [], 'this week was one of them: the Tuesday that comes is not');
});

t.test('whoever is asked about opens nothing without a yes, so stopping is certain now', async (t) => {
  t.match(named({ ...home, book: book(1, [{ ...rule, consent: 'ask' }]) }), [{ by: 'asked', lastS: nowS }]);
});

t.test('the owner’s devices are named, a recovery from the end of its wait on, and what no hub can see', async (t) => {
  const all = whoCouldOpen({
    ...home,
    book: undefined,
    devices: [{ kid: 'B'.repeat(43), ending: false }],
    recovery: { id: 'R'.repeat(22), fromS: nowS + dayS },
  });
  t.match(all, [
    { who: { kind: 'device' }, windows: [week], lastS: undefined },
    {
      who: { kind: 'recovery' },
      windows: [{ from: nowS + dayS, until: week.until }],
      stop: { ends: { kind: 'recovery' } },
    },
    { who: { kind: 'unknown', unread: true }, by: 'key', windows: [week], stop: { by: 'hand' } },
  ]);
  const read = { ...home, locks: [{ door, codes: [], users: [] }] };
  t.match(whoCouldOpen(read).at(-1), { who: { kind: 'unknown', unread: false } });
});

t.test(
  'codes and users of the lock are named as the lock keeps them; the hub itself and what is off are not',
  async (t) => {
    const code = { id: 3, name: 'Oma', enabled: true };
    const user = { id: 7, name: 'Telefon', enabled: true, kind: 'app', isHub: false } as const;
    const locks = [
      {
        door,
        codes: [code, { ...code, id: 4, enabled: false }],
        users: [user, { ...user, id: 8, isHub: true }],
      },
    ];
    const found = whoCouldOpen({ ...home, book: undefined, locks });
    t.match(found, [
      { who: { kind: 'code', name: 'Oma' }, by: 'keypad', stop: { order: { do: 'codes.remove', id: 3 } } },
      { who: { kind: 'lock-user', name: 'Telefon', is: 'app' }, by: 'paired' },
      { who: { kind: 'unknown' } },
    ]);
  },
);

t.test('the times of a code are those at which the simulated lock opens for it, minute by minute', async (t) => {
  const cases: readonly Partial<LockTimes>[] = [
    {},
    { weekdays: [0, 4] },
    { fromMinute: 540, untilMinute: 720 },
    { weekdays: [1, 5, 6], fromMinute: 0, untilMinute: 1_439 },
    { fromS: nowS + 2 * dayS + 77, untilS: nowS + 3 * dayS + 99, fromMinute: 1, untilMinute: 1_200 },
  ];
  for (const change of cases) {
    const times = { fromS: 0, untilS: nowS + 90 * dayS, weekdays: [], fromMinute: 0, untilMinute: 0, ...change };
    const windows = lockWindows(times, week);
    // the lock's own form: bit 6 is Monday
    const bits = times.weekdays.reduce((sum, day) => sum | (0x40 >> day), 0);
    const limit = { ...times, fromMs: times.fromS * 1000, untilMs: times.untilS * 1000, weekdays: bits };
    let differ = 0;
    for (let at = week.from; at < week.until; at += 60) {
      if (covers(windows, at) !== isAllowed(limit, at * 1000)) differ += 1;
    }
    t.equal(differ, 0, JSON.stringify(change));
  }
  const night = { fromS: 0, untilS: nowS + 90 * dayS, weekdays: [], fromMinute: 1_320, untilMinute: 359 };
  t.ok(
    covers(lockWindows(night, week), nowS + 18 * 3_600),
    'over midnight is said, whether or not the lock reads it so',
  );
});
