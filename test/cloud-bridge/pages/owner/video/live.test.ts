import t from 'tap';
import { createAges } from '../../../../../cloud-bridge/pages/owner/video/age.ts';
import { begin, type Event, type State, step } from '../../../../../cloud-bridge/pages/owner/video/live.ts';

/** Events at times, and what is shown after each. */
function play(events: readonly (readonly [atMs: number, event: Event])[]): State['shown'][] {
  let state = begin(0);
  return events.map(([atMs, event]) => {
    state = step(state, event, atMs);
    return state.shown;
  });
}

const open: Event = { on: 'socket', is: 'open' };
const stream: Event = { on: 'stream', stream: 's1' };
const drawn = (ageMs: number): Event => ({ on: 'drawn', age: { is: 'known', ageMs } });
const tick: Event = { on: 'tick' };
const opened = [
  [0, open],
  [10, stream],
] as const;
const last = (events: readonly (readonly [number, Event])[]) => play([...opened, ...events]).at(-1);

t.test('LIVE while a fresh authentic picture came within 700 ms, STALLED from then on', async (t) => {
  t.match(last([[100, drawn(50)]]), { at: 'live', sinceMs: 100 });
  t.match(
    last([
      [100, drawn(50)],
      [800, tick],
    ]),
    { at: 'live' },
  );
  t.match(
    last([
      [100, drawn(50)],
      [801, tick],
    ]),
    { at: 'stalled', sinceMs: 801 },
  );
  t.match(
    last([
      [100, drawn(50)],
      [801, tick],
      [900, tick],
    ]),
    { at: 'stalled', sinceMs: 801 },
    'since when stays',
  );
  t.match(
    last([
      [100, drawn(50)],
      [801, tick],
      [900, drawn(0)],
    ]),
    { at: 'live', sinceMs: 900 },
  );
});

t.test('a picture of 1.2 s is not live any more, however regularly such pictures come', async (t) => {
  t.match(last([[100, drawn(1_199)]]), { at: 'live' });
  t.match(last([[100, drawn(1_200)]]), { at: 'delayed', lateMs: 1_200 });
  t.match(
    last([
      [100, drawn(20)],
      [500, drawn(2_000)],
      [900, drawn(2_000)],
    ]),
    { at: 'delayed' },
  );
  t.match(
    last([
      [100, drawn(20)],
      [500, drawn(2_000)],
      [1_300, tick],
    ]),
    { at: 'stalled' },
  );
});

t.test('clocks that are too far apart never make a picture live', async (t) => {
  t.match(last([[100, { on: 'drawn', age: { is: 'apart', byMs: 5_000 } }]]), { at: 'delayed', lateMs: 5_000 });
  t.match(last([[100, { on: 'drawn', age: { is: 'apart', byMs: -5_000 } }]]), { at: 'delayed', lateMs: -5_000 });
});

t.test('pictures of an hour ago are a recording that is played as live', async (t) => {
  t.match(last([[100, { on: 'drawn', age: { is: 'apart', byMs: 3_600_000 } }]]), {
    at: 'tampered',
    code: 'VIDEO_FRAME_REPLAYED',
  });
});

t.test('the connection, the hub and the end of a stream each have a name', async (t) => {
  t.match(play([[0, tick]])[0], { at: 'connecting' });
  t.match(
    play([
      [0, open],
      [1, { on: 'idle' }],
    ]).at(-1),
    { at: 'idle' },
  );
  t.match(
    last([
      [100, drawn(0)],
      [200, { on: 'socket', is: 'lost' }],
    ]),
    { at: 'offline' },
  );
  t.match(
    last([
      [100, { on: 'hub', online: false }],
      [200, tick],
    ]),
    { at: 'offline', code: 'HUB_OFFLINE' },
  );
  t.match(
    last([
      [100, drawn(0)],
      [200, { on: 'ended', how: 'stopped' }],
    ]),
    { at: 'stopped' },
  );
  t.match(
    last([
      [100, drawn(0)],
      [200, { on: 'ended', how: 'lost' }],
    ]),
    { at: 'stopped', code: 'CAMERA_NOT_LIVE' },
  );
  t.match(
    last([
      [100, { on: 'ended', how: 'stopped' }],
      [200, drawn(0)],
    ]),
    { at: 'stopped' },
    'nothing is live after its end',
  );
  t.match(
    last([
      [100, drawn(0)],
      [200, { on: 'ended', how: 'stopped' }],
      [300, { on: 'stream', stream: 's2' }],
    ]),
    { at: 'connecting' },
  );
});

t.test('trying again is still no connection', async (t) => {
  t.match(
    last([
      [100, { on: 'socket', is: 'lost' }],
      [200, { on: 'socket', is: 'opening' }],
    ]),
    { at: 'offline', sinceMs: 100 },
  );
});

t.test('a relay that says “idle” ends nothing: only the hub’s signature does', async (t) => {
  t.match(
    last([
      [100, drawn(0)],
      [200, { on: 'idle' }],
    ]),
    { at: 'live' },
  );
  t.match(
    last([
      [100, drawn(0)],
      [200, { on: 'idle' }],
      [900, tick],
    ]),
    { at: 'stalled' },
  );
});

t.test('what was done to the stream is shown for five seconds, and until it is live again', async (t) => {
  const tampered = [
    [100, drawn(0)],
    [200, { on: 'refused', code: 'VIDEO_FRAME_ALTERED' }],
  ] as const;
  t.match(last(tampered), { at: 'tampered', code: 'VIDEO_FRAME_ALTERED', sinceMs: 200 });
  t.match(last([...tampered, [300, drawn(0)]]), { at: 'tampered' }, 'pictures go on, the name stays');
  t.match(last([...tampered, [5_200, drawn(0)]]), { at: 'live' });
  t.match(last([...tampered, [60_000, tick]]), { at: 'tampered' }, 'no picture since');
  const lost: Event = { on: 'socket', is: 'lost' };
  t.match(last([...tampered, [300, lost]]), { at: 'tampered' });
  t.match(last([...tampered, [300, lost], [5_300, tick]]), { at: 'offline' });
});

t.test('an age is counted from the quickest picture so far', async (t) => {
  const ages = createAges();
  t.same(ages.of(10_000, 10_400, 0), { is: 'known', ageMs: 0 });
  t.same(ages.of(11_000, 11_100, 700), { is: 'known', ageMs: 0 }, 'a quicker one is the measure');
  t.match(ages.of(12_000, 14_100, 3_700), { is: 'known', ageMs: 2_000 - 0.3 }, 'held back for two seconds');
});

t.test('nobody can let pictures fall behind little by little', async (t) => {
  const ages = createAges();
  let late = 0;
  // each picture 10 ms later than the one before, 15 a second
  for (let index = 0; index < 200; index += 1) {
    const now = index * 67;
    const age = ages.of(1_000_000 + now - index * 10, 1_000_000 + now, now);
    if (age.is === 'known' && age.ageMs >= 1_200) late += 1;
  }
  t.ok(late > 70, `${late} of 200 were not called live`);
});

t.test('clocks further apart than three seconds are not measured', async (t) => {
  t.same(createAges().of(10_000, 13_001, 0), { is: 'apart', byMs: 3_001 });
  t.same(createAges().of(13_001, 10_000, 0), { is: 'apart', byMs: -3_001 });
  t.same(createAges().of(13_000, 10_000, 0), { is: 'known', ageMs: 0 });
});

t.test('a clock that was set, or a device that slept, is measured anew', async (t) => {
  const ages = createAges();
  ages.of(10_000, 10_100, 0);
  t.same(ages.of(11_000, 12_600, 1_000), { is: 'known', ageMs: 0 }, 'set forward by 1.5 s');
  t.same(ages.of(12_000, 13_600, 2_000).is, 'known');
});

t.test('quartz clocks may drift for a day', async (t) => {
  const ages = createAges();
  ages.of(0, 0, 0);
  // 50 ppm over eight hours, a picture a minute
  let worst = 0;
  for (let now = 0; now < 8 * 3600_000; now += 60_000) {
    const age = ages.of(now, Math.round(now * 1.00005), now * 1.00005);
    worst = Math.max(worst, age.is === 'known' ? age.ageMs : 1e9);
  }
  t.ok(worst < 100, `${worst} ms`);
});
