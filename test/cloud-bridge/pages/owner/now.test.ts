import t from 'tap';
import { type DiaryEntry, type Known, nothingKnown } from '../../../../cloud-bridge/pages/owner/home/known.ts';
import {
  alarmWord,
  doorsNow,
  isCleared,
  oldAfterMs,
  runningVisits,
} from '../../../../cloud-bridge/pages/owner/now/story.ts';
import { nowWords } from '../../../../cloud-bridge/pages/owner/now/words.ts';
import { type AlarmCode, alarms } from '../../../../wire/alarms.ts';

const door = 'door-aaaaaaaaaaaaaaaaaaaa';
const facts = { id: door, kind: 'latch', seesBolt: true, seesDoor: true, camera: true } as const;
const calm = { id: door, bolt: 'locked', contact: 'closed', ageMs: 400, at: 'idle', alarms: [], reachable: true };
const heardMs = 1_000_000;
const knownWith = (status: object, more: Partial<Known> = {}): Known => ({
  ...nothingKnown,
  ...{ stage: { at: 'home' }, line: 'open', doors: [facts], hubOnline: true },
  hub: { status: { clock: 'trusted', head: 1, doors: [{ ...calm, ...status }] }, heardMs },
  ...more,
});

t.test('how a door stands, by the hub’s own report', async (t) => {
  const cases: readonly [object, string][] = [
    [{}, 'locked'],
    [{ bolt: 'unknown' }, 'closed'],
    [{ bolt: 'unlocked' }, 'unlocked'],
    [{ bolt: 'locked', contact: 'open' }, 'open'],
    [{ bolt: 'jammed' }, 'unsecured'],
    [{ at: 'unsecured' }, 'unsecured'],
    [{ bolt: 'unknown', contact: 'unknown' }, 'unknown'],
    [{ reachable: false }, 'unavailable'],
  ];
  for (const [status, is] of cases) {
    t.match(doorsNow(knownWith(status), heardMs), [{ door, is }], JSON.stringify(status));
  }
});

t.test('every door says how old its state is, and when that is not of now', async (t) => {
  const now = heardMs + 5_000;
  t.match(doorsNow(knownWith({}), now), [{ ageMs: 5_400, isOld: false }]);
  t.match(doorsNow(knownWith({}), heardMs + oldAfterMs + 1), [{ isOld: true }], 'nobody has asked for a while');
  t.match(doorsNow(knownWith({}, { line: 'lost' }), now), [{ is: 'locked', isOld: true }]);
  t.match(doorsNow(knownWith({}, { hubOnline: false }), now), [{ is: 'locked', isOld: true }]);
  t.match(doorsNow(knownWith({ reachable: false }), now), [{ is: 'unavailable', isOld: true }]);
  t.notOk('ageMs' in doorsNow(knownWith({ ageMs: -1 }), now)[0]!, 'nothing was ever reported');
  t.match(doorsNow({ ...knownWith({}), hub: undefined }, now), [{ is: 'unknown', isOld: true }]);
  t.match(
    doorsNow(knownWith({}), heardMs - 60_000),
    [{ ageMs: 400 }],
    'a clock that was set back makes nothing younger',
  );
  t.match(doorsNow(knownWith({ batteryPercent: 12 }), now), [{ isBatteryLow: true }]);
});

const entry = (seq: number, kind: DiaryEntry['kind'], visit?: string): DiaryEntry => ({
  ...{ seq, kind, at: heardMs + seq, door, body: {}, seal: 'plain' },
  ...(visit === undefined ? {} : { visit }),
});

t.test('a visit runs from the arrival to its end', async (t) => {
  const course = [
    'visit.prepared',
    'visit.arrived',
    'visit.ready',
    'visit.unlock',
    'door.opened',
    'door.closed',
  ] as const;
  const seen = course.map(
    (_, index) =>
      runningVisits(
        course.slice(0, index + 1).map((kind, at) => entry(at, kind, 'v')),
        heardMs,
      )[0]?.at,
  );
  t.same(seen, [undefined, 'arrived', 'ready', 'opening', 'open', 'closing'], 'only prepared is nobody yet');
  const entries = [...course, 'visit.ended' as const].map((kind, at) => entry(at, kind, 'v'));
  t.same(runningVisits(entries, heardMs), []);
  t.same(
    runningVisits([entry(1, 'door.opened', 'v')], heardMs),
    [],
    'of an earlier visit, whose beginning is not here',
  );
  t.same(runningVisits([entry(1, 'visit.arrived', 'v')], heardMs + 25 * 3_600_000), [], 'its end was lost');
  const two = runningVisits(
    [entry(1, 'visit.arrived', 'a'), entry(2, 'visit.arrived', 'b'), entry(3, 'visit.ready', 'a')],
    heardMs,
  );
  t.same(
    two.map(({ visit }) => visit),
    ['b', 'a'],
    'the newest step last',
  );
});

t.test('every alarm says something in every language, and only what a look can end asks for one', async (t) => {
  for (const code of Object.keys(alarms) as AlarmCode[]) {
    for (const [language, says] of Object.entries(nowWords))
      t.ok(says[alarmWord(code)].length > 10, `${code} in ${language}`);
  }
  const alarm = { seq: 1, atMs: heardMs, door } as const;
  t.ok(isCleared({ ...alarm, code: 'DOOR_FORCED_OPEN' }));
  t.notOk(isCleared({ ...alarm, code: 'LOCK_OFFLINE' }), 'it ends by itself');
  t.notOk(isCleared({ ...alarm, door: undefined, code: 'DOOR_NOT_LOCKED' }), 'a clearance names a door');
});
