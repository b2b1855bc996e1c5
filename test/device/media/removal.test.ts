import { openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeShelf, record } from './made.ts';
import { parse, split } from './opener.ts';

t.test('the key goes first: zeros on the disk before anything else of the recording does', async (t) => {
  const { recordings, folder, fate, deleted } = await makeShelf(t);
  const { stream } = await record(recordings, 3);
  const path = join(folder, `${stream.id}.rec`);
  const keyBytes = 4 + split(readFileSync(path))[0]!.whole.length;
  const handle = openSync(path, 'r');
  fate.calls.length = 0;
  // The power goes between the zeros and the cut.
  fate.diesAfter = 4;
  await t.rejects(recordings.remove(stream.id, 'owner'), { code: 'EIO' });
  const gone = `${stream.id}.owner.${stream.visit}.gone`;
  t.same(fate.calls, [
    `rename ${stream.id}.rec ${gone}`,
    'sync folder',
    `write ${gone}`,
    `sync ${gone}`,
    `truncate ${gone}`,
  ]);
  const left = Buffer.alloc(keyBytes + 100);
  readSync(handle, left, 0, left.length, 0);
  t.same(left.subarray(0, keyBytes), Buffer.alloc(keyBytes), 'nobody can open what is left');
  t.equal(parse(left.subarray(keyBytes + 4)).seq, 1, 'the pictures behind it go next');
  t.same(deleted, []);
  t.same(recordings.list(), []);
});

t.test('a deletion that is cut off anywhere is finished at the next start, and journaled', async (t) => {
  for (let calls = 0; calls < 20; calls += 1) {
    const { recordings, fate, deleted, again, disk } = await makeShelf(t);
    const { stream } = await record(recordings, 3);
    const other = await record(recordings, 1);
    fate.diesAfter = calls;
    const isDone = await recordings.remove(stream.id, 'retention').then(
      () => true,
      () => false,
    );
    fate.diesAfter = undefined;
    const wasTold = deleted.length;
    const after = await again();
    t.match(
      after
        .list()
        .map((one) => one.stream)
        .filter((one) => one !== stream.id),
      [other.stream.id],
    );
    if (calls > 0) {
      t.same(after.list().length, 1, `cut off after ${calls} calls`);
      t.ok(deleted.length >= 1);
      for (const one of deleted) t.same(one, { stream: stream.id, visit: stream.visit, why: 'retention' });
      t.ok(deleted.length - wasTold <= 1);
      t.same(after.toForget(), [stream.id]);
      await after.forgotten(after.toForget());
      t.same((await again()).toForget(), []);
      t.same(await disk.names(), [`${other.stream.id}.rec`]);
    }
    if (isDone) {
      t.ok(calls > 6);
      return;
    }
  }
  t.fail('it never came to its end');
});

t.test('a deletion that the journal did not take is told again, and the relay waits for it', async (t) => {
  let fails = true;
  const told: string[] = [];
  const onDeleted = async ({ stream }: { stream: string }) => {
    if (fails) throw new RangeError('journal');
    told.push(stream);
  };
  const { recordings } = await makeShelf(t, { onDeleted });
  const { stream } = await record(recordings, 1, {});
  await t.rejects(recordings.remove(stream.id, 'owner'));
  t.same([recordings.list(), recordings.toForget()], [[], []]);
  await recordings.tidy();
  t.same(told, []);
  fails = false;
  await recordings.tidy();
  t.same([told, recordings.toForget()], [[stream.id], [stream.id]]);
  await recordings.tidy();
  t.same(told, [stream.id], 'once');
});

t.test('what there is not cannot be deleted, and twice is as once', async (t) => {
  const { recordings, deleted } = await makeShelf(t);
  t.match(await recordings.remove('A'.repeat(22), 'owner'), { code: 'RECORDING_UNKNOWN' });
  const { stream } = await record(recordings, 1);
  const both = await Promise.all([
    recordings.remove(stream.id, 'owner'),
    recordings.remove(stream.id, 'disk'),
    recordings.tidy(),
  ]);
  t.match(both, [{ ok: true }, { code: 'RECORDING_UNKNOWN' }]);
  t.equal(deleted.length, 1);
});

t.test('a recording that is read while it is deleted ends early, and is never read as zeros', async (t) => {
  const { recordings } = await makeShelf(t);
  const { stream } = await record(recordings, 9);
  const reading = recordings.read(stream.id);
  t.match(await reading.next(), { value: { message: { type: 'key' } } });
  await recordings.remove(stream.id, 'owner');
  for await (const { message } of reading) t.equal(message.stream, stream.id);
  for await (const { message } of recordings.read(stream.id)) t.fail(message.type);
});
