import t from 'tap';
import type { Bus, BusListener } from '../../../cloud-bridge/bus/bus.ts';
import { lineOver } from '../../../cloud-bridge/bus/line.ts';
import { instanceIdOf } from '../../../cloud-bridge/ca/names.ts';
import { openLog } from '../../../cloud-bridge/log.ts';
import { faults } from '../../../wire/faults.ts';
import { newId } from '../../../wire/jws.ts';
import { type Request, writeMessage } from '../../../wire/messages.ts';
import { makeHome } from '../support/home.ts';
import { makeCarrier, makeCourier, makeTask } from '../support/people.ts';
import { makeWorld } from '../support/world.ts';

const hubA = `hub-${'a'.repeat(20)}`;
const hubB = `hub-${'b'.repeat(20)}`;

/** A bus that is a list: what is asked can be answered by hand. */
function handBus() {
  const listeners: BusListener[] = [];
  const sent: Request[] = [];
  let online = true;
  const bus: Bus = {
    instanceId: 'cloud-1',
    get online() {
      return online;
    },
    start: () => undefined,
    close: async () => undefined,
    publish: (_hub, _kind, payload) => {
      if (online) sent.push(JSON.parse(payload.toString('utf8')));
      return online;
    },
    listen: (listener) => void listeners.push(listener),
  };
  const answer = (hub: string, message: object) => {
    for (const listener of listeners) listener.answer?.(hub, writeMessage(message));
  };
  const setOnline = (now: boolean) => {
    online = now;
    for (const listener of listeners) listener.change?.(now);
  };
  return { bus, sent, answer, setOnline };
}

const options = { answerMs: 50, now: () => 1_000, isOffline: () => false };
const silent = openLog('silent');

t.test('an answer counts from the hub that was asked, once', async (t) => {
  const { bus, sent, answer } = handBus();
  const line = lineOver(bus, { ...options, answerMs: 5_000 }, silent);
  const asked = line.ask(hubA, { op: 'hub.status' });
  const [request] = sent;
  t.match(request, { v: 1, to: 'cloud-1', exp: 6_000, body: { op: 'hub.status' } });
  answer(hubB, { v: 1, id: request!.id, ok: true, body: { from: 'another hub' } });
  answer(hubA, { v: 1, id: newId(), ok: true, body: { to: 'another request' } });
  answer(hubA, { v: 2, id: request!.id, ok: true, body: {} });
  answer(hubA, { v: 1, id: request!.id, ok: true, body: { mine: true } });
  answer(hubA, { v: 1, id: request!.id, ok: true, body: { mine: 'again' } });
  t.same(await asked, { ok: true, value: { mine: true } });
});

t.test('T43: nothing is sent twice and nothing is kept for later', async (t) => {
  const { bus, sent, setOnline } = handBus();
  const line = lineOver(bus, options, silent);
  await t.rejects(line.ask(hubA, { op: 'hub.status' }), { code: 'HUB_SILENT' });
  t.equal(sent.length, 1);
  setOnline(false);
  await t.rejects(line.ask(hubA, { op: 'hub.status' }), { code: 'HUB_OFFLINE', detail: { why: 'broker' } });
  setOnline(true);
  t.equal(sent.length, 1);
  const under = lineOver(bus, { ...options, answerMs: 60_000 }, silent).ask(hubA, { op: 'hub.status' });
  setOnline(false);
  await t.rejects(under, { code: 'HUB_SILENT' }, 'a lost connection ends what is under way');
  const away = lineOver(bus, { ...options, isOffline: () => true }, silent);
  await t.rejects(away.ask(hubA, { op: 'hub.status' }), { code: 'HUB_OFFLINE' });
});

t.test('the name in the certificate is the name of the instance', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const { readFile } = await import('node:fs/promises');
  t.equal(instanceIdOf(await readFile(`${world.dataDir}/cloud/client.pem`, 'utf8')), 'cloud-1');
  const server = await readFile(`${world.dataDir}/broker/server.pem`, 'utf8');
  t.throws(() => instanceIdOf(server), { code: 'CONFIG_INVALID' });
});

t.test("every refusal of a hub comes back with its code, its detail and its table's status", async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const [carrier, courier] = [await makeCarrier(world), await makeCourier(world)];
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const { delivery, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const { grant } = (await courier.ask('GET', `${task}/grant`)).body;
  const view = (await courier.ask('POST', `${task}/prepare`, { body: {}, key: false })).body;
  const knock = await courier.knock(view, grant, view.nonces.arrive);
  for (const code of Object.keys(faults) as (keyof typeof faults)[]) {
    if (code === 'INTERNAL') continue;
    hub.handler = () => ({ ok: false, code, detail: { has: 1 } });
    const answer = await courier.act(view.visit, knock);
    t.match(answer, { status: faults[code].http, body: { code, detail: { has: 1 } } }, code);
  }
  for (const value of [{}, { ...view, visit: newId() }, { ...view, nonces: { fly: newId() } }]) {
    hub.handler = () => ({ ok: true, value });
    t.equal((await courier.act(view.visit, knock)).body.code, 'HUB_SILENT', 'an answer that does not fit is none');
  }
});
