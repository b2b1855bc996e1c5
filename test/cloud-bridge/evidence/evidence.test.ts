/** Evidence over HTTP: S004, S008, S009, S040, S071, S085, S086, T30. */
import t from 'tap';
import { hashOf, newId, signDocument } from '../../../wire/jws.ts';
import { receiptForm } from '../../../wire/receipt.ts';
import { verifyEvidence } from '../../../wire/verify-evidence.ts';
import { openStopStage, type StopTask } from '../stop/stop-stage.ts';
import { makeCarrier } from '../support/people.ts';
import { until } from '../support/world.ts';

const stage = await openStopStage(t);
const { world, owner, carrier, account, hub } = stage;
const root = world.rootHash;
const inPerson = { order: ['in-person', 'tomorrow'], codeFrom: { amount: 0, currency: 'EUR' } };
const can = ['in-person', 'tomorrow'] as const;
const wrongOf = (digits: string): string => String((Number(digits) + 1) % 1_000_000).padStart(6, '0');

interface Told {
  readonly seal?: string;
}
const packsOf = async (task: StopTask): Promise<Told[]> =>
  (await owner.ask('GET', `${owner.home}/deliveries/${task.delivery}/evidence`)).body.packs;
/** Of the first attempt, once it has its receipt, and the hub's seal unless told otherwise. */
async function packOf(task: StopTask, isDone = ({ seal }: Told): boolean => seal !== undefined): Promise<Told> {
  let pack: Told | undefined;
  await until('the evidence', async () => {
    [pack] = await packsOf(task);
    return pack !== undefined && isDone(pack);
  });
  return pack!;
}
const read = async (pack: object) => {
  const verdict = await verifyEvidence(JSON.stringify(pack), { root });
  if (!verdict.ok) throw new TypeError(verdict.code);
  return verdict.value;
};

t.test('handed over with a code: who has the file can check it, and it says no more than is known', async (t) => {
  await stage.wish(inPerson);
  const task = await stage.task(can, { parcel: { goods: 'Telephone', sender: 'A shop' } });
  t.same(await packsOf(task), [], 'nothing is over yet');
  await task.act({ act: 'arrive' });
  await task.act({ act: 'ring' });
  const digits = await stage.codeOf(task.delivery);
  await task.act({ act: 'name', holder: account });
  await task.act({ act: 'hand-over', holder: account, typedBy: 'recipient' }, { digits: wrongOf(digits) });
  await task.act({ act: 'hand-over', holder: account, typedBy: 'recipient' }, { digits });
  const pack = await packOf(task);
  const { receipt, seal, acts } = await read(pack);
  t.match(receipt, {
    ...{ end: 'handed-over', place: 'in-person', hub: hub.id, carrier: carrier.id, attempt: 1 },
    receiver: { proven: 'code-holder', holder: 'account', typedBy: 'recipient', wrongEntries: 1 },
    handover: { jkt: task.courier.key.kid, presence: 'said' },
    contents: 'not-checked',
  });
  t.ok(receipt.handover.rangAt! >= receipt.handover.arrivedAt!, 'S071: that somebody rang is the courier’s evidence');
  t.same(receipt.notProven, ['place', 'presence', 'photo', 'door', 'contents', 'condition'], 'T30, S040');
  t.same(
    acts.map(({ act }) => act),
    ['arrive', 'ring', 'name', 'hand-over', 'hand-over'],
  );
  t.match(seal, { saw: { presence: 'nothing' } }, 'the hub says what it saw itself');
  const all = JSON.stringify([pack, receipt, acts]);
  t.notMatch(all, /Telephone|A shop/, 'S004: nothing of goods or people');
  t.notOk(all.includes(digits), 'and no digits');

  const own = await task.courier.ask('GET', `${task.path}/evidence`);
  t.same(own.body.packs, [pack], 'the courier keeps the same');
  const theirs = await carrier.ask('GET', `/v1/deliveries/${task.delivery}/evidence`);
  t.same(theirs.body.packs, [pack], 'and the carrier');
  const other = await makeCarrier(world, 'other');
  t.equal((await other.ask('GET', `/v1/deliveries/${task.delivery}/evidence`)).status, 404, 'S072');
});

t.test('each attempt has evidence of its own, and that nobody was met is evidence too', async (t) => {
  await stage.wish({ ...inPerson, waitSeconds: 0 });
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  await task.act({ act: 'ring' });
  await task.act({ act: 'leave', reason: 'nobody' });
  const pack = await packOf(task);
  t.match((await read(pack)).receipt, {
    ...{ end: 'left', left: 'nobody', place: undefined, receiver: { proven: 'nobody' } },
    handover: { rangAt: Number },
  });
});

t.test('a visit through the door rests on the hub’s own receipt', async (t) => {
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  await stage.store.write(({ wishBooks }) =>
    wishBooks.put({
      home: hub.home,
      version: 900,
      by: 'x',
      at: 0,
      text: JSON.stringify({ zone: 'UTC', order: ['inside'], waitSeconds: 0 }),
    }),
  );
  const task = await stage.task(['inside']);
  const assignment = await carrier.signAssignment(hub, task.delivery, task.courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${task.delivery}/assignment`, { body: { assignment } });
  await task.act({ act: 'arrive' });
  await task.act({ act: 'ring' });
  const visit = newId();
  const at = world.now();
  const door = hub.door;
  const entry = { seq: 1, hash: hashOf('1') };
  const claims = {
    iss: hub.id,
    visit,
    door,
    delivery: task.delivery,
    jkt: task.courier.key.kid,
    arrivedAt: at,
    endedAt: at,
  };
  const receipt = await signDocument(
    receiptForm,
    { ...claims, outcome: 'completed', proof: 'secured', entry },
    hub.sign,
  );
  hub.append('visit.prepared', { jkt: task.courier.key.kid, delivery: task.delivery }, visit, door);
  hub.append('visit.arrived', {}, visit, door);
  hub.append('visit.ended', { outcome: 'completed', proof: 'secured', receipt }, visit, door);
  await hub.sync();
  const pack = await packOf(task);
  const evidence = await read(pack);
  t.match(evidence.receipt, {
    end: 'inside',
    place: 'inside',
    receiver: { proven: 'nobody' },
    visit: { proof: 'secured' },
  });
  t.match(evidence.visit, { visit, proof: 'secured' });
  t.match(evidence.assignment, { iss: carrier.id, cnf: { jkt: task.courier.key.kid } });
  t.notOk(evidence.receipt.notProven.includes('door'));
});

t.test('a hub that was away seals when it comes back', async (t) => {
  await stage.wish({ ...inPerson, waitSeconds: 0 });
  const task = await stage.task(can);
  await hub.leave();
  await task.act({ act: 'arrive' });
  await task.act({ act: 'ring' });
  await task.act({ act: 'leave', reason: 'unsafe' });
  const pack = await packOf(task, () => true);
  t.equal(pack.seal, undefined, 'not yet');
  t.equal((await read(pack)).seal, undefined);
  await hub.connect();
  await hub.hello();
  t.match((await read(await packOf(task))).seal, { iss: hub.id });
});

t.test(
  'what was signed at a stop, and where the phone was, goes after its time; the receipt goes on proving',
  async (t) => {
    await stage.wish({ ...inPerson, waitSeconds: 0 });
    const task = await stage.task(can);
    await task.act({ act: 'arrive', position: { lat: 48.2, lon: 16.37, accuracy: 9, at: world.now() } });
    await task.act({ act: 'ring' });
    await task.act({ act: 'name', holder: account });
    const digits = await stage.codeOf(task.delivery);
    await task.act({ act: 'hand-over', holder: account, typedBy: 'scan' }, { digits });
    const before = await packOf(task);
    const told = await read(before);
    t.match(told.acts[0], { position: { lat: 48.2 } });
    const kept = async (): Promise<number> => {
      await world.cloud.sweep();
      return (await stage.store.read.stops.acts(task.delivery, 1)).length;
    };
    world.wind(89 * 86_400_000);
    t.equal(await kept(), 5);
    const disputes = `${owner.home}/deliveries/${task.delivery}/disputes`;
    t.equal((await owner.ask('POST', disputes, { body: { what: 'damaged' } })).status, 201);
    world.wind(2 * 86_400_000);
    t.equal(await kept(), 5, 'it is disputed');
    await owner.ask('POST', `${disputes}/withdraw`, { body: {} });
    t.equal(await kept(), 0);

    const [after] = (await packsOf(task)) as [Told & { acts: string[] }];
    t.same(after.acts, told.receipt.acts, 'their hashes are there in place of them');
    const verified = await read(after);
    t.same(verified.receipt, told.receipt);
    t.same(verified.acts, []);
    t.match(verified.seal, { iss: hub.id });
    t.notOk(
      (await verifyEvidence(JSON.stringify({ ...after, acts: after.acts.slice(1) }))).ok,
      'none is left out in silence',
    );
  },
);
