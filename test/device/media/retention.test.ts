import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { keepRecordings, type RecordingKeeper, type RetentionParts } from '../../../device/media/retention.ts';
import { accept, refuse } from '../../../wire/faults.ts';
import { newId } from '../../../wire/jws.ts';
import { WoundClock } from '../../support/clock.ts';
import { typescript } from '../../support/node.ts';
import { until } from '../../support/until.ts';
import { hubId, makeFolder, makeShelf, picture, record, type Shelf, start, startMs, time } from './made.ts';

const hourMs = 3_600_000;
/** More than two of these recordings. */
const reserveBytes = 10_000;

interface Bench extends Shelf {
  readonly clock: WoundClock;
  readonly keeper: RecordingKeeper;
  readonly dropped: number[];
  readonly troubled: unknown[];
  readonly forgotten: string[][];
  /** What the relay says to `media.forget`. */
  relay: 'online' | 'offline';
  isTrusted: boolean;
  setting: { keepHours: number; keep: string[] } | undefined;
}

async function makeBench(t: Test, change: Partial<RetentionParts> = {}): Promise<Bench> {
  time.ms = startMs;
  let keeper: RecordingKeeper | undefined;
  const shelf = await makeShelf(t, { makeRoom: () => keeper!.makeRoom() });
  const clock = new WoundClock(startMs);
  const bench: Omit<Bench, 'keeper'> = {
    ...shelf,
    clock,
    dropped: [],
    troubled: [],
    forgotten: [],
    relay: 'online',
    isTrusted: true,
    setting: undefined,
  };
  keeper = keepRecordings({
    recordings: shelf.recordings,
    disk: shelf.disk,
    clock,
    trustedNow: () => (bench.isTrusted ? clock.now() : undefined),
    setting: () => bench.setting,
    reserveBytes,
    forget: async (streams) => {
      if (bench.relay === 'offline') return refuse('BROKER_UNREACHABLE');
      bench.forgotten.push([...streams]);
      return accept({});
    },
    onDropped: (count) => bench.dropped.push(count),
    onTrouble: (error) => bench.troubled.push(error),
    ...change,
  });
  t.teardown(() => keeper.close());
  return Object.assign(bench, { keeper });
}

/** A recording that ended so many hours after the start. */
const recordAt = async (bench: Bench, hours: number, visit = newId()): Promise<string> => {
  time.ms = startMs + hours * hourMs;
  const { stream } = await record(bench.recordings, 2, { visit });
  return stream.id;
};
const kept = ({ recordings }: Bench): string[] => recordings.list().map(({ stream }) => stream);

t.test('what the owner says nothing about goes after 72 hours, and the relay is told', async (t) => {
  const bench = await makeBench(t);
  const [first, second] = [await recordAt(bench, 0), await recordAt(bench, 1)];
  bench.clock.pass(72 * hourMs - 1000);
  await bench.keeper.look();
  t.same(kept(bench), [first, second]);
  bench.clock.pass(2000);
  await bench.keeper.look();
  t.same(kept(bench), [second]);
  t.match(bench.deleted, [{ stream: first, why: 'retention' }]);
  t.same(bench.forgotten, [[first]]);
  t.same([bench.dropped, bench.troubled], [[], []], 'no alarm for what was to go');
});

t.test('it is looked for hourly, by itself', async (t) => {
  const bench = await makeBench(t);
  await recordAt(bench, 0);
  await until('the recording to go', () => {
    bench.clock.pass(hourMs);
    return kept(bench).length === 0;
  });
  t.ok(bench.clock.now() - startMs >= 72 * hourMs);
});

t.test("the owner's hours count, and a visit under dispute stays until it leaves the list", async (t) => {
  const bench = await makeBench(t);
  const visit = newId();
  const [first, disputed] = [await recordAt(bench, 0), await recordAt(bench, 0, visit)];
  bench.setting = { keepHours: 1, keep: [visit] };
  bench.clock.pass(hourMs + 1000);
  await bench.keeper.look();
  t.same(kept(bench), [disputed]);
  bench.clock.pass(1000 * hourMs);
  await bench.keeper.look();
  t.same(kept(bench), [disputed]);
  bench.setting = { keepHours: 1, keep: [] };
  await bench.keeper.look();
  t.same(kept(bench), []);
  t.same(
    bench.deleted.map(({ stream }) => stream),
    [first, disputed],
  );
});

t.test('T27: without trusted time nothing is too old, and what runs never goes', async (t) => {
  const bench = await makeBench(t);
  const one = await recordAt(bench, 0);
  const stream = await start(bench.recordings);
  bench.clock.pass(1000 * hourMs);
  bench.isTrusted = false;
  await bench.keeper.look();
  t.same(kept(bench), [one, stream.id]);
  bench.isTrusted = true;
  await bench.keeper.look();
  t.same(kept(bench), [stream.id]);
  bench.fate.room = 0;
  await bench.keeper.look();
  t.equal(await bench.keeper.makeRoom(), false);
  t.same(kept(bench), [stream.id]);
  bench.fate.room = undefined;
  await stream.end('stopped', 0);
});

t.test(
  'below the reserve the oldest go first, disputed ones last, until there is room; the owner is told once',
  async (t) => {
    const bench = await makeBench(t);
    const visit = newId();
    const disputed = await recordAt(bench, 0, visit);
    const others = [await recordAt(bench, 1), await recordAt(bench, 2), await recordAt(bench, 3)];
    bench.setting = { keepHours: 72, keep: [visit] };
    const bytes = bench.recordings.list().map((one) => one.bytes);
    bench.fate.room = reserveBytes - 1 - bytes[1]!;
    await until('room to be made', () => {
      bench.clock.pass(60_000);
      return bench.dropped.length > 0;
    });
    t.same(kept(bench), [disputed, others[2]], 'two had to go');
    t.same(bench.dropped, [2]);
    t.match(
      bench.deleted.map(({ why }) => why),
      ['disk', 'disk'],
    );
    bench.fate.room = reserveBytes - 1;
    await bench.keeper.look();
    t.same(kept(bench), [disputed], 'what is disputed goes last');
    bench.fate.room = reserveBytes - 1;
    await bench.keeper.look();
    t.same(kept(bench), []);
  },
);

t.test(
  'a disk that fills up in the middle of a recording loses the oldest one, and no frame of this one',
  async (t) => {
    const bench = await makeBench(t);
    const old = [await recordAt(bench, 0), await recordAt(bench, 1)];
    bench.fate.room = 2500;
    const { stream } = await record(bench.recordings, 9);
    t.notOk(kept(bench).includes(old[0]!));
    t.ok(bench.dropped.length >= 1);
    t.match(
      bench.recordings.list().find((one) => one.stream === stream.id),
      { frames: 9, ended: { how: 'stopped' } },
    );
  },
);

t.test('a recording that a full disk let nobody end is ended as soon as there is room', async (t) => {
  const bench = await makeBench(t, { reserveBytes: 1000 });
  await recordAt(bench, 0);
  const stream = await start(bench.recordings, {}, { onDiskFailed: () => undefined });
  stream.add({ key: true, data: picture() }, time.ms);
  await stream.checkpoint(0);
  bench.fate.fails = 'EIO';
  stream.add({ key: false, data: picture() }, time.ms);
  await stream.end('stopped', 0);
  bench.fate.fails = undefined;
  bench.fate.room = 10;
  await bench.keeper.look();
  t.equal(bench.troubles.length, 1, 'not with ten bytes');
  t.match(bench.recordings.list(), [{ stream: stream.id, frames: 1, ended: { how: 'lost' } }]);
  t.equal(bench.dropped.length, 1);
});

t.test('a relay that is away is told when it is back, at most 32 at a time', async (t) => {
  const bench = await makeBench(t);
  for (let n = 0; n < 35; n += 1) await recordAt(bench, 0);
  bench.clock.pass(73 * hourMs);
  bench.relay = 'offline';
  await bench.keeper.look();
  t.same([kept(bench), bench.forgotten, bench.recordings.toForget().length], [[], [], 35]);
  bench.relay = 'online';
  await bench.keeper.look();
  t.same(
    bench.forgotten.map(({ length }) => length),
    [32, 3],
  );
  await bench.keeper.look();
  t.equal(bench.forgotten.length, 2, 'once');
  t.same(await bench.disk.names(), []);
});

t.test('one that cannot be deleted keeps no other, and is tried again', async (t) => {
  const bench = await makeBench(t);
  await recordAt(bench, 0);
  bench.clock.pass(73 * hourMs);
  bench.fate.fails = 'EIO';
  await bench.keeper.look();
  t.match(bench.troubled, [{ code: 'EIO' }]);
  bench.fate.fails = undefined;
  await bench.keeper.look();
  t.match([kept(bench), bench.deleted], [[], [{ why: 'retention' }]]);
});

t.test('after the end it does nothing more by itself', async (t) => {
  const bench = await makeBench(t);
  await recordAt(bench, 0);
  bench.keeper.close();
  bench.clock.pass(1000 * hourMs);
  await bench.keeper.makeRoom().catch(() => undefined);
  t.same(bench.forgotten, []);
});

const onSmallDisk = (folder: string, command: string) =>
  spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=2m none "${folder}" && ${command}`], {
    encoding: 'utf8',
  });
const noSmallDisk = onSmallDisk(tmpdir(), 'true').status !== 0 && 'this machine gives no small disk (unshare, mount)';

t.test(
  'on a real disk that is full the oldest recordings go and the running one is whole',
  { skip: noSmallDisk },
  async (t) => {
    const folder = makeFolder(t);
    const child = join(import.meta.dirname, 'full-disk-child.ts');
    const run = onSmallDisk(folder, [process.execPath, typescript, child, `"${folder}"`, hubId].join(' '));
    t.equal(run.status, 0, run.stderr);
    const said = JSON.parse(run.stdout);
    t.match(said, { troubles: [], failures: [] });
    t.ok(said.dropped > 0, `${said.dropped} recordings went`);
    t.match(said.left.at(-1), { frames: said.frames, vouched: said.frames, end: 'stopped' });
    t.ok(said.left.every((one: { frames: number; vouched: number }) => one.frames === one.vouched));
  },
);
