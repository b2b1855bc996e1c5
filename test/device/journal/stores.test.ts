import t from 'tap';
import { draft, fill, makeStore } from './made.ts';

const day = 86_400;

t.test('ends are remembered, twice as once, and only grants and visits are ever forgotten', async (t) => {
  const { grants } = makeStore(t);
  t.notOk(grants.isEnded('grant', 'a'));
  grants.end('grant', 'a', 1000);
  grants.end('grant', 'a', 500);
  grants.end('visit', 'a', 1000);
  grants.end('rule', 'a', 1000);
  grants.end('guest', 'a', 1000);
  grants.end('grant', 'for ever');
  grants.end('grant', 'for ever', 1000);
  t.ok(grants.isEnded('grant', 'a'));
  t.notOk(grants.isEnded('grant', 'b'));

  grants.prune(1000);
  t.ok(grants.isEnded('grant', 'a'), 'a clock that is a day ahead revives nothing');
  grants.prune(999 + day);
  t.ok(grants.isEnded('grant', 'a'), 'the later end counts');
  grants.prune(1000 + day);
  t.notOk(grants.isEnded('grant', 'a'));
  t.notOk(grants.isEnded('visit', 'a'));
  t.ok(grants.isEnded('rule', 'a'));
  t.ok(grants.isEnded('guest', 'a'));
  t.ok(grants.isEnded('grant', 'for ever'));
});

t.test('counts of grants are forgotten after them, counts of rules never', async (t) => {
  const { grants, journal } = makeStore(t);
  journal.append([draft(1)], { grant: 'g', grantExp: 1000, rule: 'r', firstOfVisit: true });
  grants.prune(999 + day);
  t.equal(grants.usesOf('g'), 1);
  grants.prune(1000 + day);
  t.equal(grants.usesOf('g'), 0);
  t.equal(grants.visitsOf('r'), 1);
});

t.test('documents and numbers are replaced whole and outlive the process', async (t) => {
  const store = makeStore(t);
  t.equal(store.trust.document('ruleBook'), undefined);
  t.equal(store.trust.number('epoch'), 0);
  store.trust.keepDocument('ruleBook', 'one');
  store.trust.keepDocument('ruleBook', 'two');
  store.trust.keepNumber('mark', 1_790_000_000_000.9);
  store.close();
  const { trust } = makeStore(t, store.path);
  t.equal(trust.document('ruleBook'), 'two');
  t.equal(trust.document('issuerSet'), undefined);
  t.equal(trust.number('mark'), 1_790_000_000_000);
});

t.test('entries go only when they were acknowledged long enough ago, never the last one', async (t) => {
  const store = makeStore(t);
  fill(store, 1200);
  const hash700 = store.journal.hashAt(700);
  store.trust.keepNumber('acked', 700);
  t.equal(store.retention.prune(10_000, 1_000), 0, 'acknowledged just now');
  store.trust.keepNumber('acked', 1200);
  t.equal(store.retention.prune(10_999, 1_000), 0);
  t.equal(store.retention.prune(11_000, 1_000), 700);
  t.same(store.rows.floor(), { seq: 700, hash: hash700 });
  t.equal(store.journal.hashAt(700), hash700, 'the chain can be followed from there');
  t.equal(store.journal.hashAt(699), undefined);
  t.match(store.journal.read(1, 1)[0], /^\{"seq":701,/);

  t.equal(store.retention.prune(20_000, 1_000), 499);
  t.equal(store.journal.read(1, 10).length, 1);
  t.equal(store.journal.append([draft(1201)])[0]?.entry.seq, 1201);
  const again = makeStore(t, store.path);
  t.equal(again.journal.head().seq, 1201);
});

t.test('without an acknowledgement nothing goes', async (t) => {
  const store = makeStore(t);
  fill(store, 10);
  t.equal(store.retention.prune(1_000, 0), 0);
  t.equal(store.retention.prune(1_000_000, 0), 0);
  t.equal(store.journal.read(1, 100).length, 10);
});
