import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { signDocument } from '../../../wire/jws.ts';
import { lockOrderForm } from '../../../wire/lock-order.ts';
import type { RequestBody } from '../../../wire/messages.ts';
import { ruleBookForm } from '../../../wire/rule-book.ts';
import { newSoftPasskey, type SoftPasskey } from '../../support/soft-passkey.ts';
import { makeHub } from '../support/hub.ts';
import { newSignKey, prove } from '../support/keys.ts';
import { Device, makeCarrier, makeCourier, makeOwner, makeTask, type Owner } from '../support/people.ts';
import { openStream } from '../support/stream.ts';
import { makeWorld, until } from '../support/world.ts';

const out = { status: 401, body: { code: 'SESSION_ENDED' } };

async function register(device: Device, own: SoftPasskey): Promise<void> {
  const { challenge } = (await device.ask('POST', '/v1/account/challenges', { body: { for: 'register' } })).body;
  await device.ask('POST', '/v1/account', { body: own.made(challenge) });
}

async function logIn(device: Device, own: SoftPasskey): Promise<number> {
  const { challenge } = (await device.ask('POST', '/v1/account/challenges', { body: { for: 'log-in' } })).body;
  return (await device.ask('POST', '/v1/account/log-ins', { body: own.answered(challenge) })).status;
}

/** A home whose owner device is pinned with a passkey, and is logged in. */
async function setUp(t: Test) {
  const world = await makeWorld(t, { config: { pagesOrigins: ['https://app.example'] } });
  const hub = await makeHub(world);
  t.teardown(() => hub.leave());
  const own = newSoftPasskey();
  const owner = await makeOwner(world, hub, own.passkey);
  const put = (): string[] => hub.requests.flatMap(({ body }) => (body.op === 'document.put' ? [body.document] : []));
  return { world, hub, owner, own, put };
}

const loggedIn = async (t: Test) => {
  const home = await setUp(t);
  await register(home.owner, home.own);
  return home;
};
const look = (owner: Owner) => owner.ask('GET', owner.home);

t.test(
  'a device with a passkey uses the home only while it is logged in to the account that has the passkey',
  async (t) => {
    const { world, owner, own } = await setUp(t);
    t.match(await look(owner), out, 'it has proven its key, and nobody has shown a finger yet');
    await register(owner, newSoftPasskey());
    t.match(await look(owner), out, "a thief's own account does not do");
    await register(owner, own);
    t.equal((await look(owner)).status, 200);
    const laptop = new Device(world, await newSignKey('ES256'));
    t.equal(await logIn(laptop, own), 201);
    t.match(await laptop.ask('GET', owner.home), { status: 404 }, 'T23: an account alone opens no home');
    const which = { device: owner.key.kid };
    t.match(await laptop.ask('POST', '/v1/account/session-ends', { body: { which } }), { body: { ended: 1 } });
    t.match(await look(owner), out);
    t.match(await owner.put(await owner.signRevocation({ kind: 'guest', id: 'anna' })), out);
    t.equal(await logIn(owner, own), 201);
    t.equal((await look(owner)).status, 200);
  },
);

t.test('a stream of events that is open falls silent when the device is logged out', async (t) => {
  const { world, owner } = await loggedIn(t);
  const path = `${owner.home}/events`;
  const { port } = world.cloud.app.server.address() as AddressInfo;
  const stream = await openStream(`http://127.0.0.1:${port}${path}`, await prove(owner.key, { method: 'GET', path }));
  t.teardown(stream.close);
  const asked = { ...owner.device, proof: 'A'.repeat(43) };
  const ask = () => owner.ask('POST', `${owner.home}/device-requests`, { body: asked });
  await ask();
  await until('it is told', () => stream.events.length === 1);
  await owner.ask('POST', '/v1/account/session-ends', { body: { which: 'all' } });
  await ask();
  await until('it has ended', stream.closed);
  t.equal(stream.events.length, 1, 'and it said nothing of what came after');
});

t.test('the cloud takes what widens only with its assertion, and carries and keeps it as it is', async (t) => {
  const { world, hub, owner, own, put } = await loggedIn(t);
  const carrier = await makeCarrier(world);
  const rule = carrier.rule(hub, { consent: 'ask' });
  const silent = await owner.signRuleBook([rule]);
  t.match(await owner.put(silent), { status: 403, body: { code: 'PASSKEY_MISSING' } });
  t.match(await owner.put(own.confirm(silent, { flags: 0x01 })), { body: { code: 'PASSKEY_NOT_VERIFIED' } });
  t.match(await owner.put(newSoftPasskey().confirm(silent)), { body: { code: 'PASSKEY_NOT_GENUINE' } });
  t.same(put(), [], 'nothing of it has reached the hub');
  const meant = own.confirm(silent);
  t.match(await owner.put(meant), { status: 200, body: { accepted: ruleBookForm.typ } });
  t.equal(put().at(-1), meant);
  t.match(await owner.put(meant), { status: 200 }, 'the same again');
  t.match(await owner.put(await owner.signRuleBook([rule])), { status: 200 }, 'a renewal needs none');
  t.match(await owner.put(await owner.signRuleBook([rule, carrier.rule(hub)])), { body: { code: 'PASSKEY_MISSING' } });

  const courier = await makeCourier(world);
  const { task, delivery } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const { grant } = (await owner.ask('GET', `${owner.home}/grants?waiting=true`)).body.grants[0];
  const yes = await owner.signApproval(grant);
  t.match(await owner.put(yes), { body: { code: 'PASSKEY_MISSING' } });
  const confirmed = own.confirm(yes);
  t.match(await owner.put(confirmed), { status: 200 });
  t.equal((await courier.ask('GET', `${task}/grant`)).body.approval, confirmed);
});

t.test('a hub that was away gets what a renewal renews, in order', async (t) => {
  const { world, hub, owner, own } = await loggedIn(t);
  const carrier = await makeCarrier(world);
  await hub.tear();
  await until('away', async () => (await look(owner)).body.online === false);
  const rule = carrier.rule(hub);
  const books = [own.confirm(await owner.signRuleBook([rule])), await owner.signRuleBook([rule])];
  for (const book of books) t.match(await owner.put(book), { status: 202 });
  await hub.connect();
  t.same((await hub.hello()).documents, books);
});

t.test('an order to a lock is carried with its assertion', async (t) => {
  const { hub, owner, own } = await loggedIn(t);
  const nowS = Math.floor(Date.now() / 1000);
  const order = { do: 'codes.add', sealed: 'a.b.c.d.e' } as const;
  const claims = { aud: hub.id, jti: 'j'.repeat(22), iat: nowS, exp: nowS + 60, door: hub.door, order };
  const text = own.confirm(await signDocument(lockOrderForm, claims, owner.key));
  hub.handler = async (body: RequestBody) =>
    body.op === 'lock.order' ? { ok: true, value: { answer: 'a.b.c' } } : hub.decide(body);
  t.match(await owner.ask('POST', `${owner.home}/locks/orders`, { body: { order: text } }), { status: 200 });
  t.match(hub.requests.at(-1), { body: { op: 'lock.order', order: text } });
});
