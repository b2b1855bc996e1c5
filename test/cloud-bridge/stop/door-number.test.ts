/** The number for the door's keypad, and what the hub felt and heard there: S061, S027, T29, T33. */
import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import type { RequestBody } from '../../../wire/messages.ts';
import type { StopView } from '../../../wire/stop.ts';
import { makeHub } from '../support/hub.ts';
import { until } from '../support/world.ts';
import { openStopStage, type StopTask, taskOf } from './stop-stage.ts';

const stage = await openStopStage(t);
const { world, store, account, hub } = stage;
const can = ['in-person', 'tomorrow'] as const;
const facts = { id: hub.door, kind: 'latch', seesBolt: true, seesDoor: true, camera: false };
await stage.wish({ order: ['in-person', 'tomorrow'], codeFrom: { amount: 0, currency: 'EUR' } });

const asked = (task: StopTask) =>
  hub.requests
    .map(({ body }) => body)
    .filter((body): body is Extract<RequestBody, { op: 'stop.expect' }> => body.op === 'stop.expect')
    .filter(({ delivery }) => delivery === task.delivery);
const viewOf = async (task: StopTask): Promise<StopView> => (await task.look()).body as StopView;
const shown = async (task: StopTask): Promise<string | undefined> => (await viewOf(task)).doorNumber;
async function patiently(what: string, test: () => Promise<boolean>): Promise<void> {
  let isSo = false;
  const look = (): void => void test().then((is) => (isSo ||= is));
  await until(what, () => {
    look();
    return isSo;
  });
}
const arrived = async (): Promise<StopTask> => {
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  await patiently('the number is shown', async () => (await shown(task)) !== undefined);
  return task;
};

t.test('a door without a keypad: nothing is asked of the hub, no number is shown', async (t) => {
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  await task.act({ act: 'ring' });
  t.equal(await shown(task), undefined);
  t.match(await viewOf(task), { presence: 'said', isSure: true });
  t.same(asked(task), []);
});

t.test(
  'with a keypad: the hub is asked once the courier is there, and this device alone is shown the number',
  async (t) => {
    await hub.hello({ doors: [{ ...facts, hasKeypad: true }] });
    const early = await stage.task(can);
    t.equal(await shown(early), undefined);
    t.same(asked(early), [], 'nobody is there yet');
    const task = await arrived();
    const [one] = asked(task);
    t.match(one, { attempt: 1, door: hub.door, number: /^\d{4}$/ });
    t.same(Object.keys(one!).sort(), ['attempt', 'delivery', 'door', 'number', 'op', 'until'], 'no names');
    t.ok(one!.until > world.now() && one!.until <= world.now() + 15 * 60_000);
    t.match(await viewOf(task), { doorNumber: one!.number, presence: 'said', isSure: false });
    await task.act({ act: 'ring' });
    t.equal(await shown(task), one!.number, 'the same for as long as the hub listens');
    t.equal(asked(task).length, 1);
    for (const party of ['home', 'carrier'] as const) {
      t.notMatch(JSON.stringify(await stage.told(party, task.delivery)), `"${one!.number}"`);
    }
    const acts = await store.read.stops.acts(task.delivery, 1);
    t.equal(acts.find(({ kind }) => kind === 'expecting')?.jkt, task.courier.key.kid);
    t.notMatch(JSON.stringify(acts.map(({ text }) => text)), `"${one!.number}"`, 'kept nowhere: it is derived');
  },
);

t.test('a hub that refuses: no number, and the courier is as sure as without a keypad', async (t) => {
  hub.handler = async (body) =>
    body.op === 'stop.expect' ? { ok: false, code: 'LOCK_CAPABILITY_MISSING' } : hub.decide(body);
  t.teardown(() => {
    hub.handler = undefined;
  });
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  await until('the hub was asked', () => asked(task).length > 0);
  await task.act({ act: 'ring' });
  await until('what was refused is asked anew', () => asked(task).length > 1);
  t.match(await viewOf(task), { doorNumber: undefined, isSure: true });
});

t.test('another device that takes the task over is not shown the number of the one before', async (t) => {
  const task = await arrived();
  hub.handler = async (body) => (body.op === 'stop.expect' ? { ok: false, code: 'RATE_LIMITED' } : hub.decide(body));
  const second = await taskOf(world, stage.carrier, task.delivery);
  t.match(await viewOf(second), { state: 'expected', doorNumber: undefined });
  t.match((await second.act({ act: 'arrive' })).body, { state: 'here', doorNumber: undefined });
  await until('the hub was asked anew', () => asked(task).length > 1);
  t.equal(await shown(second), undefined);
  hub.handler = undefined;
  await second.act({ act: 'ring' });
  await patiently('it has one of its own', async () => (await shown(second)) !== undefined);
  t.equal(await shown(second), asked(task).at(-1)?.number);
});

t.test('felt, then heard: what the hub writes down makes the courier surer, never less sure', async (t) => {
  const task = await arrived();
  const body = { delivery: task.delivery, attempt: 1 };
  await task.act({ act: 'name', holder: account });
  const handOver = { act: 'hand-over', holder: account, typedBy: 'courier' } as const;
  const digits = await stage.codeOf(task.delivery);
  t.equal((await task.act(handOver, { digits })).body.code, 'STOP_NOT_HERE', 'its word alone is not enough here');
  for (const [kind, presence] of [
    ['stop.felt', 'felt'],
    ['stop.heard', 'heard'],
    ['stop.felt', 'heard'],
  ] as const) {
    hub.append(kind, body, undefined, hub.door);
    await hub.sync();
    t.match(await viewOf(task), { presence, isSure: true });
  }
  const told = await stage.told('home', task.delivery);
  t.match(
    told.filter(({ act }) => act === 'noticed'),
    [{ presence: 'felt' }, { presence: 'heard' }],
  );
  t.match((await task.act(handOver, { digits })).body, { state: 'closed', end: 'handed-over' });
});

t.test('T33: the word of another hub, of another attempt or before the arrival changes nothing', async (t) => {
  const task = await arrived();
  const early = await stage.task(can);
  const other = await makeHub(world);
  t.teardown(() => other.leave());
  other.append('stop.heard', { delivery: task.delivery, attempt: 1 }, undefined, other.door);
  await other.sync();
  hub.append('stop.heard', { delivery: task.delivery, attempt: 2 }, undefined, hub.door);
  hub.append('stop.heard', { delivery: early.delivery, attempt: 1 }, undefined, hub.door);
  hub.append('stop.heard', { delivery: 'nothing' }, undefined, hub.door);
  await hub.sync();
  t.match(await viewOf(task), { presence: 'said', isSure: false });
  t.match(await viewOf(early), { state: 'expected', presence: 'none' });
});

const bell = { ...facts, hasBell: true };
const forgotten = () => hub.requests.flatMap(({ body }) => (body.op === 'stop.forget' ? [body.delivery] : []));
const note = async (kind: 'stop.someone' | 'stop.felt', body: object): Promise<void> => {
  hub.append(kind, body as never, undefined, hub.door);
  await hub.sync();
};

t.test('a bell and no keypad: no number is shown, and a ring that the hub heard is asked for', async (t) => {
  await hub.hello({ doors: [bell] });
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  await patiently('the hub listens', async () => (await viewOf(task)).isSure === false);
  t.match(asked(task), [{ attempt: 1, door: hub.door }]);
  t.equal(asked(task)[0]?.number, undefined);
  t.match(await viewOf(task), { doorNumber: undefined, presence: 'said', isSure: false });
  await task.act({ act: 'name', holder: account });
  const digits = await stage.codeOf(task.delivery);
  const handOver = { act: 'hand-over', holder: account, typedBy: 'courier' } as const;
  t.equal((await task.act(handOver, { digits })).body.code, 'STOP_NOT_HERE', 'its word alone');
  await note('stop.felt', { delivery: task.delivery, attempt: 1, by: 'bell' });
  t.match(await viewOf(task), { presence: 'felt', isSure: true });
  t.notOk(forgotten().includes(task.delivery));
  t.match((await task.act(handOver, { digits })).body, { state: 'closed', end: 'handed-over' });
  await until('whoever rings now is somebody else', () => forgotten().includes(task.delivery));
});

t.test(
  'S027, T29: a ring while two couriers are there is someone: enough for a code, and never near or felt',
  async (t) => {
    const [one, two] = [await stage.task(can), await stage.task(can)];
    for (const task of [one, two]) {
      await task.act({ act: 'arrive' });
      await patiently('the hub listens', async () => (await viewOf(task)).isSure === false);
    }
    await note('stop.someone', { stops: `${one.delivery}/1 ${two.delivery}/1 ${newId()}/1`, among: 2, by: 'bell' });
    for (const task of [one, two]) t.match(await viewOf(task), { presence: 'someone', isSure: true });
    await note('stop.felt', { delivery: one.delivery, attempt: 1, by: 'bell' });
    await note('stop.someone', { stops: `${one.delivery}/1`, among: 2 });
    t.match([await viewOf(one), await viewOf(two)], [{ presence: 'felt' }, { presence: 'someone' }], 'never less sure');
    await two.act({ act: 'leave', reason: 'not-found' });
    await until('the hub is told', () => forgotten().includes(two.delivery));
    await hub.hello({ doors: [{ ...facts, hasKeypad: true }] });
    const three = await arrived();
    await note('stop.someone', { stops: `${three.delivery}/1`, among: 2 });
    t.match(
      await viewOf(three),
      { presence: 'someone', isSure: false },
      'where there are keys, the number is asked for',
    );
  },
);

t.test('the hub is told, too, when it is the household that says it was handed over', async (t) => {
  await stage.wish({ order: ['in-person', 'tomorrow'] });
  await hub.hello({ doors: [bell] });
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  await until('the hub listens', () => asked(task).length > 0);
  const path = `${stage.owner.home}/deliveries/${task.delivery}/received`;
  await patiently('it is kept that it does', async () => (await viewOf(task)).isSure === false);
  t.equal((await stage.owner.ask('POST', path, { body: {} })).status, 200);
  await until('whoever rings now is somebody else', () => forgotten().includes(task.delivery));
});
