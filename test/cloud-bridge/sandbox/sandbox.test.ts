import t from 'tap';
import { newId, peek, toVerifyKey } from '../../../wire/jws.ts';
import { receiptForm, verifyReceipt } from '../../../wire/receipt.ts';
import { type SandboxOutcome, sandboxDoorOf, sandboxHub, sandboxOutcomes } from '../../../wire/sandbox.ts';
import { deviceCheck } from '../../../wire/task.ts';
import { makeHome } from '../support/home.ts';
import { newSignKey } from '../support/keys.ts';
import { Carrier, makeCarrier, makeCourier } from '../support/people.ts';
import { openStream } from '../support/stream.ts';
import { ask, makeWorld, until, type World } from '../support/world.ts';

/** What a carrier hears, in order: types of events, and how the delivery stands. */
const heard: Readonly<Record<Exclude<SandboxOutcome, 'refused'>, readonly string[]>> = {
  delivered: ['task.claimed', 'assigned', 'granted', 'at-door', 'in-progress', 'delivered completed secured'],
  'owner-says-yes': [
    ...['task.claimed', 'assigned', 'waiting-for-owner', 'granted', 'at-door', 'in-progress'],
    'delivered completed secured',
  ],
  'owner-says-no': ['task.claimed', 'assigned', 'waiting-for-owner', 'cancelled ended-by-owner'],
  'stopped-by-owner': ['task.claimed', 'assigned', 'granted', 'at-door', 'failed stopped untouched'],
  'nobody-entered': ['task.claimed', 'assigned', 'granted', 'at-door', 'in-progress', 'failed nobody-entered secured'],
  'left-open': ['task.claimed', 'assigned', 'granted', 'at-door', 'in-progress', 'failed incomplete unsecured'],
  jam: ['task.claimed', 'assigned', 'granted', 'at-door', 'in-progress', 'failed lock-failed unsecured'],
  'contact-fault': ['task.claimed', 'assigned', 'granted', 'at-door', 'in-progress', 'failed contact-fault locked'],
  'camera-lost': ['task.claimed', 'assigned', 'granted', 'at-door', 'failed aborted untouched'],
  'link-lost': ['task.claimed', 'assigned', 'granted', 'at-door', 'in-progress', 'delivered completed secured'],
  'hub-restarted': ['task.claimed', 'assigned', 'granted', 'at-door', 'in-progress', 'failed interrupted secured'],
  'second-device': ['task.claimed', 'assigned', 'task.dead', 'announced'],
  'nobody-comes': [],
};

async function makeSandbox(world: World): Promise<Carrier> {
  const key = await newSignKey('ES256');
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const body = { name: 'Hermes, trying', jwk: key.jwk, sandbox: true };
  const made = (await ask(world.cloud, 'POST', '/v1/carriers', { headers, body })).body;
  return new Carrier(world, key, made.carrier, made.clientSecret);
}

const nowS = (): number => Math.floor(Date.now() / 1000);
const wish = (door: string) => ({ door, from: nowS() - 60, until: nowS() + 7200, parcels: 1, reference: 'r' });

type Heard = Awaited<ReturnType<typeof openStream>>['events'][number];

const said = ({ event, data }: Heard): string =>
  event === 'delivery.state' ? [data.state, data.outcome, data.proof].filter(Boolean).join(' ') : event;

t.test(
  'every outcome is played on request, in the order of a real one, with a receipt that says what it is',
  async (t) => {
    const world = await makeWorld(t, { broker: false });
    await world.cloud.start();
    const carrier = await makeSandbox(world);
    t.match(carrier.id, /^sandbox-/, 'its client id tells it apart');
    const shown = (await carrier.ask('GET', '/v1/sandbox')).body;
    t.same(shown.doors, sandboxOutcomes.map(sandboxDoorOf));
    t.match(shown, { sandbox: true, hub: sandboxHub });
    const deliveries = new Map<string, SandboxOutcome>();
    for (const outcome of sandboxOutcomes) {
      const answer = await carrier.ask('POST', '/v1/deliveries?pace=0', { body: wish(sandboxDoorOf(outcome)) });
      if (outcome === 'refused') t.match(answer, { status: 403, body: { code: 'DELIVERY_NOT_ALLOWED' } });
      else t.match(answer, { status: 201, body: { state: 'announced', hub: sandboxHub, plan: [{ place: 'inside' }] } });
      if (answer.status === 201) deliveries.set(answer.body.delivery, outcome);
    }
    const wanted = Object.values(heard).flat().length;
    const address = world.cloud.app.server.address();
    const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const headers = { authorization: `Bearer ${await carrier.token()}` };
    const { events } = await openStream(`${base}/v1/carrier/events?after=0`, headers);
    await until('all is played', () => events.length >= wanted);
    t.equal(events.length, wanted);
    const hubKey = await toVerifyKey(shown.hubKey);
    for (const [delivery, outcome] of deliveries) {
      const own = events.filter(({ data }) => data.delivery === delivery);
      t.same(own.map(said), heard[outcome as keyof typeof heard], outcome);
      const { receipt } = own.at(-1)?.data ?? {};
      if (own.some(({ data }) => data.proof !== undefined)) {
        const verified = await verifyReceipt(receipt, hubKey);
        t.match(verified, { ok: true, value: { iss: sandboxHub, delivery, door: sandboxDoorOf(outcome) } }, outcome);
      } else t.equal(receipt, undefined, outcome);
    }
  },
);

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
