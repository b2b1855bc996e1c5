import t from 'tap';
import { chooseDocuments } from '../../../cloud-bridge/home/hello.ts';
import { verifyFirstRootSet, verifyIssuerSet } from '../../../wire/issuer-set.ts';
import { genesisOf } from '../../../wire/journal.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { verifyTime, verifyWitness } from '../../../wire/witness.ts';
import { makeHome } from '../support/home.ts';
import { makeHub } from '../support/hub.ts';
import { makeCarrier } from '../support/people.ts';
import { makeWorld, until } from '../support/world.ts';

t.test(
  'T27: hello is answered with signed time for its nonce, a witness and how far the journal has come',
  async (t) => {
    const world = await makeWorld(t);
    const hub = await makeHub(world);
    t.teardown(() => hub.leave());
    const nowS = Math.floor(Date.now() / 1000);
    const roots = await verifyFirstRootSet(hub.enrolment.rootSet, nowS);
    const issuers = roots.ok ? await verifyIssuerSet(hub.enrolment.issuerSet, roots.value, 0, nowS) : roots;
    if (!issuers.ok) throw new TypeError(issuers.code);
    const policy = { hubId: hub.id };

    const nonce = newId();
    const before = Date.now();
    const first = await hub.hello({ nonce });
    const time = await verifyTime(first.time, issuers.value, { ...policy, nonce });
    t.ok(time.ok && time.value.now >= before && time.value.now <= Date.now());
    t.match(await verifyTime(first.time, issuers.value, { ...policy, nonce: newId() }), { code: 'TIME_NONCE_UNKNOWN' });
    const none = await verifyWitness(first.witness, issuers.value, policy);
    t.match(none.ok && none.value, { seq: 0, hash: genesisOf(hub.id) }, 'nothing seen yet');

    hub.append('hub.started');
    await hub.sync();
    const second = await hub.hello();
    t.equal(second.acked, 1);
    const seen = await verifyWitness(second.witness, issuers.value, policy);
    t.match(seen.ok && seen.value, { seq: 1, hash: hub.headHash() });
  },
);

t.test('hello is answered with the documents that the hub lacks, and with none that it has', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const carrier = await makeCarrier(world);
  t.same((await hub.hello()).documents, []);

  await hub.leave();
  await until('the cloud knows', async () => (await owner.ask('GET', owner.home)).body.online === false);
  const book = await owner.signRuleBook([carrier.rule(hub)]);
  t.match(await owner.put(book), { status: 202, body: { pending: true } });
  const revocation = await owner.signRevocation({ kind: 'rule', id: 'rule-1' });
  t.equal((await owner.put(revocation)).status, 202);

  hub.requests.length = 0;
  await hub.connect();
  hub.handler = () => ({ ok: false, code: 'JOURNAL_UNAVAILABLE' });
  const versions = { rootSet: -1, issuerSet: -1, ruleBook: -1, ownerList: 0, epoch: 0 };
  const { documents } = await hub.hello({ versions });
  t.same(
    documents,
    [hub.enrolment.rootSet, hub.enrolment.issuerSet, book, revocation],
    'in the order in which they apply',
  );
  t.same((await hub.hello({ versions: { ...versions, rootSet: 1, issuerSet: 1 } })).documents, [book, revocation]);

  hub.handler = undefined;
  hub.ruleBookVersion = 1;
  const last = await hub.hello();
  t.same(last.documents, [revocation], 'the hub says that it has the rule book');
  await until('the revocation is handed over', () =>
    hub.requests.some((one) => one.body.op === 'document.put' && one.body.document === revocation),
  );
  await until('and not sent again', async () => (await hub.hello()).documents.length === 0);
});

t.test('what narrows goes first when not everything fits', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  hub.handler = () => ({ ok: false, code: 'JOURNAL_UNAVAILABLE' });
  const carrier = await makeCarrier(world);
  const rules = Array.from({ length: 64 }, () => carrier.rule(hub));
  const big = await owner.signRuleBook(rules);
  await owner.put(big, {});
  const revocations: string[] = [];
  for (let i = 0; i < 40; i++) {
    const revocation = await owner.signRevocation({ kind: 'grant', id: newId() });
    revocations.push(revocation);
    await owner.put(revocation);
  }
  const { documents } = await hub.hello();
  t.equal(documents.length <= 32, true);
  t.ok(JSON.stringify(documents).length < 65_536);
  t.ok(documents.filter((one) => revocations.includes(one)).length >= 31, 'revocations come before the rule book');
});

t.test('an answer takes the first documents that fit, and what does not fit keeps no other from it', async (t) => {
  const [a, b, c] = ['a'.repeat(97), 'b'.repeat(197), 'c'.repeat(97)];
  const chosen = (room: number) => [...chooseDocuments([a, b, c], room)];
  t.same(chosen(400), [a, b, c], 'each counts with its quotes and its comma');
  t.same(chosen(399), [a, b]);
  t.same(chosen(299), [a, c]);
  t.same(chosen(99), []);
  t.equal(
    chooseDocuments(
      Array.from({ length: 40 }, (_, index) => `${index}`),
      10_000,
    ).size,
    32,
  );
});

t.test('T45: a hub that is behind or has another history is told of to the owner, once', async (t) => {
  const { world, hub } = await makeHome(t);
  for (let i = 0; i < 3; i++) hub.append('hub.started', { i });
  await hub.sync();
  for (let i = 0; i < 2; i++) await hub.hello({ head: { seq: 1, hash: hub.headHash(1) } });
  await hub.hello({ head: { seq: 2, hash: hashOf('something else') } });
  const { openSqliteStore } = await import('../../../cloud-bridge/store/sqlite.ts');
  const store = await openSqliteStore(`${world.dataDir}/cloud.sqlite`);
  t.teardown(() => store.close());
  const events = await store.read.events.after(`home:${hub.home}`, 0, 100);
  const told = events.filter((one) => one.type === 'journal.refused').map((one) => JSON.parse(one.data));
  t.match(told, [
    { code: 'JOURNAL_BEHIND', seq: 1 },
    { code: 'JOURNAL_FORKED', seq: 2 },
  ]);
});

t.test('doors that a hub announces no more take no deliveries', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const carrier = await makeCarrier(world);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  t.equal((await carrier.announce(hub)).status, 201);
  await hub.hello({ doors: [] });
  t.equal((await carrier.announce(hub)).body.code, 'DELIVERY_NOT_ALLOWED');
  await hub.hello();
  t.equal((await carrier.announce(hub)).status, 201, 'and do again when it does');
});
