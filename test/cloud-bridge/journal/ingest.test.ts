import t from 'tap';
import { verifyJournalHead } from '../../../wire/journal.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { makeHome } from '../support/home.ts';
import { makeHub, type ScriptedHub } from '../support/hub.ts';
import { newSignKey } from '../support/keys.ts';
import { makeWorld, until } from '../support/world.ts';

async function setUp(t: Parameters<typeof makeWorld>[0]) {
  const { world, hub, owner } = await makeHome(t);
  const stored = async (): Promise<string[]> =>
    (await owner.ask('GET', `${owner.home}/journal?limit=500`)).body.entries;
  const { cloud } = world;
  /** What the cloud refused of the journal, as the owner is told. */
  const refusals = async (): Promise<{ code: string; seq: number }[]> => {
    const { openSqliteStore } = await import('../../../cloud-bridge/store/sqlite.ts');
    const store = await openSqliteStore(`${world.dataDir}/cloud.sqlite`);
    const events = await store.read.events.after(`home:${hub.home}`, 0, 1000);
    await store.close();
    return events.filter((one) => one.type === 'journal.refused').map((one) => JSON.parse(one.data));
  };
  return { world, hub, owner, stored, refusals, cloud };
}

t.test('T07: a batch is acknowledged after its commit, and a repeat is acknowledged again', async (t) => {
  const { hub, stored, owner } = await setUp(t);
  for (let i = 0; i < 3; i++) hub.append('hub.started', { i });
  await hub.sync();
  t.equal(hub.acks.at(-1)?.hash, hub.headHash());
  const before = hub.acks.length;
  await hub.sendJournal();
  await until('acknowledged again', () => hub.acks.length > before);
  t.equal(hub.acks.at(-1)?.seq, 3);
  hub.append('hub.stopped');
  await hub.sendJournal(2);
  await until('the new one too', () => hub.acks.at(-1)?.seq === 4);
  t.same(await stored(), hub.texts, 'each entry once, in order');
  const { signed, head } = (await owner.ask('GET', `${owner.home}/journal?after=4`)).body;
  const claims = await verifyJournalHead(signed, hub.sign, hub.id);
  t.match(claims, { ok: true, value: { seq: 4, hash: hub.headHash() } }, 'with the hub’s own signature under them');
  t.same(head, { seq: 4, hash: hub.headHash() });
});

t.test('S048: nothing in the store dates a household entry better than the hub did', async (t) => {
  const { hub, cloud, world } = await setUp(t);
  const started = Date.now();
  hub.append('hub.started');
  hub.append('household', { sealed: 'x' });
  await hub.sync();
  await cloud.stop();
  const { openSqliteStore } = await import('../../../cloud-bridge/store/sqlite.ts');
  const store = await openSqliteStore(`${world.dataDir}/cloud.sqlite`);
  const events = await store.read.events.after(`home:${hub.home}`, 0, 1000);
  await store.close();
  const [open, household] = events.filter(({ type }) => type === 'entry');
  t.ok(open!.at >= started);
  t.equal(household?.at, 1_790_000_000_002);
});

t.test('T07: a gap is answered with where to go on', async (t) => {
  const { hub, stored } = await setUp(t);
  for (let i = 0; i < 5; i++) hub.append('hub.started', { i });
  await hub.sendJournal(1, 2);
  await until('two are there', () => hub.acks.at(-1)?.seq === 2);
  const before = hub.acks.length;
  await hub.sendJournal(4, 5);
  await until('an answer', () => hub.acks.length > before);
  t.match(hub.acks.at(-1), { seq: 2, hash: hub.headHash(2) });
  t.equal((await stored()).length, 2);
  await hub.sendJournal(3);
  await until('all are there', () => hub.acks.at(-1)?.seq === 5);
  t.same(await stored(), hub.texts);
});

t.test('batches that come in the wrong order end in the right one', async (t) => {
  const { hub, stored } = await setUp(t);
  for (let i = 0; i < 6; i++) hub.append('hub.started', { i });
  await hub.sendJournal(5, 6);
  await hub.sendJournal(3, 4);
  await hub.sendJournal(1, 2);
  await until('the first two', () => hub.acks.at(-1)?.seq === 2);
  await hub.sendJournal(3);
  await until('all', () => hub.acks.at(-1)?.seq === 6);
  t.same(await stored(), hub.texts);
});

t.test('T07: a fork is refused, recorded once and shown to the owner', async (t) => {
  const { hub, stored, refusals } = await setUp(t);
  for (let i = 0; i < 3; i++) hub.append('hub.started', { i });
  await hub.sync();
  const honest = [...hub.texts];
  hub.texts.length = 1;
  hub.append('hub.stopped', { another: true });
  hub.append('hub.stopped', { another: true });
  for (let i = 0; i < 2; i++) {
    const before = hub.acks.length;
    await hub.sendJournal(2);
    await until('an answer', () => hub.acks.length > before);
  }
  t.match(hub.acks.at(-1), { seq: 3, hash: hashOf(honest[2]!) }, 'the witness shows the hub what the cloud has');
  t.same(await stored(), honest);
  t.match(await refusals(), [{ code: 'JOURNAL_FORKED', seq: 2 }]);
  t.equal((await refusals()).length, 1, 'sent twice, recorded once');
});

t.test('T07: edited entries, wrong signers and wrong heads are refused whole', async (t) => {
  const { hub, stored, refusals } = await setUp(t);
  for (let i = 0; i < 4; i++) hub.append('hub.started', { i });
  await hub.sendJournal(1, 2);
  await until('two are there', () => hub.acks.at(-1)?.seq === 2);
  const send = async (batch: object): Promise<void> => {
    const before = hub.acks.length;
    await hub.sendBatch(batch);
    await until('an answer', () => hub.acks.length > before);
    t.equal(hub.acks.at(-1)?.seq, 2, 'acknowledged no further');
  };
  const [third, fourth] = [hub.texts[2]!, hub.texts[3]!];
  const edited = third.replace('"i":2', '"i":9');
  await send({ v: 1, from: 3, entries: [edited, fourth], head: await hub.signHead(4, hashOf(fourth)) });
  const otherPrev = third.replace(/"prev":"[^"]+"/, `"prev":"${hashOf('else')}"`);
  await send({ v: 1, from: 3, entries: [otherPrev], head: await hub.signHead(3, hashOf(otherPrev)) });
  await send({ v: 1, from: 3, entries: [fourth], head: await hub.signHead(3, hashOf(fourth)) });
  await send({ v: 1, from: 3, entries: ['no entry'], head: await hub.signHead(3, hashOf('no entry')) });
  const stranger = await newSignKey('Ed25519');
  await send({ v: 1, from: 3, entries: [third], head: await hub.signHead(3, hashOf(third), stranger) });
  await send({ v: 1, from: 3, entries: [third], head: await hub.signHead(4, hashOf(fourth)) });
  await send({ v: 1, from: 3, entries: [third], head: 'a.b.c' });
  t.equal((await stored()).length, 2);
  t.same(
    (await refusals()).map((one) => one.code),
    [
      'JOURNAL_EDITED',
      'JOURNAL_EDITED',
      'JOURNAL_GAP',
      'JOURNAL_EDITED',
      'JOURNAL_HEAD_NOT_GENUINE',
      'JOURNAL_EDITED',
      'JOURNAL_HEAD_MALFORMED',
    ],
  );
  await hub.sendJournal(3);
  await until('the true ones are taken still', () => hub.acks.at(-1)?.seq === 4);
  t.same(await stored(), hub.texts);
});

t.test('messages that are no batch are dropped and logged', async (t) => {
  const { hub, stored, world } = await setUp(t);
  await hub.sendBatch({ v: 1, from: 1, entries: [], head: 'a.b.c' });
  await hub.sendBatch({ v: 2 });
  hub.append('hub.started');
  await hub.sync();
  t.equal((await stored()).length, 1);
  t.equal(world.logged().match(/messageRefused/g)?.length, 2);
});

t.test('a crash between commit and acknowledgement loses nothing and doubles nothing', async (t) => {
  const { hub, world, cloud } = await setUp(t);
  hub.append('visit.prepared', { grant: newId(), rule: 'r', jkt: hashOf('a device') }, newId());
  await hub.sendJournal();
  // The acknowledgement finds nobody, and the service ends right after its commit.
  await hub.leave();
  const { openSqliteStore } = await import('../../../cloud-bridge/store/sqlite.ts');
  const store = await openSqliteStore(`${world.dataDir}/cloud.sqlite`);
  t.teardown(() => store.close());
  await until('committed', async () => (await store.read.journals.after(hub.id, 0, 1)).length === 1);
  await cloud.stop();
  t.same(hub.acks, []);
  const again = await world.another();
  await again.start();
  await until('online', () => again.online);
  await hub.connect();
  hub.append('hub.stopped');
  await until('acknowledged', async () => {
    await hub.sendJournal();
    return hub.acks.at(-1)?.seq === 2;
  });
  const rows = await store.read.journals.after(hub.id, 0, 100);
  t.same(
    rows.map((row) => row.text),
    hub.texts,
  );
  const events = await store.read.events.after(`home:${hub.home}`, 0, 100);
  t.equal(events.filter((one) => one.type === 'entry').length, 2, 'and each is told once');
});

t.test('several hubs at once are kept apart', async (t) => {
  const world = await makeWorld(t);
  const hubs: ScriptedHub[] = [];
  for (let i = 0; i < 4; i++) hubs.push(await makeHub(world));
  t.teardown(() => Promise.all(hubs.map((hub) => hub.leave())));
  for (const hub of hubs) for (let i = 0; i < 130; i++) hub.append('hub.started', { i });
  await Promise.all(
    hubs.map(async (hub) => {
      for (let from = 1; from <= 130; from += 64) await hub.sendJournal(from, Math.min(130, from + 63));
    }),
  );
  for (const hub of hubs) {
    await until('all of it', async () => {
      if (hub.acks.at(-1)?.seq !== 130)
        await hub.sendJournal((hub.acks.at(-1)?.seq ?? 0) + 1, Math.min(130, (hub.acks.at(-1)?.seq ?? 0) + 64));
      return hub.acks.at(-1)?.seq === 130;
    });
    t.equal(hub.acks.at(-1)?.hash, hub.headHash());
  }
});
