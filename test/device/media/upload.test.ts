import t, { type Test } from 'tap';
import { lateNotes } from '../../../device/media/late-notes.ts';
import { makeUploader, type Uploader, type UploaderParts, type UploadTiming } from '../../../device/media/upload.ts';
import { accept, refuse } from '../../../wire/faults.ts';
import { writeAck } from '../../../wire/media.ts';
import type { AskBody } from '../../../wire/messages.ts';
import { WoundClock } from '../../support/clock.ts';
import { until } from '../../support/until.ts';
import { hubPublic, makeFolder, makeShelf, phone, picture, record, type Shelf, start, startMs, time } from './made.ts';
import { type Parsed, parse, play } from './opener.ts';

/** A relay on its own: keeps what comes, answers what it has, acknowledges what is stored. */
class Relay {
  readonly has = new Map<string, Map<string, Parsed>>();
  online = true;
  /** Takes so many more messages before its socket is full. */
  room = Number.POSITIVE_INFINITY;
  /** Loses each message for which this is true. */
  loses: (message: Parsed) => boolean = () => false;
  acknowledges = true;
  readonly asked: (readonly string[])[] = [];
  readonly got: Parsed[] = [];
  onStored: (payload: Uint8Array) => void = () => undefined;

  take(message: Uint8Array): boolean {
    if (!this.online || this.room <= 0) return false;
    this.room -= 1;
    const read = parse(message);
    this.got.push(read);
    if (this.loses(read)) return true;
    this.keep(read);
    if (read.type !== 2 || !this.acknowledges) return true;
    const ack = writeAck({ kind: 'stored', stream: read.stream, ranges: [[read.seq, read.seq]] });
    queueMicrotask(() => this.onStored(ack));
    return true;
  }

  keep(message: Parsed): void {
    const stream = this.has.get(message.stream) ?? new Map<string, Parsed>();
    this.has.set(message.stream, stream.set(`${message.type} ${message.seq}`, message));
  }

  frames(stream: string): number[] {
    return [...(this.has.get(stream)?.values() ?? [])]
      .filter(({ type }) => type === 2)
      .map(({ seq }) => seq)
      .sort((a, b) => a - b);
  }

  ended(stream: string): boolean {
    return [...(this.has.get(stream)?.values() ?? [])].some(
      ({ type, body }) =>
        type === 3 && /"end"/.test(Buffer.from(body.toString().split('.')[1]!, 'base64url').toString()),
    );
  }

  answer(body: AskBody): ReturnType<UploaderParts['ask']> {
    if (!this.online) return Promise.resolve(refuse('BROKER_UNREACHABLE'));
    if (body.op !== 'media.have') return Promise.resolve(refuse('MESSAGE_MALFORMED'));
    this.asked.push(body.streams);
    const streams = body.streams
      .filter((stream) => this.has.has(stream))
      .map((stream) => ({
        stream,
        key: this.has.get(stream)!.has('1 0'),
        ended: this.ended(stream),
        ranges: this.frames(stream).map((seq) => [seq, seq]),
      }));
    return Promise.resolve(accept({ streams }));
  }

  /** All of it, sorted as an owner's device gets it. */
  async plays(stream: string): Promise<number> {
    const all = [...this.has.get(stream)!.values()].sort((a, b) => a.seq - b.seq || a.type - b.type);
    return (await play(all, hubPublic, phone.open)).pictures.length;
  }
}

interface Bench extends Shelf {
  readonly clock: WoundClock;
  readonly relay: Relay;
  readonly uploader: Uploader;
  readonly late: object[];
  readonly troubles: string[];
  isLive: boolean;
  journal: 'good' | 'full';
  /** Lets time pass until it is so. */
  readonly pass: (what: string, look: () => boolean) => Promise<true>;
  /** The hub after a restart, at the same relay. */
  readonly restart: () => Promise<Bench>;
}

async function makeBench(
  t: Test,
  timing: Partial<UploadTiming> = {},
  folder = makeFolder(t),
  relay = new Relay(),
): Promise<Bench> {
  const shelf = await makeShelf(t, {}, folder);
  const clock = new WoundClock(startMs);
  const bench = { ...shelf, clock, relay, late: [] as object[], isLive: false, journal: 'good' as Bench['journal'] };
  const uploader = makeUploader({
    recordings: shelf.recordings,
    notes: lateNotes(shelf.disk),
    clock,
    ask: (body) => relay.answer(body),
    send: (message) => relay.take(message),
    isLive: () => bench.isLive,
    onLate: async (one) => {
      if (bench.journal === 'full') throw new RangeError('journal');
      bench.late.push(one);
    },
    onTrouble: (error) => shelf.troubles.push(String(error)),
    timing,
  });
  relay.onStored = (payload) => uploader.onAck(payload);
  t.teardown(() => uploader.close());
  return Object.assign(bench, {
    uploader,
    pass: (what: string, look: () => boolean) =>
      until(what, () => {
        clock.pass(250);
        return look();
      }) as Promise<true>,
    restart: () => {
      uploader.close();
      return makeBench(t, timing, folder, relay);
    },
  });
}

const isComplete =
  ({ relay }: Bench, stream: string, frames: number) =>
  () =>
    relay.ended(stream) && relay.frames(stream).length === frames && (relay.has.get(stream)?.has('1 0') ?? false);

/** A recording of which some messages went to the relay live. */
async function recordLive(bench: Bench, frames: number, arrives: (message: Parsed) => boolean) {
  const stream = await start(bench.recordings);
  const show = (message: Uint8Array): void => {
    if (arrives(parse(message))) bench.relay.keep(parse(message));
  };
  show(stream.keyMessage);
  for (let n = 1; n <= frames; n += 1) {
    show(stream.add({ key: n === 1, data: picture() }, time.ms + n).message);
    if (n % 5 === 0) show(await stream.checkpoint(0));
  }
  show((await stream.end('stopped', 0)).message);
  return stream;
}

t.test('a recording of which the relay has nothing comes as a whole, late, once', async (t) => {
  const bench = await makeBench(t);
  const { stream } = await record(bench.recordings, 200);
  bench.uploader.wake();
  await bench.pass('the recording to arrive', isComplete(bench, stream.id, 200));
  t.equal(await bench.relay.plays(stream.id), 200);
  await bench.pass('the journal', () => bench.late.length > 0);
  t.same(bench.late, [{ stream: stream.id, visit: stream.visit, frames: 200 }]);
  t.equal(bench.relay.got.filter(({ type }) => type === 2).length, 200, 'each frame once');
  t.equal(bench.relay.got[0]?.type, 1, 'the key first');
  bench.uploader.wake();
  const again = await bench.restart();
  again.uploader.wake();
  const asked = bench.relay.asked.length;
  await again.pass('another question', () => bench.relay.asked.length > asked);
  t.same([bench.late.length, again.late], [1, []], 'and is never told again');
});

t.test('what arrived live is not sent again, and nothing of it is late', async (t) => {
  const bench = await makeBench(t);
  await recordLive(bench, 20, () => true);
  bench.uploader.wake();
  await bench.pass('the question', () => bench.relay.asked.length > 0);
  for (let n = 0; n < 50; n += 1) await bench.pass('time', () => true);
  t.same([bench.relay.got, bench.late, bench.relay.asked.length], [[], [], 1]);
});

t.test('T03: what was lost while the link was cut comes later, with the checkpoints that cover it', async (t) => {
  const bench = await makeBench(t);
  const stream = await recordLive(bench, 30, ({ type, seq }) => type === 1 || seq <= 7 || (type === 2 && seq === 20));
  bench.uploader.wake();
  await bench.pass('the rest to arrive', isComplete(bench, stream.id, 30));
  await bench.pass('the journal', () => bench.late.length > 0);
  t.match(bench.late, [{ frames: 22 }]);
  t.same(
    bench.relay.got.filter(({ type }) => type === 2).map(({ seq }) => seq),
    Array.from({ length: 30 }, (_, n) => n + 1).filter((seq) => seq > 7 && seq !== 20),
  );
  t.same(
    bench.relay.got.filter(({ type }) => type === 3).map(({ seq }) => seq),
    [10, 15, 20, 25, 30, 30],
    'the last one says once more how it ended',
  );
  t.equal(await bench.relay.plays(stream.id), 30);
});

t.test('only the last checkpoint or the key is missing: that alone is sent, and is no late recording', async (t) => {
  for (const lost of [1, 3]) {
    const bench = await makeBench(t);
    const stream = await recordLive(bench, 4, ({ type }) => type !== lost);
    bench.uploader.wake();
    await bench.pass('it', isComplete(bench, stream.id, 4));
    t.same(
      bench.relay.got.map(({ type }) => type),
      [lost],
    );
    t.same(bench.late, []);
  }
});

t.test('frames that are lost on the way, and acknowledgements that never come, are made good', async (t) => {
  const bench = await makeBench(t);
  let n = 0;
  bench.relay.loses = () => {
    n += 1;
    return n % 3 === 0;
  };
  const { stream } = await record(bench.recordings, 90);
  bench.uploader.wake();
  await bench.pass('all of it', isComplete(bench, stream.id, 90));
  bench.relay.loses = () => false;
  bench.relay.acknowledges = false;
  const other = await record(bench.recordings, 90);
  bench.uploader.wake();
  await bench.pass('the other', isComplete(bench, other.stream.id, 90));
  await bench.pass('the journal', () => bench.late.length === 2);
  t.match(bench.late, [{ frames: 90 }, { frames: 90 }], 'counted once, however often they were sent');
});

t.test('a link that is down, or full, is waited for', async (t) => {
  const bench = await makeBench(t);
  const { stream } = await record(bench.recordings, 30);
  bench.relay.online = false;
  bench.uploader.wake();
  for (let n = 0; n < 200; n += 1) await bench.pass('time', () => true);
  t.same([bench.relay.asked, bench.relay.got], [[], []]);
  bench.relay.online = true;
  bench.relay.room = 10;
  bench.uploader.wake();
  await bench.pass('the socket to fill', () => bench.relay.got.length === 10);
  for (let n = 0; n < 20; n += 1) await bench.pass('time', () => true);
  t.equal(bench.relay.got.length, 10);
  bench.relay.room = Number.POSITIVE_INFINITY;
  await bench.pass('the rest', isComplete(bench, stream.id, 30));
  t.same(bench.relay.frames(stream.id).length, 30);
});

t.test('while a stream is live little is sent, or nothing', async (t) => {
  for (const [perSecondWhileLive, most] of [
    [0, 0],
    [5, 11],
  ] as const) {
    const bench = await makeBench(t, { perSecondWhileLive });
    const { stream } = await record(bench.recordings, 60);
    bench.isLive = true;
    bench.uploader.wake();
    await bench.pass('the question', () => bench.relay.asked.length > 0);
    const from = bench.clock.monoMs;
    await bench.pass('two seconds', () => bench.clock.monoMs - from >= 2000);
    t.ok(bench.relay.got.length <= most, `${bench.relay.got.length} messages in two seconds`);
    t.equal(bench.relay.got.length > 0, most > 0);
    bench.isLive = false;
    await bench.pass('all of it', isComplete(bench, stream.id, 60));
  }
});

t.test('a hub that is killed in the middle goes on where the relay is, and says once how much was late', async (t) => {
  const bench = await makeBench(t);
  const { stream } = await record(bench.recordings, 100);
  bench.relay.room = 41;
  bench.uploader.wake();
  await bench.pass('some of it', () => bench.relay.got.length === 41);
  bench.relay.room = Number.POSITIVE_INFINITY;
  const again = await bench.restart();
  again.uploader.wake();
  await again.pass('the rest', isComplete(again, stream.id, 100));
  await again.pass('the journal', () => again.late.length > 0);
  t.match([bench.late, again.late], [[], [{ stream: stream.id, frames: 100 }]]);
  t.equal(bench.relay.got.filter(({ type }) => type === 2).length, 100, 'no frame twice');
  await until('the note to go', async () => !(await again.disk.names()).some((name) => name.endsWith('.late')));
});

t.test('R9: a journal that takes nothing is told again, after a restart too', async (t) => {
  const bench = await makeBench(t);
  const { stream } = await record(bench.recordings, 10);
  bench.journal = 'full';
  bench.uploader.wake();
  await bench.pass('trouble', () => bench.troubles.length > 0);
  const again = await bench.restart();
  again.uploader.wake();
  await again.pass('the journal', () => again.late.length > 0);
  t.match(again.late, [{ stream: stream.id, frames: 10 }]);
});

t.test('a recording that a kill left open is mended and brought', async (t) => {
  const bench = await makeBench(t);
  const stream = await start(bench.recordings);
  t.teardown(() => stream.end('lost', 0));
  for (let n = 1; n <= 12; n += 1) {
    bench.relay.keep(parse(stream.add({ key: true, data: picture() }, time.ms + n).message));
    if (n % 5 === 0) await stream.checkpoint(0);
  }
  bench.uploader.wake();
  for (let n = 0; n < 200; n += 1) await bench.pass('time', () => true);
  t.same(bench.relay.got, [], 'what runs is shown live');
  const again = await bench.restart();
  again.uploader.wake();
  await again.pass('its end', isComplete(again, stream.id, 12));
  t.equal(await again.relay.plays(stream.id), 12);
});

t.test('an answer that is none is asked for again', async (t) => {
  const bench = await makeBench(t);
  const { stream } = await record(bench.recordings, 3);
  const answer = bench.relay.answer.bind(bench.relay);
  let n = 0;
  bench.relay.answer = (body) => {
    n += 1;
    return n < 4 ? Promise.resolve(accept({ streams: 7 })) : answer(body);
  };
  bench.uploader.wake();
  await bench.pass('it', isComplete(bench, stream.id, 3));
  t.ok(bench.troubles.every((trouble) => /MESSAGE_MALFORMED/.test(trouble)) && bench.troubles.length === 3);
});

t.test('recordings that can never be completed keep no other waiting', async (t) => {
  const bench = await makeBench(t, { storedWithinMs: 500 });
  const ids: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    time.ms += 1000;
    ids.push((await record(bench.recordings, 2)).stream.id);
  }
  // More than one question holds, and the oldest.
  const broken = new Set(ids.slice(0, 33));
  bench.relay.loses = ({ stream, seq }) => broken.has(stream) && seq === 2;
  bench.uploader.wake();
  await bench.pass('all others', () => ids.every((stream) => broken.has(stream) || isComplete(bench, stream, 2)()));
  t.ok(bench.relay.asked.every(({ length }) => length <= 32));
  for (const stream of broken) t.same(bench.relay.frames(stream), [1]);
});

t.test('an acknowledgement that is none, or of another stream, changes nothing', async (t) => {
  const bench = await makeBench(t);
  await record(bench.recordings, 3);
  bench.uploader.onAck(new Uint8Array(3));
  bench.uploader.onAck(writeAck({ kind: 'stored', stream: 'A'.repeat(22), ranges: [[1, 4_000_000_000]] }));
  bench.uploader.onAck(writeAck({ kind: 'seen', stream: 'A'.repeat(22), seqs: [1] }));
  bench.uploader.close();
  bench.uploader.wake();
  await bench.pass('time', () => true);
  t.same(bench.relay.asked, []);
});
