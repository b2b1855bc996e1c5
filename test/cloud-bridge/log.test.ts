import t from 'tap';
import { openLog, redacted } from '../../cloud-bridge/log.ts';
import { makeHome } from './support/home.ts';
import { makeCarrier, makeCourier, makeTask } from './support/people.ts';
import { ask } from './support/world.ts';

t.test('R1, S089, T18: no token, key, document or name is in a log or in a message to a hub', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const carrier = await makeCarrier(world, 'Hermes of Olympus');
  const courier = await makeCourier(world);
  const book = await owner.signRuleBook([carrier.rule(hub)]);
  await owner.put(book);
  const announced = await carrier.announce(hub, { reference: 'Ms Smith, 12 High Street' });
  t.equal(announced.status, 201);
  const { delivery, token, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const { grant } = (await courier.ask('GET', `${task}/grant`)).body;
  const view = (await courier.ask('POST', `${task}/prepare`, { body: {}, key: false })).body;
  const knock = await courier.knock(view, grant, view.nonces.arrive);
  await courier.act(view.visit, knock);
  await ask(world.cloud, 'GET', `/v1/tasks/${token.slice(0, 42)}A`);
  await ask(world.cloud, 'GET', '/v1/hubs', { headers: { authorization: `Bearer ${await carrier.token()}` } });

  const logged = world.logged();
  t.ok(logged.includes('/v1/tasks/:token/prepare'), 'requests are logged, by route');
  const secrets = {
    token,
    clientSecret: carrier.clientSecret,
    access: await carrier.token(),
    operator: world.operatorToken,
    grant,
    assignment,
    knock,
    book,
  };
  for (const [name, secret] of Object.entries(secrets)) {
    t.notOk(logged.includes(secret), `${name} is not logged`);
    t.notOk(logged.includes(secret.slice(-20)), `nor the end of ${name}`);
  }
  const sent = JSON.stringify(hub.requests);
  for (const personal of ['Hermes', 'Olympus', 'Smith', 'High Street']) {
    t.notOk(sent.includes(personal), `${personal} did not go to the hub`);
    t.notOk(logged.includes(personal), `${personal} is not logged`);
  }
  for (const secret of [token, carrier.clientSecret, world.operatorToken]) t.notOk(sent.includes(secret));
});

t.test('what slips into a log by mistake is taken out', async (t) => {
  const lines: string[] = [];
  const log = openLog('trace', (line) => void lines.push(line));
  log.unexpected(Object.fromEntries(redacted.map((field) => [field, 'a secret'])));
  t.notMatch(lines.join(''), /a secret/);
  t.match(lines.join(''), /\[redacted\]/);
});
