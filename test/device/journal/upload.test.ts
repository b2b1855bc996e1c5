import t, { type Test } from 'tap';
import { maxBatchBytes } from '../../../device/journal/batch.ts';
import type { HubStore } from '../../../device/journal/journal.ts';
import { JournalBatch, readMessage } from '../../../wire/messages.ts';
import { type Line, makeLine } from './cloud.ts';
import { draft, fill, makeSignKey, makeStore, signWitness, until } from './made.ts';

const spanOf = (payload: Buffer): [number, number] => {
  const read = readMessage('journal', JournalBatch, payload);
  return read.ok ? [read.value.from, read.value.from + read.value.entries.length - 1] : [0, 0];
};

/** The cloud has exactly what the hub has, in order, each once. */
function same(t: Test, line: Line, store: HubStore): void {
  t.same(line.cloud.head, store.journal.head());
  t.same(line.cloud.entries, store.journal.read(1, 100_000));
  t.same(line.cloud.refusals, []);
}

const arrived = (line: Line, store: HubStore): Promise<boolean> =>
  until(() => line.cloud.head.seq === store.journal.head().seq && line.witnessed.at(-1) === line.cloud.head.seq);

t.test('entries go up soon after they are written, those of one moment together', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  line.upload.connected();
  fill(store, 3);
  fill(store, 2, 4);
  t.equal(line.sent.length, 0);
  line.clock.wind(10);
  t.ok(await arrived(line, store));
  t.same(line.sent.map(spanOf), [[1, 5]]);
  same(t, line, store);
  line.clock.wind(1_000);
  t.equal(store.trust.number('acked'), 5);
  t.ok(store.trust.document('witness'));
  line.upload.close();
});

t.test('nothing leaves while the link is down; on connecting everything does', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  fill(store, 5);
  line.clock.wind(100_000);
  await new Promise(setImmediate);
  t.equal(line.sent.length, 0);
  line.upload.connected();
  line.upload.disconnected();
  const other = makeStore(t);
  fill(other, 1);
  const later = await makeLine(other);
  later.upload.connected();
  t.ok(await arrived(later, other));
  t.equal(line.sent.length, 0, 'not even a batch that was being signed when the link went');
  line.upload.connected();
  t.ok(await arrived(line, store));
  same(t, line, store);
});

t.test('a backlog of 10,000 entries goes up in order, each once, at most two batches under way', async (t) => {
  const store = makeStore(t);
  for (let from = 1; from <= 10_000; from += 500) fill(store, 500, from);
  const line = await makeLine(store);
  let underWay = 0;
  let most = 0;
  const deliver = line.deliver;
  line.deliver = async (payload) => {
    underWay += 1;
    most = Math.max(most, underWay);
    for (let later = 0; later < 20; later += 1) await new Promise(setImmediate);
    underWay -= 1;
    return deliver(payload);
  };
  line.upload.connected();
  t.ok(await arrived(line, store));
  same(t, line, store);
  t.equal(most, 2);
  t.ok(line.sent.length <= 160, `${line.sent.length} batches`);
  let next = 1;
  for (const payload of line.sent) {
    const [from, to] = spanOf(payload);
    t.equal(from, next);
    next = to + 1;
  }
});

t.test('a batch is as full as fits and no fuller, whatever its characters', async (t) => {
  const store = makeStore(t);
  for (let n = 1; n <= 120; n += 1) {
    // Quotation marks and letters of two bytes double on the way.
    const text = n % 2 === 0 ? '"'.repeat(1800) : 'é'.repeat(3000);
    store.journal.append([draft(n, { body: { n, text: n % 3 === 0 ? 'short' : text } })]);
  }
  const line = await makeLine(store);
  line.upload.connected();
  t.ok(await arrived(line, store));
  same(t, line, store);
  t.ok(Math.max(...line.cloud.batchBytes) <= maxBatchBytes);
  t.ok(line.cloud.batchBytes.length <= 8, `${line.cloud.batchBytes.length} batches`);
});

t.test('T07: dropped uploads show as a gap in the cloud, and nothing is lost', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  const deliver = line.deliver;
  const dropped = new Set([1, 4]);
  line.deliver = async (payload) => (dropped.has(line.sent.length) ? true : deliver(payload));
  for (let from = 1; from <= 640; from += 64) fill(store, 64, from);
  line.upload.connected();
  for (let waits = 0; waits < 5 && line.cloud.head.seq < 640; waits += 1) {
    const before = line.sent.length;
    await until(() => line.cloud.head.seq === 640 || line.sent.length > before + 20 || line.cloud.gaps.length > waits);
    line.clock.wind(60_000);
  }
  t.ok(await arrived(line, store));
  t.match(line.cloud.gaps[0], { code: 'JOURNAL_GAP', detail: { from: 1, to: 64 } }, 'the cloud sees what is missing');
  same(t, line, store);
});

t.test('lost acknowledgements: the same is sent again, after longer and longer waits', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  line.deliver = async (payload) => {
    await line.cloud.take(payload);
    return true;
  };
  fill(store, 3);
  line.upload.connected();
  t.ok(await until(() => line.cloud.batchBytes.length === 1));
  for (const waitMs of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
    const before = line.sent.length;
    line.clock.wind(waitMs - 1);
    await new Promise(setImmediate);
    t.equal(line.sent.length, before, `not before ${waitMs} ms`);
    line.clock.wind(1);
    t.ok(await until(() => line.cloud.batchBytes.length === before + 1));
  }
  t.same(line.sent.map(spanOf), Array(7).fill([1, 3]));
  await line.upload.onAck(await line.cloud.ack());
  line.clock.wind(100_000);
  await new Promise(setImmediate);
  t.equal(line.sent.length, 7, 'acknowledged: no more');
  same(t, line, store);
});

t.test('acknowledgements that come twice and out of order lower nothing', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  const acks: Buffer[] = [];
  line.deliver = async (payload) => {
    acks.push(await line.cloud.take(payload));
    return true;
  };
  fill(store, 300);
  line.upload.connected();
  for (let have = 0; have < 5; ) {
    if (!(await until(() => acks.length > have))) return t.fail('it stopped');
    const [first, ...others] = [...acks].reverse();
    have = acks.length;
    for (const ack of [first!, ...others, first!, ...others]) await line.upload.onAck(ack);
  }
  same(t, line, store);
  line.clock.wind(1_000);
  t.equal(store.trust.number('acked'), 300);
  for (const ack of acks) await line.upload.onAck(ack);
  line.clock.wind(1_000);
  t.equal(store.trust.number('acked'), 300);
  t.ok(line.findings.every((finding) => finding === 'fine'));
  fill(store, 1, 301);
  line.clock.wind(10);
  t.ok(await until(() => line.cloud.head.seq === 301), 'and it goes on');
});

t.test('a cloud that restarts from a backup gets again what it lost, told by hello', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  fill(store, 200);
  line.upload.connected();
  t.ok(await arrived(line, store));
  line.upload.disconnected();
  line.cloud.restore(70);
  line.upload.connected();
  t.match(await line.upload.onHello(await line.cloud.hello()), { ok: true, value: { seq: 70 } });
  t.ok(await arrived(line, store));
  same(t, line, store);
  line.clock.wind(1_000);
  t.equal(store.trust.number('acked'), 200);
});

t.test('a cloud that restarts from a backup gets again what it lost, told by its acknowledgement', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  fill(store, 200);
  line.upload.connected();
  t.ok(await arrived(line, store));
  line.cloud.restore(70);
  fill(store, 1, 201);
  const heard = line.findings.length;
  line.clock.wind(10);
  t.ok(await until(() => line.findings.length > heard));
  t.match(line.cloud.gaps, [{ code: 'JOURNAL_GAP', detail: { from: 71, to: 200 } }]);
  line.clock.wind(5_000);
  t.ok(await arrived(line, store));
  same(t, line, store);
});

t.test('a cloud that asks for what was pruned is told of, and not flooded', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  fill(store, 100);
  store.trust.keepNumber('acked', 80);
  store.retention.prune(1, 0);
  line.upload.connected();
  await line.upload.onHello({
    acked: 10,
    witness: await signWitness(line.cloud.issuer, { seq: 10, hash: 'A'.repeat(43) }),
  });
  t.ok(await until(() => line.refused.length > 0));
  t.match(line.refused[0], { code: 'JOURNAL_GAP', detail: { from: 11, to: 80 } });
});

t.test('links that break at any moment change nothing in what arrives', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  const deliver = line.deliver;
  let n = 0;
  line.deliver = async (payload) => {
    n += 1;
    if (n % 5 === 0) return false;
    if (n % 7 === 0) throw new TypeError('the socket is gone');
    if (n % 3 === 0) {
      line.upload.disconnected();
      line.upload.connected();
    }
    if (n % 11 === 0) await line.upload.onHello(await line.cloud.hello());
    return deliver(payload);
  };
  let written = 0;
  line.upload.connected();
  while (line.cloud.head.seq < 2_000) {
    if (written < 2_000) {
      fill(store, 50, written + 1);
      written += 50;
    }
    const before = line.sent.length;
    line.clock.wind(60_000);
    if (!(await until(() => line.sent.length > before || line.cloud.head.seq === written))) return t.fail('it stopped');
  }
  t.ok(await arrived(line, store));
  same(t, line, store);
});

t.test('a witness ahead of the journal: behind, and nothing more is sent', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  fill(store, 3);
  line.upload.connected();
  t.ok(await arrived(line, store));
  const sent = line.sent.length;
  const judged = await line.upload.onHello({
    acked: 9,
    witness: await signWitness(line.cloud.issuer, { seq: 9, hash: 'A'.repeat(43) }),
  });
  t.match(judged, { ok: true, value: { finding: 'behind' } });
  t.equal(line.findings.at(-1), 'behind');
  fill(store, 20, 4);
  line.clock.wind(100_000);
  await new Promise(setImmediate);
  t.equal(line.sent.length, sent);
  t.equal(store.trust.number('acked'), 3, 'and it is not taken for an acknowledgement');
});

t.test('a witness of another history: forked', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  fill(store, 3);
  line.upload.connected();
  await line.upload.onAck(await line.cloud.ack({ seq: 2, hash: 'A'.repeat(43) }));
  t.same(line.findings, ['forked']);
  t.equal(store.trust.document('witness'), undefined);
});

t.test('acknowledgements that prove nothing change nothing', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  fill(store, 3);
  const head = { seq: 3, hash: store.journal.head().hash };
  const first = { seq: 1, hash: store.journal.hashAt(1)! };
  const witness = await signWitness(line.cloud.issuer, head);
  const say = (ack: object) => line.upload.onAck(Buffer.from(JSON.stringify({ v: 1, ...head, witness, ...ack })));

  t.match(await line.upload.onAck(Buffer.from('{')), { code: 'MESSAGE_MALFORMED' });
  t.match(await line.upload.onAck(Buffer.alloc(5_000, 32)), { code: 'MESSAGE_TOO_BIG' });
  t.match(await say({ surplus: true }), { code: 'MESSAGE_MALFORMED' });
  t.match(await say({ witness: await signWitness(await makeSignKey(), head) }), { code: 'WITNESS_KEY_UNKNOWN' });
  t.match(await say({ witness: `${witness.slice(0, -4)}AAAA` }), { code: 'WITNESS_NOT_GENUINE' });
  const foreign = await signWitness(line.cloud.issuer, head, 'hub-zzzzzzzzzzzzzzzzzzzz');
  t.match(await say({ witness: foreign }), { code: 'WITNESS_WRONG_HUB' });
  const less = await signWitness(line.cloud.issuer, first);
  t.match(await say({ witness: less }), { code: 'MESSAGE_MALFORMED', detail: { why: 'seq' } });
  t.match(await say({ hash: 'A'.repeat(43) }), { code: 'MESSAGE_MALFORMED', detail: { why: 'hash' } });
  t.match(await say({ seq: 1 }), { code: 'MESSAGE_MALFORMED', detail: { why: 'hash' } });
  t.equal(line.refused.length, 9);
  t.same(line.findings, []);
  line.upload.close();
  t.equal(store.trust.number('acked'), 0);
  t.equal(store.trust.document('witness'), undefined);
});

t.test('without an issuer set no acknowledgement counts', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store, { issuers: () => undefined });
  fill(store, 1);
  t.match(await line.upload.onAck(await line.cloud.ack()), { code: 'ISSUER_SET_MISSING' });
});

t.test('a journal that cannot be read is told of and tried again', async (t) => {
  const store = makeStore(t);
  const failures: unknown[] = [];
  let isBroken = true;
  const { Fault } = await import('../../../wire/faults.ts');
  const read: typeof store.journal.read = (...args) => {
    if (isBroken) throw new Fault('JOURNAL_UNAVAILABLE');
    return store.journal.read(...args);
  };
  const journal = new Proxy(store.journal, {
    get: (target, name) => {
      const found = name === 'read' ? read : Reflect.get(target, name, target);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
  const line = await makeLine({ ...store, journal }, { onFailed: (error) => failures.push(error) });
  fill(store, 2);
  line.upload.connected();
  t.ok(await until(() => failures.length === 1));
  isBroken = false;
  await new Promise(setImmediate);
  line.clock.wind(5_000);
  t.ok(await arrived(line, store));
  same(t, line, store);
});

t.test('a closed upload leaves no timer behind and says no more', async (t) => {
  const store = makeStore(t);
  const line = await makeLine(store);
  fill(store, 3);
  line.upload.connected();
  t.ok(await arrived(line, store));
  fill(store, 1, 4);
  line.upload.close();
  t.equal(line.clock.waiting, 0);
  const sent = line.sent.length;
  line.upload.connected();
  fill(store, 1, 5);
  line.clock.wind(100_000);
  await new Promise(setImmediate);
  t.equal(line.sent.length, sent);
  t.equal(store.trust.number('acked'), 3);
});
