import t from 'tap';
import { fromEntry, type TimelineEvent, toJsonLines, toTimeline } from '../../../hardware-sim/people/timeline.ts';
import { renderTimeline, showMs, styleFor } from '../../../hardware-sim/people/timeline-text.ts';
import { dayOf } from '../../../wire/household.ts';
import { type EntryBody, type EntryKind, genesisOf, kinds } from '../../../wire/journal.ts';
import { newId } from '../../../wire/jws.ts';

const start = Date.UTC(2026, 0, 5, 9, 4, 5);
const entry = (ms: number, kind: EntryKind, body: EntryBody = {}): TimelineEvent =>
  fromEntry({ seq: 1 + ms, at: start + ms, kind, body, prev: genesisOf('hub') });
const grant = newId();

const arrival: readonly TimelineEvent[] = [
  { atMs: start, who: 'carrier', what: 'announced a delivery', detail: { parcels: 1 } },
  { atMs: start + 41, who: 'courier', what: 'pressed', detail: { check: '123456' } },
  entry(500, 'visit.arrived', { grant, camera: 'off' }),
  entry(512, 'visit.ready'),
];
const entering: readonly TimelineEvent[] = [
  entry(9_000, 'visit.unlock', { grant, firstOfVisit: true }),
  entry(9_038, 'bolt.driven', { to: 'unlocked' }),
  entry(11_200, 'door.opened', { again: false }),
  entry(72_199, 'door.closed'),
];
const locking: readonly TimelineEvent[] = [
  entry(72_900, 'door.locking', { attempt: 1 }),
  entry(72_950, 'bolt.driven', { to: 'locked' }),
  entry(74_800, 'door.secured', { bolt: 'locked', contact: 'closed', report: 42, proof: 'secured' }),
  entry(74_803, 'visit.ended', { outcome: 'completed', proof: 'secured', receipt: 'x'.repeat(300) }),
];

const golden = `\
09:04:05.000        +0 ms    carrier    announced a delivery (parcels 1)
09:04:05.041       +41 ms    courier    pressed (check 123456)
09:04:05.500      +459 ms    courier    the visitor is at the door (camera off)
09:04:05.512       +12 ms    hub        the door is ready to be opened
09:04:14.000      +8.49 s    hub        the door is about to be unlocked
09:04:14.038       +38 ms    door       the lock was moved (to unlocked)
09:04:16.200      +2.16 s    door       the door opened
09:05:17.199  +1 min 01 s    door       the door closed
09:05:17.900      +701 ms    hub        the lock is told to lock (attempt 1)
09:05:17.950       +50 ms    door       the lock was moved (to locked)
09:05:19.800      +1.85 s    hub        the door is proven locked (bolt locked,
                                        contact closed, report 42, proof
                                        secured)
09:05:19.803        +3 ms    hub        the visit ended (outcome completed,
                                        proof secured)

How the door was proven locked
  bolt     reported locked, 1.85 s after the lock command
  contact  closed, and still for 2.60 s
  report   number 42, made after the door last moved

How long it took
  at the door until ready           12 ms
  recorded until unlocked           38 ms
  unlocked until opened            2.16 s
  opened until closed          1 min 01 s
  closed until proven locked       2.60 s
  the visit                    1 min 14 s
  all of it                    1 min 15 s

The visit ended: completed, secured.
`;

const plain = { color: false, timeZone: 'UTC' };

t.test('a delivery reads like this', async (t) => {
  const timeline = toTimeline([...arrival, ...entering, ...locking]);
  t.equal(renderTimeline(timeline, { ...plain, columns: 80 }), golden);
  t.strictSame(toTimeline([...locking, ...entering, ...arrival]).steps, timeline.steps, 'in whatever order it came');
});

t.test('nothing is said by colour alone', async (t) => {
  const events = [...arrival, entry(600, 'alarm.raised', { code: 'DOOR_FORCED_OPEN' })];
  const timeline = toTimeline(events);
  const colored = renderTimeline(timeline, { color: true, timeZone: 'UTC' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  t.equal(colored.replace(/\u001b\[\d+m/g, ''), renderTimeline(timeline, plain));
  t.not(colored, renderTimeline(timeline, plain));
  t.match(renderTimeline(timeline, plain), /! hub {8}ALARM \(code DOOR_FORCED_OPEN\)/);
});

t.test('NO_COLOR, a dumb terminal and a pipe are plain, and a pipe is never wrapped', async (t) => {
  t.strictSame(styleFor({ isTTY: true, columns: 120 }, {}), { color: true, columns: 120 });
  t.strictSame(styleFor({ isTTY: true, columns: 120 }, { NO_COLOR: '1' }), { color: false, columns: 120 });
  t.strictSame(styleFor({ isTTY: true }, { TERM: 'dumb' }), { color: false, columns: 80 });
  t.strictSame(styleFor({ isTTY: true }, { NO_COLOR: '' }), { color: true, columns: 80 });
  t.strictSame(styleFor({}, {}), { color: false });
  const timeline = toTimeline([...arrival, ...entering, ...locking]);
  t.match(renderTimeline(timeline, plain), /bolt locked, contact closed, report 42, proof secured\)\n/);
});

t.test('what is not proven is said not to be', async (t) => {
  t.match(
    renderTimeline(toTimeline([...arrival, ...entering]), plain),
    /NOT proven locked\.\n(.*\n)*The visit has not ended\.\n$/,
  );
  const again = [...arrival, ...entering, ...locking, entry(80_000, 'door.opened', { again: true })];
  t.equal(toTimeline(again).locked, undefined, 'a door that opened after the proof');
  const [, , secured] = locking;
  const early = [...arrival, ...entering.slice(0, 3), secured!];
  t.strictSame(toTimeline(early).locked, { bolt: 'locked', contact: 'closed', report: 42, proof: 'secured' });
  const before = [entry(1, 'door.closed'), entry(2, 'bolt.driven', { to: 'locked' }), ...early];
  t.strictSame(toTimeline(before).locked, toTimeline(early).locked, 'what was before the last opening proves nothing');
});

t.test('a visit that moved nothing says so', async (t) => {
  const stopped = [...arrival, entry(700, 'visit.ended', { outcome: 'stopped', proof: 'untouched' })];
  const text = renderTimeline(toTimeline(stopped), plain);
  t.match(text, /locked before the visit and never moved\./);
  t.match(text, /The visit ended: stopped, untouched\.\n$/);
});

t.test('programs get one object a line', async (t) => {
  const lines = toJsonLines(toTimeline([...arrival, ...entering, ...locking])).map((line) => JSON.parse(line));
  t.match(lines[0], { line: 'step', atMs: start, sinceMs: 0, who: 'carrier', bad: false });
  t.match(lines[5], { line: 'step', sinceMs: 38, detail: { kind: 'bolt.driven', to: 'unlocked' } });
  const rest = lines.filter(({ line }) => line !== 'step');
  t.strictSame(rest[0], {
    line: 'locked',
    bolt: 'locked',
    boltAgeMs: 1_850,
    contact: 'closed',
    stillMs: 2_601,
    report: 42,
    proof: 'secured',
  });
  t.strictSame(rest.at(-1), { line: 'end', outcome: 'completed', proof: 'secured' });
  t.equal(rest.length, 9);
});

t.test('an entry that was sealed shows what the phone opened', async (t) => {
  const sealed = {
    seq: 1,
    at: dayOf(start),
    kind: 'household',
    body: { sealed: 'x' },
    prev: genesisOf('hub'),
  } as const;
  const read = { at: start, kind: 'alarm.private', body: { code: 'BOLT_MOVED', note: null } } as const;
  t.match(fromEntry(sealed, read), {
    atMs: start,
    who: 'hub',
    what: kinds['alarm.private'].says,
    detail: { kind: 'alarm.private', seq: 1, code: 'BOLT_MOVED', note: undefined },
  });
  t.match(fromEntry(sealed), { who: 'door', what: kinds.household.says }, 'a phone that cannot open it says that much');
});

t.test('durations show three digits that count', async (t) => {
  const shown = [0, 38.4, 999.4, 1_000, 9_999, 10_000, 59_900, 60_000, 3_599_400].map(showMs);
  t.strictSame(shown, ['0 ms', '38 ms', '999 ms', '1.00 s', '10.0 s', '10.0 s', '59.9 s', '1 min 00 s', '59 min 59 s']);
});
