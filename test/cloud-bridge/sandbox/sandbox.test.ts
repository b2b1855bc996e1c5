import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { sandboxScripts } from '../../../cloud-bridge/sandbox/scripts.ts';
import { newId, peek, toVerifyKey } from '../../../wire/jws.ts';
import { receiptForm, verifyReceipt } from '../../../wire/receipt.ts';
import {
  type SandboxOutcome,
  sandboxDoorOf,
  sandboxHub,
  sandboxOutcomeOf,
  sandboxOutcomes,
} from '../../../wire/sandbox.ts';
import { deviceCheck } from '../../../wire/task.ts';
import { verifyEvidence } from '../../../wire/verify-evidence.ts';
import { makeHome } from '../support/home.ts';
import { newSignKey } from '../support/keys.ts';
import { Carrier, makeCarrier, makeCourier } from '../support/people.ts';
import { openStream } from '../support/stream.ts';
import { ask, makeWorld, until, type World } from '../support/world.ts';
import { openReceiver, signedBy } from '../webhook/receiver.ts';

/** An attempt that was not planned is over, and a visit in one that was: the same for each of them. */
const visit = ['task.claimed', 'assigned', 'granted', 'at-door', 'in-progress'];
const there = ['task.claimed', 'assigned', 'at-door', 'stop here arrive', 'stop here ring'];
const handedOver = [...there, 'delivered handed-over code', 'stop closed compared handed-over'];
const putDown = [...there, 'delivered put photo', 'stop closed put put'];
/** An attempt that failed: the next one is there before the first is told to be over. */
const inVain = (outcome: string, act: string, attempt: number): string[] => [
  ...[`announced ${outcome}`, `attempt ${attempt}`, `stop closed ${act} ${outcome}`],
];
const nobody = (attempt: number): string[] => [...there, ...inVain('left', 'leave', attempt)];

/** What a carrier hears, in order, beside receipts of stops: types of events, and how delivery and stop stand. */
const heard: Readonly<Record<Exclude<SandboxOutcome, 'refused'>, readonly string[]>> = {
  delivered: [...visit, 'delivered completed secured'],
  'owner-says-yes': [
    ...['task.claimed', 'assigned', 'waiting-for-owner', 'granted', 'at-door', 'in-progress'],
    'delivered completed secured',
  ],
  'owner-says-no': [
    ...['task.claimed', 'assigned', 'waiting-for-owner', 'stop closed cancelled cancelled'],
    'cancelled ended-by-owner',
  ],
  'stopped-by-owner': ['task.claimed', 'assigned', 'granted', 'at-door', 'failed stopped untouched'],
  'nobody-entered': [...visit, 'failed nobody-entered secured'],
  'left-open': [...visit, 'failed incomplete unsecured'],
  jam: [...visit, 'failed lock-failed unsecured'],
  'contact-fault': [...visit, 'failed contact-fault locked'],
  'camera-lost': ['task.claimed', 'assigned', 'granted', 'at-door', 'failed aborted untouched'],
  'link-lost': [...visit, 'delivered completed secured'],
  'hub-restarted': [...visit, 'failed interrupted secured'],
  'second-device': ['task.claimed', 'assigned', 'task.dead', 'announced'],
  'nobody-comes': [],
  'handed-over': handedOver,
  'wrong-code': [...there, ...inVain('tries-used', 'compared', 2), ...handedOver],
  'to-neighbour': handedOver,
  'put-down': putDown,
  'not-mine': [
    ...['task.claimed', 'assigned', 'at-door', 'stop here arrive', 'stop closed blocked blocked'],
    'cancelled not-mine',
  ],
  'plan-changed': ['plan in-person', ...handedOver],
  'nobody-home': [...nobody(2), ...handedOver],
  'picked-up': [...there, 'failed picked-up-later', 'stop closed collectable picked-up-later'],
  'given-up': [
    ...[...nobody(2), ...nobody(3), ...nobody(4), ...nobody(5)],
    ...[...there, 'failed left', 'stop closed leave left'],
  ],
  disputed: [...putDown, 'dispute open not-there prove'],
  'dispute-withdrawn': [...putDown, 'dispute open not-there prove', 'dispute withdrawn not-there'],
  'dispute-settled': [...putDown, 'dispute open not-there prove', 'dispute settled not-there'],
};

async function makeSandbox(world: World): Promise<Carrier> {
  const key = await newSignKey('ES256');
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const body = { name: 'Hermes, trying', jwk: key.jwk, sandbox: true };
  const made = (await ask(world.cloud, 'POST', '/v1/carriers', { headers, body })).body;
  return new Carrier(world, key, made.carrier, made.clientSecret);
}

const nowS = (): number => Math.floor(Date.now() / 1000);
const wish = (door: string, more: object = {}) => ({
  ...{ door, from: nowS() - 60, until: nowS() + 7200, parcels: 1, reference: 'r' },
  ...more,
});

type Heard = Pick<Awaited<ReturnType<typeof openStream>>['events'][number], 'event' | 'data'>;

function said({ event, data }: Heard): string {
  const texts: Readonly<Record<string, readonly (string | undefined)[]>> = {
    'delivery.state': [data.state, data.outcome, data.proof],
    'stop.state': ['stop', data.state, data.act, data.end],
    'delivery.attempt': ['attempt', `${data.attempt}`],
    'delivery.plan': ['plan', ...(data.plan ?? []).map(({ place }: { place: string }) => place)],
    'delivery.disputed': ['dispute', data.state, data.what, data.next],
  };
  return (texts[event] ?? [event]).filter(Boolean).join(' ');
}

const goodProof: ReadonlySet<unknown> = new Set(['secured', 'locked', 'unsecured', 'untouched']);
const isReceipt = ({ event }: Heard): boolean => event === 'stop.receipt';
const deliveryOf = ({ data }: Heard): string => data.delivery;

t.test(
  'every outcome is played on request, in the order of a real one, with a receipt that says what it is',
  async (t) => {
    const world = await makeWorld(t, { broker: false, config: { webhookReach: 'loopback' } });
    await world.cloud.start();
    const carrier = await makeSandbox(world);
    t.match(carrier.id, /^sandbox-/, 'its client id tells it apart');
    const shown = (await carrier.ask('GET', '/v1/sandbox')).body;
    t.same(shown.doors, sandboxOutcomes.map(sandboxDoorOf));
    t.match(shown, { sandbox: true, hub: sandboxHub });
    const receiver = await openReceiver();
    t.teardown(() => receiver.close());
    const hook = (await carrier.ask('POST', '/v1/webhooks', { body: { url: receiver.url } })).body;
    const deliveries = new Map<string, SandboxOutcome>();
    for (const { door, can } of shown.outcomes as { door: string; can: string[] }[]) {
      const outcome = sandboxOutcomeOf(door)!;
      const body = wish(door, can.length === 0 ? {} : { can });
      const answer = await carrier.ask('POST', '/v1/deliveries?pace=0', { body });
      if (outcome === 'refused') t.match(answer, { status: 403, body: { code: 'DELIVERY_NOT_ALLOWED' } });
      else t.match(answer, { status: 201, body: { state: 'announced', hub: sandboxHub, attempt: 1 } }, outcome);
      const places = (answer.body.plan ?? []).map(({ place }: { place: string }) => place);
      if (outcome !== 'refused') t.same(places, can.length === 0 ? ['inside'] : can, 'the plan is what it says');
      if (answer.status === 201) deliveries.set(answer.body.delivery, outcome);
    }
    const ended = (own: readonly Heard[]): number => own.filter((one) => said(one).startsWith('stop closed')).length;
    /** An attempt that only a hub's journal closes has no event of its own. */
    const wanted = Object.values(heard).flat();
    const closed = wanted.filter((one) => one.startsWith('stop closed')).length;
    const unplanned = wanted.filter((one) => /^(delivered|failed) (?!handed-over|put|left|picked-up)/.test(one)).length;
    const all = wanted.length + closed + unplanned;
    const address = world.cloud.app.server.address();
    const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const headers = { authorization: `Bearer ${await carrier.token()}` };
    const { events } = await openStream(`${base}/v1/carrier/events?after=0`, headers);
    await until('all is played', () => events.length >= all, 30_000);
    t.equal(events.length, all);
    const hubKey = await toVerifyKey(shown.hubKey);
    for (const [delivery, outcome] of deliveries) {
      const own = events.filter((one) => deliveryOf(one) === delivery);
      const told = own.filter((one) => !isReceipt(one));
      t.same(told.map(said), heard[outcome as keyof typeof heard], outcome);
      const { receipt } = told.findLast(({ event }) => event === 'delivery.state')?.data ?? {};
      if (own.some(({ data }) => goodProof.has(data.proof))) {
        const verified = await verifyReceipt(receipt, hubKey);
        t.match(verified, { ok: true, value: { iss: sandboxHub, delivery, door: sandboxDoorOf(outcome) } }, outcome);
      } else t.equal(receipt, undefined, outcome);

      const { packs } = (await carrier.ask('GET', `/v1/deliveries/${delivery}/evidence`)).body;
      t.equal(packs.length, own.filter(isReceipt).length, `${outcome}: each attempt that is over has its evidence`);
      t.ok(packs.length >= ended(own));
      for (const pack of packs) {
        const evidence = await verifyEvidence(JSON.stringify(pack), { root: world.rootHash });
        const receipt = { delivery, hub: sandboxHub, door: sandboxDoorOf(outcome), carrier: carrier.id };
        t.match(evidence, { ok: true, value: { receipt, seal: { iss: sandboxHub } } }, outcome);
      }
    }
    await until('all is posted', () => receiver.got.length >= all, 30_000);
    const posted = receiver.got.toSorted((a, b) => a.body.sequence - b.body.sequence);
    t.same(
      posted.map(({ body }) => [body.sequence, body.type, body.data]),
      events.map(({ id, event, data }) => [id, event, data]),
      'by webhook, each once, what the stream says',
    );
    t.ok(posted.every((got) => signedBy(got, [hook.secret]).length === 1));
    const database = new Database(layoutOf(world.dataDir).database, { readonly: true });
    t.teardown(() => database.close());
    const count = (table: string): number => Number(database.prepare(`select count(*) from ${table}`).pluck().get());
    t.same(
      ['hub', 'home', 'door', 'grant_issued', 'document', 'support_case', 'notice'].map(count),
      [0, 0, 0, 0, 0, 0, 0],
      'nothing of a home came of it, and nobody of support has work',
    );
    t.equal(count('sandbox_play'), 0, 'all is played to its end');
  },
);

t.test('the guide names every outcome as the sandbox plays it', async (t) => {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/api-for-carriers.md'), 'utf8');
  const rows = sandboxOutcomes.map((outcome) => {
    const { says, order = [] } = sandboxScripts[outcome];
    return `| \`${sandboxDoorOf(outcome)}\` | ${order.map((place) => `\`${place}\``).join(', ')} | ${says} |`;
  });
  t.same(guide.match(/^\| `door-sandbox-.*$/gm), rows);
});

t.test('how fast is a parameter, by the injected clock; an assignment is verified as a real one is', async (t) => {
  const world = await makeWorld(t, { broker: false });
  await world.cloud.start();
  const carrier = await makeSandbox(world);
  const { body } = await carrier.ask('POST', '/v1/deliveries?pace=60000', { body: wish(sandboxDoorOf('delivered')) });
  const path = `/v1/deliveries/${body.delivery}`;
  const link = await carrier.ask('POST', `${path}/task-link`, { body: {} });
  t.equal(link.status, 201);
  const show = async () => (await carrier.ask('GET', path)).body;
  world.wind(59_000);
  t.equal((await show()).state, 'announced');
  world.wind(1_500);
  await until('the courier takes the link', async () => (await show()).state === 'assigned');
  const { device } = await show();
  t.equal(device.check, deviceCheck(device.jkt));
  const sign = (claims: object) =>
    carrier.signAssignment({ id: sandboxHub, door: body.door } as never, body.delivery, device.jkt, claims);
  const hand = async (claims: object) =>
    carrier.ask('POST', `${path}/assignment`, { body: { assignment: await sign(claims) } });
  t.match(await hand({ cnf: { jkt: (await newSignKey('ES256')).kid } }), { body: { code: 'ASSIGNMENT_OTHER_DEVICE' } });
  t.match(await hand({ aud: `hub-${'a'.repeat(20)}` }), { body: { code: 'ASSIGNMENT_WRONG_HUB' } });
  t.match(await hand({}), { status: 200, body: { state: 'granted' } });
  t.equal((await show()).state, 'granted');
  world.wind(60_000);
  world.wind(60_000);
  await until('the courier comes', async () => (await show()).state === 'at-door');
  t.match(await carrier.ask('POST', `${path}/cancel`, { body: {} }), { status: 200 });
  world.wind(600_000);
  t.match(await carrier.ask('POST', '/v1/deliveries?pace=60001', { body: wish(body.door) }), { status: 400 });
  t.equal((await show()).state, 'cancelled', 'and no further');
});

t.test(
  'it goes by what the carrier says that it can, and the carrier may say and do what a real one may',
  async (t) => {
    const world = await makeWorld(t, { broker: false });
    await world.cloud.start();
    const carrier = await makeSandbox(world);
    const announce = (outcome: SandboxOutcome, more: object, pace = 0) =>
      carrier.ask('POST', `/v1/deliveries?pace=${pace}`, { body: wish(sandboxDoorOf(outcome), more) });
    const eventsOf = async (
      delivery: string,
      isDone: (told: readonly string[]) => boolean,
    ): Promise<readonly string[]> => {
      const database = new Database(layoutOf(world.dataDir).database, { readonly: true });
      const rows = database.prepare('select type, data from event where party = ? order by seq');
      let told: readonly string[] = [];
      await until('it is played', () => {
        const all = rows.all(`carrier:${carrier.id}`) as { type: string; data: string }[];
        const own = all.map(({ type, data }) => ({ event: type, data: JSON.parse(data) }));
        told = own.filter((one) => deliveryOf(one) === delivery).map(said);
        return isDone(told);
      });
      database.close();
      return told;
    };
    const missing = { status: 403, body: { code: 'DELIVERY_NOT_ALLOWED', detail: { lacks: 'neighbour' } } };
    t.match(await announce('to-neighbour', { can: ['in-person'] }), missing, 'what is played there cannot be');
    t.match(await announce('handed-over', {}), { status: 403, body: { code: 'DELIVERY_NOT_ALLOWED' } });
    const aged = { can: ['in-person', 'pick-up'], parcel: { restrictions: ['age-checked'] } };
    t.match(await announce('picked-up', aged), { status: 403, body: { detail: { lacks: 'pick-up' } } });
    t.match(await announce('delivered', { kind: 'locker' }), { body: { code: 'DELIVERY_UNSUPPORTED' } });

    const planned = (await announce('delivered', { can: ['inside'] })).body.delivery;
    t.same(
      await eventsOf(planned, (told) => told.includes('stop.receipt')),
      [
        ...['task.claimed', 'assigned', 'granted', 'at-door', 'stop here arrive', 'stop here ring'],
        ...['in-progress', 'delivered completed secured', 'stop closed visit.ended inside', 'stop.receipt'],
      ],
      'with a plan the courier rings before it opens',
    );

    const disputed = (await announce('disputed', { can: ['drop'] })).body.delivery;
    await eventsOf(disputed, (told) => told.includes('dispute open not-there prove'));
    const answer = { body: { text: 'The driver comes and looks.' } };
    t.match(await carrier.ask('POST', `/v1/deliveries/${disputed}/dispute-answer`, answer), { status: 200 });
    t.equal((await eventsOf(disputed, () => true)).at(-1), 'dispute answered not-there', 'and it is answered');

    const fetched = (await announce('picked-up', { can: ['in-person', 'pick-up'] }, 60_000)).body;
    t.same(fetched.plan, [{ place: 'in-person' }, { place: 'pick-up' }]);
    const collectable = `/v1/deliveries/${fetched.delivery}/collectable`;
    t.match(await carrier.ask('POST', collectable, { body: {} }), { body: { outcome: 'picked-up-later' } });
    world.wind(600_000);
    t.same(
      await eventsOf(fetched.delivery, (told) => told.includes('stop.receipt')),
      ['failed picked-up-later', 'stop closed collectable picked-up-later', 'stop.receipt'],
      'said by the carrier itself; nothing more is played',
    );
  },
);

t.test('a sandbox delivery reaches no real door, and a real one no virtual door', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const [live, sandbox] = [await makeCarrier(world), await makeSandbox(world)];
  // Even an owner who was talked into a rule for the sandbox lets nobody in by it.
  await owner.put(await owner.signRuleBook([live.rule(hub), sandbox.rule(hub)]));
  t.equal((await live.announce(hub)).status, 201);
  t.match(await sandbox.announce(hub), { status: 403, body: { code: 'DELIVERY_NOT_ALLOWED' } });
  for (const outcome of sandboxOutcomes) {
    t.match(await live.announce(hub, { door: sandboxDoorOf(outcome) }), { status: 403 }, outcome);
  }
  t.match(await live.ask('POST', '/v1/deliveries?pace=0', { body: wish(hub.door) }), { status: 400 });
  const listed = (await owner.ask('GET', `${owner.home}/carriers`)).body.carriers as { carrier: string }[];
  t.same(
    listed.map(({ carrier }) => carrier),
    [live.id],
    'owners are not offered the sandbox',
  );

  const asked = hub.requests.length;
  const made = (await sandbox.ask('POST', '/v1/deliveries?pace=0', { body: wish(sandboxDoorOf('delivered')) })).body;
  const path = `/v1/deliveries/${made.delivery}`;
  const { token } = (await sandbox.ask('POST', `${path}/task-link`, { body: {} })).body;
  await until('it is played', async () => (await sandbox.ask('GET', path)).body.state === 'delivered');
  const { receipt } = (await sandbox.ask('GET', path)).body;
  const read = peek(receiptForm, receipt);
  t.match(read, { ok: true, value: { claims: { iss: sandboxHub } } });
  t.equal((await verifyReceipt(receipt, hub.sign)).ok, false, 'no real hub has signed it');
  const courier = await makeCourier(world);
  const grant = await courier.ask('GET', `/v1/tasks/${token}/grant`);
  t.ok(grant.status >= 400, `no grant comes of it: ${grant.body.code}`);
  t.equal((await live.ask('GET', path)).status, 404);
  t.equal((await owner.ask('GET', `${owner.home}/deliveries`)).body.deliveries.length, 1);
  t.equal(hub.requests.length, asked, 'no hub heard of it');
  t.equal((await sandbox.ask('POST', `/v1/deliveries/${newId()}/task-link`, { body: {} })).status, 404);
});
